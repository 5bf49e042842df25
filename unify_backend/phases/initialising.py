"""Init: which packages, from what the person said or what the repository shows."""

from collections.abc import Sequence

from unify_backend.model.changes import ChangeSet
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.moves import PackageMove
from unify_backend.model.outcomes import Initialised
from unify_backend.model.pairs import CopyPair
from unify_backend.model.settings import Settings
from unify_backend.repository.configuration import configured, known_profile, written_text
from unify_backend.repository.snapshot import Snapshot
from unify_backend.repository.writer import apply
from unify_backend.spelling.table import NameTable
from unify_backend.trees.compare import compare


def initialise(
    contents: Snapshot, given: Sequence[PackageMove], *, dry_run: bool, allow_dirty: bool
) -> Initialised:
    """Writes the configuration: the `given` moves, else a built-in profile, else the
    most alike pair of packages, with the other pairs as comments.

    Raises ConfigurationError where nothing is given and nothing found, or where the repository
    is configured already.
    """
    changes, done = proposed(contents, given, dry_run=dry_run)
    if not dry_run:
        apply(contents.repository, changes, allow_dirty=allow_dirty)
    return done


def proposed(
    contents: Snapshot, given: Sequence[PackageMove], *, dry_run: bool
) -> tuple[ChangeSet, Initialised]:
    """What `initialise` writes, and what it says about it. Raises as `initialise`."""
    wanted, others, origin = _choose(contents, given)
    changes = configured(contents.repository.root, wanted, others)
    text = written_text(changes, wanted, others)
    path = changes.changes[0].path
    return changes, Initialised(path, wanted.moves, tuple(others), origin, text, dry_run)


def _choose(
    contents: Snapshot, given: Sequence[PackageMove]
) -> tuple[Settings, Sequence[PackageMove], str]:
    if given:
        return Settings(tuple(given)), (), "from the command line"
    profile = known_profile(contents.paths)
    known = profile.moves if profile is not None else ()
    found = [
        move
        for pair in compare(contents, known, NameTable(known)).undeclared
        if (move := _candidate(pair, contents.paths)) is not None
    ]
    if profile is not None:
        return profile, found, "from a built-in profile"
    if not found:
        raise ConfigurationError(
            "no two Python packages here look like copies of each other",
            "so there is nothing to propose",
            "Say which package becomes which: init --legacy MODULE --canonical MODULE.",
        )
    return Settings((found[0],)), found[1:], "the two packages that are most alike"


def _candidate(pair: CopyPair, paths: Sequence[str]) -> PackageMove | None:
    """The pair as a move. The deeper folder is taken for the canonical one: packages move into
    a structure more often than out of it; the person is told to check."""
    legacy, canonical = sorted((pair.first, pair.second), key=lambda one: (one.count("/"), one))
    names = [_module(folder, paths) for folder in (legacy, canonical)]
    try:
        return PackageMove.of(names[0], names[1], legacy, canonical)
    except ConfigurationError:  # a folder that no import can name
        return None


def _module(folder: str, paths: Sequence[str]) -> str:
    """The dotted name under which a folder is imported: from behind its `src`, or from the top,
    or from the highest folder of an unbroken chain of packages."""
    parts = folder.split("/")
    if "src" in parts[:-1]:
        return ".".join(parts[len(parts) - parts[::-1].index("src") :])
    tracked = set(paths)
    start = len(parts) - 1
    while start > 0 and "/".join([*parts[:start], "__init__.py"]) in tracked:
        start -= 1
    return ".".join(
        parts[start:]
        if start
        and all(p.isidentifier() for p in parts[start:])
        and not all(p.isidentifier() for p in parts)
        else parts
    )
