"""What `verify` leaves behind, so that `status` can tell whether it was this very state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from unify_backend.model.entrypoints import EntryResult
from unify_backend.model.generated import BASELINES
from unify_backend.model.references import Area
from unify_backend.model.settings import Settings
from unify_backend.model.status import Seen, SeenEntry, SeenState
from unify_backend.model.verification import Difference, State
from unify_backend.references.areas import Areas
from unify_backend.repository import verified
from unify_backend.repository.snapshot import Snapshot

PARTS = ("application", "entry-points", "containers")


class Result(Protocol):
    """What `verify` returns."""

    @property
    def states(self) -> Sequence[State]: ...
    @property
    def entries(self) -> Sequence[EntryResult]: ...
    @property
    def regressions(self) -> Sequence[Difference]: ...
    @property
    def wrong(self) -> bool: ...


def remember(
    contents: Snapshot, settings: Settings, parts: Collection[str], result: Result
) -> None:
    """Keeps what was seen in this state; no `parts` mean all of them."""
    seen = Seen(
        tuple(one for one in PARTS if not parts or one in parts),
        tuple(_state(one) for one in result.states),
        tuple(
            SeenEntry(str(one.entry.sources[0]), one.verdict.value, one.finding)
            for one in result.entries
            if not one.entry.shown
        ),
        tuple(f"{one.aspect.value} {one.name} {one.turn.value}" for one in result.regressions),
        result.wrong,
    )
    record = verified.Record(state_key(contents, settings), seen)
    verified.remember(contents.repository.state, record)


def recall(contents: Snapshot, settings: Settings) -> Seen | None:
    """What the last `verify` saw, if nothing but documents has changed since."""
    record = verified.recall(contents.repository.state)
    if record is None or record.key != state_key(contents, settings):
        return None
    return record.seen


def state_key(contents: Snapshot, settings: Settings) -> str:
    """The digest of what the application is made of. Documents do not count, nor do
    baselines: writing down what was verified must not make it unverified."""
    areas = Areas(settings.moves, settings.areas)
    return verified.content_key(
        contents,
        lambda path: areas.of(path) is not Area.DOCS and BASELINES.match(path) is None,
    )


def _state(one: State) -> SeenState:
    return SeenState(
        one.target.package,
        one.modules.total,
        one.modules.importable,
        len(one.boot.routes),
        one.boot.state.value,
    )
