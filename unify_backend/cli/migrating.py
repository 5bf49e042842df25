"""What `unify-backend migrate` does with its options: go through the stages, show each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ExitCode

if TYPE_CHECKING:
    from unify_backend.commands.migrate.stage import Wish
    from unify_backend.model.migration import StageResult


def run(common: Common, wish: Wish, dry_run: bool) -> None:
    """Carries it out, or rehearses it on a copy; exits with 1 where a gate does not hold."""
    from unify_backend.commands.migrate.run import migrate, rehearse
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.migrate import migrate_document
    from unify_backend.reporting.migrate import ending, opening, stage_report

    session = open_session(common)
    output = session.output
    shown = common.format is Format.TEXT and common.output is None
    if shown:
        output.show(*opening(session.settings.moves, dry_run))

    def seen(result: StageResult) -> None:
        if shown and not output.quiet:
            output.show(*stage_report(result, common.verbose))

    carry_out = rehearse if dry_run else migrate
    with output.telling("migrating") as tell:
        done = carry_out(session.contents, session.settings, wish, tell, seen)
    if common.format is Format.JSON:
        output.write(to_json(migrate_document(done)))
    elif shown:
        output.show(*ending(done))
    else:
        told = (part for one in done.results for part in stage_report(one, common.verbose))
        output.show(*opening(session.settings.moves, dry_run), *told, *ending(done))
    if done.stopped is not None:
        raise typer.Exit(ExitCode.FINDINGS)
