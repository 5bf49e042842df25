"""The text output of the `demo` command."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from unify_backend.reporting.tables import plain, table


def title(head: str) -> Text:
    """The line that says which repository was built."""
    return plain(f"built the bundled repository with its history (head {head[:9]})", "bold")


def shown(
    step_title: str, arguments: Sequence[str], output: str, wholly: bool
) -> Iterator[RenderableType]:
    """One step: its title, the command, and what it printed (or how much)."""
    yield plain("")
    yield plain(step_title, "bold cyan")
    yield plain(f"$ unify-backend {' '.join(arguments)}", "bold")
    lines = output.splitlines()
    if wholly:
        yield from (Text(line) for line in lines)
    else:
        yield plain(f"  {len(lines):,} lines" if lines else "  (nothing)", "dim")


def epilogue(
    steps: Sequence[tuple[Sequence[str], int, float]], place: str, reports: str
) -> Iterator[RenderableType]:
    """A table of the commands with exit code and time, and the folders of the results."""
    rows = table(("command", "left"), ("exit", "right"), ("seconds", "right"))
    for arguments, code, seconds in steps:
        rows.add_row(f"unify-backend {' '.join(arguments)}", str(code), f"{seconds:.2f}")
    yield plain("")
    yield rows
    yield plain("")
    yield plain(f"the repository, migrated and not committed: {place}")
    yield plain(f"the reports, with a page to open (report/report.html): {reports}")
    yield plain("there: `git diff` shows all of it, `unify-backend undo` takes back the last step")
