"""The explanation of a reference's classification: the rules applied, the deciding one, and what
would change it."""

from __future__ import annotations

from dataclasses import dataclass

from unify_backend.model.evidence import Reason
from unify_backend.model.references import Reference


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """A rule of the classifier that was asked about a place, and whether it applied."""

    rule: Reason
    applies: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage made of a place: the classifier, a place that depends on it, a decision, the
    history of its document, its group. `reason` is the sentence."""

    rule: Reason
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reference with the rules that were asked about it, in order, and the outcome of each
    stage that changed something, the last of which counts. `asked` is empty where it was not found
    by its name. `changes` says what would change the outcome."""

    reference: Reference
    asked: tuple[RuleTrial, ...]
    outcomes: tuple[Outcome, ...]
    changes: tuple[str, ...]
