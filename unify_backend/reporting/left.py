"""What a move leaves for people: what needs review, what failed, what the build must be told."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from unify_backend.model.merge_plan import LeftBehind
from unify_backend.model.references import Reference
from unify_backend.model.rewrite_plan import Unparsed
from unify_backend.reporting.inventory import grouped, place
from unify_backend.reporting.tables import count, heading, listed, plain, printable

_REASONS = 4


def left_report(left: LeftBehind, verbose: bool) -> Iterator[RenderableType]:
    """Failures first, then what needs review; each part a few lines unless `verbose`."""
    most = 1000 if verbose else 3
    yield from unparsed_part(left.unparsed, most)
    if left.refused:
        yield heading(f"{count(len(left.refused), 'file')} not rewritten")
        yield from listed([f"{printable(one.path)}: {one.reason}" for one in left.refused], most)
    if left.advice:
        yield heading(f"{count(len(left.advice), 'thing')} to check in the build")
        yield from listed(
            [f"{printable(one.path)}: {one.fact}. {one.step}" for one in left.advice], most
        )
    if left.review:
        need = "needs" if len(left.review) == 1 else "need"
        yield heading(f"{count(len(left.review), 'reference')} {need} review")
        yield from grouped(left.review, 1000) if verbose else _briefly(left.review)
    if left.indirect:
        yield heading(f"{count(len(left.indirect), 'use')} of the old name without spelling it")
        yield from listed(
            [f"{printable(one.path)}:{one.start.line}  {one.reason}" for one in left.indirect], most
        )


def unparsed_part(unparsed: Sequence[Unparsed], most: int) -> Iterator[RenderableType]:
    """Python files that keep the old name because they could not be parsed, at most so many."""
    if unparsed:
        names = count(sum(one.references for one in unparsed), "reference")
        files = count(len(unparsed), "file")
        yield heading(f"{files} could not be parsed: {names} to the old name left")
        yield from listed(
            [f"{printable(one.path)}: {one.problem}; {one.cure}" for one in unparsed], most
        )


def _briefly(references: Sequence[Reference]) -> Iterator[RenderableType]:
    """A line for each of the most frequent reasons, with the first place."""
    reasons: dict[str, list[Reference]] = defaultdict(list)
    for one in references:
        reasons[one.reason].append(one)
    ranked = sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
    for reason, members in ranked[:_REASONS]:
        yield plain(f"  {len(members):,} × {place(members[0])}: {reason}")
    if len(ranked) > _REASONS:
        rest = sum(len(members) for _, members in ranked[_REASONS:])
        yield plain(f"  … {rest:,} more: --verbose", "dim")
