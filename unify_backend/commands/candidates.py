"""Finds packages of a repository that a move could be about: pairs of copies, and all others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.merging.compare import compare
from unify_backend.merging.undeclared_copies import find_twins
from unify_backend.model.errors import UnifyError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import quoted
from unify_backend.model.text import MODULE_FILES
from unify_backend.names.table import NameTable
from unify_backend.repository.packages import (
    Folders,
    PackageKind,
    PackagePlace,
    name_of,
    packages_in,
)
from unify_backend.repository.snapshot import Snapshot

MOST = 12  # packages that are listed; more are counted
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
_OLD = frozenset(
    "old legacy deprecated obsolete outdated previous prev orig original backup bak archive "
    "archived former copy".split()
)
_NEW = frozenset({"new", "next", "current"})
_VERSION = re.compile(r"v?(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Candidates:
    """`pairs` are copies of which one is clearly the old one, most evidence first; `unclear` those
    where it is not; `places` the packages there are, largest first, and `more` how many besides;
    `commands` say what could be meant, for a person to choose from and paste."""

    pairs: tuple[PackageMove, ...]
    unclear: tuple[PackageMove, ...]
    places: tuple[PackagePlace, ...]
    more: int
    commands: tuple[str, ...]


def look(contents: Snapshot, known: Sequence[PackageMove] = ()) -> Candidates:
    """The candidates of a repository, besides the moves that are `known`."""
    imported = list(_imports(contents))
    folders = Folders(contents.paths)
    places = _places(contents, imported)
    pairs: list[PackageMove] = []
    unclear: list[PackageMove] = []
    for move in _copies(contents, known, places, imported):
        match _direction(move):
            case 0:
                unclear.append(move)
            case direction:
                pairs.append(move if direction > 0 else _backwards(move))
    if unclear:
        both = [way for move in unclear[:MOST] for way in (move, _backwards(move))]
        commands = [_command(folders, move) for move in both]
    else:
        commands = [_naming(folders, place) for place in places[:MOST]]
    more = max(0, len(places) - MOST)
    return Candidates(tuple(pairs), tuple(unclear), tuple(places[:MOST]), more, tuple(commands))


def _places(contents: Snapshot, imported: Sequence[str]) -> list[PackagePlace]:
    """The packages, and the modules that something imports: where there are packages, a single file
    that nothing imports is a program."""
    places = packages_in(contents.paths, imported)
    used = {name.split(".")[0] for name in imported}
    packages = [place for place in places if place.kind is not PackageKind.MODULE]
    modules = [place for place in places if place.kind is PackageKind.MODULE]
    imports = [place for place in modules if place.module.split(".")[0] in used]
    return [*packages, *(imports if packages else modules)]


def _copies(
    contents: Snapshot,
    known: Sequence[PackageMove],
    places: Sequence[PackagePlace],
    imported: Sequence[str],
) -> Iterator[PackageMove]:
    """Pairs of copies as moves, in no direction. What tests or examples have of a package is
    none."""
    folders = Folders(contents.paths)
    copies = compare(contents, known, NameTable(known)).undeclared
    if not copies and not known:
        packages = [place for place in places if place.kind is not PackageKind.MODULE]
        copies = find_twins(contents, {place.path: place.module for place in packages})
    for copy in copies:
        if folders.foreign(copy.first) or folders.foreign(copy.second):
            continue
        first, second = (
            name_of(folder, contents.paths, imported) for folder in (copy.first, copy.second)
        )
        if first is None or second is None:
            continue
        yield PackageMove.of(first, second, copy.first, copy.second)


def _imports(contents: Snapshot) -> Iterator[str]:
    """The dotted names that the Python files import, as often as they do."""
    for path in contents.paths:
        if path.endswith(MODULE_FILES):
            try:
                data = contents.read(path)
            except (UnifyError, OSError):
                continue
            for name in _IMPORT.findall(data):
                yield name.decode("ascii", "replace").strip(".")


def _backwards(move: PackageMove) -> PackageMove:
    return PackageMove(move.canonical, move.legacy, move.canonical_path, move.legacy_path)


def _direction(move: PackageMove) -> int:
    """1 where the move's legacy package is the old one, -1 where it is the other way round, 0 where
    that cannot be seen. A name says it (`old_shop`, `shop_v2`); else the deeper folder is the new
    one: packages move into a structure more often than out of it. Two folders of one import name
    may be those of two services: nothing says that one of them is to go."""
    if move.same_name:
        return 0
    ages = [_age(path) for path in (move.legacy_path, move.canonical_path)]
    if ages[0] != ages[1]:
        return 1 if ages[0] < ages[1] else -1
    depths = [path.count("/") for path in (move.legacy_path, move.canonical_path)]
    return (depths[1] > depths[0]) - (depths[1] < depths[0])


def _age(path: str) -> float:
    """What the words of a path say about its age: below zero it is old, above zero new."""
    words = re.split(r"[/_.-]", path.lower())
    if _OLD & set(words):
        return -1
    versions = [int(match[1]) for word in words if (match := _VERSION.fullmatch(word))]
    if versions:
        return versions[-1] if versions[-1] > 1 else -0.5  # `shop_v1` beside `shop`
    return 0.5 if _NEW & set(words) else 0


def _command(folders: Folders, move: PackageMove) -> str:
    """The command that names both packages, with their paths where they are needed."""
    words = ["unify-backend init", f"--legacy {move.legacy}", f"--canonical {move.canonical}"]
    for option, module, path in (
        ("--legacy-path", move.legacy, move.legacy_root),
        ("--canonical-path", move.canonical, move.canonical_root),
    ):
        if not _clear(folders, module, path):
            words.append(f"{option} {quoted(path)}")
    return " ".join(words)


def _naming(folders: Folders, place: PackagePlace) -> str:
    """The command that gives a package another name, which is left to the person."""
    words = [f"unify-backend init --legacy {place.module} --canonical NEW_NAME"]
    if not _clear(folders, place.module, place.path):
        words.append(f"--legacy-path {quoted(place.path)}")
    return " ".join(words)


def _clear(folders: Folders, module: str, path: str) -> bool:
    """Whether the name alone says where the package lies."""
    contenders = folders.contenders(folders.places_of(module))
    return [place.path for place in contenders] == [path]
