"""`unify-backend init`."""

from unify_backend.cli.options import AllowDirty, Common, DryRun, Format
from unify_backend.cli.output import Output
from unify_backend.cli.session import command_line_moves, open_repository


def init(
    common: Common,
    dry_run: DryRun = False,
    allow_dirty: AllowDirty = False,
) -> None:
    """Writes the configuration for this repository from what it finds: packages that are copies
    of each other. An existing pyproject.toml keeps its comments and order.

    [bold]Examples[/bold]

    unify-backend init --dry-run

    unify-backend init --legacy old_backend --canonical acme.backend
    """
    from unify_backend.phases.initialising import initialise
    from unify_backend.render.documents import init_document, to_json
    from unify_backend.render.init import init_report
    from unify_backend.repository.snapshot import Snapshot

    output = Output(common)
    contents = Snapshot(open_repository(common, output))
    done = initialise(
        contents, command_line_moves(common), dry_run=dry_run, allow_dirty=allow_dirty
    )
    if common.format is Format.JSON:
        output.write(to_json(init_document(done)))
    else:
        output.show(*init_report(done))
