"""What `verify` saw, as the report tells it: from a run of now, or from what the last one left."""

from unify_backend.commands.verify import Verified
from unify_backend.model.boots import BootState
from unify_backend.model.report import Loss, Running, Started, Verification
from unify_backend.model.status import Seen, SeenState
from unify_backend.model.verification import Difference, State


def of_run(found: Verified) -> Verification:
    """A run that was just made."""
    return Verification(
        tuple(_running(one.before) for one in found.comparisons),
        tuple(_running(one) for one in found.states),
        tuple(
            Started(
                str(one.entry.sources[0]) if one.entry.sources else one.entry.name,
                one.verdict.value,
                "; ".join(one.how[:2]),
                one.finding,
            )
            for one in found.entries
            if not one.entry.shown
        ),
        tuple(_loss(one) for one in found.regressions),
    )


def of_record(seen: Seen) -> Verification:
    """What the last run left about this very state: counts, and no routes by name."""
    return Verification(
        (),
        tuple(_seen(one) for one in seen.states),
        tuple(Started(one.place, one.verdict, "", one.finding) for one in seen.entries),
        tuple(Loss(*_aspect(one)) for one in seen.losses),
    )


def _running(state: State) -> Running:
    boot = state.boot
    started = boot.state.value
    if boot.state is not BootState.READY and boot.cause:
        started = f"{started}: {boot.cause}"
    figures = (
        ("modules that import", f"{state.modules.importable}/{state.modules.total}"),
        ("start-up", started),
        ("routes after start-up", f"{len(boot.routes):,}"),
        ("OpenAPI paths", f"{len(boot.paths):,}"),
        ("OpenAPI operations", f"{len(boot.operations):,}"),
        ("plugins", f"{len(boot.loaded):,}"),
        ("tables", f"{len(boot.tables):,}"),
        *((f"GET {one.path}", str(one.status or "no answer")) for one in boot.answers),
    )
    return Running(state.target.label, figures, tuple(sorted(map(str, boot.routes))))


def _seen(one: SeenState) -> Running:
    figures = (
        ("modules that import", f"{one.importable}/{one.modules}"),
        ("start-up", one.startup),
        ("routes after start-up", f"{one.routes:,}"),
    )
    return Running(f"{one.package} now", figures, None)


def _loss(one: Difference) -> Loss:
    why = one.explanation or (str(one.cause) if one.cause else "")
    return Loss(one.aspect.value, one.name, why)


def _aspect(told: str) -> tuple[str, str]:
    """The record's `aspect name turn`, taken apart."""
    aspect, _, name = told.partition(" ")
    return aspect, name
