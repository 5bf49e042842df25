"""`unify-backend undo`."""

from typing import Annotated

import typer

from unify_backend.cli.options import CommonOptions, DryRun, Format
from unify_backend.cli.output import Output
from unify_backend.cli.session import open_repository


def undo(
    common: CommonOptions,
    dry_run: DryRun = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Take it back although files changed since; your versions are kept."
        ),
    ] = False,
) -> None:
    """Takes back the last change set that was written, byte for byte; run again, the one before.
    Refuses where a file changed since.

    [bold]Examples[/bold]

    unify-backend undo --dry-run

    unify-backend undo
    """
    from unify_backend.commands.undo import take_back
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.undo import undo_document
    from unify_backend.reporting.undo import undo_report

    output = Output(common)
    repository = open_repository(common, output)
    done = take_back(repository, dry_run=dry_run, force=force)
    if common.format is Format.JSON:
        output.write(to_json(undo_document(done)))
    else:
        output.show(*undo_report(done, common.verbose))
