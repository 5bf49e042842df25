"""The three things that `unify-backend shim` does: write, prove, take away."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

import typer

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import Session, member
from unify_backend.model.errors import ExitCode


def write(
    session: Session,
    common: Common,
    options: tuple[bool, tuple[str, ...], str | None],
    dry_run: bool,
    allow_dirty: bool,
) -> None:
    """Replaces the legacy tree; `options` are visible, keep and prefer of `ShimOptions`. Exits
    with 1 where a dry run finds that something is lacking."""
    from unify_backend.commands.shim import ShimOptions, carry_out, plan
    from unify_backend.model.merging import Prefer
    from unify_backend.reporting.json.shim import shim_document
    from unify_backend.reporting.shim import shim_report

    visible, keep, prefer = options
    side = member(Prefer, prefer, "--prefer") if prefer else None
    planned = plan(session.contents, session.settings, ShimOptions(visible, keep, side))
    if not dry_run:
        session.output.written(carry_out(session.contents, planned, allow_dirty))
    session.output.result(
        None,
        lambda: shim_document(planned, dry_run),
        lambda: shim_report(planned, dry_run, common.verbose),
    )
    if planned.lacking:
        raise typer.Exit(ExitCode.FINDINGS)
    session.next("unify-backend shim --check")


def prove(session: Session, common: Common, python: str | None, only: Collection[str]) -> None:
    """Probes the forwarding packages that are there. Exits with 1 where one is not proved."""
    from unify_backend.commands.shim import prove as run
    from unify_backend.model.shims import ProbeResult, ProofVerdict
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.shim import probes_document
    from unify_backend.reporting.shim import probe_report

    done = count(1)
    with session.output.telling("probing") as tell:

        def step(one: ProbeResult) -> None:
            tell(f"probing: {next(done)} done, last {one.name}", 0, 0)

        proven = run(session.contents, session.settings, python, only, step, common.jobs)
    if common.format is Format.JSON:
        results = [(one.move, one.results) for one in proven]
        session.output.write(to_json(probes_document(results, proven[0].interpreter)))
    else:
        for one in proven:
            session.output.show(
                *probe_report(one.move, one.results, one.interpreter, common.verbose)
            )
    if any(one.verdict is not ProofVerdict.PROVED for one in proven):
        raise typer.Exit(ExitCode.FINDINGS)


def take_away(
    session: Session, common: Common, dry_run: bool, force: bool, allow_dirty: bool
) -> None:
    """Removes the forwarding packages."""
    from unify_backend.commands.shim import removal
    from unify_backend.commands.shim import take_away as carry_out
    from unify_backend.reporting.json.shim import removal_document
    from unify_backend.reporting.shim import removal_report

    planned = removal(session.contents, session.settings)
    if not dry_run:
        session.output.written(carry_out(session.contents, planned, force, allow_dirty))
    session.output.result(
        None,
        lambda: removal_document(planned, dry_run),
        lambda: removal_report(planned, dry_run, common.verbose),
    )
