"""Several packages that become one: what more than one of them brings to one path.

Files that say the same are one file, and one that holds every line of the other in the same order
stands for both (an empty `__init__.py`, one with the licence alone). Two that differ otherwise have
no common origin that a merge could start from: they are a conflict, and nothing is written then.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from unify_backend.merging.pairing import Pairing
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.merge_plan import MergeAction, MergedFile, PackageMerge
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import PYTHON_FILES, Binary, decode
from unify_backend.model.tree_diff import Collision
from unify_backend.names.table import NameTable

_SAYS_NOTHING = re.compile(rb"(?:__all__\s*=\s*(?:\[\s*\]|\(\s*\))|pass)\s*(?:#.*)?")
_Numbered = tuple[int, MergedFile]  # the number of the package, and its file


def joined(packages: Sequence[PackageMerge]) -> tuple[PackageMerge, ...]:
    """The packages with the files of which several go to one path brought together.

    A file that is left out of the result because another one holds all of it has `within`, the path
    of that one; one that collides has the paths of the others in `collides`, and is a conflict.
    What no package brings, and several see in the canonical tree, is listed once.
    """
    by_path: dict[str, list[_Numbered]] = defaultdict(list)
    for number, package in enumerate(packages):
        for file in package.files:
            by_path[file.path].append((number, file))
    changed: dict[_Key, MergedFile | None] = {}
    for files in by_path.values():
        if len(files) > 1:
            changed.update(_together(files))
    if not changed:
        return tuple(packages)
    return tuple(
        replace(package, files=tuple(_resulting(number, package, changed)))
        for number, package in enumerate(packages)
    )


def beside_parents(
    contents: Contents, moves: Sequence[PackageMove], packages: Sequence[PackageMerge]
) -> tuple[PackageMerge, ...]:
    """The packages that go into the one they lie in, each of their files held against the parent's
    file at its new place, if that stays there: the one that holds all of the other is the file."""
    rising = {move for move in moves if _rises(move)}
    listed = frozenset(file.path for file in contents.listing().files) if rising else frozenset()
    leaving = MoveIndex(moves)

    def held(file: MergedFile) -> MergedFile:
        stays = file.path in listed and not leaving.legacy_owners(file.path)
        origin, after = file.origin, file.after
        if not stays or origin is None or after is None:
            return file
        there = contents.read(file.path)
        file = replace(file, before=there)
        if there == after:
            return replace(file, within=file.path)
        match whole_of(file.path, {origin: after, file.path: there}):
            case None:
                return replace(_colliding(file, ()), collides=(file.path,))
            case path if path == file.path:
                return replace(_within(file, replace(file, origin=path)), after=there)
            case _:
                return file

    return tuple(
        replace(package, files=tuple(map(held, package.files)))
        if package.move in rising
        else package
        for package in packages
    )


def _rises(move: PackageMove) -> bool:
    """Whether a package goes into the one it lies in, which is no second copy of it."""
    return move.into_parent and move.incoming


def left_out(packages: Sequence[PackageMerge]) -> frozenset[str | None]:
    """The files whose content another one takes the place of: what is renamed in them is in no
    result."""
    return frozenset(
        file.origin if file.within else file.path
        for package in packages
        for file in package.files
        if file.within or (_rises(package.move) and file.before is not None)
    )


_Key = tuple[int, str, str | None]


def _key(number: int, file: MergedFile) -> _Key:
    return number, file.path, file.origin


def _resulting(
    number: int, package: PackageMerge, changed: dict[_Key, MergedFile | None]
) -> Iterator[MergedFile]:
    for file in package.files:
        result = changed.get(_key(number, file), file)
        if result is not None:
            yield result


def _together(files: Sequence[_Numbered]) -> Iterator[tuple[_Key, MergedFile | None]]:
    """What becomes of the files of one path; None for one that is not listed again."""
    active = [(number, file) for number, file in files if _acts(file)]
    idle = [(number, file) for number, file in files if not _acts(file)]
    brought = [file for _, file in active if file.origin is not None]
    if not brought:  # the canonical tree's own file: what one package says of it is said
        speaking = (active or idle)[0]
        silent = [entry for entry in files if entry[1].origin is None and entry[0] != speaking[0]]
        yield from ((_key(*entry), None) for entry in silent)
        return
    yield from ((_key(*entry), None) for entry in idle if entry[1].origin is None)
    results = {(file.after, file.executable) for _, file in active}
    if len(results) == 1 and not any(file.how is MergeAction.CONFLICT for file in brought):
        return
    whole = _whole([file for _, file in active])
    for number, file in active:
        if whole is None:
            yield _key(number, file), _colliding(file, brought)
        elif file is not whole:
            yield _key(number, file), _within(file, whole)


def collisions(
    contents: Contents, pairings: Sequence[Pairing], table: NameTable
) -> Iterator[Collision]:
    """The paths that no canonical tree has yet and that several packages bring different files to;
    what differs by names alone is the same. A file that cannot be read is different from any."""
    brought: dict[str, list[str]] = defaultdict(list)
    for pairing in pairings:
        for inner in pairing.only_legacy:
            brought[pairing.move.at_canonical(inner)].append(pairing.move.at_legacy(inner))
    for path, origins in sorted(brought.items()):
        if len(origins) > 1:
            files = {origin: _neutral(contents, origin, table) for origin in origins}
            if len(set(files.values())) > 1 and whole_of(path, files) is None:
                yield Collision(path, tuple(origins))


def _neutral(contents: Contents, path: str, table: NameTable) -> bytes:
    try:
        data = contents.read(path)
    except UnifyError:
        return path.encode()
    decoded = decode(data, python=path.endswith(PYTHON_FILES))
    return data if isinstance(decoded, Binary) else table.neutral(decoded.text).encode()


def _acts(file: MergedFile) -> bool:
    return file.how is MergeAction.CONFLICT or file.after != file.before


def _whole(files: Sequence[MergedFile]) -> MergedFile | None:
    """The file that holds all that the others do."""
    by_origin = {file.origin or "": file for file in files}
    moved = {
        o: f.after
        for o, f in by_origin.items()
        if f.how is MergeAction.MOVED and f.after is not None
    }
    if len(moved) < len(files):
        return None
    origin = whole_of(files[0].path, moved)
    return None if origin is None else by_origin[origin]


def whole_of(path: str, files: Mapping[str, bytes]) -> str | None:
    """Which of several files that go to `path` holds all that the others do, by its key; None where
    none of them does."""
    python = path.endswith(PYTHON_FILES)
    statements = {name: _statements(data, python) for name, data in files.items()}
    largest = max(files, key=lambda name: (len(statements[name]), len(_lines(files[name]))))
    lines = _lines(files[largest])
    holds = all(name == largest or _holds(lines, other) for name, other in statements.items())
    return largest if holds else None


def _lines(data: bytes) -> list[bytes]:
    return [line for line in data.splitlines() if line.strip()]


def _statements(data: bytes, python: bool) -> list[bytes]:
    """The lines that say something: `__all__ = []` of a package without any name does not."""
    return [line for line in _lines(data) if not (python and _SAYS_NOTHING.fullmatch(line))]


def _holds(large: Sequence[bytes], small: Sequence[bytes]) -> bool:
    """Whether all lines of `small` are in `large`, in this order."""
    rest = iter(large)
    return all(any(line == other for other in rest) for line in small)


def _within(file: MergedFile, whole: MergedFile) -> MergedFile:
    note = f"{whole.origin} holds all that {file.origin} does, and goes there"
    return replace(
        file,
        after=whole.after,
        executable=whole.executable,
        within=whole.origin,
        notes=(*file.notes, note),
    )


def _colliding(file: MergedFile, brought: Sequence[MergedFile]) -> MergedFile:
    others = tuple(other.origin for other in brought if other is not file and other.origin)
    note = f"{' and '.join(others)} would go to the same place, and says something else"
    return replace(
        file,
        how=MergeAction.CONFLICT,
        after=file.before,
        hunks=(),
        markers=False,
        notes=(*file.notes, note),
        collides=others,
    )
