"""The command line: every command, one line each."""

import re
from collections.abc import Callable
from typing import Annotated

import typer

from unify_backend import __version__
from unify_backend.cli.commands.demo import demo
from unify_backend.cli.commands.diff import diff
from unify_backend.cli.commands.init import init
from unify_backend.cli.commands.inventory import inventory
from unify_backend.cli.commands.merge import merge
from unify_backend.cli.commands.review import review
from unify_backend.cli.commands.rewrite import rewrite
from unify_backend.cli.commands.shim import shim
from unify_backend.cli.commands.undo import undo
from unify_backend.cli.commands.verify import verify
from unify_backend.cli.options import with_common


def _first_sentence(command: Callable[..., None]) -> str:
    words = " ".join((command.__doc__ or "").split())
    return re.split(r"[.:]\s", words, maxsplit=1)[0].rstrip(".") + "."


app = typer.Typer(
    name="unify-backend",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "diff": diff,
    "inventory": inventory,
    "review": review,
    "merge": merge,
    "rewrite": rewrite,
    "shim": shim,
    "verify": verify,
    "undo": undo,
    "demo": demo,
}

for name, command in COMMANDS.items():
    app.command(name, help=command.__doc__, short_help=_first_sentence(command))(
        with_common(command)
    )


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"unify-backend {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Make two diverged copies of one package one, and prove that nothing was lost.

    Start with [bold]inventory[/bold] and [bold]diff[/bold]: they only read. [bold]rewrite --dry-run
    --diff[/bold] shows every change as a patch; [bold]undo[/bold] takes the last change back, byte
    for byte.
    """
