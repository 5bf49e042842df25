"""Init with --ci and --lint: the configuration where there is none, then the check in the files
of other tools, as one change set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from unify_backend import __version__
from unify_backend.commands.init import proposed
from unify_backend.integrations.registry import INTEGRATIONS
from unify_backend.integrations.requirement import (
    NAME,
    checked_requirement,
    known_requirement,
)
from unify_backend.model.changes import Change, ChangeSet, Create, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.integrations import Added, Built, Facts, Integrated, Target
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import Binary, Text, decode
from unify_backend.repository.configuration import written_settings
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asks for: the targets; `moves` and `config` as on the command line; and what
    pip installs elsewhere, where they know better."""

    targets: tuple[Target, ...]
    moves: tuple[PackageMove, ...] = ()
    config: Path | None = None
    requirement: str | None = None


def integrate(
    contents: Snapshot, wishes: Wishes, *, dry_run: bool, allow_dirty: bool
) -> tuple[Built, Applied | None]:
    """Writes the check into the files of the targets, and the configuration where there is none;
    nothing with `dry_run`. Packages that are named take the place of others that are configured.

    Raises ConfigurationError where nothing says which packages are meant, where the requirement is
    none, and where a file to be edited is no text; Refused as the writer does.
    """
    if not wishes.targets:
        raise ConfigurationError(
            "--requirement is given without --ci",
            "it is what a pipeline or a hook installs",
            "Add --ci github, gitlab or pre-commit.",
        )
    overlay = _Overlay(contents.repository)
    locate = not wishes.moves
    root = contents.repository.root
    settings = written_settings(root, wishes.config, contents.paths, locate=locate)
    configuration = None
    if settings is None or not {*wishes.moves} <= {*settings.moves}:
        changes, configuration = proposed(contents, wishes.moves, wishes.config, dry_run=dry_run)
        overlay.take(changes)
        moves = configuration.moves
    else:
        moves = wishes.moves or settings.moves
    if not moves:
        raise ConfigurationError(
            "nothing says which package becomes which",
            "the configuration names no packages",
            "Add [[tool.unify-backend.packages]] with legacy and canonical.",
        )
    facts = _facts(contents, moves, wishes.requirement)
    done = []
    for target in dict.fromkeys(wishes.targets):
        steps = tuple(INTEGRATIONS[target](overlay.text, facts))
        overlay.put([one for one in steps if isinstance(one, Added)])
        done.append(Integrated(target, steps))
    built = Built(configuration, tuple(done), facts, dry_run)
    if dry_run:
        return built, None
    title = f"init: {', '.join(one.target for one in done)}"
    changes = ChangeSet(title, overlay.changes())
    return built, apply(contents.repository, changes, allow_dirty=allow_dirty)


def _facts(contents: Snapshot, moves: Sequence[PackageMove], asked: str | None) -> Facts:
    standing = (
        move.legacy_path for move in moves if any(move.owns_legacy(path) for path in contents.paths)
    )
    requirement = checked_requirement(asked) if asked is not None else _installed_as()
    return Facts(tuple(moves), tuple(sorted(standing)), __version__, requirement)


def _installed_as() -> str | None:
    try:
        record = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return known_requirement(__version__, record)


@dataclass(slots=True)
class _Overlay:
    """The repository's files with what is already going to be written into them."""

    repository: Repository
    before: dict[str, bytes | None] = field(default_factory=dict)
    now: dict[str, bytes | None] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """The text of a file, None where there is none."""
        decoded = self._decoded(path)
        return decoded.text if decoded is not None else None

    def put(self, steps: Sequence[Added]) -> None:
        """Takes new contents, in each file's own encoding."""
        for step in steps:
            decoded = self._decoded(step.path) or Text("", "utf-8", b"", True)
            self.now[step.path] = decoded.encode(step.content)

    def take(self, changes: ChangeSet) -> None:
        """Takes the files that a change set writes."""
        for change in changes.changes:
            match change:
                case Create(path, data) | Replace(path, _, data):
                    self._read(path)
                    self.now[path] = data
                case _:
                    raise AssertionError(f"a configuration only writes files: {change}")

    def changes(self) -> tuple[Change, ...]:
        """All that is new, one change for each file."""
        found: list[Change] = []
        for path, data in sorted(self.now.items()):
            before = self.before[path]
            if data is None or data == before:
                continue
            change = Create(path, data) if before is None else Replace(path, digest(before), data)
            found.append(change)
        return tuple(found)

    def _read(self, path: str) -> bytes | None:
        if path not in self.now:
            there = self.repository.exists(path)
            self.before[path] = self.now[path] = self.repository.read(path) if there else None
        return self.now[path]

    def _decoded(self, path: str) -> Text | None:
        data = self._read(path)
        decoded = decode(data) if data is not None else None
        if isinstance(decoded, Binary):
            raise ConfigurationError(
                f"{path} is no text",
                "an entry cannot be put into it",
                "Look at it; nothing was written.",
            )
        return decoded
