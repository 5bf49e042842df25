"""Expressions of Python that climb from `__file__`, and how to make them reach as far again.

A path is followed from each `__file__` outwards through the expression around it, and through a
name that is bound to it. What is left alone: paths that only go down, searches that climb until
they find something, and what comes over attributes, parameters or other modules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.python.scopes import Scopes
from unify_backend.languages.python.source import PythonSource
from unify_backend.languages.relocation import BasePath, Lengthen, Relocation, above, settle, shown
from unify_backend.model.checks import (
    DependentPath,
    DepthAnswer,
    DepthKind,
    DepthUse,
    RepairedPath,
    Review,
    UnchangedPath,
)
from unify_backend.model.spans import LineIndex

_SEARCH_PATH = frozenset(
    {"sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir"}
)
_CLIMB = re.compile(r"(?<![.\w])\.\./")


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a chain begins: `__file__`, or a name that stands for a path from it."""

    node: ast.Name
    walk: _PathExpression
    standing: BasePath
    vague: str = ""  # why the name may have another value


def climbs(source: PythonSource, where: Relocation) -> tuple[DepthUse, ...]:
    """Every expression that leads at least to the file's own folder, by place.

    Only what climbs further, or changes, is of interest to a person.
    """
    reader = _Reader(source, where)
    reader.read()
    return tuple(sorted(reader.uses, key=lambda use: use.span))


class _Reader:
    def __init__(self, source: PythonSource, where: Relocation) -> None:
        self._source = source
        self._where = where
        self._lines = LineIndex(source.text)
        self._waiting: list[_Start] = []
        self._done: set[ast.AST] = set()
        self.uses: list[DepthUse] = []

    def read(self) -> None:
        starts = [
            node
            for node in self._source.nodes
            if isinstance(node, ast.Name) and node.id == "__file__"
        ]
        starts.sort(key=lambda node: (node.lineno, node.col_offset))
        self._waiting = [_Start(node, _PathExpression(), BasePath()) for node in starts]
        for start in self._waiting:  # the loop appends to it
            if start.node not in self._done:
                self._done.add(start.node)
                self._follow(start)

    def _follow(self, start: _Start) -> None:
        node: ast.AST = start.node
        walk, place = start.walk, None
        while True:
            after = step(self._source, node, walk)
            if after is None or isinstance(after, UnclearClimb):
                break
            node = self._source.parents[node]
            if after.levels > walk.levels:
                place = node
            walk = after
        if isinstance(after, UnclearClimb):
            self._unclear(self._source.parents[node], after.reason)
            return
        standing = start.standing
        if isinstance(place, ast.expr):
            standing = self._add(start, place, walk.levels)
        if not walk.pending:
            self._bind(node, walk, standing, start.vague)

    def _add(self, start: _Start, place: ast.expr, levels: int) -> BasePath:
        base = start.standing
        span = self._source.span(place)
        line = self._lines.position(span.start).line
        if start.vague:
            answer: DepthAnswer = Review(start.vague)
            standing = BasePath(levels, levels, line, lost=True)
        else:
            answer, standing = self._answer(place, base, levels, line)
        self.uses.append(
            DepthUse(
                self._where.new,
                span,
                line,
                self._source.text_of(place),
                self._kind(place),
                shown(above(self._where.old, levels)),
                shown(above(self._where.new, levels)),
                answer,
            )
        )
        return standing

    def _answer(
        self, place: ast.expr, base: BasePath, levels: int, line: int
    ) -> tuple[DepthAnswer, BasePath]:
        settled = settle(self._where, base, levels - base.levels)
        naive = base.fixed + levels - base.levels
        match settled:
            case Lengthen(by):
                text = lengthened(self._source, place, by)
                if text is not None:
                    return RepairedPath(text), BasePath(levels, naive + by, line)
                reason = "the way it is written cannot be made longer or shorter by rule"
                return Review(reason), BasePath(levels, naive, line, lost=True)
            case Review():
                return settled, BasePath(levels, naive, line, lost=True)
            case UnchangedPath() | DependentPath():
                return settled, BasePath(levels, naive, line)

    def _unclear(self, place: ast.AST, reason: str) -> None:
        if isinstance(place, ast.expr):
            span = self._source.span(place)
            self.uses.append(
                DepthUse(
                    self._where.new,
                    span,
                    self._lines.position(span.start).line,
                    self._source.text_of(place),
                    self._kind(place),
                    None,
                    None,
                    Review(reason),
                )
            )

    def _kind(self, place: ast.AST) -> DepthKind:
        at: ast.AST | None = place
        while at is not None and not isinstance(at, ast.stmt):
            if isinstance(at, ast.Call) and self._source.dotted(at.func) in _SEARCH_PATH:
                return DepthKind.IMPORT_PATH
            at = self._source.parents.get(at)
        if isinstance(at, ast.AugAssign) and self._source.dotted(at.target) == "sys.path":
            return DepthKind.IMPORT_PATH
        return DepthKind.FILE

    def _bind(self, node: ast.AST, walk: _PathExpression, standing: BasePath, vague: str) -> None:
        """Goes on with the uses of the name that `node`, the whole path, is bound to."""
        match self._source.parents.get(node):
            case ast.Assign(targets=[ast.Name() as target]):
                pass
            case ast.AnnAssign(target=ast.Name() as target):
                pass
            case _:
                return
        scopes = Scopes(self._source, {target.id})
        home = scopes.scope_of(self._source.start(target)).find(target.id)
        stores = [binding.node for binding in home.bound[target.id]] if home is not None else []
        for read in (*scopes.reads.values(), *scopes.misplaced):
            if read.scope.find(target.id) is home and isinstance(read.node, ast.Name):
                inside = read.scope.block is home
                doubt = self._doubt(target, stores, read.node, inside) if len(stores) > 1 else ""
                if doubt is not None:
                    self._waiting.append(_Start(read.node, walk, standing, vague or doubt))

    def _doubt(
        self, target: ast.AST, stores: list[ast.AST], use: ast.Name, inside: bool
    ) -> str | None:
        """ "" where `use` means this binding of several, None where it means another or is part
        of a search, else why that is not sure. `inside`: it runs where the name is bound."""
        statements = [self._source.statement(store) for store in stores]
        for statement in statements:
            match self._loop(statement):
                case ast.For(iter=ast.Call(func=ast.Name(id="range"))):
                    return "it climbs in a loop"
                case ast.For() | ast.AsyncFor() | ast.While():
                    return None
                case _:
                    pass
        target_statement = self._source.statement(target)
        if any(
            statement is None or not self._same_block(statement, target_statement)
            for statement in statements
        ):
            return "the name is bound in several places"
        ended = [
            statement
            for statement in statements
            if statement is not None and (not inside or _ends_before(statement, use))
        ]
        last = max(ended, key=lambda statement: statement.lineno, default=None)
        return "" if last is target_statement else None

    def _loop(self, node: ast.AST | None) -> ast.AST | None:
        while node is not None:
            if isinstance(node, ast.For | ast.AsyncFor | ast.While):
                return node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return None
            node = self._source.parents.get(node)
        return None

    def _same_block(self, node: ast.AST, other: ast.AST | None) -> bool:
        if other is None or self._source.parents.get(node) is not self._source.parents.get(other):
            return False
        return any(
            isinstance(block, list) and node in block and other in block
            for _, block in ast.iter_fields(self._source.parents[node])
        )


