"""What `rename` did or would do, for people: at most 25 lines unless verbose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from unify_backend.model.merge_plan import RenamePlan
from unify_backend.model.references import Action, Area, Reference
from unify_backend.model.text import printable
from unify_backend.model.verification import Comparison, State, VerifyResult
from unify_backend.model.word_groups import WordGroup, word_groups
from unify_backend.reporting.inventory import left_report
from unify_backend.reporting.tables import count, listed, most_first, plain

_REASONS = 2
_WORDS = 8  # words that are shown unless verbose
_OUTSIDE = 4  # words that a warning names
_MOVES = 6  # packages that are shown unless verbose


def rename_report(planned: RenamePlan, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """What moves, what is rewritten, what stays, and what is left to do."""
    left = planned.merge.left
    moved = "would move" if dry_run else "moved"
    listed_moves = planned.moves if verbose else planned.moves[:_MOVES]
    for move in listed_moves:
        yield plain(move.shown, "bold")
        yield plain(
            f"  {moved} {printable(move.legacy_shown)} → {printable(move.canonical_shown)}  "
            f"{count(planned.files(move), 'file')}"
        )
    if hidden := len(planned.moves) - len(listed_moves):
        yield plain(f"and {count(hidden, 'package')} more: --verbose")
    files = sorted({place.path for place in left.places})
    rewrote = "would rewrite" if dry_run else "rewrote"
    where = "outside it" if len(planned.moves) == 1 else "outside of them"
    yield plain(
        f"  {rewrote} {count(len(left.places), 'reference')} {where}"
        + (f" in {count(len(files), 'file')}: {_areas(planned)}" if files else "")
    )
    if verbose:
        changed = Counter(place.path for place in left.places)
        yield from listed(
            [f"{printable(path)}  {count(n, 'place')}" for path, n in sorted(changed.items())],
            100_000,
            "    ",
        )
    if left.kept:
        reasons = Counter(reference.reason for reference in left.kept)
        shown = reasons.most_common(None if verbose else _REASONS)
        why = "; ".join(f"{n:,} × {reason}" for reason, n in shown)
        keep = "keeps" if len(left.kept) == 1 else "keep"
        yield plain(f"  {count(len(left.kept), 'place')} {keep} the old name: {why}")
    yield from _words(left.words, dry_run, verbose)
    yield from left_report(left, verbose)


def _words(
    references: Sequence[Reference], dry_run: bool, verbose: bool
) -> Iterator[RenderableType]:
    """The words that are renamed with the package, and those that wait for an answer."""
    groups = word_groups(references)
    renamed = [group for group in groups if group.action is Action.REWRITE]
    waiting = [group for group in groups if group.action is Action.REVIEW]
    if not groups:
        return
    places = sum(len(group.references) for group in renamed)
    would = "would be renamed" if dry_run else "renamed"
    yield plain("")
    yield plain(
        f"{count(len(renamed), 'word')} {would} with it, in {count(places, 'place')}", "bold"
    )
    shown = None if verbose else _WORDS
    width = max((len(group.text) for group in groups[:shown]), default=0)
    digits = max(len(f"{len(group.references):,}") for group in groups)
    yield from listed([_word(group, digits, width) for group in renamed], shown or len(renamed))
    outside = [group.text for group in renamed if group.outside]
    if outside:
        named = ", ".join(map(printable, outside[:_OUTSIDE]))
        more = f" and {len(outside) - _OUTSIDE} more" if len(outside) > _OUTSIDE else ""
        yield plain(
            f"  set or kept outside of this repository, too, so change them there: {named}{more}",
            "yellow",
        )
    if waiting:
        places = sum(len(group.references) for group in waiting)
        yield plain("")
        yield plain(
            f"{count(len(waiting), 'word')} left as they are, in {count(places, 'place')}", "bold"
        )
        yield from listed(
            [f"{_word(group, digits, width)}  {printable(group.reason)}" for group in waiting],
            shown or len(waiting),
        )


def _word(group: WordGroup, digits: int, width: int) -> str:
    becomes = f"→ {printable(group.becomes)}" if group.becomes else ""
    return f"{len(group.references):{digits},} × {printable(group.text):{width}} {becomes}".rstrip()


def _areas(planned: RenamePlan) -> str:
    by_area = Counter(place.area for place in planned.merge.left.places)
    if len(by_area) == 1:
        return most_first([place.path for place in planned.merge.left.places])
    return ", ".join(f"{area.value} {by_area[area]:,}" for area in Area if by_area[area])


def verified_report(result: VerifyResult) -> Iterator[RenderableType]:
    """How the package imports now, beside how it did; what is lost, if anything."""
    yield plain("")
    for comparison in result.comparisons:
        yield plain(
            f"  verified: {_change(comparison)}", "red" if comparison.regressions else "green"
        )
        yield from listed(
            [
                f"lost: {regression.aspect.value} {regression.name}"
                for regression in comparison.regressions
            ],
            5,
        )
    compared = {comparison.after.target.package for comparison in result.comparisons}
    for state in result.states:
        if state.target.package not in compared:
            yield plain(f"  verified: {_imports(state)}; nothing to compare with")
        if not state.modules.importable and state.modules.failures:
            first = state.modules.failures[0]
            yield plain(f"    {printable(first.module)}: {printable(str(first.cause))}")


def _change(comparison: Comparison) -> str:
    before, after = comparison.before, comparison.after
    routes = (
        f", routes {len(before.boot.routes):,} → {len(after.boot.routes):,}"
        if before.boot.routes or after.boot.routes
        else ""
    )
    lost = (
        count(len(comparison.regressions), "regression")
        if comparison.regressions
        else "no regression"
    )
    return (
        f"{before.modules.importable:,} of {before.modules.total:,} modules imported before, "
        f"{after.modules.importable:,} of {after.modules.total:,} now{routes}: {lost}"
    )


def _imports(state: State) -> str:
    return f"{state.modules.importable:,} of {state.modules.total:,} modules import"
