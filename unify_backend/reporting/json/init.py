"""`unify-backend/init/1`."""

from typing import Literal

from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    IntegrationResult,
    ManualStep,
    Step,
    Target,
)
from unify_backend.model.rewrite_plan import InitResult
from unify_backend.reporting.json.common import Document, Entry, MoveEntry, move_entry


class IntegrationEntry(Entry, frozen=True):
    """One file that should run the check."""

    target: str  # a service that runs the check, or a linter
    path: str
    outcome: Literal["added", "present", "by-hand"]
    reason: str
    text: str


class InitDocument(Document, frozen=True, tag="unify-backend/init/1"):
    """What init wrote"""

    path: str | None  # null: a configuration was there already
    packages: tuple[MoveEntry, ...]
    candidates: tuple[MoveEntry, ...]
    integrations: tuple[IntegrationEntry, ...]
    dry_run: bool


def init_document(done: InitResult | IntegrationResult) -> InitDocument:
    """The configuration, and what the check was built into."""
    written = done.configuration if isinstance(done, IntegrationResult) else done
    targets = done.targets if isinstance(done, IntegrationResult) else ()
    return InitDocument(
        path=written.path if written else None,
        packages=tuple(map(move_entry, written.moves)) if written else (),
        candidates=tuple(map(move_entry, written.others)) if written else (),
        integrations=tuple(
            _integration(integrated.target, step)
            for integrated in targets
            for step in integrated.steps
        ),
        dry_run=done.dry_run,
    )


def _integration(target: Target, step: Step) -> IntegrationEntry:
    match step:
        case AddedText(path, text):
            return IntegrationEntry(target.value, path, "added", "", text)
        case AlreadyPresent(path):
            return IntegrationEntry(target.value, path, "present", "", "")
        case ManualStep(path, reason, text):
            return IntegrationEntry(target.value, path, "by-hand", reason, text)
