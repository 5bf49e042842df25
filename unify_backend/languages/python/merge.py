"""A Python module as units: statements with the comments in front of them, byte for byte."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.data.literals import Syntax, read_literal
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import Layout, OrderFreedom, UnclearUnits, Unit, container
from unify_backend.languages.python.merge_keys import bound, freedom_of, key_of
from unify_backend.languages.python.source import SyntaxProblem, parse, python_fragment

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Run = list[ast.stmt]
_FROM = re.compile(r"\s*from\s+\S+\s+import(?![\w.])")


def python_units(text: str) -> Unit:
    """The module as one unit. Raises Unparsable, and Unclear where lines are not what the
    parser takes for lines (a carriage return or form feed alone)."""
    if "\r" in text or "\f" in text:
        raise UnclearUnits("it holds control characters that end lines for Python alone")
    reader = _Reader(lines_of(text))
    tree = parse(text)
    units, tail = reader.block(tree.body, 0, len(reader.lines), 0, None)
    if tree.body and _is_text(tree.body[0]):
        units[0] = replace(units[0], key=("docstring",), freedom=OrderFreedom.FREE)
    return container(Unit(("module",), text), "", units, tail)


def statements(text: str) -> list[Unit] | None:
    """The statements of a block, indented or not; compound ones with their clauses as children.
    None where the block cannot stand alone, or has no statement."""
    source = python_fragment(text)
    if isinstance(source, SyntaxProblem) or not source.tree.body:
        return None
    tree = source.tree
    reader = _Reader(lines_of(text))
    units, tail = reader.block(
        tree.body, 0, len(reader.lines), tree.body[0].col_offset, None, plain=True
    )
    return [*units, *([Unit(("tail",), tail)] if tail else [])]


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def text(self, start: int, end: int) -> str:
        return "".join(self.lines[start:end])

    def block(
        self,
        body: Sequence[ast.stmt],
        start: int,
        end: int,
        column: int,
        owner: ast.ClassDef | None,
        plain: bool = False,
    ) -> tuple[list[Unit], str]:
        """Units for `body`, which takes the lines from `start` to `end`, and what follows them."""
        units: list[Unit] = []
        at = start
        runs = list(_runs(body))
        for number, run in enumerate(runs):
            first = _first(run[0])
            limit = _first(runs[number + 1][0]) if number + 1 < len(runs) else end
            last = self._last(run[-1], limit, column)
            gap, lead = self._front(at, first)
            unit = self._unit(run, first, last, owner, plain)
            units.append(replace(unit, gap=gap, lead=lead))
            at = last
        return units, self.text(at, end)

    def _last(self, node: ast.stmt, limit: int, column: int) -> int:
        """Behind the statement and the comments that are indented like its inside."""
        last = at = node.end_lineno or node.lineno
        while at < limit:
            line = self.lines[at]
            at += 1
            if line.strip():
                if len(line) - len(line.lstrip()) <= column:
                    break
                last = at
        return last

    def _front(self, start: int, end: int) -> tuple[str, str]:
        at = start
        while at < end and not self.lines[at].strip():
            at += 1
        return self.text(start, at), self.text(at, end)

    def _unit(
        self, run: _Run, first: int, last: int, owner: ast.ClassDef | None, plain: bool
    ) -> Unit:
        core = self.text(first, last)
        if len(run) > 1:  # several statements in a line
            return Unit(("statement", " ".join(core.split())), core)
        node = run[0]
        names = bound(node)
        unit = Unit(
            key_of(node, self.lines[first]),
            core,
            freedom=freedom_of(node, owner),
            name=names[0] if len(names) == 1 and owner is None else "",
            binds=tuple(names) if isinstance(node, ast.Assign | ast.AnnAssign) else (),
        )
        if plain:
            return self._compound(node, first, last, unit)
        match node:
            case ast.ClassDef():
                return self._class(node, first, last, replace(unit, kind="class"))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._function(node, first, last, replace(unit, kind="def"))
            case ast.ImportFrom():
                return self._from(node, first, replace(unit, name="", kind="names"))
            case ast.Import():
                return replace(unit, kind="import")
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                return self._assignment(node, first, unit)
            case ast.If(orelse=[]):
                return self._guard(node, first, last, unit, owner)
            case _:
                return self._compound(node, first, last, unit)

    def _header_end(self, first: int, body: ast.stmt) -> int:
        """Behind the line with the colon: comments in front of the body are the body's."""
        end = _first(body)
        while end > first and not self.lines[end - 1].split("#")[0].strip():
            end -= 1
        return end

    def _class(self, node: ast.ClassDef, first: int, last: int, unit: Unit) -> Unit:
        start = self._header_end(first, node.body[0])
        if start <= node.lineno - 1 or _first(node.body[0]) < node.lineno:
            return unit
        children, tail = self.block(node.body, start, last, node.body[0].col_offset, node)
        if _is_text(node.body[0]):
            children[0] = replace(children[0], key=("docstring",), freedom=OrderFreedom.FREE)
        return container(unit, self.text(first, start), children, tail)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, first: int, last: int, unit: Unit
    ) -> Unit:
        start = self._header_end(first, node.body[0])
        begin = node.lineno - 1
        if start <= begin:
            return unit
        children = []
        if begin > first:
            children.append(Unit(("decorators",), self.text(first, begin)))
        signature = Unit(("signature",), self.text(begin, start), kind="signature")
        opened = signature.core.find("(")
        if opened >= 0 and "[" not in signature.core[:opened]:
            literal = read_literal(signature.core, opened, Syntax.PYTHON, signature)
            signature = _parameters(literal) if literal else signature
        children.append(signature)
        if _is_text(node.body[0]) and (start == _first(node.body[0])):
            end = node.body[0].end_lineno or start
            if len(node.body) == 1 or _first(node.body[1]) >= end:
                children.append(Unit(("docstring",), self.text(start, end)))
                start = end
        if start < last:
            children.append(Unit(("body",), self.text(start, last), kind="body"))
        return container(
            unit, "", [replace(child, freedom=OrderFreedom.FREE) for child in children]
        )

    def _from(self, node: ast.ImportFrom, first: int, unit: Unit) -> Unit:
        """The names behind `import`; without brackets they are in a line of their own."""
        if node.names[0].name == "*":
            return unit
        match = _FROM.match(unit.core)
        if match is None:
            return unit
        at = match.end() - 6
        rest = unit.core[at + 6 :]
        if rest.lstrip(" ").startswith("("):
            return (
                read_literal(unit.core, at + 6 + rest.index("("), Syntax.PYTHON, unit, named=True)
                or unit
            )
        line = rest.split("#")[0].rstrip()
        if "\\" in line or ";" in line or unit.core.count("\n") != 1:
            return unit
        names = line.lstrip().split(",")
        if any(name != name.rstrip() for name in names):
            return unit
        begin = at + 6 + len(line) - len(line.lstrip())
        children = tuple(
            Unit(
                (name.strip(),),
                name.strip(),
                lead=name[: len(name) - len(name.lstrip())],
                freedom=OrderFreedom.FREE,
                kind="import",
                name=name.split()[-1],
            )
            for name in names
        )
        return replace(
            unit,
            head=unit.core[:begin],
            children=children,
            tail=unit.core[at + 6 + len(line) :],
            layout=Layout.INLINE,
            sorted=True,
        )

    def _assignment(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, first: int, unit: Unit
    ) -> Unit:
        value = node.value
        if not isinstance(value, ast.List | ast.Dict | ast.Set | ast.Tuple) or (
            isinstance(value, ast.Tuple) and bound(node) != ["__all__"]
        ):
            return unit
        line = self.lines[value.lineno - 1].encode()[: value.col_offset].decode()
        at = len(self.text(first, value.lineno - 1)) + len(line)
        if unit.core[at : at + 1] not in {"[", "{", "("}:
            return unit
        exported = bound(node) == ["__all__"]
        return read_literal(unit.core, at, Syntax.PYTHON, unit, named=exported) or unit

    def _guard(
        self, node: ast.If, first: int, last: int, unit: Unit, owner: ast.ClassDef | None
    ) -> Unit:
        """`if TYPE_CHECKING:` and its like: a block that binds in the same scope."""
        start = self._header_end(first, node.body[0])
        if start <= first or not all(bound(statement) for statement in node.body):
            return self._compound(node, first, last, unit)
        children, tail = self.block(node.body, start, last, node.body[0].col_offset, owner)
        children = [replace(child, name="") for child in children]
        return container(replace(unit, kind="guard"), self.text(first, start), children, tail)

    def _compound(self, node: ast.stmt, first: int, last: int, unit: Unit) -> Unit:
        starts = list(clauses(node, first, self.lines))
        if not starts:
            return unit
        children: list[Unit] = []
        for at, (start, inside) in enumerate(starts):
            end = starts[at + 1][0] if at + 1 < len(starts) else last
            begin = self._header_end(start, inside)
            if begin <= start:
                return unit
            header = Unit(("header",), self.text(start, begin), freedom=OrderFreedom.FREE)
            body = Unit(("body",), self.text(begin, end), freedom=OrderFreedom.FREE, kind="body")
            key = ("clause", " ".join(header.core.split()) if at else "")
            clause = container(Unit(key, self.text(start, end)), "", [header, body])
            children.append(clause)
        return container(replace(unit, kind=type(node).__name__), "", children)


