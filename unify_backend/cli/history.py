"""`unify-backend history`."""

from __future__ import annotations

import locale
import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import CommonOptions
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.reporting.burndown.chart import Marks

Range = Annotated[
    str | None,
    typer.Argument(
        metavar="RANGE",
        help="Commits, as for git log: A..B, a branch, a hash. Default: the newest of HEAD.",
        show_default=False,
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=1,
        help="At most the N newest commits; default: 500, or all of a RANGE.",
    ),
]
AllParents = Annotated[
    bool, typer.Option("--all-parents", help="The commits of merged branches too.")
]
Svg = Annotated[
    Path | None,
    typer.Option("--svg", metavar="FILE", help="Draw the burn-down into an SVG file too."),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Count everything again, and store nothing.")
]

_WIDEST = 100  # columns; a wider chart says no more


def columns() -> int:
    """The width of the report: the terminal's, at most `_WIDEST`, and 80 without a terminal."""
    return min(get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else 80


def marks() -> Marks:
    """Unicode blocks, or ASCII where the console's encoding has none."""
    from unify_backend.reporting.burndown.chart import ASCII, BLOCKS

    return BLOCKS if sys.platform == "win32" or "utf" in locale.getencoding().lower() else ASCII


def save(place: Path, text: str) -> None:
    """Writes a plot. Raises ConfigurationError where it cannot be written."""
    try:
        place.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise ConfigurationError(
            f"{place} cannot be written", error.strerror or str(error), "Give another --svg."
        ) from error


def history(
    common: CommonOptions,
    range_: Range = None,
    limit: Limit = None,
    all_parents: AllParents = False,
    svg: Svg = None,
    no_cache: NoCache = False,
) -> None:
    """Counts the references to the old package at every commit, without checking any out, and
    draws how they burn down. Only reads the repository.

    [bold]Examples[/bold]

    unify-backend history

    unify-backend history v1.0..main --svg burndown.svg

    unify-backend history --limit 50 --format json
    """
    from unify_backend.commands.history import HistoryRequest, count_history
    from unify_backend.reporting.burndown.report import history_report
    from unify_backend.reporting.burndown.svg import burndown_svg
    from unify_backend.reporting.json.history import history_document
    from unify_backend.repository.git.commits import Parents

    session = open_session(common)
    repository, output = session.contents.repository, session.output
    query = HistoryRequest(range_, limit, Parents.ALL if all_parents else Parents.FIRST)
    memory = None if no_cache else repository.state
    with output.progress("counting") as progress:
        counted = count_history(repository, session.settings, query, memory, progress)
    if svg is not None:
        save(svg, burndown_svg(counted))
    if counted.note:
        output.message(counted.note)
    output.result(
        None,
        lambda: history_document(counted),
        lambda: history_report(counted, common.verbose, columns(), marks()),
    )
