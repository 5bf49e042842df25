"""What a changelog is told, from what is true now."""

from collections import Counter

from unify_backend.commands.report.changelog import News
from unify_backend.model.merge_plan import How
from unify_backend.model.references import Action, Area
from unify_backend.model.report import Figure, Package, Traced, Tree
from unify_backend.reporting.tables import count

_BROUGHT = (How.TOOK_LEGACY, How.MOVED, How.MERGED, How.MERGED_STRUCTURALLY)


def news(
    packages: tuple[Package, ...], references: tuple[Traced, ...], figures: tuple[Figure, ...]
) -> News | None:
    """The entry's sentences; None while every legacy tree still stands, and there is nothing to
    tell of."""
    done = [one for one in packages if one.done]
    if not done:
        return None
    names = " and ".join(f"`{one.move.canonical}`" for one in done)
    old = " and ".join(f"`{one.move.legacy}`" for one in done)
    return News(
        f"{old} became {names}",
        " ".join(map(_why, done)),
        f"{old} and {names}: one package now, in "
        + " and ".join(f"`{one.move.canonical_shown}`" for one in done)
        + ".",
        (*map(_merged, done), *_rewritten(references), *map(_old_name, done)),
        tuple(_figures(figures)),
    )


def _why(one: Package) -> str:
    split, move = one.history.split, one.move
    since = f" since {split.date[:10]}" if split else ""
    return (
        f"The same package was there twice{since}, as `{move.legacy_shown}` and as "
        f"`{move.canonical_shown}`, and both were edited: "
        f"{count(len(one.history.legacy_commits), 'commit')} in the first, "
        f"{len(one.history.canonical_commits):,} in the second."
    )


def _merged(one: Package) -> str:
    totals = dict(one.totals)
    brought = sum(totals.get(how, 0) for how in _BROUGHT)
    conflicts = totals.get(How.CONFLICT, 0)
    settled = f", {count(conflicts, 'conflict')} settled" if conflicts else ""
    return (
        f"Merged file by file from where the two parted: {count(brought, 'file')} brought work of "
        f"`{one.move.legacy_shown}`{settled}; the others were the same, or ahead."
    )


def _rewritten(references: tuple[Traced, ...]) -> list[str]:
    gone = [one.reference for one in references if one.fate == "done"]
    areas = Counter(one.area for one in gone)
    kept = sum(
        one.fate != "done" and one.reference.action is Action.KEEP
        and one.reference.area is Area.DOCS
        for one in references
    )  # fmt: skip
    told = ", ".join(f"{area.value} {number:,}" for area, number in areas.most_common())
    lines = [f"{count(len(gone), 'reference')} to the old name gone: {told}."] if gone else []
    if kept:
        lines.append(f"Documents of history keep it, in {count(kept, 'place')}.")
    return lines


def _old_name(one: Package) -> str:
    move = one.move
    if one.tree is Tree.FORWARDING:
        return (
            f"`import {move.legacy}` still works for a while and warns; "
            f"write `{move.canonical}` in new code."
        )
    return f"`{move.legacy_shown}` is gone."


def _figures(figures: tuple[Figure, ...]) -> list[str]:
    wanted = ("duplicated lines", "legacy references")
    return [
        f"{one.name[:1].upper()}{one.name[1:]}: {one.before:,} → {one.now:,}."
        for one in figures
        if one.name in wanted and one.before is not None and one.now is not None
    ]
