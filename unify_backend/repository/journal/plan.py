"""Plans a change set: the new state of each path, and the refusals."""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from unify_backend.model.changes import (
    Change,
    ChangeSet,
    Create,
    Delete,
    Rename,
    Replace,
    SetExecutable,
    digest,
)
from unify_backend.model.errors import Refused
from unify_backend.repository.disk import NotAFile, State, same, state_of
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.journal import Effect, Folder
from unify_backend.repository.paths import (
    clashing,
    complaint,
    counted,
    lexists,
    named,
    nearest,
    parents,
    shown,
    unreal_parent,
)

_RUN_AGAIN = "Run the command again: it reads the files again."


@dataclass(frozen=True, slots=True)
class Plan:
    """The effects on each path, with the new contents by digest; nothing is written yet."""

    effects: tuple[Effect, ...]
    contents: Mapping[str, bytes]
    created: tuple[Folder, ...]
    gone: tuple[Folder, ...]


@dataclass(slots=True)
class _Tree:
    """The paths that the changes name, with their states before and after."""

    root: Path
    exact: frozenset[str]
    was: dict[str, State | None] = field(default_factory=dict)
    now: dict[str, State | None] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    not_files: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


def plan(repository: Repository, changes: ChangeSet) -> Plan:
    """What `changes` would do to the files as they are now; reads, and writes nothing.

    Raises Refused, naming the files: a path that is unsafe or leads through a link, a source
    that changed or is missing, a target that exists, a file that is read-only.
    """
    check_places(repository, changes.paths)
    tree = _Tree(repository.root, clashing(changes.paths))
    for path in changes.paths:
        state = state_of(repository.root / path, path in tree.exact)
        if isinstance(state, NotAFile) and state.kind != "a folder":
            tree.not_files[path] = state.kind
        tree.was[path] = tree.now[path] = state if isinstance(state, State) else None
    mask = _umask()
    for change in changes.changes:
        _step(tree, change, mask)
    _refuse(tree)
    effects = tuple(
        Effect(path, tree.was[path], tree.now[path])
        for path in changes.paths
        if not same(tree.was[path], tree.now[path])
    )
    check_writable(repository.root, effects)
    created, gone = folders(repository.root, effects)
    check_targets(repository, effects, gone)
    return Plan(effects, tree.contents, created, gone)


def _step(tree: _Tree, change: Change, mask: int) -> None:
    match change:
        case Create(path, data, executable):
            if tree.now[path] is not None:
                tree.taken.add(path)
            mode = (0o777 if executable else 0o666) & ~mask
            tree.now[path] = State(_kept(tree, data), mode)
        case Replace(path, before, data):
            if old := _expected(tree, path, before):
                tree.now[path] = State(_kept(tree, data), old.mode)
        case Rename(path, before, target):
            if tree.now[target] is not None:
                tree.taken.add(target)
            if old := _expected(tree, path, before):
                tree.now[target], tree.now[path] = old, None
        case Delete(path, before):
            if _expected(tree, path, before):
                tree.now[path] = None
        case SetExecutable(path, executable):
            if (present := tree.now[path]) is None:
                tree.changed.add(path)
            else:
                readable = (present.mode & 0o444) >> 2
                mode = present.mode | readable if executable else present.mode & ~0o111
                tree.now[path] = State(present.digest, mode)
        case _:
            assert_never(change)


def _kept(tree: _Tree, data: bytes) -> str:
    name = digest(data)
    tree.contents[name] = data
    return name


def _expected(tree: _Tree, path: str, before: str) -> State | None:
    present = tree.now[path]
    if present is None or present.digest != before:
        tree.changed.add(path)
        return None
    return present


def _refuse(tree: _Tree) -> None:
    for path, kind in sorted(tree.not_files.items()):
        raise Refused(
            f"{shown(path)} is not a file that can be written: {kind}",
            "only regular files are changed, and nothing is followed",
            "Move it away, or leave the path out.",
        )
    if tree.changed:
        raise Refused(
            f"{counted(tree.changed, 'file', 'files')} changed since they were read"
            f" ({named(tree.changed)})",
            "writing now would overwrite those edits; nothing was written",
            _RUN_AGAIN,
        )
    if tree.taken:
        raise _exists(tree.taken)