def _ends_before(statement: ast.stmt, use: ast.Name) -> bool:
    end = (statement.end_lineno or statement.lineno, statement.end_col_offset or 0)
    return end <= (use.lineno, use.col_offset)


def lengthened(source: PythonSource, place: ast.expr, by: int) -> str | None:
    """The expression climbing `by` levels more, or None where no rule does it. Whether it really
    does is for the caller to look at again."""
    text = source.text_of(place)
    match place:
        case ast.Attribute(attr="parent"):
            return _chain(source, place, by)
        case ast.Subscript(slice=ast.Constant(value=int(count)) as index):
            if count + by < 0:
                return None
            start = source.span(place).start
            at = source.span(index)
            return text[: at.start - start] + str(count + by) + text[at.end - start :]
        case ast.Call(func=function) if source.dotted(function) == "os.path.dirname":
            return _wrapped(source, place, by)
        case _:
            return _literals(source, place, by)


def _chain(source: PythonSource, place: ast.Attribute, by: int) -> str | None:
    if by > 0:
        return source.text_of(place) + ".parent" * by
    node: ast.expr = place
    for _ in range(-by):
        if not (isinstance(node, ast.Attribute) and node.attr == "parent"):
            return None
        node = node.value
    return source.text_of(node)


def _wrapped(source: PythonSource, place: ast.Call, by: int) -> str | None:
    if by > 0:
        return f"{source.text_of(place.func)}(" * by + source.text_of(place) + ")" * by
    node: ast.expr = place
    for _ in range(-by):
        match node:
            case ast.Call(func=function, args=[inner]):
                if source.dotted(function) != "os.path.dirname":
                    return None
                node = inner
            case _:
                return None
    return source.text_of(node)


