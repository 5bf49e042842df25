"""Concatenated names and paths: `PACKAGE + ".main"`, `f"{PACKAGE}.main:app"`, `root / "a"`."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from unify_backend.languages.known_calls import PYTHON, Takes, functions
from unify_backend.languages.python.scopes import AssignedName, Bound, Imported, PythonFile
from unify_backend.languages.python.source import called
from unify_backend.model.spans import Span
from unify_backend.model.text import PYTHON_FILES
from unify_backend.names.alternation import alternation
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.indirect.values import Value, Values

if TYPE_CHECKING:
    from unify_backend.names.tokens import Token
    from unify_backend.references.indirect.spelled import SpelledDetector, Written


_TEXTS = ast.BinOp | ast.JoinedStr | ast.Call | ast.Name | ast.Attribute | ast.Constant
_DECORATED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ROUNDS = 4  # constants that may be made of one another
_EDGE = rb"[\"'/\\]"


class ComposedDetector:
    """Expressions whose value is the package's name or folder, which no single literal spells."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index, self._constants = index, _Constants(index)
        folders = [move.legacy_path.split("/") for move in index.moves]
        self._steps = [
            [re.compile(_EDGE + re.escape(part.encode()) + _EDGE) for part in parts[-2:]]
            for parts in folders
            if len(parts) > 1
        ]
        ends = {parts[-1].encode().decode("latin-1") for parts in folders if len(parts) > 1}
        # One search for all moves: most files hold no folder's last segment between its edges.
        self._ends = re.compile(_EDGE + b"(?:" + alternation(ends).encode("latin-1") + b")" + _EDGE)
        self._last = {parts[-1] for parts in folders if len(parts) > 1}

    @cached_property
    def _spelled(self) -> SpelledDetector:
        from unify_backend.references.indirect.spelled import SpelledDetector  # few files need it

        return SpelledDetector(self._index)

    def may(self, path: str, data: bytes) -> bool:
        """Whether the file holds a constant with the name, or the folder in several literals."""
        if not path.endswith(PYTHON_FILES):
            return False
        steps = self._ends.search(data) is not None and any(
            all(pattern.search(data) for pattern in patterns) for patterns in self._steps
        )
        return steps or bool(self._constants.seen_in(data))

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every such expression in the file, the outermost of those that stand in one another."""
        source = self._index.source(path)
        if source is None:
            return
        values = Values(self._index, source)
        lines = self._lines(source)
        todo: list[tuple[ast.AST, bool]] = [(source.tree, False)]
        while todo:
            node, loads = todo.pop()
            if not _on(node, lines):
                continue
            if isinstance(node, _TEXTS):
                span = source.span(node)
                value = values.of(node, span.start)
                if value is not None and self._spelled.names(value.text):
                    written = _written(source.text[span.start : span.end], node, value, loads)
                    use = self._use(span, value, written)
                    if use is not None:
                        yield use
                    if use is not None or not (isinstance(node, ast.Call) and _loader(node)):
                        continue  # a part of an expression that leads nowhere is no evidence
            inner = ast.iter_child_nodes(node)
            todo += [(child, _loads(node, child, loads)) for child in inner]

    def _lines(self, source: PythonFile) -> list[int]:
        """The lines that hold the name of a constant, of one made of it, or the folder's last
        step."""
        words = {*self._constants.seen_in(self._index.data(source.path)), *self._last}
        lines: list[int] = []
        for _ in range(_ROUNDS if words else 0):
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, words)))})(?!\w)")
            lines = [source.line(match.start()) for match in pattern.finditer(source.text)]
            more = {name for name, bound in source.bindings.values() if _made(bound, words, lines)}
            if more <= words:
                break
            words |= more
        return lines

    def _use(self, span: Span, value: Value, written: Written) -> IndirectUse | None:
        token = next(self._spelled.tokens(value.text, written), None)
        if token is None:
            return None
        through = f" through {', '.join(value.through)}" if value.through else " in pieces"
        advice = f"write {_canonical(token)}"
        if value.through:
            advice += f", or give {value.through[0]} the new name"
        return IndirectUse(
            span,
            _form(token, bool(value.through)),
            " ".join(value.text.split()) if written.loads else token.text,
            f"this is {token.text}, the legacy package, written{through}",
            advice,
            token.hit.spelling.move,
        )


def _written(text: str, node: ast.expr, value: Value, loads: bool) -> Written:
    from unify_backend.references.indirect.spelled import Written

    constants = tuple(step.partition(" ")[0] for step in value.through)
    return Written(text, constants, loads, isinstance(node, ast.Name | ast.Attribute))


def _made(bound: Bound, words: Collection[str], lines: Sequence[int]) -> bool:
    """Whether a name is bound to one of the words, or to what holds one of them."""
    match bound:
        case AssignedName(value=value):
            return isinstance(value, _TEXTS) and _on(value, lines)
        case Imported(name=name):
            return name in words


def _on(node: ast.AST, lines: Sequence[int]) -> bool:
    """Whether the code of the node reaches over one of the lines."""
    first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    if first is None or last is None or isinstance(node, _DECORATED):
        return True  # a decorator stands above its definition
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= last


def _form(token: Token, through: bool) -> str:
    if token.is_path:
        return "hidden-path"
    return "hidden-constant" if through else "hidden-string"


def _canonical(token: Token) -> str:
    return token.as_path() if token.is_path else token.replacement


def _loads(parent: ast.AST, child: ast.AST, loaded: bool) -> bool:
    """Whether the child is what its parent imports, runs or looks up as a module; `loaded` is
    whether the parent itself is."""
    match parent:
        case ast.Call(func=function) if child is not function:
            if _loader(parent):
                first = parent.args[: 2 if called(parent) == "import_module" else 1]
                return isinstance(child, ast.keyword) or any(
                    child is argument for argument in first
                )
            return _behind_m(parent.args, child)
        case ast.keyword(arg="package" | "name" | "app" | "target" | "mod_name"):
            return loaded
        case ast.Subscript(value=ast.Attribute(attr="modules"), slice=key):
            return child is key
        case ast.List(elts=words) | ast.Tuple(elts=words):
            return _behind_m(words, child)
        case _:
            return False


def _loader(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="uvicorn"), attr="run"):
            return True
        case _:
            return called(call) in functions(Takes.IMPORT, PYTHON)


def _behind_m(words: Sequence[ast.expr], child: ast.AST) -> bool:
    """`["python", "-m", PACKAGE]`."""
    at = next((n for n, word in enumerate(words) if word is child), 0)
    before = words[at - 1] if at else None
    return isinstance(before, ast.Constant) and before.value == "-m"


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
_FEW = 8  # where the searched files are so many times fewer than all, only their imports are read


class _Constants:
    """Constants of modules, by the text of the assignments that hold the name."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._names = sorted(
            {
                name.encode()
                for move in index.moves
                for name in (move.legacy, move.legacy_path, move.legacy_path.rpartition("/")[2])
            }
        )
        seen = list(_seen(index))
        self._shared = {
            (name, _module(path))
            for path in seen
            for name in self._set_in(index.data(path), everywhere=False)
            if len(name) >= _SHORTEST
        }
        more = self._shared
        for _ in range(_FARTHEST):  # a module that imports a constant exports it again
            if not more:
                break
            handed = {
                (name, _module(path))
                for path in seen
                for name, module in more
                if name in (data := index.data(path)) and module in data
            }
            more = handed - self._shared
            self._shared |= more

    def seen_in(self, data: bytes) -> frozenset[str]:
        """The constants that a file can use: its own, or those of a module that it names."""
        seen = {name for name, module in self._shared if name in data and module in data}
        if any(name in data for name in self._names):
            own = self._set_in(data, everywhere=True)
            seen.update(name for name in own if data.count(name) > 1)
        return frozenset(name.decode() for name in seen)

    def _set_in(self, data: bytes, everywhere: bool) -> Iterable[bytes]:
        """The variables that are set to a text which begins with the name, with `everywhere`
        inside functions too."""
        for needle in self._names:
            at = data.find(needle)
            while at >= 0:
                match = _SET.search(data[max(0, at - _NEAR) : at])
                whole = _GOES_ON.match(data, at + len(needle)) is None
                if match and whole and (everywhere or not match["blank"]):
                    yield match["name"]
                at = data.find(needle, at + 1)


