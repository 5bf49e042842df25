"""The options that all commands share, and the decorator that gives them to a command."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from unify_backend.model.errors import ConfigurationError


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


class Color(StrEnum):
    """Whether text output is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


_WHICH, _HOW = "Which repository and packages", "Output"


def _file_or_screen(file: Path | None) -> Path | None:
    """`--output -` is standard output, as in other tools."""
    return None if file == Path("-") else file


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The options of every command; see each option's help."""

    repo: Annotated[
        Path | None,
        typer.Option(
            "--repo",
            metavar="DIR",
            rich_help_panel=_WHICH,
            help="The repository; default: the one around the current folder.",
        ),
    ] = None
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            rich_help_panel=_WHICH,
            help="Configuration; default: unify-backend.toml or pyproject.toml in the repository.",
        ),
    ] = None
    legacy: Annotated[
        list[str] | None,
        typer.Option(
            "--legacy",
            metavar="MODULE",
            rich_help_panel=_WHICH,
            help="The old package, as a dotted name. Repeat for several packages.",
        ),
    ] = None
    canonical: Annotated[
        list[str] | None,
        typer.Option(
            "--canonical",
            metavar="MODULE",
            rich_help_panel=_WHICH,
            help="The package it becomes, one for each --legacy.",
        ),
    ] = None
    legacy_path: Annotated[
        list[str] | None,
        typer.Option(
            "--legacy-path",
            metavar="DIR",
            rich_help_panel=_WHICH,
            help="Where the old package lies, if its name does not say it: DIR or FILE.py.",
        ),
    ] = None
    canonical_path: Annotated[
        list[str] | None,
        typer.Option(
            "--canonical-path",
            metavar="DIR",
            rich_help_panel=_WHICH,
            help="Where the new package goes, if not below the same root as the old one.",
        ),
    ] = None
    history: Annotated[
        list[str] | None,
        typer.Option(
            "--history",
            metavar="GLOB",
            rich_help_panel=_WHICH,
            help="Documents that keep the old name, beside the configured ones.",
        ),
    ] = None
    format: Annotated[
        Format, typer.Option("--format", rich_help_panel=_HOW, help="For people, or for programs.")
    ] = Format.TEXT
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            rich_help_panel=_HOW,
            help="Write the result to a file instead of standard output.",
            callback=_file_or_screen,
        ),
    ] = None
    color: Annotated[
        Color, typer.Option("--color", rich_help_panel=_HOW, help="Colours in text output.")
    ] = Color.AUTO
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", rich_help_panel=_HOW, help="No progress and no hints.")
    ] = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", rich_help_panel=_HOW, help="Lists in full length.")
    ] = False
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            metavar="N",
            min=0,
            rich_help_panel=_HOW,
            help="Processes to read with; 0: as many as pay off.",
        ),
    ] = 0


def no_patch_as_json(common: CommonOptions, diff: bool) -> None:
    """Raises ConfigurationError where both a patch and JSON are asked for."""
    if diff and common.format is Format.JSON:
        raise ConfigurationError(
            "--diff and --format json exclude each other",
            "a patch is no JSON",
            "Leave one of them out.",
        )


def with_common(command: Callable[..., None]) -> Callable[..., None]:
    """A command `f(common, …)` as a function with the fields of Common as options, for typer. A
    parameter of the command's own replaces the field of the same name, which then keeps its
    default. A command without `common` is returned unchanged."""
    if "common" not in inspect.signature(command).parameters:
        return command
    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in list(inspect.signature(command).parameters.values())[1:]
    ]
    shared = [parameter for parameter in _shared() if parameter.name not in hints]
    names = [parameter.name for parameter in shared]

    @wraps(command)
    def wrapped(**options: Any) -> None:
        common = CommonOptions(**{name: options.pop(name) for name in names})
        try:
            command(common, **options)
        except KeyboardInterrupt:
            sys.stderr.write(
                "\nunify-backend: stopped; the next command takes back what was begun\n"
            )
            raise SystemExit(130) from None

    signature = inspect.Signature([*own, *shared])
    wrapped.__signature__ = signature  # type: ignore[attr-defined]
    wrapped.__annotations__ = {
        parameter.name: parameter.annotation for parameter in signature.parameters.values()
    }
    return wrapped


@cache
def _shared() -> list[inspect.Parameter]:
    hints = get_type_hints(CommonOptions, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(CommonOptions)
    ]


DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing, say what would be.")]
Patch = Annotated[bool, typer.Option("--diff", help="Print a patch that git apply takes.")]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Write into files with uncommitted changes too.")
]
Base = Annotated[
    str | None,
    typer.Option("--base", metavar="COMMIT", help="Start from this commit, not the fork points."),
]


PreferSide = Annotated[
    str | None,
    typer.Option(
        "--prefer",
        metavar="canonical|legacy",
        help="The side that settles what would be left as conflicts.",
    ),
]
ApplicationPython = Annotated[
    str | None,
    typer.Option("--python", help="The interpreter that has the application's dependencies."),
]
Day = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="The day to write; default: today."),
]


def day_of(day: str | None) -> str:
    """A day as ISO 8601 writes it; today where none is given."""
    if day is None:
        return date.today().isoformat()
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise ConfigurationError(
            f"--date {day!r} is no day", "a day is written like 2025-11-21", "Correct it."
        ) from None