def _exists(paths: Iterable[str]) -> Refused:
    taken = set(paths)
    return Refused(
        f"{counted(taken, 'path exists', 'paths exist')} already ({named(taken)})",
        "the new files would replace them; nothing was written",
        "Move them away or merge them by hand, then run again.",
    )


def check_places(repository: Repository, paths: Iterable[str]) -> None:
    """Raises Refused for a path that is not safely inside the repository."""
    real: set[str] = set()
    inside = repository.state.is_relative_to(repository.root)
    own = repository.state.relative_to(repository.root).as_posix() if inside else None
    for path in paths:
        why = complaint(path)
        if why is None and own is not None and (path == own or path.startswith(f"{own}/")):
            why = "it lies in the tool's own folder"
        if why is None and (obstacle := unreal_parent(repository.root, path, real)):
            why = f"{shown(obstacle[0])} {obstacle[1]}"
        if why is not None:
            raise Refused(
                f"{shown(path)} cannot be written",
                f"{why}; only files of this repository are",
                "Leave the path out, or correct the configuration that names it.",
            )


def check_writable(root: Path, effects: Iterable[Effect]) -> None:
    """Raises Refused for files without write permission, and folders that cannot be written.

    Replacing a read-only file would work on POSIX, but the missing permission is
    probably intended; Windows refuses anyway.
    """
    effects = list(effects)
    locked = {
        effect.path for effect in effects if effect.before and not effect.before.mode & stat.S_IWUSR
    }
    if locked:
        remedy = "attrib -R" if os.name == "nt" else "chmod u+w"
        raise Refused(
            f"{counted(locked, 'file is', 'files are')} read-only ({named(locked)})",
            "somebody took the permission to write away; nothing was written",
            f"Give it back by '{remedy} FILE', or leave the files out.",
        )
    closed = {
        str(place)
        for effect in effects
        if not os.access(place := nearest(root, effect.path), os.W_OK)
    }
    if closed:
        raise Refused(
            f"{counted(closed, 'folder', 'folders')} cannot be written ({named(closed)})",
            "files in them would have to change; nothing was written",
            "Give yourself the right to write there, then run again.",
        )


def check_targets(
    repository: Repository, effects: Iterable[Effect], gone: Iterable[Folder]
) -> None:
    """Raises Refused where something occupies the path of a new file.

    A folder of the same name is accepted where it becomes empty first, and a file in the place of a
    folder where it is deleted.
    """
    effects = list(effects)
    leaving = {effect.path for effect in effects if effect.after is None}
    coming = {effect.path for effect in effects if effect.after is not None}
    emptied = {folder.path for folder in gone}
    in_the_way: set[str] = set()
    for path in coming:
        if (repository.root / path).is_dir() and path not in emptied:
            in_the_way.add(path)
        for above in parents(path):
            place = repository.root / above
            is_file = lexists(place) and not place.is_dir()
            if above in coming or (is_file and above not in leaving):
                in_the_way.add(above)
    if in_the_way:
        raise _exists(in_the_way)
    doubles = clashing(coming)
    if doubles and folds_case(repository):
        raise Refused(
            f"{named(doubles)} differ in case only",
            "this file system takes them for one file; nothing was written",
            "Choose names that differ otherwise, or run on another file system.",
        )


def folds_case(repository: Repository) -> bool:
    """Whether the file system finds a name in another case; asks by the state folder."""
    state = repository.state
    swapped = state.with_name(state.name.swapcase())
    return lexists(state) and lexists(swapped)


def folders(root: Path, effects: Iterable[Effect]) -> tuple[tuple[Folder, ...], tuple[Folder, ...]]:
    """The folders to create and the folders that become empty, so that undo restores both."""
    effects = list(effects)
    coming = {above for effect in effects if effect.after for above in parents(effect.path)}
    created = sorted(path for path in coming if not (root / path).is_dir())
    leaving = {effect.path for effect in effects if effect.after is None}
    gone: list[Folder] = []
    candidates = {above for path in leaving for above in parents(path)} - coming
    for path in sorted(candidates, key=lambda path: -path.count("/")):
        place = root / path
        if place.is_dir() and all(f"{path}/{entry.name}" in leaving for entry in place.iterdir()):
            leaving.add(path)
            gone.append(Folder(path, stat.S_IMODE(place.stat().st_mode)))
    return tuple(Folder(path, None) for path in created), tuple(gone)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
