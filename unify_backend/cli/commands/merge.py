"""`unify-backend merge`."""

from typing import Annotated

import typer

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ConfigurationError, ExitCode
from unify_backend.model.merging import Prefer


def merge(
    common: Common,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print a patch that git apply takes.")
    ] = False,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="COMMIT", help="Merge from this commit instead of the fork points."
        ),
    ] = None,
    prefer: Annotated[
        Prefer | None,
        typer.Option("--prefer", help="The side that settles what would be left as conflicts."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PATH", help="Only this file or folder, in either tree; repeatable."
        ),
    ] = None,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write into files with uncommitted changes too.")
    ] = False,
) -> None:
    """Brings the legacy tree into the canonical one, so that no edit of either side is lost: from
    each file's fork point in git history, three-way, by lines and then by definitions and keys.
    What both sides changed differently is left with conflict markers, and the exit code is 1.

    [bold]Examples[/bold]

    unify-backend merge --dry-run

    unify-backend merge

    unify-backend merge --prefer canonical --only acme/core/routes
    """
    from unify_backend.phases.merging import Wish, carry_out, plan_merge
    from unify_backend.render.documents import to_json
    from unify_backend.render.merge_document import merge_document
    from unify_backend.render.patch import patch_of_changes

    if diff and common.format is Format.JSON:
        raise ConfigurationError(
            "--diff and --format json exclude each other",
            "a patch is no JSON",
            "Leave one of them out.",
        )
    session = open_session(common)
    planned = plan_merge(session.contents, session.settings, Wish(base, prefer, tuple(only or ())))
    contents = session.contents
    patch = patch_of_changes(planned.changes, contents.read, contents.executable) if diff else b""
    if not dry_run:
        applied = carry_out(contents, planned, allow_dirty)
        if applied.paths:
            session.output.message(f"{planned.changes.title}; `unify-backend undo` takes it back")
    if diff:
        session.output.write_bytes(patch)
    elif common.format is Format.JSON:
        session.output.write(to_json(merge_document(planned, dry_run)))
    else:
        from unify_backend.render.merge import merge_report

        session.output.show(*merge_report(planned, dry_run, common.verbose))
    if planned.conflicts:
        raise typer.Exit(ExitCode.FINDINGS)
