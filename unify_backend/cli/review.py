"""`unify-backend review`."""

from typing import Annotated

import typer

from unify_backend.cli.options import CommonOptions, DryRun, Format
from unify_backend.cli.paths import Areas, Paths, areas_of, tracked_paths
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ExitCode


def review(
    common: CommonOptions,
    paths: Paths = None,
    only: Areas = None,
    reason: Annotated[
        str, typer.Option("--reason", help="What the decisions give as their reason.")
    ] = "",
    list_only: Annotated[
        bool, typer.Option("--list", help="Only list what is open, without asking.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Goes through what needs review, one key each: the line in its place, why it is asked, what
    it becomes and what keeping it means. The answers become [bold]decisions[/bold] in the
    configuration, for exactly these places, and are never asked again; [bold]rewrite[/bold] then
    does what was decided.

    [bold]Examples[/bold]

    unify-backend review

    unify-backend review --only docs --reason "see ADR 12"

    unify-backend review --list

    unify-backend review --format json
    """
    from unify_backend.cli.prompt import interview
    from unify_backend.commands.review import check_recordable, open_questions, record
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.review import review_document
    from unify_backend.reporting.review import recorded_report, review_report

    session = open_session(common)
    with session.output.progress("reading") as progress:
        opened = open_questions(
            session.contents, session.settings, areas_of(only),
            tracked_paths(session.contents, paths) or (), progress, common.jobs,
        )  # fmt: skip
    if common.format is Format.JSON:
        session.output.write(to_json(review_document(opened.questions, opened.stale)))
        return
    if list_only or not opened.questions:
        session.output.show(*review_report(opened.questions, opened.stale, common.verbose))
        return
    check_recordable(session.contents, session.settings, common.config)
    dialogue = interview(session, opened.questions, reason)
    done = record(session.contents, session.settings, common.config, dialogue.answers, dry_run)
    session.output.show(*recorded_report(done.decisions, done.lost, opened.stale, dry_run))
    if done.applied is not None:
        session.output.written(done.applied)
        session.output.hint("next: unify-backend rewrite --dry-run")
    if done.lost:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    if dialogue.interrupted:
        raise typer.Exit(130)
