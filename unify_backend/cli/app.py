"""The commands by name. Each is the function of that name in the module of that name, imported on
demand."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Annotated, cast

import typer

from unify_backend import __version__
from unify_backend.cli.options import with_common

Command = Callable[..., None]

PANELS: dict[str, tuple[str, ...]] = {
    "Rename": ("rename",),
    "Inspect": ("init", "diff", "inventory", "review"),
    "Migrate": ("migrate", "merge", "rewrite", "shim", "archive"),
    "Verify and check": ("verify", "check", "audit"),
    "Progress": ("status", "history", "report"),
    "Other": ("undo", "demo"),
}


class Commands(Mapping[str, Command]):
    """The commands by name, in the order of the help."""

    def __getitem__(self, name: str) -> Command:
        if name not in list(self):
            raise KeyError(name)
        module = import_module(f"unify_backend.cli.{name}")
        return cast(Command, getattr(module, name))

    def __iter__(self) -> Iterator[str]:
        return (name for names in PANELS.values() for name in names)

    def __len__(self) -> int:
        return sum(map(len, PANELS.values()))


COMMANDS = Commands()


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The application, with only the command that `arguments` begin with, because importing the
    others is slow; with all commands for anything else, like --help."""
    app = typer.Typer(
        name="unify-backend",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    wanted = arguments[0] if arguments else ""
    for panel, names in PANELS.items():
        for name in names:
            if wanted not in COMMANDS or name == wanted:
                command = COMMANDS[name]
                app.command(
                    name,
                    help=command.__doc__,
                    short_help=_first_sentence(command),
                    rich_help_panel=panel,
                )(with_common(command))
    return app


def _first_sentence(command: Command) -> str:
    words = " ".join((command.__doc__ or "").split())
    return re.split(r"[.:]\s", words, maxsplit=1)[0].rstrip(".") + "."


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"unify-backend {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Rename a package everywhere, or make two diverged copies of one package one, and prove that
    nothing was lost.

    [bold]rename OLD NEW[/bold] renames one package. For two copies start with
    [bold]inventory[/bold] and [bold]diff[/bold], which only read. [bold]undo[/bold] takes the last
    change back, byte for byte.
    """
