"""Questions of `review` and their answers."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.references import Action, Reference
from unify_backend.model.settings import Decision


class QuestionKind(StrEnum):
    """What a question is about."""

    GROUP = "group"  # references that must change together
    REFERENCE = "reference"  # one reference, and others like it
    SPELLING = "spelling"  # a word that only looks like the package


@dataclass(frozen=True, slots=True)
class Question:
    """References that one answer can settle: of one area and form, with one text, for one reason.

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
    """`action` for these references and no others, with a person's reason. `replacement` is what
    each becomes (None: what its rule proposes). `whole_files`: for everything in the files that
    hold them, because the files are history. `everywhere`: for every such word that only looks
    like the package, in all files, later ones too."""

    references: tuple[Reference, ...]
    action: Action
    reason: str
    replacement: str | None = None
    whole_files: bool = False
    everywhere: bool = False

    def settles(self, reference: Reference, kind: QuestionKind) -> bool:
        """Whether this answer also settles the question about a reference."""
        if self.everywhere and kind is QuestionKind.SPELLING:
            return reference.text == self.references[0].text
        return reference in self.references or self.covers(reference)

    def covers(self, reference: Reference) -> bool:
        """Whether the answer also applies to a reference: it is in the same file and `whole_files`
        is set, or it is inside a longer reference that is rewritten."""
        for answered in self.references:
            if answered.path != reference.path:
                continue
            inside = answered.span != reference.span and answered.span.holds(reference.span)
            if self.whole_files or (self.action is Action.REWRITE and inside):
                return True
        return False


@dataclass(frozen=True, slots=True)
class UnrecordedAnswer:
    """An answer that cannot be written down, and why."""

    reference: Reference
    problem: str


@dataclass(frozen=True, slots=True)
class StaleDecision:
    """A decision of the configuration that is about nothing any more, and why."""

    decision: Decision
    problem: str
