"""One step of a path expression in Python: what `.parent`, `dirname(…)` or `/ ".."` make of it."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.python.source import PythonSource

_SAME = frozenset({"str", "os.fspath", "os.path.expanduser", "os.path.normcase", "os.fsdecode"})
_TIDY = frozenset({"os.path.abspath", "os.path.realpath", "os.path.normpath"})
_SAME_METHODS = frozenset({"absolute", "expanduser", "as_posix", "__str__", "__fspath__"})
_TEXT_METHODS = frozenset({"split", "rsplit", "partition", "rpartition"})
_METHODS = _SAME_METHODS | _TEXT_METHODS | {"resolve", "joinpath", "with_name"}
_SEPARATORS = frozenset({"os.sep", "os.path.sep"})
_UP = frozenset({"os.pardir", "os.path.pardir"})


@dataclass(frozen=True, slots=True)
class Walk:
    """A path on its way from `__file__`: `levels` up, then `down` (None: a name that is not
    written out).

    `loose`: it holds `..` as written, which `.parent` would take off instead of climbing.
    `pending` is an attribute that means something only with what follows.
    """

    levels: int = 0
    down: tuple[str | None, ...] = ()
    loose: bool = False
    pending: str = ""

    def up(self, levels: int = 1) -> "Walk | Unclear":
        """One folder up, or several, the way `.parent` goes."""
        if self.loose:
            return Unclear("a climb past '..' takes the '..' off again; resolve the path first")
        left = max(0, levels - len(self.down))
        if left and None in self.down:
            return Unclear("it climbs past a name that is not written out")
        return Walk(self.levels + left, self.down[: max(0, len(self.down) - levels)])


@dataclass(frozen=True, slots=True)
class Unclear:
    """It climbs, and how far is not written there."""

    reason: str


Step = Walk | Unclear | None
"""The path after the step; None where the expression is no path of this file any more."""


def step(source: PythonSource, child: ast.AST, walk: Walk) -> Step:
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
    source: PythonSource, parent: ast.AST | None, child: ast.AST, walk: Walk
) -> Step:
    plain = replace(walk, pending="")
    match walk.pending, parent:
        case "parents", ast.Subscript(slice=ast.Constant(value=int(count))):
            return plain.up(count + 1)
        case "parents", ast.Subscript(slice=ast.Slice()):
            return None
        case "parents", ast.Subscript():
            return Unclear("the number of folders is not a plain number")
        case "parts", ast.Subscript():
            return Unclear("it counts the parts of its own path")
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


def _method(name: str, source: PythonSource, args: Sequence[ast.expr], walk: Walk) -> Step:
    match name:
        case "resolve":
            return replace(walk, loose=False)
        case "joinpath":
            return _joined(source, args, walk)
        case "with_name":
            up = walk.up()
            return _joined(source, args, up) if isinstance(up, Walk) else up
        case _ if name in _TEXT_METHODS:
            return _taken_apart(source, args)
        case _:
            return walk


def _taken_apart(source: PythonSource, args: Sequence[ast.expr]) -> Unclear | None:
    """Only at slashes; `__file__.rsplit(".", 1)` is about the suffix."""
    at = _literal(source, args[0]) if args else None
    if at in {"/", "\\"} or (args and source.dotted(args[0]) in _SEPARATORS):
        return Unclear("it takes its own path apart as text")
    return None


def _call(function: str, source: PythonSource, rest: Sequence[ast.expr], walk: Walk) -> Step:
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


def _joined(source: PythonSource, parts: Sequence[ast.expr], walk: Walk) -> Step:
    at: Step = walk
    for part in parts:
        if not isinstance(at, Walk):
            return at
        if isinstance(part, ast.Starred):
            return None
        text = _literal(source, part)
        at = replace(at, down=(*at.down, None)) if text is None else _descend(at, text)
    return at


def _added(source: PythonSource, part: ast.expr, walk: Walk) -> Step:
    if source.dotted(part) in _SEPARATORS:
        return walk
    text = _literal(source, part)
    if text is None:
        return replace(walk, down=(*walk.down, None))
    # Without a slash it goes on with the last name: `__file__ + ".bak"`.
    before = source.parents[part]
    after_slash = (
        isinstance(before, ast.BinOp)
        and isinstance(before.left, ast.BinOp)
        and (source.dotted(before.left.right) in _SEPARATORS)
    )
    if not after_slash and not text.startswith(("/", "\\")):
        return None
    return _descend(walk, text.lstrip("/\\"))


def _formatted(parts: Sequence[ast.expr], walk: Walk) -> Step:
    at: Step = walk
    for part in parts:
        if not isinstance(at, Walk):
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


def _descend(walk: Walk, text: str) -> Step:
    """The path with the pieces of `text` behind it."""
    if text.startswith(("/", "\\")):
        return None  # an absolute path starts anew
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
    return Walk(levels, tuple(down), loose)
