"""`unify-backend migrate`."""

from typing import Annotated

import typer

from unify_backend.cli.migrating import run
from unify_backend.cli.options import AllowDirty, Common, DryRun
from unify_backend.cli.session import member
from unify_backend.cli.status import day_of


def migrate(
    common: Common,
    dry_run: DryRun = False,
    prefer: Annotated[
        str | None,
        typer.Option(
            "--prefer",
            metavar="canonical|legacy",
            help="The side that settles what would be left as conflicts.",
        ),
    ] = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Make one git commit per stage, on this branch.")
    ] = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not start the application.")
    ] = False,
    python: Annotated[
        str | None,
        typer.Option("--python", help="The interpreter that has the application's dependencies."),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="REV", help="What to hold it against; default: where it began."
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="The day to write; default: today."),
    ] = None,
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
    from unify_backend.commands.migrate.stage import Wish
    from unify_backend.model.merging import Prefer

    side = member(Prefer, prefer, "--prefer") if prefer else None
    day = day_of(date)
    run(
        common,
        Wish(day, side, python, not no_verify, before, commit, allow_dirty, common.jobs),
        dry_run,
    )
