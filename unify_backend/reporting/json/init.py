"""`unify-backend/init/1`."""

from typing import Literal

from unify_backend.model.integrations import (
    Added,
    Built,
    ByHand,
    Present,
    Step,
    Target,
)
from unify_backend.model.rewrite_plan import Initialised
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


def init_document(done: Initialised | Built) -> InitDocument:
    """The configuration, and what the check was built into."""
    written = done.configuration if isinstance(done, Built) else done
    targets = done.targets if isinstance(done, Built) else ()
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
        case Added(path, text):
            return IntegrationEntry(target.value, path, "added", "", text)
        case Present(path):
            return IntegrationEntry(target.value, path, "present", "", "")
        case ByHand(path, reason, text):
            return IntegrationEntry(target.value, path, "by-hand", reason, text)
