"""`unify-backend rewrite`."""

from typing import Annotated

import typer

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import open_session
from unify_backend.cli.words import areas_of
from unify_backend.model.errors import ConfigurationError, ExitCode


def rewrite(
    common: Common,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Only these files or folders.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print a patch that git apply takes.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="AREA", help="Only this area, like docs or tests; repeatable."
        ),
    ] = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 where something is (or would be) rewritten."),
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write into files with uncommitted changes too.")
    ] = False,
) -> None:
    """Rewrites every reference that certainly means the package, in code, tests, docs, scripts,
    Docker and CI; what is ambiguous is left and listed with its reason. All or nothing, checked
    before it is written, and [bold]unify-backend undo[/bold] takes it back.

    [bold]Examples[/bold]

    unify-backend rewrite --dry-run --diff | git apply --check

    unify-backend rewrite --only docs --only tests

    unify-backend rewrite
    """
    from unify_backend.phases.rewriting import carry_out, plan
    from unify_backend.render.documents import rewrite_document, to_json
    from unify_backend.render.patch import patch_of

    if diff and common.format is Format.JSON:
        raise ConfigurationError(
            "--diff and --format json exclude each other",
            "a patch is no JSON",
            "Leave one of them out.",
        )
    session = open_session(common)
    output = session.output
    with output.progress("reading") as progress:
        planned = plan(
            session.contents, session.settings, areas_of(only), paths or (), progress, common.jobs
        )
    if not dry_run:
        applied = carry_out(session.contents, planned, allow_dirty)
        if applied.paths:
            output.message(f"{planned.changes.title}; `unify-backend undo` takes it back")
    if diff:
        output.write_bytes(patch_of(planned.rewritten))
    elif common.format is Format.JSON:
        output.write(to_json(rewrite_document(planned, dry_run)))
    else:
        from unify_backend.render.rewrite import rewrite_report

        output.show(*rewrite_report(planned, dry_run, common.verbose))
    if planned.refused:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    if exit_code and planned.rewritten:
        raise typer.Exit(ExitCode.FINDINGS)
