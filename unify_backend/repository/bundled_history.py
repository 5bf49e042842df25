"""Builds bundled example repositories from a `history.toml` and folders of files.

The commits get the same hashes on every machine: authors and dates come from the file, contents
are bytes, and the user's git configuration is not read.
"""

import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from os import devnull
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"
_AUTHOR = re.compile(r"[^<>\n]+ <[^<>\s]+>")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Entry:
    data: bytes
    mode: str = _FILE


_Tree = dict[str, _Entry]


class _Table:
    """A table of `history.toml` with its location, for error messages."""

    def __init__(self, where: str, values: object, known: str) -> None:
        if not isinstance(values, dict):
            raise ValueError(f"{where} is no table: give it keys, which may be {known}.")
        if unknown := sorted(set(values) - set(known.split(", "))):
            raise ValueError(
                f"{where} has the unknown key {unknown[0]!r}, so part of the history would be "
                f"left out: use one of {known}."
            )
        self.where = where
        self._values: dict[str, Any] = values

    def get(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        value = self._values.get(key, default)
        if value is None:
            raise ValueError(f"{self.where} has no {key!r}, which it needs: add it.")
        if not isinstance(value, kind):
            raise ValueError(f"{self.where}: {key!r} is no {kind.__name__}: correct its type.")
        return value

    def strings(self, key: str) -> list[str]:
        return self._text(key, self.get(key, list, []))

    def pairs(self, key: str) -> dict[str, str]:
        values = self.get(key, dict, {})
        return dict(zip(values, self._text(key, list(values.values())), strict=True))

    def _text(self, key: str, values: list[Any]) -> list[str]:
        if not all(isinstance(value, str) and value for value in values):
            raise ValueError(f"{self.where}: {key!r} holds a value that is no text: quote it.")
        return values

    def tables(self, key: str, known: str) -> list["_Table"]:
        return [
            _Table(f"{self.where}, {key} {number}", value, known)
            for number, value in enumerate(self.get(key, list, []), start=1)
        ]

    def path(self, key: str) -> str:
        text = self.get(key, str)
        path = PurePosixPath(text)
        if path.is_absolute() or ".." in path.parts or ".git" in path.parts or "\\" in text:
            raise ValueError(
                f"{self.where}: {key!r} leads out of the files ({text!r}): give a path from the "
                "repository's root, with '/'."
            )
        return path.as_posix()


def build_history(case: Path, target: Path) -> str:
    """Replays `case/history.toml` into a new git repository at `target`.

    Returns the hash of the last commit. `target` must be missing or empty. ValueError says what is
    wrong with the history or the target, and what to do; nothing is written in that case.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f"{target} is not empty and would be mixed up: name a new folder.")
    branch, commits = _read(case)
    tree: _Tree = {}
    with tempfile.TemporaryFile() as stream:
        for commit in commits:
            before = dict(tree)
            _apply(commit, tree, case / "layers")
            _export(commit, branch, before, tree, stream)
        stream.write(b"done\n")
        stream.seek(0)
        return _import(target, branch, stream)


def _read(case: Path) -> tuple[str, list[_Table]]:
    source = case / "history.toml"
    try:
        document = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{source} cannot be read: {error}. Add or correct it.") from error
    history = _Table("history.toml", document, "default-branch, commit")
    known = "layer, message, author, date, executable, delete, links, copies, edit"
    if not (commits := history.tables("commit", known)):
        raise ValueError(f"{source} has no [[commit]], so there is nothing to build: add one.")
    return history.get("default-branch", str, "main"), commits


def _apply(commit: _Table, tree: _Tree, layers: Path) -> None:
    """Applies one commit to `tree`, in this order: copies, delete, layer, edits, links, modes."""
    copied: _Tree = {}
    for copy in commit.tables("copies", "from, to, except, rename"):
        copied |= _copy(copy, tree)
    tree.update(copied)
    for path in commit.strings("delete"):
        for name in _below(commit, "delete", path, tree):
            del tree[name]
    if layer := commit.get("layer", str, ""):
        if not (layers / layer).is_dir():
            raise ValueError(f"{commit.where}: layers/{layer} is missing: add it or correct it.")
        for name, data in _laid(layers / layer):
            program = name in tree and tree[name].mode == _PROGRAM
            tree[name] = _Entry(data, _PROGRAM if program else _FILE)
    for edit in commit.tables("edit", "path, find, replace"):
        path = edit.path("path")
        tree[path] = replace(_file(edit, path, tree), data=_edited(edit, path, tree[path].data))
    for link in commit.tables("links", "path, target"):
        tree[link.path("path")] = _Entry(link.get("target", str).encode(), _LINK)
    for path in commit.strings("executable"):
        tree[path] = replace(_file(commit, path, tree), mode=_PROGRAM)


def _copy(copy: _Table, tree: _Tree) -> _Tree:
    source, goal = PurePosixPath(copy.path("from")), PurePosixPath(copy.path("to"))
    left_out: set[str] = set()
    for path in copy.strings("except"):
        left_out |= set(_below(copy, "except", str(source / path), tree))
    pairs = {old.encode(): new.encode() for old, new in copy.pairs("rename").items()}
    copied: _Tree = {}
    for name in _below(copy, "from", str(source), tree):
        if name not in left_out:
            entry = tree[name]
            if entry.mode != _LINK and b"\0" not in entry.data:
                entry = replace(entry, data=_renamed(entry.data, pairs))
            copied[str(goal / PurePosixPath(name).relative_to(source))] = entry
    return copied


def _renamed(data: bytes, pairs: dict[bytes, bytes]) -> bytes:
    """Every key replaced by its value in one pass, the longest key first."""
    pattern = b"|".join(re.escape(key) for key in sorted(pairs, key=len, reverse=True))
    return re.sub(pattern, lambda match: pairs[match[0]], data) if pairs else data


def _below(table: _Table, key: str, path: str, tree: _Tree) -> list[str]:
    """The file `path`, or the files of the folder `path`."""
    names = [name for name in tree if name == path or name.startswith(f"{path}/")]
    if not names:
        raise ValueError(
            f"{table.where}: {key!r} names {path}, which is not there by then: correct the path "
            "or the order of the commits."
        )
    return names


def _file(table: _Table, path: str, tree: _Tree) -> _Entry:
    if path not in tree or tree[path].mode == _LINK:
        raise ValueError(f"{table.where}: {path} is no file by then: correct the path or order.")
    return tree[path]


def _edited(edit: _Table, path: str, data: bytes) -> bytes:
    find = edit.get("find", str).encode()
    if (count := data.count(find) if find else 0) != 1:
        raise ValueError(
            f"{edit.where}: the text to find occurs {count} times in {path} instead of once, so "
            "its place is not certain: quote more, or other, text."
        )
    return data.replace(find, edit.get("replace", str).encode())


def _laid(layer: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a layer with their paths in the repository; a part `dot.x` becomes `.x`."""
    for file in sorted(layer.rglob("*")):
        parts = file.relative_to(layer).parts
        if file.is_file() and "__pycache__" not in parts:  # left by whoever ran a layer's code
            yield "/".join(re.sub(r"^dot\.", ".", part) for part in parts), file.read_bytes()


def _export(commit: _Table, branch: str, before: _Tree, tree: _Tree, stream: IO[bytes]) -> None:
    """Writes one commit for `git fast-import`: bytes, modes and links as they are, on any OS."""
    author, when = commit.get("author", str), commit.get("date", str)
    if not _AUTHOR.fullmatch(author):
        raise ValueError(f"{commit.where}: {author!r} is no author: write 'Name <address>'.")
    if not _DATE.fullmatch(when):
        raise ValueError(
            f"{commit.where}: {when!r} is no full date, so the hash would depend on the machine: "
            "write it like 2025-11-15T09:00:00+00:00."
        )
    date = datetime.fromisoformat(when)
    person = f"{author} {int(date.timestamp())} {date:%z}"
    message = commit.get("message", str).strip().encode() + b"\n"
    head = f"commit refs/heads/{branch}\nauthor {person}\ncommitter {person}\n"
    stream.write(head.encode())
    stream.write(b"data %d\n%s\n" % (len(message), message))
    for name in sorted(before.keys() - tree.keys()):
        stream.write(f"D {_quoted(name)}\n".encode())
    for name in sorted(name for name, entry in tree.items() if before.get(name) != entry):
        entry = tree[name]
        stream.write(f"M {entry.mode} inline {_quoted(name)}\n".encode())
        stream.write(b"data %d\n%s\n" % (len(entry.data), entry.data))
    stream.write(b"\n")


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _import(target: Path, branch: str, stream: IO[bytes]) -> str:
    """Makes the repository and its work tree; links become files where the OS has none."""
    import git

    git_dir = target.absolute() / ".git"
    target.mkdir(parents=True, exist_ok=True)
    run = git.Git(target)
    run.update_environment(
        GIT_CONFIG_GLOBAL=devnull,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_COUNT="0",
        GIT_CONFIG_PARAMETERS="",
        # A git hook that runs this hands down its own repository in these.
        GIT_DIR=str(git_dir),
        GIT_WORK_TREE=str(git_dir.parent),
        GIT_INDEX_FILE=str(git_dir / "index"),
        GIT_OBJECT_DIRECTORY=str(git_dir / "objects"),
    )
    run.init("--quiet", "--template=", "--object-format=sha1", f"--initial-branch={branch}")
    for key, value in {"core.autocrlf": "false", "commit.gpgsign": "false"}.items():
        run.config(key, value)
    run.fast_import("--quiet", "--done", istream=stream)
    run.reset("--quiet", "--hard")
    return str(run.rev_parse("HEAD"))
