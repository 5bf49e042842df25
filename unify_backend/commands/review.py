"""`review`: lists open questions and writes the answers as decisions into the configuration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from unify_backend.commands.inventory import full_inventory
from unify_backend.model.file_source import scanned_text
from unify_backend.model.questions import Answer, Question, StaleDecision, UnrecordedAnswer
from unify_backend.model.references import Action, Area
from unify_backend.model.settings import Decision, Settings
from unify_backend.references.questions import decisions_from, questions
from unify_backend.references.rewrite import ArrivingFiles
from unify_backend.references.stale import stale_decisions
from unify_backend.repository.configuration_edits import with_decisions
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """The questions that are open, and the decisions that are about nothing any more."""

    questions: tuple[Question, ...]
    stale: tuple[StaleDecision, ...]


def open_questions(
    contents: Snapshot,
    settings: Settings,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
) -> OpenQuestions:
    """What a person has to decide, in these areas and files (none: everywhere)."""
    inventory = full_inventory(contents, settings, progress, jobs)
    waiting = ArrivingFiles(settings, contents.paths)

    def skip(path: str) -> bool:
        return waiting(path) or bool(paths and path not in paths)

    candidates = questions(inventory, skip)
    chosen = (
        question
        for question in candidates
        if not areas or any(reference.area in areas for reference in question.references)
    )
    stale = stale_decisions(
        settings,
        inventory.references,
        [*contents.paths, *(link.path for link in contents.listing().links)],
        lambda path: scanned_text(contents, path),
    )
    return OpenQuestions(tuple(chosen), stale)


@dataclass(frozen=True, slots=True)
class RecordedDecisions:
    """What was added to the configuration, or would be; the answers for which nothing can be
    written; and what was applied (None where nothing was written)."""

    decisions: tuple[Decision, ...]
    lost: tuple[UnrecordedAnswer, ...]
    applied: Applied | None


def check_recordable(contents: Snapshot, settings: Settings, config: Path | None) -> None:
    """Raises ConfigurationError where no decision could be added to the configuration: before the
    first question, not after the last answer."""
    with_decisions(
        contents.repository.root, config, settings, (Decision("**", "x", Action.KEEP, ""),)
    )


def record(
    contents: Snapshot,
    settings: Settings,
    config: Path | None,
    answers: Iterable[Answer],
    dry_run: bool = False,
) -> RecordedDecisions:
    """Writes the answers into the configuration. Raises ConfigurationError where nothing can be
    added to it, Refused where it may not be written."""
    decisions, lost = decisions_from(answers, settings, lambda path: scanned_text(contents, path))
    if not decisions or dry_run:
        return RecordedDecisions(decisions, lost, None)
    changes = with_decisions(contents.repository.root, config, settings, decisions)
    return RecordedDecisions(decisions, lost, apply(contents.repository, changes, allow_dirty=True))
