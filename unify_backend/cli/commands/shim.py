"""`unify-backend shim`."""

from typing import Annotated

import typer

from unify_backend.cli import shimming
from unify_backend.cli.options import AllowDirty, Common, DryRun
from unify_backend.cli.session import open_session
from unify_backend.model.errors import ConfigurationError


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
        shimming.prove(session, common, python, probe or [])
    elif remove:
        shimming.take_away(session, common, dry_run, force, allow_dirty)
    else:
        options = (visible, tuple(keep_path or ()), prefer)
        shimming.write(session, common, options, dry_run, allow_dirty)
