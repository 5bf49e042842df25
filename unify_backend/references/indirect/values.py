"""The values of string and path expressions, as far as the repository's text determines them.

An unknown part is `{}` in the result. Nothing is run; only these forms are followed: `+`, `%`,
f-strings, `format`, `join`, `/` between paths, and constants, also those of other modules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unify_backend.languages.python.path_segments import JOINERS
from unify_backend.languages.python.scopes import AssignedName, Bound, Imported, PythonFile
from unify_backend.languages.python.source import called
from unify_backend.references.indirect.index import RepositoryIndex

HOLE = "{}"
_DEEPEST = 60  # names are not nested deeper; recursion stays bounded
_FARTHEST = 4  # modules through which a constant may have been imported
_OFTEN = 20  # times; a variable that is set more often is no constant
_LONGEST = 2_000  # characters; a longer text is no name
_PERCENT = re.compile(r"%(?:\((?P<key>\w+)\))?(?P<kind>[sdr%])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<key>\w*)\}")
_SAME = frozenset("resolve absolute expanduser as_posix strip str fspath abspath realpath".split())


@dataclass(frozen=True, slots=True)
class Value:
    """The text of an expression, with the constants that it is made of and where they are set."""

    text: str
    through: tuple[str, ...] = ()


class Values:
    """Evaluates expressions of one file; `away` counts the modules that were passed through."""

    def __init__(self, index: RepositoryIndex, source: PythonFile, away: int = 0) -> None:
        self._index, self._source, self._away = index, source, away
        self._known: dict[int, Value | None] = {}
        self._at = 0

    def of(self, node: ast.expr, at: int) -> Value | None:
        """The value of the expression as it is seen at offset `at`; None where it is no text."""
        self._at = at
        return self._value(node, _DEEPEST)

    def constant(self, name: str, at: int = 0) -> Value | None:
        """The text that a variable always holds; None where it may hold anything else."""
        self._at = at
        return self._variable(name, _DEEPEST)

    def _value(self, node: ast.expr, depth: int) -> Value | None:
        key = id(node)
        if key not in self._known:
            self._known[key] = None  # a constant that is defined by itself has no value
            value = self._read(node, depth - 1) if depth else None
            self._known[key] = value if value and len(value.text) <= _LONGEST else None
        return self._known[key]

    def _read(self, node: ast.expr, depth: int) -> Value | None:
        match node:
            case ast.Constant(value=str() as text):
                return Value(text)
            case ast.JoinedStr(values=parts):
                return _joined([self._part(part, depth) for part in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._both(left, right, "", depth)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._both(left, right, "/", depth)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self._percent(left, right, depth)
            case ast.Name(id=name):
                return self._variable(name, depth)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                return self._of_module(name, attribute)
            case ast.Call():
                return self._call(node, depth)
            case _:
                return None

    def _part(self, node: ast.expr, depth: int) -> Value | None:
        if isinstance(node, ast.FormattedValue):
            plain = node.conversion in {-1, ord("s")} and node.format_spec is None
            return self._value(node.value, depth) if plain else None
        return self._value(node, depth)

    def _both(self, left: ast.expr, right: ast.expr, joint: str, depth: int) -> Value | None:
        values = [self._value(side, depth) for side in (left, right)]
        return _joined(values, joint) if any(values) else None

    def _percent(self, left: ast.expr, right: ast.expr, depth: int) -> Value | None:
        form = self._value(left, depth)
        if form is None:
            return None
        keyed: dict[str, ast.expr] = {}
        arguments: Sequence[ast.expr] = [right]
        if isinstance(right, ast.Tuple):
            arguments = right.elts
        elif isinstance(right, ast.Dict):
            keyed, arguments = _keyed(right), ()
        return self._filled(form, _PERCENT, arguments, keyed, depth)

    def _filled(
        self,
        form: Value,
        pattern: re.Pattern[str],
        arguments: Sequence[ast.expr],
        keyed: dict[str, ast.expr],
        depth: int,
    ) -> Value:
        waiting = iter(arguments)
        through = list(form.through)

        def fill(match: re.Match[str]) -> str:
            if match[0] in {"%%", "{{", "}}"}:
                return match[0][0]
            key = match["key"] or ""
            if key.isdigit():
                node = arguments[int(key)] if int(key) < len(arguments) else None
            else:
                node = keyed.get(key) if key else next(waiting, None)
            value = self._value(node, depth) if node is not None else None
            if value is None or match[0].endswith(("d", "r")):
                return HOLE
            through.extend(value.through)
            return value.text

        text = pattern.sub(fill, form.text)
        return Value(text, _unique(through))

    def _call(self, node: ast.Call, depth: int) -> Value | None:
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        name = called(node)
        if name == "format" and receiver is not None:
            form = self._value(receiver, depth)
            keyed = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            return form and self._filled(form, _BRACES, node.args, keyed, depth)
        if name == "replace" and receiver is not None:
            return self._replaced(receiver, node.args, depth)
        if name in _SAME:
            inner = receiver if receiver is not None and not node.args else None
            inner = node.args[0] if len(node.args) == 1 else inner
            return self._value(inner, depth) if inner is not None else None
        if name == "files" and len(node.args) == 1:  # importlib.resources
            value = self._value(node.args[0], depth)
            return value and Value(value.text.replace(".", "/"), value.through)
        if name == "join" and not _is_path(receiver):
            return self._joined_text(node, receiver, depth)
        if name in JOINERS:
            parts = [*([receiver] if name == "joinpath" and receiver else []), *node.args]
            values = [self._value(part, depth) for part in parts]
            return _joined(values, "/") if any(values) else None
        return None

    def _replaced(
        self, receiver: ast.expr, arguments: Sequence[ast.expr], depth: int
    ) -> Value | None:
        values = [self._value(argument, depth) for argument in (receiver, *arguments)]
        match values:
            case [Value() as whole, Value(text=old), Value(text=new)] if old:
                return Value(whole.text.replace(old, new), whole.through)
            case _:
                return None

    def _joined_text(self, node: ast.Call, joint: ast.expr | None, depth: int) -> Value | None:
        """`".".join((PACKAGE, "main"))`."""
        between = self._value(joint, depth) if joint is not None else None
        match node.args:
            case [ast.List(elts=parts) | ast.Tuple(elts=parts)] if between is not None:
                return _joined([self._value(part, depth) for part in parts], between.text)
            case _:
                return None

    def _variable(self, name: str, depth: int) -> Value | None:
        """The value on which all bindings of the variable agree."""
        bound = self._source.bound(name, self._at)
        if len(bound) > _OFTEN:
            return None
        values = [self._bound(binding, depth) for binding in bound]
        texts = {value.text if value else None for value in values}
        if len(texts) != 1 or values[0] is None or HOLE in values[0].text:
            return None
        first, set_at = values[0], bound[0]
        if first.through and isinstance(set_at, Imported):
            return first
        return Value(first.text, (f"{name} (line {set_at.line})",))

    def _bound(self, bound: Bound, depth: int) -> Value | None:
        match bound:
            case AssignedName(value=node, start=start):
                at, self._at = self._at, start
                value = self._value(node, depth)
                self._at = at
                return value
            case Imported(module=module, level=level, name=str() as name):
                return self._elsewhere(self._index.files_of(self._source.path, level, module), name)
            case _:
                return None

    def _of_module(self, variable: str, attribute: str) -> Value | None:
        """`settings.PACKAGE`, where `settings` is a module of the repository."""
        match self._source.bound(variable, self._at):
            case [Imported(module=module, level=level, name=None)]:
                files = self._index.files_of(self._source.path, level, module)
            case [Imported(module=module, level=level, name=str() as name)]:
                inner = ".".join(filter(None, [module, name]))
                files = self._index.files_of(self._source.path, level, inner)
            case _:
                return None
        return self._elsewhere(files, attribute)

    def _elsewhere(self, files: Sequence[str], name: str) -> Value | None:
        """The constant of another module; None where several modules say different things."""
        if self._away >= _FARTHEST or not files:
            return None
        values: list[Value | None] = []
        for path in files:
            if name.encode() not in self._index.data(path):
                return None
            source = self._index.source(path)
            if source is None:
                return None
            value = Values(self._index, source, self._away + 1).constant(name)
            values.append(value and Value(value.text, (f"{name} ({path})",)))
        return values[0] if len({constant and constant.text for constant in values}) == 1 else None


def _joined(values: Sequence[Value | None], joint: str = "") -> Value:
    text = joint.join(HOLE if value is None else value.text for value in values)
    return Value(
        text, _unique(part for value in values if value is not None for part in value.through)
    )


def _is_path(receiver: ast.expr | None) -> bool:
    """Whether `join` is that of `os.path`, and not that of a text."""
    match receiver:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return "path" in name
        case _:
            return receiver is None


def _keyed(node: ast.Dict) -> dict[str, ast.expr]:
    pairs = zip(node.keys, node.values, strict=True)
    return {
        key.value: value
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _unique(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parts))
