"""What `archive` moved or would move, for people."""

from collections.abc import Iterator
from textwrap import wrap

from rich.console import RenderableType

from unify_backend.model.archiving import ArchivePlan
from unify_backend.model.text import printable
from unify_backend.reporting.inventory import grouped
from unify_backend.reporting.tables import count, heading, listed, plain, table

_ALL = 100_000
_FEW = 8


def archive_report(plan: ArchivePlan, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    limit = _ALL if verbose else _FEW
    if plan.moved:
        files = sum(len(folder.files) for folder in plan.moved)
        did = "would archive" if dry_run or plan.blocked else "archived"
        yield plain(f"{did} {count(files, 'file')} to {plan.wish.to}/", "bold")
        yield plain("")
        yield _moves(plan)
        verb = "makes" if plan.index_made else "adds to"
        yield plain(f"{verb} {plan.wish.index}")
    else:
        yield plain("nothing to archive", "bold")
    if plan.gone:
        yield heading("Archived before")
        yield from listed(
            [
                f"{folder.path} → {folder.target}, {folder.day} ({folder.index})"
                for folder in plan.gone
            ],
            _ALL,
        )
    if plan.uses:
        broken = "Still used: refused" if plan.blocked else "Still used, and broken now"
        yield heading(f"{broken} ({count(len(plan.uses), 'place')})")
        yield from listed(
            [f"{use.path}:{use.line}  {use.text}  ({use.reason})" for use in plan.uses], _ALL
        )
    if plan.rewritten:
        done = "would change" if dry_run or plan.blocked else "changed"
        in_files = count(len(plan.rewritten), "file")
        yield heading(f"{count(plan.edits, 'reference')} {done} in {in_files}")
        yield from listed(
            [
                f"{file.path}:{', '.join(str(line) for line in lines)}"
                for file in plan.rewritten
                if (lines := sorted({reference.start.line for reference in file.references}))
            ],
            limit,
        )
    if plan.refused:
        yield heading(f"{count(len(plan.refused), 'file')} could not be rewritten")
        yield from listed([f"{file.path}: {file.reason}" for file in plan.refused], _ALL)
    if plan.left:
        yield heading(f"{count(len(plan.left), 'place')} left as it is: look at them")
        yield from grouped(plan.left, 1000 if verbose else 4)
    if plan.history:
        yield heading(f"{count(plan.history, 'name')} kept in documents about the past")
    if plan.outward:
        places = count(len(plan.outward), "place")
        yield heading(f"What is archived uses what stays, unchanged ({places})")
        yield from listed([f"{use.path}:{use.line}  {use.text}" for use in plan.outward], limit)
    if plan.advice:
        yield heading("Around it")
        for advice in plan.advice:
            yield from _sentence(f"{advice.topic.value}: {advice.text}")


def _moves(plan: ArchivePlan) -> RenderableType:
    rows = table(("was at", "fold"), ("is now at", "fold"), ("files", "right"))
    for folder in plan.moved:
        slash = "" if folder.is_file else "/"
        rows.add_row(
            printable(folder.path + slash),
            printable(folder.target + slash),
            f"{len(folder.files):,}",
        )
    return rows


def _sentence(text: str) -> Iterator[RenderableType]:
    lines = wrap(printable(text), 76, break_long_words=False, break_on_hyphens=False)
    yield from (plain(("    " if n else "  ") + line) for n, line in enumerate(lines))
