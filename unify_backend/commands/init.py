"""Init: which packages, from what the person said or what the repository shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unify_backend.commands.candidates import Candidates, look
from unify_backend.model.changes import ChangeSet, Create, Replace
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import Initialised
from unify_backend.model.settings import Settings
from unify_backend.repository.configuration import (
    check_trees,
    configuration_file,
    configured,
    known_profile,
    written_settings,
)
from unify_backend.repository.configuration_edits import reconfigured
from unify_backend.repository.journal.writer import apply
from unify_backend.repository.locating import Locator, shown
from unify_backend.repository.snapshot import Snapshot


def initialise(
    contents: Snapshot,
    given: Sequence[PackageMove],
    config: Path | None,
    *,
    dry_run: bool,
    allow_dirty: bool,
) -> Initialised:
    """Writes the configuration: the `given` moves, else a built-in profile, else the most alike
    pair of packages, with the other pairs as comments. Where the repository is configured already
    (by `config`, where given), the `given` moves take the place of its packages.

    Raises ConfigurationError where nothing is given and nothing is found for sure, with the
    candidates and the commands for them, and where a repository that has packages configured is
    to be configured without a word which; RepositoryError where a given package is not there.
    """
    changes, done = proposed(contents, given, config, dry_run=dry_run)
    if not dry_run:
        apply(contents.repository, changes, allow_dirty=allow_dirty)
    return done


def proposed(
    contents: Snapshot, given: Sequence[PackageMove], config: Path | None, *, dry_run: bool
) -> tuple[ChangeSet, Initialised]:
    """What `initialise` writes, and what it says about it. Raises as `initialise`."""
    root = contents.repository.root
    settings = written_settings(root, config, contents.paths, locate=False)
    if settings is not None and settings.moves and not given:
        raise _configured_already(settings)
    chosen = _choose(contents, given)
    check_trees(chosen.settings, contents.paths)
    moves = chosen.settings.moves
    spelt = _spelt(moves, contents.paths)
    there = config or configuration_file(root)
    if there is None:
        changes = configured(root, chosen.settings, chosen.others, spelt)
    else:
        changes = reconfigured(root, there, moves, spelt)
    path, text = _written(contents, changes)
    before = settings.moves if settings is not None else ()
    others = chosen.others if settings is None else ()
    done = Initialised(path, moves, others, chosen.origin, text, dry_run, before)
    return changes, done


@dataclass(frozen=True, slots=True)
class _Chosen:
    settings: Settings
    others: tuple[PackageMove, ...]
    origin: str


def _choose(contents: Snapshot, given: Sequence[PackageMove]) -> _Chosen:
    if given:
        return _Chosen(Settings(tuple(given)), (), "from the command line")
    profile = known_profile(contents.paths)
    found = look(contents, profile.moves if profile is not None else ())
    if profile is not None:
        return _Chosen(profile, found.pairs, "from a built-in profile")
    if not found.pairs:
        raise _nothing_sure(contents, found)
    others = (*found.pairs[1:], *found.unclear)
    return _Chosen(Settings(found.pairs[:1]), others, "two packages that are copies")


def _spelt(moves: Sequence[PackageMove], paths: Sequence[str]) -> list[PackageMove]:
    """The moves that another command would not find without the paths, or not without a doubt."""
    found = []
    for move in moves:
        locator = Locator(paths)
        try:
            same = locator.move(move.legacy, move.canonical) == move
        except ConfigurationError:
            same = False
        if not same or locator.notes:
            found.append(move)
    return found


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


def _nothing_sure(contents: Snapshot, found: Candidates) -> ConfigurationError:
    """Nothing can be written: what there is, and the commands to paste."""
    if found.unclear:
        pairs = "\n".join(
            f"{move.legacy_shown} and {move.canonical_shown}" for move in found.unclear
        )
        return ConfigurationError(
            "there are copies here, but which of the two is the old one cannot be seen",
            pairs,
            "Say it by one of these commands:\n  " + "\n  ".join(found.commands),
        )
    if found.places:
        width = max(len(place.module) for place in found.places)
        listed = [
            f"  {place.module:{width}}  {shown(place.path)} ({place.kind.value})"
            for place in found.places
        ]
        more = [f"  and {found.more} more"] if found.more else []
        return ConfigurationError(
            "nothing says which package becomes which",
            "no two packages in this repository are clearly copies of each other; it has\n"
            + "\n".join([*listed, *more]),
            "Put the new name for NEW_NAME, and run:\n  " + "\n  ".join(found.commands),
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
