"""Removes a forwarding package: its files, and its entries in the packaging settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from unify_backend.model.changes import Change, ChangeSet, Delete, Replace, digest
from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Reference
from unify_backend.model.shims import Advice, Removal, is_generated

_SECTIONS = (
    ("setuptools",),
    ("hatch", "build"),
    ("poetry",),
    ("pdm", "build"),
    ("uv", "build-backend"),
)


def plan_removal(
    contents: Contents,
    moves: Sequence[PackageMove],
    naming: Sequence[Reference],
    listed: Collection[str] = (),
) -> Removal:
    """Plans the deletion of all generated files of the legacy folders, and of the whole folder
    where its import name stays. `naming` are references that would break without them, `listed` the
    packaging files that list them: a pyproject.toml is edited, for the others there is advice."""
    paths = [file.path for file in contents.listing().files]
    owned = [path for path in paths if any(move.owns_legacy(path) for move in moves)]
    folders = [move for move in moves if move.same_name]
    old = frozenset(path for path in owned if any(move.owns_legacy(path) for move in folders))
    ours = {
        path: data for path in owned if is_generated(data := contents.read(path)) or path in old
    }
    changes: list[Change] = [Delete(path, digest(data)) for path, data in ours.items()]
    cleared: set[str] = set()
    renamed = [move for move in moves if not move.same_name]
    if ours and renamed and "pyproject.toml" in paths:
        before = contents.read("pyproject.toml")
        after = without(before.decode("utf-8", "surrogateescape"), renamed)
        if after is not None:
            data = after.encode("utf-8", "surrogateescape")
            changes.append(Replace("pyproject.toml", digest(before), data))
            cleared.add("pyproject.toml")
    left = [
        reference
        for reference in naming
        if reference.path not in ours and reference.path not in cleared
    ]
    names = ", ".join(move.legacy for move in moves)
    return Removal(
        ChangeSet(f"shim --remove: {names}", tuple(changes)),
        tuple(left),
        tuple(path for path in owned if path not in ours),
        (
            *_advice(path for path in sorted(listed) if path not in cleared),
            *(
                Advice(skipped.path, f"it stays: {skipped.why.value}", "Remove it by hand.")
                for skipped in contents.listing().skipped
                if any(move.owns_legacy(skipped.path) for move in folders)
            ),
        ),
        tuple(move.legacy_shown for move in folders if any(map(move.owns_legacy, old))),
    )


def without(text: str, moves: Sequence[PackageMove]) -> str | None:
    """A pyproject.toml whose package lists no longer name the legacy packages; None where they do
    not, or where it is no TOML. Everything else stays to the byte, as tomlkit keeps it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return None
    tool = document.get("tool", {})
    gone = False
    for keys in _SECTIONS:
        table: Any = tool
        for key in keys:
            table = table.get(key) if hasattr(table, "get") else None
        if table is not None:
            gone = any([_drop(table, move) for move in moves]) or gone
    if not gone:
        return None
    after = tomlkit.dumps(document)
    if not text.endswith("\n\n"):  # a table that was added at the end took a blank line with it
        after = after.rstrip("\n") + "\n"
    return after


def _drop(table: Any, move: PackageMove) -> bool:
    """Takes a move's entries out of a table's lists and tables; whether there were any."""
    names = {move.legacy, f"{move.legacy}.*", f"{move.legacy}*"}
    names |= {move.legacy_path, f"{move.legacy_path}/", f"{move.legacy_path}/**"}
    gone = False
    for key in list(table):
        value = table[key]
        if key == move.legacy:
            del table[key]
            gone = True
        elif isinstance(value, list):
            for entry in [item for item in value if _says(item) in names]:
                value.remove(entry)
                gone = True
        elif hasattr(value, "keys"):
            gone = _drop(value, move) or gone
            if not value:
                del table[key]
    return gone


def _says(entry: Any) -> str:
    """An entry of a package list as text; Poetry's `{ include = "old", from = "src" }` too."""
    if hasattr(entry, "get"):
        return "/".join(str(entry.get(key)) for key in ("from", "include") if entry.get(key))
    return str(entry)


def _advice(listed: Iterable[str]) -> Iterator[Advice]:
    for path in listed:
        yield Advice(
            path,
            "its package lists still name the forwarding package",
            "Take the legacy package out of them.",
        )