def _seen(index: RepositoryIndex) -> Iterable[str]:
    """The files whose constants count: all, or those that a few files import."""
    every = [path for path in index.tracked if path.endswith(PYTHON_FILES)]
    few = [path for path in index.paths if path.endswith(PYTHON_FILES)]
    if len(few) * _FEW > len(every):
        return every
    modules: set[str] = set()
    todo: list[tuple[str, frozenset[bytes] | None, int]] = [(path, None, 0) for path in few]
    while todo:
        path, wanted, away = todo.pop()
        for module, names in _imported(index, path, wanted):
            if module not in modules and away < _FARTHEST:
                todo.append((module, names, away + 1))
            modules.add(module)
    return modules


def _imported(
    index: RepositoryIndex, path: str, wanted: frozenset[bytes] | None
) -> Iterator[tuple[str, frozenset[bytes]]]:
    """The files that the file at `path` takes any of the names `wanted` from (None: any name), and
    all the names that it takes from them."""
    for match in _IMPORT.finditer(index.data(path)):
        names = frozenset(_WORD.findall(match["names"]))
        if wanted is not None and not wanted & names:
            continue
        whole = match["module"] is not None
        dots = len(match["dots"] or b"")
        module = (match["module"] or b"").decode("ascii", "replace")
        inner = [name.decode("ascii", "replace") for name in names]
        for dotted in [module, *(f"{module}.{name}" for name in inner)] if whole else inner:
            for file in index.files_of(path, dots, dotted):
                yield file, names


def _module(path: str) -> bytes:
    """The last word by which others import the file."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if stem == "__init__":
        stem = path.rpartition("/")[0].rpartition("/")[2]
    return stem.encode("utf-8", "surrogateescape")
