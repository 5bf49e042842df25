"""`unify-backend report`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import CommonOptions, DryRun, day_of
from unify_backend.cli.session import Session, open_session
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.commands.report.build import ReportOptions

DEFAULT = Path("reports") / "unify-backend"


def run(
    session: Session,
    common: CommonOptions,
    options: ReportOptions,
    into: Path | None,
    changelog: bool,
) -> None:
    """Writes the report, the changelog's entry and the files (none without `into`), and shows the
    summary."""
    from unify_backend.commands.report.build import complete, write_entry, write_files
    from unify_backend.reporting.json.report import report_document
    from unify_backend.reporting.report.text import report_summary
    from unify_backend.reporting.report_files import report_files

    contents, output = session.contents, session.output
    with output.telling("report") as tell:
        completion = complete(contents, session.settings, options, tell)
    if changelog:
        applied = write_entry(contents, completion, session.settings)
        if applied is None:
            output.message(f"{completion.entry.path} has the entry already")
        else:
            output.written(applied)
        with output.telling("report") as tell:  # the entry is one of the things that are checked
            completion = complete(contents, session.settings, replace(options, verify=None), tell)
    written = write_files(into, report_files(completion)) if into else ()
    shown = [_named(path, contents.repository.root) for path in written]
    output.result(
        None,
        lambda: report_document(completion),
        lambda: report_summary(completion, shown, common.verbose),
    )


def _named(place: Path, root: Path) -> str:
    """The path relative to the repository, or as it is where it lies outside."""
    try:
        return place.resolve().relative_to(root).as_posix()
    except ValueError:
        return str(place)


def report(
    common: CommonOptions,
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
    from unify_backend.commands.report.build import ReportOptions
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
    run(
        session,
        common,
        ReportOptions(day_of(date), before, options, common.jobs),
        folder,
        changelog,
    )
