"""`unify-backend merge`."""

from typing import Annotated

import typer

from unify_backend.cli.options import (
    AllowDirty,
    Base,
    CommonOptions,
    DryRun,
    Patch,
    PreferSide,
    no_patch_as_json,
)
from unify_backend.cli.session import member, open_session
from unify_backend.model.errors import ExitCode


def merge(
    common: CommonOptions,
    dry_run: DryRun = False,
    diff: Patch = False,
    base: Base = None,
    prefer: PreferSide = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PATH", help="Only this file or folder, in either tree; repeatable."
        ),
    ] = None,
    allow_dirty: AllowDirty = False,
) -> None:
    """Brings the legacy tree into the canonical one, so that no edit of either side is lost: from
    each file's fork point in git history, three-way, by lines and then by definitions and keys.
    What both sides changed differently is left with conflict markers, and the exit code is 1.

    [bold]Examples[/bold]

    unify-backend merge --dry-run

    unify-backend merge

    unify-backend merge --prefer canonical --only acme/core/routes
    """
    from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
    from unify_backend.commands.merge_refusals import refuse_removals
    from unify_backend.model.merge_plan import Prefer
    from unify_backend.reporting.json.merge import merge_document
    from unify_backend.reporting.merge import merge_report, next_step
    from unify_backend.reporting.patch import patch_of_changes

    no_patch_as_json(common, diff)
    session = open_session(common)
    contents = session.contents
    side = member(Prefer, prefer, "--prefer") if prefer else None
    planned = plan_merge(contents, session.settings, MergeOptions(base, side, tuple(only or ())))
    refuse_removals(planned)  # in a dry run as well
    patch = patch_of_changes(planned.changes, contents.read, contents.executable) if diff else None
    if not dry_run:
        session.output.written(carry_out(contents, planned, allow_dirty))
    session.output.result(
        patch,
        lambda: merge_document(planned, dry_run),
        lambda: merge_report(planned, dry_run, common.verbose),
    )
    if planned.left.partly_failed:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    if planned.conflicts or planned.left.overtaken:
        raise typer.Exit(ExitCode.FINDINGS)
    if planned.changes.changes and not dry_run:
        session.next(next_step(planned))
