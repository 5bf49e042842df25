"""What is decided about one name, and what the reason tells those who come later.

A reason is a sentence for people. What others ask for stands at its beginning, and is here.
"""

from dataclasses import dataclass

from unify_backend.languages.language import ALONE
from unify_backend.model.references import Action, Reference

DECIDED = "decided"
PART = f"{DECIDED}: a part of "
OPTED_OUT = "decided here: "
COUPLED = "coupled with"
HISTORY = "history: "
OWN_FILE = "this tool's own configuration"
STATES_RENAME = "the line names both packages"
PATTERN = (
    "a pattern that must match how the process or text is spelled: "
    "change it together with what it matches"
)
ARGUMENT = "an argument that may be a module, a folder or a label"
KEY = "a key: whoever reads it must change with it"
CALLED = "called a database, container, service or the like here"
MOUNTED = "a volume, image or host: something follows the colon"
JOINED = "joined to another word by a hyphen: an identifier that only contains the name"
ONLY_LEGACY = "only the legacy tree has it"
DEAD = "names nothing that git tracks in either tree: it was dead before, or is made at run time"
DEAD_INSIDE = (
    "dead before: it leads into the package, and there to nothing; only its beginning changes"
)
_DOUBTS = (PATTERN, ALONE, ARGUMENT, KEY, CALLED, MOUNTED, JOINED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with its reason; `replacement` is what the token becomes, or would become."""

    action: Action
    replacement: str | None
    reason: str


def is_decided(reference: Reference) -> bool:
    """Whether a person has decided about it."""
    return reference.reason.startswith(DECIDED)


def is_part(reference: Reference) -> bool:
    """Whether it lies in a longer reference whose rewriting a person decided."""
    return reference.reason.startswith(PART)


def is_opted_out(reference: Reference) -> bool:
    """Whether a comment beside it keeps it."""
    return reference.reason.startswith(OPTED_OUT)


def is_told(reference: Reference) -> bool:
    """Whether a person, or what it is coupled with, says what becomes of it."""
    return reference.reason.startswith((DECIDED, COUPLED))


def is_history(reference: Reference) -> bool:
    """Whether it stays because its document says what was."""
    return reference.reason.startswith(HISTORY)


def is_own(reference: Reference) -> bool:
    """Whether it stands in this tool's own configuration, a decision about it included."""
    return reference.reason.startswith(OWN_FILE)


def is_settled(reference: Reference) -> bool:
    """Whether the words around it leave nothing to decide: no coupling reaches it."""
    return reference.reason.startswith((HISTORY, OWN_FILE, STATES_RENAME))


def is_only_legacy(reference: Reference) -> bool:
    """Whether it leads to what only the legacy tree has, and nothing else is said of it."""
    return reference.reason == ONLY_LEGACY


def is_dead(reference: Reference) -> bool:
    """Whether it leads to nothing in either tree, and nothing else is said of it."""
    return reference.dead and reference.reason in {DEAD, DEAD_INSIDE}


def is_doubtful(reference: Reference) -> bool:
    """Whether a person is asked only because it cannot be seen what the name is used for."""
    return reference.action is Action.REVIEW and reference.reason.startswith(_DOUBTS)
