"""`unify-backend rewrite`."""

from typing import Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun, Patch, no_patch_as_json
from unify_backend.cli.paths import Areas, Paths, areas_of, tracked_paths
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ExitCode


def rewrite(
    common: CommonOptions,
    paths: Paths = None,
    dry_run: DryRun = False,
    diff: Patch = False,
    only: Areas = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 where something is (or would be) rewritten."),
    ] = False,
    allow_dirty: AllowDirty = False,
) -> None:
    """Rewrites every reference that certainly means the package, in code, tests, docs, scripts,
    Docker and CI; what is ambiguous is left and listed with its reason. All or nothing, checked
    before it is written, and [bold]unify-backend undo[/bold] takes it back.

    [bold]Examples[/bold]

    unify-backend rewrite --dry-run --diff | git apply --check

    unify-backend rewrite --only docs --only tests

    unify-backend rewrite
    """
    from unify_backend.commands.rewrite import carry_out, plan
    from unify_backend.reporting.json.rewrite import rewrite_document
    from unify_backend.reporting.patch import patch_of
    from unify_backend.reporting.rewrite import rewrite_report

    no_patch_as_json(common, diff)
    session = open_session(common)
    output, areas = session.output, areas_of(only)
    named = tracked_paths(session.contents, paths)
    with output.progress("reading") as progress:
        planned = plan(
            session.contents, session.settings, areas, named or (), progress, common.jobs
        )
    if not dry_run:
        output.written(carry_out(session.contents, planned, allow_dirty))
    output.result(
        patch_of(planned.rewritten) if diff else None,
        lambda: rewrite_document(planned, dry_run),
        lambda: rewrite_report(planned, dry_run, common.verbose),
    )
    if planned.partly_failed:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    if exit_code and planned.rewritten:
        raise typer.Exit(ExitCode.FINDINGS)
