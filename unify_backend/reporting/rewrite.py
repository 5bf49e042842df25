"""What `rewrite` did or would do, for people."""

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType

from unify_backend.model.references import Area
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.text import printable
from unify_backend.reporting.inventory import grouped, unparsed_part
from unify_backend.reporting.tables import count, heading, listed, most_first, number, plain, table


def rewrite_report(plan: RewritePlan, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    would = "would rewrite" if dry_run else "rewrote"
    if plan.rewritten:
        yield plain(
            f"{would} {count(plan.edits, 'reference')} in {count(len(plan.rewritten), 'file')}",
            "bold",
        )
        yield plain("")
        yield _by_area(plan)
    else:
        yield plain("nothing to rewrite", "bold")
    if verbose:
        yield heading("Files")
        yield from listed(
            [
                f"{printable(file.path)}  {count(len(file.references), 'place')}"
                for file in plan.rewritten
            ],
            100_000,
        )
    yield from unparsed_part(plan.unparsed, 1000 if verbose else 3)
    if plan.refused:
        yield heading(
            f"{count(len(plan.refused), 'file')} could not be rewritten, and stayed as they were"
            if len(plan.refused) > 1
            else "1 file could not be rewritten, and stayed as it was"
        )
        yield from listed(
            [f"{printable(file.path)}: {file.reason}" for file in plan.refused], 100_000
        )
    if plan.merge_first:
        yield heading(
            f"{count(len(plan.merge_first), 'name')} in the legacy tree stay: it goes as a whole"
        )
    if plan.review:
        yield heading(f"{count(len(plan.review), 'reference')} left to review")
        yield from grouped(plan.review, 1000 if verbose else 4)
    if plan.kept:
        reasons = Counter(reference.reason for reference in plan.kept)
        yield heading(f"{count(len(plan.kept), 'name')} kept")
        yield from listed(
            [f"{n:,} × {reason}" for reason, n in reasons.most_common()], 1000 if verbose else 8
        )


def _by_area(plan: RewritePlan) -> RenderableType:
    rows = table(("area", "left"), ("files", "right"), ("references", "right"), ("where", "fold"))
    for area in Area:
        references = [
            reference
            for file in plan.rewritten
            for reference in file.references
            if reference.area is area
        ]
        if references:
            rows.add_row(
                area.value,
                number(len({reference.path for reference in references})),
                number(len(references)),
                most_first([reference.path for reference in references]),
            )
    return rows
