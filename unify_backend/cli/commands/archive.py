"""`unify-backend archive`."""

from typing import Annotated

import typer

from unify_backend.cli.archiving import opened, wished
from unify_backend.cli.options import AllowDirty, Common, DryRun, Patch, no_patch_as_json
from unify_backend.model.errors import ExitCode


def archive(
    common: Common,
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
    session = opened(common)
    contents, output = session.contents, session.output
    wish = wished(contents, paths, to, reason, name, date, force)
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
