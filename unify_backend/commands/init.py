"""`init`: writes the configuration and the integrations, for named packages or for those it
finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from unify_backend import __version__
from unify_backend.commands.candidates import Candidates, look
from unify_backend.integrations.registry import INTEGRATIONS
from unify_backend.integrations.requirement import (
    NAME,
    checked_requirement,
    known_requirement,
)
from unify_backend.model.changes import Change, ChangeSet, Create, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.integrations import (
    AddedText,
    Facts,
    IntegrationResult,
    Target,
    TargetSteps,
)
from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import InitResult
from unify_backend.model.settings import Settings
from unify_backend.model.text import Binary, Text, decode
from unify_backend.repository.configuration import (
    check_trees,
    configuration_file,
    configured,
    known_profile,
    written_settings,
)
from unify_backend.repository.configuration_edits import with_packages
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.locating import Locator, shown
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class InitRequest:
    """What a person asks for: the targets; `moves` and `config` as on the command line; and what
    pip installs elsewhere, where they know better."""

    targets: tuple[Target, ...]
    moves: tuple[PackageMove, ...] = ()
    config: Path | None = None
    requirement: str | None = None


def integrate(
    contents: Snapshot, wishes: InitRequest, *, dry_run: bool, allow_dirty: bool
) -> tuple[IntegrationResult, Applied | None]:
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
        overlay.put([step for step in steps if isinstance(step, AddedText)])
        done.append(TargetSteps(target, steps))
    built = IntegrationResult(configuration, tuple(done), facts, dry_run)
    if dry_run:
        return built, None
    title = f"init: {', '.join(integrated.target for integrated in done)}"
    changes = ChangeSet(title, overlay.changes())
    return built, apply(contents.repository, changes, allow_dirty=allow_dirty)


def _facts(contents: Snapshot, moves: Sequence[PackageMove], requested: str | None) -> Facts:
    standing = (
        move.legacy_path for move in moves if any(move.owns_legacy(path) for path in contents.paths)
    )
    requirement = checked_requirement(requested) if requested is not None else _installed_as()
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

    def put(self, steps: Sequence[AddedText]) -> None:
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
        changes: list[Change] = []
        for path, data in sorted(self.now.items()):
            before = self.before[path]
            if data is None or data == before:
                continue
            change = Create(path, data) if before is None else Replace(path, digest(before), data)
            changes.append(change)
        return tuple(changes)

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


def initialise(
    contents: Snapshot,
    named: Sequence[PackageMove],
    config: Path | None,
    *,
    dry_run: bool,
    allow_dirty: bool,
) -> InitResult:
    """Writes the configuration: the `named` moves, else a built-in profile, else the most alike
    pair of packages, with the other pairs as comments. Where the repository is configured already
    (by `config`, where given), the `named` moves take the place of its packages.

    Raises ConfigurationError where nothing is given and nothing is found for sure, with the
    candidates and the commands for them, and where a repository that has packages configured is
    to be configured without a word which; RepositoryError where a given package is not there.
    """
    changes, done = proposed(contents, named, config, dry_run=dry_run)
    if not dry_run:
        apply(contents.repository, changes, allow_dirty=allow_dirty)
    return done


def proposed(
    contents: Snapshot, named: Sequence[PackageMove], config: Path | None, *, dry_run: bool
) -> tuple[ChangeSet, InitResult]:
    """What `initialise` writes, and what it says about it. Raises as `initialise`."""
    root = contents.repository.root
    settings = written_settings(root, config, contents.paths, locate=False)
    if settings is not None and settings.moves and not named:
        raise _configured_already(settings)
    chosen = _choose(contents, named)
    check_trees(chosen.settings, contents.paths)
    moves = chosen.settings.moves
    spelt = _spelt(moves, contents.paths)
    there = config or configuration_file(root)
    if there is None:
        changes = configured(root, chosen.settings, chosen.others, spelt)
    else:
        changes = with_packages(root, there, moves, spelt)
    path, text = _written(contents, changes)
    before = settings.moves if settings is not None else ()
    others = chosen.others if settings is None else ()
    done = InitResult(path, moves, others, chosen.origin, text, dry_run, before)
    return changes, done


@dataclass(frozen=True, slots=True)
class _Chosen:
    settings: Settings
    others: tuple[PackageMove, ...]
    origin: str


def _choose(contents: Snapshot, named: Sequence[PackageMove]) -> _Chosen:
    if named:
        return _Chosen(Settings(tuple(named)), (), "from the command line")
    profile = known_profile(contents.paths)
    candidates = look(contents, profile.moves if profile is not None else ())
    if profile is not None:
        return _Chosen(profile, candidates.pairs, "from a built-in profile")
    if not candidates.pairs:
        raise _nothing_sure(contents, candidates)
    others = (*candidates.pairs[1:], *candidates.unclear)
    return _Chosen(Settings(candidates.pairs[:1]), others, "two packages that are copies")


def _spelt(moves: Sequence[PackageMove], paths: Sequence[str]) -> list[PackageMove]:
    """The moves whose packages other commands would not find, or not unambiguously, without the
    paths."""
    ambiguous = []
    for move in moves:
        locator = Locator(paths)
        try:
            same = locator.move(move.legacy, move.canonical) == move
        except ConfigurationError:
            same = False
        if not same or locator.notes:
            ambiguous.append(move)
    return ambiguous


def _written(contents: Snapshot, changes: ChangeSet) -> tuple[str, str]:
    """The file that is written, and what is new in it."""
    match changes.changes[0]:
        case Create(path, data):
            return path, data.decode()
        case Replace(path, _, data):
            before = contents.repository.read(path)
            if data.startswith(before):
                return path, data[len(before) :].decode().lstrip()
            old = before.decode().splitlines()
            return path, "\n".join(line for line in data.decode().splitlines() if line not in old)
        case other:
            raise AssertionError(f"a configuration only writes files: {other}")


def _configured_already(settings: Settings) -> ConfigurationError:
    listed = "\n".join(
        f"{move.legacy} → {move.canonical} ({move.legacy_shown} → {move.canonical_shown})"
        for move in settings.moves
    )
    return ConfigurationError(
        f"{settings.source} configures this tool already",
        listed,
        "To name other packages: unify-backend init --legacy MODULE --canonical MODULE. To put "
        "the check into pipelines and hooks: unify-backend init --ci WHERE.",
    )


def _nothing_sure(contents: Snapshot, candidates: Candidates) -> ConfigurationError:
    """The error where no pair of packages is certain, with the candidates and the commands to
    paste."""
    if candidates.unclear:
        pairs = "\n".join(
            f"{move.legacy_shown} and {move.canonical_shown}" for move in candidates.unclear
        )
        return ConfigurationError(
            "there are copies here, but which of the two is the old one cannot be seen",
            pairs,
            "Say it by one of these commands:\n  " + "\n  ".join(candidates.commands),
        )
    if candidates.places:
        width = max(len(place.module) for place in candidates.places)
        listed = [
            f"  {place.module:{width}}  {shown(place.path)} ({place.kind.value})"
            for place in candidates.places
        ]
        more = [f"  and {candidates.more} more"] if candidates.more else []
        return ConfigurationError(
            "nothing says which package becomes which",
            "no two packages in this repository are clearly copies of each other; it has\n"
            + "\n".join([*listed, *more]),
            "Put the new name for NEW_NAME, and run:\n  " + "\n  ".join(candidates.commands),
        )
    if contents.paths:
        return ConfigurationError(
            "there is no Python package here",
            f"of {len(contents.paths)} files none belongs to a package or module that can be "
            "imported by a name, tests, documents and examples left out",
            "Say which one you mean: unify-backend init --legacy MODULE --canonical MODULE.",
        )
    return ConfigurationError(
        "there is no file here" if not contents.repository.is_git else "git tracks no file here",
        "only what is tracked is read" if contents.repository.is_git else "the folder is empty",
        "Add the files first: git add. Or give another folder by --repo."
        if contents.repository.is_git
        else "Run it in the repository that holds the packages, or give its folder by --repo.",
    )