def _literals(source: PythonSource, place: ast.expr, by: int) -> str | None:
    """Longer or shorter in the first text that climbs: "../x" or a ".." of its own."""
    text, start = source.text_of(place), source.span(place).start
    if isinstance(place, ast.JoinedStr):
        return _respelled(text, by)
    for literal in _own_literals(place):
        at = source.span(literal)
        raw = source.text_of(literal)
        new: str | None
        if literal.value == "..":
            joint = " / " if isinstance(place, ast.BinOp) else ", "
            new = joint.join([raw] * (by + 1)) if by > 0 and not _is_sum(place) else None
        else:
            new = _respelled(raw, by)
        if new is not None:
            return text[: at.start - start] + new + text[at.end - start :]
    return None


def _is_sum(place: ast.expr) -> bool:
    return isinstance(place, ast.BinOp) and isinstance(place.op, ast.Add)


def _own_literals(place: ast.expr) -> Iterator[ast.Constant]:
    match place:
        case ast.BinOp(right=ast.Constant(value=str()) as right):
            yield right
        case ast.Call(args=args):
            yield from (
                argument
                for argument in args
                if isinstance(argument, ast.Constant) and ".." in str(argument.value)
            )
        case _:
            pass


def _respelled(raw: str, by: int) -> str | None:
    """`"../../x"` with `by` more (or fewer) steps, quotes and all."""
    padded = raw if "\\" not in raw else ""
    first = _CLIMB.search(padded)
    if first is None:
        match = re.search(r"(?<=/)\.\.(?=[\"'])", padded)
        if match is None or by < 0:
            return None
        return raw[: match.start()] + "../" * by + raw[match.start() :]
    if by >= 0:
        return raw[: first.start()] + "../" * by + raw[first.start() :]
    step_down = "../" * -by
    if not raw.startswith(step_down, first.start()):
        return None
    return raw[: first.start()] + raw[first.start() + len(step_down) :]


_SAME = frozenset({"str", "os.fspath", "os.path.expanduser", "os.path.normcase", "os.fsdecode"})
_TIDY = frozenset({"os.path.abspath", "os.path.realpath", "os.path.normpath"})
_SAME_METHODS = frozenset({"absolute", "expanduser", "as_posix", "__str__", "__fspath__"})
_TEXT_METHODS = frozenset({"split", "rsplit", "partition", "rpartition"})
_METHODS = _SAME_METHODS | _TEXT_METHODS | {"resolve", "joinpath", "with_name"}
_SEPARATORS = frozenset({"os.sep", "os.path.sep"})
_UP = frozenset({"os.pardir", "os.path.pardir"})


@dataclass(frozen=True, slots=True)
class _PathExpression:
    """A path on its way from `__file__`: `levels` up, then `down` (None: a name that is not
    written out).

    `loose`: it holds `..` as written, which `.parent` would take off instead of climbing.
    `pending` is an attribute that means something only with what follows.
    """

    levels: int = 0
    down: tuple[str | None, ...] = ()
    loose: bool = False
    pending: str = ""

    def up(self, levels: int = 1) -> _PathExpression | UnclearClimb:
        """One folder up, or several, the way `.parent` goes."""
        if self.loose:
            return UnclearClimb(
                "a climb past '..' takes the '..' off again; resolve the path first"
            )
        left = max(0, levels - len(self.down))
        if left and None in self.down:
            return UnclearClimb("it climbs past a name that is not written out")
        return _PathExpression(self.levels + left, self.down[: max(0, len(self.down) - levels)])


@dataclass(frozen=True, slots=True)
class UnclearClimb:
    """It climbs, and how far is not written there."""

    reason: str


Step = _PathExpression | UnclearClimb | None
"""The path after the step; None where the expression is no path of this file any more."""


def step(source: PythonSource, child: ast.AST, walk: _PathExpression) -> Step:
    """What the expression around `child`, which is `walk`, makes of it."""
    parent = source.parents.get(child)
    if walk.pending:
        return _after_attribute(source, parent, child, walk)
    match parent:
        case ast.Attribute(attr="parent"):
            return walk.up()
        case ast.Attribute(attr=name) if name in _METHODS or name in {"parents", "parts"}:
            return replace(walk, pending=name)
        case ast.Call(func=function, args=[first, *rest]) if first is child:
            return _call(source.dotted(function), source, rest, walk)
        case ast.BinOp(op=ast.Div(), left=left, right=right) if left is child:
            return _joined(source, [right], walk)
        case ast.BinOp(op=ast.Add(), left=left, right=right) if left is child:
            return _added(source, right, walk)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None) if value is child:
            return replace(walk, pending="{}")
        case ast.NamedExpr(value=value) if value is child:
            return walk
        case _:
            return None


