"""What `undo` took back, for people."""

from collections.abc import Iterator

from rich.console import RenderableType

from unify_backend.model.rewrite_plan import UndoResult
from unify_backend.model.text import printable
from unify_backend.reporting.tables import count, listed, plain


def undo_report(done: UndoResult, verbose: bool = False) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    did = "would take back" if done.dry_run else "took back"
    yield plain(f"{did}: {done.title}", "bold")
    yield plain(f"{count(len(done.paths), 'file')} as before:")
    yield from listed([printable(path) for path in done.paths], 100_000 if verbose else 10)
    if done.kept:
        yield plain(f"your own versions of changed files are kept in {printable(done.kept)}")
