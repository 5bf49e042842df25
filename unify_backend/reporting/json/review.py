"""`unify-backend/review/1`."""

from collections import Counter
from collections.abc import Sequence

from unify_backend.model.questions import Question, QuestionKind, StaleDecision
from unify_backend.model.references import Action, Area
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    ReferenceEntry,
    reference_entries,
)


class QuestionEntry(Entry, frozen=True):
    """References that one answer settles."""

    kind: QuestionKind
    area: Area
    subject: str
    reason: str
    proposal: str | None
    references: tuple[ReferenceEntry, ...]


class StaleEntry(Entry, frozen=True):
    """A decision of the configuration that matches nothing any more."""

    path: str
    text: str | None
    line: str | None
    action: Action
    problem: str


class ReviewDocument(Document, frozen=True, tag="unify-backend/review/1"):
    """The questions that are open, and decisions that are stale"""

    questions: tuple[QuestionEntry, ...]
    stale: tuple[StaleEntry, ...]
    totals: dict[QuestionKind, Count]


def review_document(
    questions: Sequence[Question], stale: Sequence[StaleDecision]
) -> ReviewDocument:
    """Every question, and every decision that matches nothing."""
    counted = Counter(question.kind for question in questions)
    return ReviewDocument(
        questions=tuple(
            QuestionEntry(
                kind=question.kind,
                area=question.references[0].area,
                subject=question.subject,
                reason=question.reason,
                proposal=question.proposal,
                references=reference_entries(question.references),
            )
            for question in questions
        ),
        stale=tuple(
            StaleEntry(
                each.decision.path,
                each.decision.text,
                each.decision.line,
                each.decision.action,
                each.problem,
            )
            for each in stale
        ),
        totals={kind: counted[kind] for kind in QuestionKind},
    )
