"""The classification of one name, and queries of its reason."""

from __future__ import annotations

from dataclasses import dataclass

from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.references import Action, Names, Reference, StatementSplit

_DECIDED = frozenset(
    {
        Reason.DECIDED,
        Reason.DECIDED_ALIKE,
        Reason.DECIDED_PART,
        Reason.DECIDED_BEFORE,
        Reason.DECIDED_OPEN,
        Reason.DECIDED_BESIDE,
    }
)
_SETTLED = frozenset(
    {
        Reason.HISTORY,
        Reason.OWN_FILE,
        Reason.REGENERATED,
        Reason.STATES_RENAME,
        Reason.REPEATS_LINE,
    }
)
_DOUBTS = frozenset(
    {
        Reason.PATTERN,
        Reason.ALONE,
        Reason.WORD,
        Reason.WORD_IN_CODE,
        Reason.ARGUMENT,
        Reason.CALLED,
        Reason.MOUNTED,
        Reason.JOINED,
    }
)


@dataclass(frozen=True, slots=True)
class Classification:
    """An action with its reason. `replacement` is what the token becomes, or would become; `detail`
    is what the reason's sentence names: a line, a folder, a note. `split` holds the edits where
    more than the token is changed."""

    action: Action
    replacement: str | None
    rule: Reason
    detail: str = ""
    kind: NameKind = NameKind.UNKNOWN
    evidence: Evidence = Evidence.SPELLED_ALIKE
    split: StatementSplit | None = None

    @property
    def reason(self) -> str:
        """The reason as a sentence."""
        return self.rule.text(self.detail)


def is_decided(reference: Reference) -> bool:
    """Whether the user has decided about it."""
    return reference.rule in _DECIDED


def is_part(reference: Reference) -> bool:
    """Whether it lies in a longer reference that the user decided to rewrite."""
    return reference.rule is Reason.DECIDED_PART


def is_opted_out(reference: Reference) -> bool:
    """Whether a comment beside it keeps it."""
    return reference.rule is Reason.OPTED_OUT


def is_prescribed(reference: Reference) -> bool:
    """Whether the user or its group determines its action."""
    return is_decided(reference) or reference.rule is Reason.GROUPED


def is_history(reference: Reference) -> bool:
    """Whether it is kept because its document is about the past."""
    return reference.rule is Reason.HISTORY


def is_own(reference: Reference) -> bool:
    """Whether it stands in this tool's own configuration, a decision about it included."""
    return reference.rule is Reason.OWN_FILE


def is_settled(reference: Reference) -> bool:
    """Whether the words around it determine its action, so that no group changes it."""
    return reference.rule in _SETTLED


def is_only_legacy(reference: Reference) -> bool:
    """Whether it leads to what only the legacy tree has, and nothing else is said of it."""
    return reference.rule is Reason.ONLY_LEGACY


def is_dead(reference: Reference) -> bool:
    """Whether it leads to nothing in either tree, and nothing else is said of it."""
    return reference.rule in {Reason.DEAD, Reason.DEAD_INSIDE}


def is_doubtful(reference: Reference) -> bool:
    """Whether it is for review only because it cannot be seen what the name is used for."""
    return reference.action is Action.REVIEW and reference.rule in _DOUBTS


def is_caveat(reference: Reference) -> bool:
    """Whether it is a sentence that speaks of the two trees, rather than a name."""
    return reference.names is Names.IMPLIED and reference.kind is NameKind.STATEMENT


def imports(reference: Reference) -> bool:
    """Whether it stands in an import statement."""
    return reference.evidence is Evidence.PARSED_IMPORT
