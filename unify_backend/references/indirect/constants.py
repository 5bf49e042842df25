"""Which constants hold the legacy name, and which files can see one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unify_backend.languages.python.source import PYTHON_FILES
from unify_backend.references.indirect.index import Ground

_SET = re.compile(
    rb"(?m)^(?P<blank>[ \t]*)(?P<name>[A-Za-z_]\w*)[ \t]*(?::[^=\n\"']+)?=[ \t]*(?:\(\s*)?"
    rb"[rRuUbBfF]{0,2}[\"']{1,3}[./\\]{0,3}\Z"
)
_NEAR = 160  # characters in front of the name; an assignment begins no farther away
_GOES_ON = re.compile(rb"\w")
_SHORTEST = 2  # characters; a constant's name of one letter is in every file
_IMPORT = re.compile(
    rb"(?m)^[ \t]*(?:from[ \t]+(?P<dots>\.*)(?P<module>[\w.]*)[ \t]+)?import[ \t]*"
    rb"(?P<names>\([^)]{0,4000}\)|[^\n(]*)"
)
_WORD = re.compile(rb"[A-Za-z_][\w.]*")
_FARTHEST = 4  # modules that a constant may have come through
_FEW = 8  # as many times fewer files than there are: look only at what they import


class Constants:
    """Constants of modules, by the text of the assignments that hold the name."""

    def __init__(self, ground: Ground) -> None:
        self._names = sorted(
            {
                one.encode()
                for move in ground.moves
                for one in (move.legacy, move.legacy_path, move.legacy_path.rpartition("/")[2])
            }
        )
        seen = list(_seen(ground))
        self._shared = {
            (name, _module(path))
            for path in seen
            for name in self._set_in(ground.data(path), everywhere=False)
            if len(name) >= _SHORTEST
        }
        more = self._shared
        for _ in range(_FARTHEST):  # a module that imports a constant hands it on
            if not more:
                break
            handed = {
                (name, _module(path))
                for path in seen
                for name, module in more
                if name in (data := ground.data(path)) and module in data
            }
            more = handed - self._shared
            self._shared |= more

    def seen_in(self, data: bytes) -> frozenset[str]:
        """The constants that a file can use: its own, or those of a module that it names."""
        seen = {name for name, module in self._shared if name in data and module in data}
        if any(one in data for one in self._names):
            own = self._set_in(data, everywhere=True)
            seen.update(name for name in own if data.count(name) > 1)
        return frozenset(one.decode() for one in seen)

    def _set_in(self, data: bytes, everywhere: bool) -> Iterable[bytes]:
        """The variables that are set to a text which begins with the name, with `everywhere`
        inside functions too."""
        for needle in self._names:
            at = data.find(needle)
            while at >= 0:
                found = _SET.search(data[max(0, at - _NEAR) : at])
                whole = _GOES_ON.match(data, at + len(needle)) is None
                if found and whole and (everywhere or not found["blank"]):
                    yield found["name"]
                at = data.find(needle, at + 1)


def _seen(ground: Ground) -> Iterable[str]:
    """The files whose constants count: all, or those that a few files import."""
    every = [one for one in ground.tracked if one.endswith(PYTHON_FILES)]
    few = [one for one in ground.paths if one.endswith(PYTHON_FILES)]
    if len(few) * _FEW > len(every):
        return every
    found: set[str] = set()
    todo: list[tuple[str, frozenset[bytes] | None, int]] = [(path, None, 0) for path in few]
    while todo:
        path, wanted, away = todo.pop()
        for module, names in _imported(ground, path, wanted):
            if module not in found and away < _FARTHEST:
                todo.append((module, names, away + 1))
            found.add(module)
    return found


def _imported(
    ground: Ground, path: str, wanted: frozenset[bytes] | None
) -> Iterator[tuple[str, frozenset[bytes]]]:
    """The files that the file at `path` takes any of the names `wanted` from (None: any name), and
    all the names that it takes from them."""
    for found in _IMPORT.finditer(ground.data(path)):
        names = frozenset(_WORD.findall(found["names"]))
        if wanted is not None and not wanted & names:
            continue
        whole = found["module"] is not None
        dots = len(found["dots"] or b"")
        module = (found["module"] or b"").decode("ascii", "replace")
        inner = [one.decode("ascii", "replace") for one in names]
        for one in [module, *(f"{module}.{name}" for name in inner)] if whole else inner:
            for file in ground.files_of(path, dots, one):
                yield file, names


def _module(path: str) -> bytes:
    """The last word by which others import the file."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if stem == "__init__":
        stem = path.rpartition("/")[0].rpartition("/")[2]
    return stem.encode("utf-8", "surrogateescape")
