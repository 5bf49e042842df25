"""`unify-backend status`."""

from typing import Annotated

import typer

from unify_backend.cli.options import AllowDirty, Common, DryRun, Patch, no_patch_as_json
from unify_backend.cli.session import open_session
from unify_backend.cli.status import day_of, only_with_write, show, update
from unify_backend.model.errors import ExitCode


def status(
    common: Common,
    file: Annotated[
        str | None,
        typer.Argument(
            help="The task file, in the repository; default: as configured.", show_default=False
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Tick, date and summarise in the task file, by evidence."),
    ] = False,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="The day to write; default: today."),
    ] = None,
    dry_run: DryRun = False,
    diff: Patch = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 while a phase is not done.")
    ] = False,
    allow_dirty: AllowDirty = False,
) -> None:
    """How far the unification is, phase by phase, with evidence looked at now: trees compared,
    references left, entry points verified, the old tree gone, changelog and documents written.
    [bold]--write[/bold] brings the task file up to date, in place.

    [bold]Examples[/bold]

    unify-backend status

    unify-backend status --write --dry-run --diff

    unify-backend status --write docs/tasks/unify.md
    """
    no_patch_as_json(common, diff)
    if not write:
        only_with_write(dry_run, diff, date is not None, allow_dirty)
    day = day_of(date)
    session = open_session(common)
    name = file.replace("\\", "/").removeprefix("./") if file else None
    if write:
        found = update(session, common, name, day, (dry_run, diff, allow_dirty))
    else:
        found = show(session, common, name)
    if exit_code and not found.done:
        raise typer.Exit(ExitCode.FINDINGS)
