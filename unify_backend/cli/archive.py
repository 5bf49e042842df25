"""`unify-backend archive`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun, Patch, no_patch_as_json
from unify_backend.cli.paths import named_place
from unify_backend.cli.session import Session, open_contents, with_command_line
from unify_backend.model.errors import ConfigurationError, ExitCode

if TYPE_CHECKING:
    from unify_backend.model.archiving import ArchiveRequest
    from unify_backend.repository.snapshot import Snapshot


def open_with_settings(common: CommonOptions) -> Session:
    """The repository, with its settings where it has any."""
    from unify_backend.model.settings import Settings
    from unify_backend.repository.configuration import find_settings

    output, contents = open_contents(common)
    configured = find_settings(
        contents.repository.root, common.config, contents.paths, locate=not common.legacy
    )
    settings = with_command_line(common, configured, contents.paths) or Settings(())
    history = (*settings.history, *(common.history or ()))
    return Session(contents, replace(settings, history=history), output)


def wish_of(
    contents: Snapshot,
    paths: Sequence[str],
    to: str,
    reason: str,
    name: str | None,
    day: str | None,
    force: bool,
) -> ArchiveRequest:
    """The options of the command line. Raises ConfigurationError for an invalid day, and for a path
    outside the repository."""
    from datetime import date

    from unify_backend.model.archiving import ArchiveRequest

    try:
        when = date.fromisoformat(day) if day else date.today()
    except ValueError:
        raise ConfigurationError(
            f"--date {day!r} is no day", "it is written into the index", "Write it as 2025-11-21."
        ) from None
    places = tuple(named_place(contents, path) for path in paths)
    called = name.replace("\\", "/").strip("/") if name is not None else None
    return ArchiveRequest(places, named_place(contents, to), reason, when, called, force)


def archive(
    common: CommonOptions,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders.")],
    to: Annotated[str, typer.Option("--to", metavar="DIR", help="The folder of the archive.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; for the index.")],
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="What a single PATH is called below DIR; "
                     "default: its whole path."),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="For the index; default: today.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Archive it although code still uses it.")
    ] = False,
    dry_run: DryRun = False,
    diff: Patch = False,
    allow_dirty: AllowDirty = False,
) -> None:  # fmt: skip
    """Moves legacy code or research material out of the way, once nothing uses it any more: code
    that still does is listed, and nothing is moved; paths in documents and settings follow it. An
    index in the archive says what was where, and why. [bold]unify-backend undo[/bold] takes it
    back. Needs no configuration.

    [bold]Examples[/bold]

    unify-backend archive old_api examples --to research/legacy --reason "nothing starts it"

    unify-backend archive api/src --to research --as legacy_src --reason "ported" --dry-run --diff
    """
    from unify_backend.commands.archive.plan import carry_out, check_unused, plan
    from unify_backend.reporting.archive import archive_report
    from unify_backend.reporting.json.archive import archive_document
    from unify_backend.reporting.patch import patch_of_changes

    no_patch_as_json(common, diff)
    session = open_with_settings(common)
    contents, output = session.contents, session.output
    wish = wish_of(contents, paths, to, reason, name, date, force)
    with output.progress("reading") as progress:
        planned = plan(contents, session.settings, wish, progress, common.jobs)
    changes = planned.changes
    patch = patch_of_changes(changes, contents.read, contents.executable) if diff else None
    if not dry_run and not planned.blocked:
        output.written(carry_out(contents, planned, allow_dirty))
    output.result(
        None if planned.blocked else patch,
        lambda: archive_document(planned, dry_run),
        lambda: archive_report(planned, dry_run, common.verbose),
    )
    check_unused(planned)
    if planned.refused:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
