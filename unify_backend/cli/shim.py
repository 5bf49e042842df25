"""`unify-backend shim`."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun, Format
from unify_backend.cli.session import Session, member, open_session
from unify_backend.model.errors import ConfigurationError, ExitCode


def write(
    session: Session,
    common: CommonOptions,
    options: tuple[bool, tuple[str, ...], str | None],
    dry_run: bool,
    allow_dirty: bool,
) -> None:
    """Replaces the legacy tree; `options` are visible, keep and prefer of `ShimOptions`. Exits
    with 1 where a dry run finds that something is lacking."""
    from unify_backend.commands.shim import ShimOptions, carry_out, plan
    from unify_backend.model.merge_plan import Prefer
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


def prove(
    session: Session, common: CommonOptions, python: str | None, only: Collection[str]
) -> None:
    """Probes the forwarding packages that are there. Exits with 1 where one is not proved."""
    from unify_backend.commands.shim import prove as run
    from unify_backend.model.shims import ProbeResult, ProofVerdict
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.shim import probes_document
    from unify_backend.reporting.shim import probe_report

    done = count(1)
    with session.output.telling("probing") as tell:

        def step(result: ProbeResult) -> None:
            tell(f"probing: {next(done)} done, last {result.name}", 0, 0)

        proven = run(session.contents, session.settings, python, only, step, common.jobs)
    if common.format is Format.JSON:
        results = [(proof.move, proof.results) for proof in proven]
        session.output.write(to_json(probes_document(results, proven[0].interpreter)))
    else:
        for proof in proven:
            session.output.show(
                *probe_report(proof.move, proof.results, proof.interpreter, common.verbose)
            )
    if any(proof.verdict is not ProofVerdict.PROVED for proof in proven):
        raise typer.Exit(ExitCode.FINDINGS)


def remove_shim(
    session: Session, common: CommonOptions, dry_run: bool, force: bool, allow_dirty: bool
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


def shim(
    common: CommonOptions,
    dry_run: DryRun = False,
    check: Annotated[
        bool, typer.Option("--check", help="Prove the forwarding package that is there.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the shim.")] = False,
    visible: Annotated[
        bool, typer.Option("--visible", help="Warn everybody, not only tests and __main__.")
    ] = False,
    keep_path: Annotated[
        list[str] | None,
        typer.Option("--keep-path", metavar="GLOB", help="Leave a pointer file; repeatable."),
    ] = None,
    prefer: Annotated[
        str | None,
        typer.Option(
            "--prefer", metavar="canonical|legacy", help="How conflicts of the merge were settled."
        ),
    ] = None,
    python: Annotated[
        str | None, typer.Option("--python", help="With --check: the interpreter to prove it with.")
    ] = None,
    probe: Annotated[
        list[str] | None,
        typer.Option("--probe", metavar="NAME", help="With --check: only this one; repeatable."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --remove: although something still names it.")
    ] = False,
    allow_dirty: AllowDirty = False,
) -> None:
    """Replaces the legacy tree by a small forwarding package: every old import, pickle and dotted
    string gives the very same module, with a deprecation warning. Refuses while the canonical tree
    lacks anything of the legacy one.

    [bold]Examples[/bold]

    unify-backend shim --dry-run

    unify-backend shim --visible --keep-path "**/requirements.txt"

    unify-backend shim --check --python .venv/bin/python

    unify-backend shim --remove
    """
    if check and remove:
        raise ConfigurationError(
            "--check and --remove exclude each other", "one proves it, one ends it", "Give one."
        )
    session = open_session(common)
    if check:
        prove(session, common, python, probe or [])
    elif remove:
        remove_shim(session, common, dry_run, force, allow_dirty)
    else:
        options = (visible, tuple(keep_path or ()), prefer)
        write(session, common, options, dry_run, allow_dirty)
