"""What a person is asked, and what they answer."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.references import Action, Reference


class QuestionKind(StrEnum):
    """What a question is about."""

    GROUP = "group"  # references that must change together
    REFERENCE = "reference"  # one reference, and others like it
    SPELLING = "spelling"  # a word that only looks like the package


@dataclass(frozen=True, slots=True)
class Question:
    """References that one answer can settle.

    `subject` is what they have in common: the group's name, the text, the spelling. `proposal` is
    what each would become, or None where that has to be typed.
    """

    kind: QuestionKind
    subject: str
    reason: str
    references: tuple[Reference, ...]
    proposal: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`action` for these references, with a person's reason. `whole_files`: for everything in the
    files that hold them, because the files are history. `everywhere`: for every such word in the
    repository, later ones too."""

    references: tuple[Reference, ...]
    action: Action
    reason: str
    replacement: str | None = None
    whole_files: bool = False
    everywhere: bool = False
