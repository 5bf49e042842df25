"""`unify-backend shim`."""

from typing import Annotated

import typer

from unify_backend.cli.options import AllowDirty, Common, DryRun, Format
from unify_backend.cli.session import Session, open_session
from unify_backend.model.errors import ConfigurationError, ExitCode
from unify_backend.model.merging import Prefer
from unify_backend.model.shims import ProbeState


def shim(
    common: Common,
    dry_run: DryRun = False,
    check: Annotated[
        bool, typer.Option("--check", help="Prove the forwarding package that is there.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away.")] = False,
    visible: Annotated[
        bool, typer.Option("--visible", help="Warn everybody, not only tests and __main__.")
    ] = False,
    keep_path: Annotated[
        list[str] | None,
        typer.Option("--keep-path", metavar="GLOB", help="Leave a pointer file; repeatable."),
    ] = None,
    prefer: Annotated[
        Prefer | None, typer.Option("--prefer", help="How conflicts of the merge were settled.")
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
        _check(session, common, python, probe or [])
    elif remove:
        _remove(session, common, dry_run, force, allow_dirty)
    else:
        _write(session, common, dry_run, (visible, tuple(keep_path or ()), prefer), allow_dirty)


def _write(
    session: Session,
    common: Common,
    dry_run: bool,
    options: tuple[bool, tuple[str, ...], Prefer | None],
    allow_dirty: bool,
) -> None:
    from unify_backend.phases.shimming import ShimOptions, carry_out, plan
    from unify_backend.render.shim import shim_report
    from unify_backend.render.shim_document import shim_document

    planned = plan(session.contents, session.settings, ShimOptions(*options))
    if not dry_run:
        session.output.written(carry_out(session.contents, planned, allow_dirty))
    session.output.result(
        None,
        lambda: shim_document(planned, dry_run),
        lambda: shim_report(planned, dry_run, common.verbose),
    )
    if planned.lacking:
        raise typer.Exit(ExitCode.FINDINGS)
    session.output.hint("next: unify-backend shim --check")


def _check(session: Session, common: Common, python: str | None, only: list[str]) -> None:
    from unify_backend.phases.shimming import prove
    from unify_backend.render.shim import probe_report
    from unify_backend.render.shim_document import probes_document

    with session.output.steps("probing") as step:
        proven = prove(session.contents, session.settings, python, only, step, common.jobs)
    if common.format is Format.JSON:
        from unify_backend.render.documents import to_json

        session.output.write(to_json(probes_document([(p.move, p.results) for p in proven])))
    else:
        for one in proven:
            session.output.show(*probe_report(one.move, one.results, common.verbose))
    if any(r.state is ProbeState.FAILED for one in proven for r in one.results):
        raise typer.Exit(ExitCode.FINDINGS)


def _remove(
    session: Session, common: Common, dry_run: bool, force: bool, allow_dirty: bool
) -> None:
    from unify_backend.phases.shimming import removal, take_away
    from unify_backend.render.shim import removal_report
    from unify_backend.render.shim_document import removal_document

    planned = removal(session.contents, session.settings)
    if not dry_run:
        session.output.written(take_away(session.contents, planned, force, allow_dirty))
    session.output.result(
        None,
        lambda: removal_document(planned, dry_run),
        lambda: removal_report(planned, dry_run, common.verbose),
    )
