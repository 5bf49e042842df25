"""`unify-backend verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import ApplicationPython, CommonOptions, Format
from unify_backend.cli.session import Session, member, open_session
from unify_backend.model.errors import ExitCode

if TYPE_CHECKING:
    from unify_backend.commands.verify import VerifyOptions
    from unify_backend.model.verification import VerifyResult


def run(session: Session, common: CommonOptions, options: VerifyOptions) -> None:
    """Verifies and shows the result. Exits with 1 where something needs review."""
    from unify_backend.commands.verify import verify as run_checks

    with session.output.telling("verifying") as tell:
        verified = run_checks(session.contents, session.settings, options, tell)
    for note in verified.notes:
        session.output.message(note)
    if common.format is Format.JSON:
        from unify_backend.reporting.json.common import to_json
        from unify_backend.reporting.json.verify import verify_document

        session.output.write(to_json(verify_document(verified)))
    else:
        _show(session, verified, common.verbose)
    if verified.wrong:
        raise typer.Exit(ExitCode.FINDINGS)


def _show(session: Session, verified: VerifyResult, verbose: bool) -> None:
    from unify_backend.reporting.verify import (
        comparison_report,
        containers_report,
        entries_report,
        findings_report,
        interpreter_report,
        state_report,
    )

    parts = [
        part
        for comparison in verified.comparisons
        for part in comparison_report(comparison, verbose)
    ]
    compared = {comparison.after.target.package for comparison in verified.comparisons}
    for state in verified.states:
        if verbose or state.target.package not in compared:
            parts += state_report(state, verbose)
    parts += findings_report(verified.findings, 1000 if verbose else 6)
    parts += entries_report(verified.entries, verbose)
    parts += containers_report(verified.containers, verbose)
    session.output.show(*interpreter_report(verified.interpreter), *parts)


def verify(
    common: CommonOptions,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="REV", help="Compare with this revision; losses exit 1."),
    ] = None,
    python: ApplicationPython = None,
    side: Annotated[
        str | None,
        typer.Option("--side", metavar="legacy|canonical", help="Default: what is there."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PART", help="application, entry-points or containers; repeatable."
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="warm|cold", help="How modules are imported: warm is faster."
        ),
    ] = None,
    docker: Annotated[
        bool, typer.Option("--docker", help="Build and run the containers for real, too.")
    ] = False,
) -> None:
    """Imports and starts your application and checks that it still works: which modules import,
    which routes, plugins and tables are there [italic]after start-up[/italic], whether every entry
    point serves the same, and what a container would see. Runs the repository's code, in child
    processes with time limits.

    [bold]Examples[/bold]

    unify-backend verify --python .venv/bin/python

    unify-backend verify --before main

    unify-backend verify --only entry-points --only containers
    """
    from unify_backend.commands.verify import Side, VerifyOptions
    from unify_backend.model.verification import Engine, Part

    options = VerifyOptions(
        before,
        python,
        member(Side, side, "--side") if side else None,
        frozenset(member(Part, word, "--only") for word in only or ()),
        member(Engine, engine, "--engine") if engine else None,
        docker,
        common.jobs or 2,
    )
    run(open_session(common), common, options)