def _after_attribute(
    source: PythonSource, parent: ast.AST | None, child: ast.AST, walk: _PathExpression
) -> Step:
    plain = replace(walk, pending="")
    match walk.pending, parent:
        case "parents", ast.Subscript(slice=ast.Constant(value=int(count))):
            return plain.up(count + 1)
        case "parents", ast.Subscript(slice=ast.Slice()):
            return None
        case "parents", ast.Subscript():
            return UnclearClimb("the number of folders is not a plain number")
        case "parts", ast.Subscript():
            return UnclearClimb("it counts the parts of its own path")
        case "split()", ast.Subscript(slice=ast.Constant(value=0)):
            return plain.up()
        case "{}", ast.JoinedStr(values=[first, *rest]) if first is child:
            return _formatted(rest, plain)
        case (("parents" | "parts" | "split()" | "{}"), _):
            return None
        case name, ast.Call(func=function, args=args) if function is child:
            return _method(name, source, args, plain)
        case _:
            return None


def _method(
    name: str, source: PythonSource, args: Sequence[ast.expr], walk: _PathExpression
) -> Step:
    match name:
        case "resolve":
            return replace(walk, loose=False)
        case "joinpath":
            return _joined(source, args, walk)
        case "with_name":
            up = walk.up()
            return _joined(source, args, up) if isinstance(up, _PathExpression) else up
        case _ if name in _TEXT_METHODS:
            return _taken_apart(source, args)
        case _:
            return walk


def _taken_apart(source: PythonSource, args: Sequence[ast.expr]) -> UnclearClimb | None:
    """Only at slashes; `__file__.rsplit(".", 1)` is about the suffix."""
    at = _literal(source, args[0]) if args else None
    if at in {"/", "\\"} or (args and source.dotted(args[0]) in _SEPARATORS):
        return UnclearClimb("it takes its own path apart as text")
    return None


def _call(
    function: str, source: PythonSource, rest: Sequence[ast.expr], walk: _PathExpression
) -> Step:
    match function:
        case "os.path.dirname":
            return walk.up()
        case "os.path.split":
            return replace(walk, pending="split()")
        case "os.path.join":
            return _joined(source, rest, walk)
        case _ if function in _TIDY:
            return replace(walk, loose=False)
        case _ if function in _SAME:
            return walk
        case _ if function.rpartition(".")[2] in {"Path", "PurePath"}:
            return _joined(source, rest, walk)
        case _:
            return None


def _joined(source: PythonSource, parts: Sequence[ast.expr], walk: _PathExpression) -> Step:
    at: Step = walk
    for part in parts:
        if not isinstance(at, _PathExpression):
            return at
        if isinstance(part, ast.Starred):
            return None
        text = _literal(source, part)
        at = replace(at, down=(*at.down, None)) if text is None else _descend(at, text)
    return at


def _added(source: PythonSource, part: ast.expr, walk: _PathExpression) -> Step:
    if source.dotted(part) in _SEPARATORS:
        return walk
    text = _literal(source, part)
    if text is None:
        return replace(walk, down=(*walk.down, None))
    # Without a slash the text extends the last name: `__file__ + ".bak"`.
    before = source.parents[part]
    after_slash = (
        isinstance(before, ast.BinOp)
        and isinstance(before.left, ast.BinOp)
        and (source.dotted(before.left.right) in _SEPARATORS)
    )
    if not after_slash and not text.startswith(("/", "\\")):
        return None
    return _descend(walk, text.lstrip("/\\"))


def _formatted(parts: Sequence[ast.expr], walk: _PathExpression) -> Step:
    at: Step = walk
    for part in parts:
        if not isinstance(at, _PathExpression):
            return at
        match part:
            case ast.Constant(value=str(text)) if at is not walk or text.startswith(("/", "\\")):
                at = _descend(at, text.lstrip("/\\"))
            case ast.FormattedValue() if at is not walk:
                at = replace(at, down=(*at.down, None))
            case _:
                return None
    return at


def _literal(source: PythonSource, part: ast.expr) -> str | None:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    return ".." if source.dotted(part) in _UP else None


def _descend(walk: _PathExpression, text: str) -> Step:
    """The path with the pieces of `text` behind it."""
    if text.startswith(("/", "\\")):
        return None  # an absolute path replaces what is in front of it
    levels, down, loose = walk.levels, list(walk.down), walk.loose
    for piece in text.replace("\\", "/").split("/"):
        if piece != "..":
            down += [piece] if piece not in {"", "."} else []
            continue
        loose = True
        if not down:
            levels += 1
        elif down.pop() is None:
            return None
    return _PathExpression(levels, tuple(down), loose)
