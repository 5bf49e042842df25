"""`unify-backend report`."""

from pathlib import Path
from typing import Annotated

import typer

from unify_backend.cli.options import Common, DryRun
from unify_backend.cli.reporting import DEFAULT, run
from unify_backend.cli.session import open_session
from unify_backend.cli.status import day_of
from unify_backend.model.errors import ConfigurationError


def report(
    common: Common,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help="The folder; default: reports/unify-backend in the repo."
        ),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="REV", help="Compare with this revision; default: as it was before."
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="The report's day; default: today."),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Start the application, then and now, and compare.")
    ] = False,
    python: Annotated[
        str | None, typer.Option("--python", help="With --verify: the interpreter to start it by.")
    ] = None,
    changelog: Annotated[
        bool, typer.Option("--changelog", help="Write an entry into the configured changelog too.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Writes a report of the migration: as Markdown, as one HTML page with plots that needs no
    network, as JSON, and the plots as SVG. In any state; what is not known is said.

    [bold]Examples[/bold]

    unify-backend report

    unify-backend report --verify --before main --into docs/report

    unify-backend report --changelog
    """
    from unify_backend.commands.report.build import Wish
    from unify_backend.commands.verify import VerifyOptions

    if dry_run and changelog:
        raise ConfigurationError(
            "--dry-run and --changelog exclude each other",
            "one writes nothing, the other an entry",
            "Leave one out: the report shows the entry anyway.",
        )
    options = VerifyOptions(python=python, jobs=common.jobs or 2) if verify else None
    session = open_session(common)
    folder = None if dry_run else into or session.contents.repository.root / DEFAULT
    run(session, common, Wish(day_of(date), before, options, common.jobs), folder, changelog)
