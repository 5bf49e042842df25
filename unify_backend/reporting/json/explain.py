"""`unify-backend/explain/1`."""

from collections.abc import Sequence

from unify_backend.model.explanation import Explanation, Outcome, RuleTrial
from unify_backend.reporting.json.common import Document, Entry, ReferenceEntry, reference_entry


class PlaceEntry(Entry, frozen=True):
    """One reference with its chain of rules."""

    reference: ReferenceEntry
    asked: tuple[RuleTrial, ...]  # the rules of the classifier, in order
    outcomes: tuple[Outcome, ...]  # what each stage made of it; the last one counts
    changes: tuple[str, ...]  # what would change the outcome


class ExplainDocument(Document, frozen=True, tag="unify-backend/explain/1"):
    """The references of one place, each with the rules that were asked about it"""

    path: str
    line: int | None
    places: tuple[PlaceEntry, ...]


def explain_document(
    path: str, line: int | None, explanations: Sequence[Explanation]
) -> ExplainDocument:
    """The references of a place, each with its chain of rules."""
    return ExplainDocument(
        path,
        line,
        tuple(
            PlaceEntry(reference_entry(each.reference), each.asked, each.outcomes, each.changes)
            for each in explanations
        ),
    )
