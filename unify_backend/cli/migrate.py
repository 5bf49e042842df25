"""`unify-backend migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import (
    AllowDirty,
    ApplicationPython,
    CommonOptions,
    Day,
    DryRun,
    Format,
    PreferSide,
    day_of,
)
from unify_backend.cli.session import member, open_session
from unify_backend.model.errors import ExitCode

if TYPE_CHECKING:
    from unify_backend.commands.migrate.stages import Options
    from unify_backend.model.migration import StageResult


def run(common: CommonOptions, options: Options, dry_run: bool) -> None:
    """Runs the migration, or a dry run on a copy. Exits with 1 where a step fails."""
    from unify_backend.commands.migrate.run import migrate as run_stages
    from unify_backend.commands.migrate.run import rehearse
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.migrate import migrate_document
    from unify_backend.reporting.migrate import ending, opening, stage_report

    session = open_session(common)
    output = session.output
    shown = common.format is Format.TEXT and common.output is None
    if shown:
        output.show(*opening(session.settings.moves, dry_run))

    def seen(result: StageResult) -> None:
        if shown and not output.quiet:
            output.show(*stage_report(result, common.verbose))

    carry_out = rehearse if dry_run else run_stages
    with output.telling("migrating") as tell:
        done = carry_out(session.contents, session.settings, options, tell, seen)
    if common.format is Format.JSON:
        output.write(to_json(migrate_document(done)))
    elif shown:
        output.show(*ending(done))
    else:
        reports = (part for result in done.results for part in stage_report(result, common.verbose))
        output.show(*opening(session.settings.moves, dry_run), *reports, *ending(done))
    if done.stopped is not None:
        raise typer.Exit(ExitCode.FINDINGS)


def migrate(
    common: CommonOptions,
    dry_run: DryRun = False,
    prefer: PreferSide = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Make one git commit per stage, on this branch.")
    ] = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not start the application.")
    ] = False,
    python: ApplicationPython = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="REV", help="Compare with this revision; default: where it began."
        ),
    ] = None,
    date: Day = None,
    allow_dirty: AllowDirty = False,
) -> None:
    """The whole migration, step by step: inventory, merge, rewrite, shim, verify, check, status.
    Stops at the first step that fails and says what to do; run again, it goes on from there. A
    second run of one that went through does nothing.

    [bold]Examples[/bold]

    unify-backend migrate --dry-run

    unify-backend migrate --prefer canonical --python .venv/bin/python

    unify-backend migrate --commit
    """
    from unify_backend.commands.migrate.stages import Options
    from unify_backend.model.merge_plan import Prefer

    side = member(Prefer, prefer, "--prefer") if prefer else None
    day = day_of(date)
    run(
        common,
        Options(day, side, python, not no_verify, before, commit, allow_dirty, common.jobs),
        dry_run,
    )
