"""`unify-backend status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import (
    AllowDirty,
    CommonOptions,
    Day,
    DryRun,
    Patch,
    day_of,
    no_patch_as_json,
)
from unify_backend.cli.session import Session, open_session
from unify_backend.model.errors import ConfigurationError, ExitCode

if TYPE_CHECKING:
    from unify_backend.model.status import Status


def status(
    common: CommonOptions,
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
    date: Day = None,
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
        current = update(session, common, name, day, (dry_run, diff, allow_dirty))
    else:
        current = show(session, common, name)
    if exit_code and not current.done:
        raise typer.Exit(ExitCode.FINDINGS)


def only_with_write(dry_run: bool, diff: bool, dated: bool, allow_dirty: bool) -> None:
    """Raises ConfigurationError for an option that needs --write."""
    options = {"--dry-run": dry_run, "--diff": diff, "--date": dated, "--allow-dirty": allow_dirty}
    for option, used in options.items():
        if used:
            raise ConfigurationError(
                f"{option} is given without --write",
                "status by itself writes nothing",
                "Add --write, or leave it out.",
            )


def show(session: Session, common: CommonOptions, file: str | None) -> Status:
    """The status as it is."""
    from unify_backend.commands.status.evaluate import take_status
    from unify_backend.commands.status.facts import Facts
    from unify_backend.reporting.json.status import status_document
    from unify_backend.reporting.status import status_report

    with session.output.progress("reading") as progress:
        facts = Facts(session.contents, session.settings, file, False, progress, common.jobs)
        current = take_status(facts)
    session.output.result(
        None, lambda: status_document(current), lambda: status_report(current, common.verbose)
    )
    return current


def update(
    session: Session,
    common: CommonOptions,
    file: str | None,
    day: str,
    how: tuple[bool, bool, bool],
) -> Status:
    """The task file brought up to date; `how` is whether to write nothing, to print a patch, and
    to write into a file with uncommitted changes."""
    from unify_backend.commands.status.facts import Facts
    from unify_backend.commands.status.write import carry_out, plan_update
    from unify_backend.reporting.json.status import status_document
    from unify_backend.reporting.patch import patch_of_changes
    from unify_backend.reporting.status import status_report, written_report

    dry_run, diff, allow_dirty = how
    contents = session.contents
    with session.output.progress("reading") as progress:
        facts = Facts(contents, session.settings, file, True, progress, common.jobs)
        planned = plan_update(facts, day)
    patch = patch_of_changes(planned.changes, contents.read, contents.executable) if diff else None
    if not dry_run:
        session.output.written(carry_out(facts, planned, allow_dirty))
    current, touched = planned.status, planned.touched
    session.output.result(
        patch,
        lambda: status_document(current, touched, dry_run),
        lambda: (
            *status_report(current, common.verbose),
            *written_report(current.task_file or "", touched, dry_run),
        ),
    )
    return current
