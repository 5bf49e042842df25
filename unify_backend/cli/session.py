"""Opens the repository and its settings, as the options say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from unify_backend.cli.options import CommonOptions
from unify_backend.cli.output import Output
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection

    from unify_backend.model.package_move import PackageMove
    from unify_backend.model.settings import Settings
    from unify_backend.repository.files import Repository
    from unify_backend.repository.locating import Locator
    from unify_backend.repository.snapshot import Snapshot

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Session:
    """The contents, the settings and the output of one command."""

    contents: Snapshot
    settings: Settings
    output: Output

    def next(self, command: str, *more: str) -> None:
        """Says what to run next, as it can be pasted."""
        self.output.hint(f"next: {self.settings.named(command)}", *more)


def open_repository(common: CommonOptions, output: Output) -> Repository:
    """The repository, after recovery from an interrupted run."""
    from unify_backend.repository.files import Repository

    repository = Repository.discover(common.repo or Path.cwd())
    if repository.interrupted:
        from unify_backend.repository.journal.writer import recover

        if message := recover(repository):
            output.message(message)
    return repository


def open_contents(common: CommonOptions) -> tuple[Output, Snapshot]:
    """Where a command writes, and the contents of its repository."""
    from unify_backend.repository.snapshot import Snapshot

    output = Output(common)
    repository = open_repository(common, output)
    if repository.note:
        output.message(repository.note)
    return output, Snapshot(repository)


def open_session(common: CommonOptions) -> Session:
    """The repository and the settings that count: command line over file over profile.

    Raises ConfigurationError where nothing says which packages are meant.
    """
    from unify_backend.repository.configuration import check_trees, find_settings, in_state

    output, contents = open_contents(common)
    repository = contents.repository
    settings = find_settings(
        repository.root, common.config, contents.paths, locate=not common.legacy
    )
    settings = with_command_line(common, settings, contents.paths)
    if settings is None or not settings.moves:
        raise ConfigurationError(
            "nothing says which package becomes which",
            f"{repository.root.name or repository.root} has no [tool.unify-backend] table with "
            "packages and no unify-backend.toml",
            "Run `unify-backend init`, or give --legacy MODULE --canonical MODULE.",
        )
    if common.history:
        settings = replace(settings, history=(*settings.history, *common.history))
    check_trees(settings, contents.paths)
    settings = in_state(settings, contents)
    for note in settings.notes:
        output.message(note)
    for move in settings.moves:
        if move.nested:
            inner, outer = sorted((move.legacy_path, move.canonical_path), key=len, reverse=True)
            output.message(f"{inner}/ lies inside {outer}/: each file counts for the inner one")
    return Session(contents, settings, output)


def with_command_line(
    common: CommonOptions, settings: Settings | None, paths: Collection[str]
) -> Settings | None:
    """The settings with the packages of the command line, where it names any."""
    from unify_backend.model.settings import COMMAND_LINE, Settings
    from unify_backend.repository.locating import Locator

    locator = Locator(paths)
    moves = command_line_moves(common, locator)
    if not moves:
        return settings
    notes = tuple(locator.notes)
    return replace(settings or Settings(()), moves=moves, source=COMMAND_LINE, notes=notes)


def command_line_moves(common: CommonOptions, locator: Locator) -> tuple[PackageMove, ...]:
    """The moves that --legacy and --canonical name, in pairs. `locator` finds the packages of which
    no option says where they lie. Raises ConfigurationError where names and paths do not fit
    together, and as the locator does."""
    from unify_backend.model.configuration import check_moves
    from unify_backend.model.move_chains import refuse_circles

    legacy, canonical = common.legacy or [], common.canonical or []
    if len(legacy) != len(canonical):
        raise ConfigurationError(
            f"{len(legacy)} × --legacy, {len(canonical)} × --canonical",
            "they belong together in pairs",
            "Give --legacy MODULE --canonical MODULE for each package.",
        )
    for option, paths in (
        ("--legacy-path", common.legacy_path),
        ("--canonical-path", common.canonical_path),
    ):
        if len(paths or []) > len(legacy):
            raise ConfigurationError(
                f"{option} is given without a package it belongs to",
                "the nth path belongs to the nth --legacy and --canonical",
                "Give the names too, or write the path into the configuration.",
            )
    moves = tuple(
        locator.move(old, new, old_path, new_path)
        for old, new, old_path, new_path in zip_longest(
            legacy, canonical, common.legacy_path or [], common.canonical_path or []
        )
    )
    check_moves(moves, "the command line")
    refuse_circles(moves, "the command line")
    return moves


def member(choices: type[Choice], word: str, option: str) -> Choice:
    """The member of `choices` that `word` names, in any letter case. Raises ConfigurationError."""
    try:
        return choices(word.lower())
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise ConfigurationError(
            f"{option} {word!r} is not known", f"known: {known}", "Correct it."
        ) from None