def _parameters(signature: Unit) -> Unit:
    """Parameters by name; their order has a meaning."""
    children = [
        replace(
            parameter,
            key=(parameter.core.split("=")[0].split(":")[0].strip(),),
            freedom=OrderFreedom.BOUND,
            kind="item",
            layout=None,
            children=(),
        )
        for parameter in signature.children
    ]
    return replace(signature, children=tuple(children), kind="signature", sorted=False)


def _runs(body: Sequence[ast.stmt]) -> Iterator[_Run]:
    """Statements that share a line come together."""
    run: _Run = []
    for node in body:
        if run and _first(node) >= (run[-1].end_lineno or 0):
            yield run
            run = []
        run.append(node)
    if run:
        yield run


def _first(node: ast.stmt) -> int:
    """The 0-based line on which the statement, decorators included, begins."""
    if isinstance(node, _Definition):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    return node.lineno - 1


_Clause = tuple[int, ast.stmt]  # its first line, 0-based, and the first statement inside it


def clauses(node: ast.stmt, first: int, lines: Sequence[str]) -> Iterator[_Clause]:
    """The clauses of `node`, which begins on the 0-based line `first`; none where it has none.

    An `elif` is a clause like any other, however deep the syntax tree has it.
    """
    match node:
        case ast.If(body=body, orelse=orelse):
            yield first, body[0]
            yield from _else(body, orelse, lines)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            yield first, body[0]
            for handler in handlers:
                yield handler.lineno - 1, handler.body[0]
            before = handlers[-1].body if handlers else body
            yield from _else(before, orelse, lines)
            yield from _else(orelse or before, finalbody, lines)
        case ast.For() | ast.While() | ast.AsyncFor():
            yield first, node.body[0]
            yield from _else(node.body, node.orelse, lines)
        case ast.With() | ast.AsyncWith():
            yield first, node.body[0]
        case _:
            return


def _else(
    body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], lines: Sequence[str]
) -> Iterator[_Clause]:
    if not orelse:
        return
    at = body[-1].end_lineno or 0
    while not lines[at].lstrip().startswith(("else", "elif", "finally")):
        at += 1
    inside = orelse[0]
    if lines[at].lstrip().startswith("elif") and isinstance(inside, ast.If):
        yield at, inside.body[0]
        yield from _else(inside.body, inside.orelse, lines)
    else:
        yield at, inside
