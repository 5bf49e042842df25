"""What one Python module binds and what it imports, read without running it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from unify_backend.languages.python.source import SyntaxProblem, python_source
from unify_backend.model.text import Text, decode

_DYNAMIC = re.compile(
    r"\bglobals\(\)\s*(?:\[|\.update|\.setdefault)|=\s*globals\(\)|\bsys\.modules\[__name__\]"
    r"|(?<![.\w])exec\("
)
_GIVEN = frozenset(
    {
        "__name__",
        "__file__",
        "__doc__",
        "__package__",
        "__spec__",
        "__loader__",
        "__builtins__",
        "__dict__",
        "__annotations__",
        "__cached__",
    }
)
_CATCHES = frozenset(
    {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
)


@dataclass(frozen=True, slots=True)
class Import:
    """`import module` (no name) or `from module import name`, as written: `level` dots.

    `alias` is the place (and the `as`) in the tree; `inner` that a function or class holds it.
    """

    line: int
    level: int
    module: str
    name: str | None
    guarded: bool
    typing_only: bool
    alias: ast.alias = field(compare=False, repr=False)
    inner: bool = field(default=False, compare=False)

    @property
    def binds(self) -> str:
        """The name that the import binds; empty for a star."""
        if self.alias.asname:
            return self.alias.asname
        return self.module.partition(".")[0] if self.name is None else self.name.strip("*")


@dataclass(slots=True)
class ModuleSymbols:
    """What a module's text binds at its top: `bound` at run time, `typed` for type checkers only;
    `defined` are those that anything but an import binds, `certain` those of them that no condition
    leaves out. `dynamic`: it may bind anything. `script`: it has code for `__name__ == "__main__"`.

    `elsewhere`: a package that may look for its submodules in other folders too (`__path__`).
    `stars` are the `from x import *` at its top, `exported` its `__all__` where that is written
    out (None where there is none).
    """

    bound: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    certain: set[str] = field(default_factory=set)
    script: bool = False
    parsed: bool = True
    dynamic: bool = False
    elsewhere: bool = False
    exported: tuple[str, ...] | None = None
    stars: list[Import] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    _importing: dict[str, list[Import]] = field(default_factory=lambda: defaultdict(list))

    def binds(self, name: str) -> bool:
        """Whether the text binds the name, be it for type checkers only."""
        return name in self.bound or name in self.typed

    @property
    def hidden(self) -> list[str]:
        """The names that it certainly defines and that `from … import *` leaves out."""
        own = self.certain - {"__all__"}
        if "__all__" in self.bound:
            return sorted(own - set(self.exported or ()))
        return sorted(name for name in own if name.startswith("_"))

    @property
    def relative(self) -> bool:
        """Whether it imports relatively, anywhere."""
        return any(imported.level for imported in self.imports)

    def importing(self, name: str) -> Sequence[Import]:
        """The imports at its top that bind the name, in their order."""
        return self._importing.get(name, ())


@lru_cache(maxsize=4096)  # two diverged trees and their merge share most of their texts
def module_symbols(text: str) -> ModuleSymbols:
    """What a module's text says; one that does not parse is `dynamic` and imports nothing."""
    source = python_source(text)
    if isinstance(source, SyntaxProblem):
        return ModuleSymbols(bound=set(_GIVEN), parsed=False, dynamic=True)
    symbols = ModuleSymbols(bound=set(_GIVEN))
    symbols.dynamic = _DYNAMIC.search(text) is not None
    symbols.elsewhere = "__path__" in text
    _Reader(symbols).read(source.tree)
    if ":=" in text:
        walrus = (node.target for node in source.nodes if isinstance(node, ast.NamedExpr))
        names = set(_names(*walrus))
        symbols.bound |= names
        symbols.defined |= names
    if "__getattr__" in symbols.bound:
        symbols.dynamic = True
    return symbols


def symbols_of_file(data: bytes) -> ModuleSymbols | None:
    """What a module's bytes say; None where they do not parse."""
    decoded = decode(data, python=True)
    if not isinstance(decoded, Text) or not decoded.lossless:
        return None
    symbols = module_symbols(decoded.text)
    return symbols if symbols.parsed else None


@dataclass(frozen=True, slots=True)
class _Place:
    top: bool = True  # whether names bound here are the module's
    certain: bool = True  # and no condition leaves them out
    guarded: bool = False
    typing_only: bool = False


class _Reader:
    """Goes through the statements, which is all that binds or imports; no recursion, because
    an `elif` chain is nested as deep as it is long."""

    def __init__(self, symbols: ModuleSymbols) -> None:
        self._symbols = symbols
        self._waiting: list[tuple[Sequence[ast.stmt], _Place]] = []

    def read(self, tree: ast.Module) -> None:
        self._waiting.append((tree.body, _Place()))
        while self._waiting:
            block, place = self._waiting.pop()
            for node in block:
                self._statement(node, place)

    def _statement(self, node: ast.stmt, place: _Place) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node, place)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._bind([node.name], place)
                self._later(node.body, place, top=False)
            case ast.Global(names=names):
                self._symbols.bound.update(names)
                self._symbols.defined.update(names)
            case ast.If(test=test, body=body, orelse=orelse):
                if place.certain and _is_main(test):
                    self._symbols.script = True
                self._later(body, place, typing_only=_is_type_checking(test))
                self._later(orelse, place)
            case ast.Try() | ast.TryStar():
                self._try(node, place)
            case ast.With(body=body, items=items) | ast.AsyncWith(body=body, items=items):
                self._bind(_names(*(item.optional_vars for item in items)), place)
                self._later(body, place, guarded=any(map(_suppresses, items)))
            case _:
                self._other(node, place)

    def _try(self, node: ast.Try | ast.TryStar, place: _Place) -> None:
        caught = any(_catches(handler.type) for handler in node.handlers)
        self._later(node.body, place, guarded=caught)
        for handler in node.handlers:
            self._later(handler.body, place)
        self._later(node.orelse, place)
        self._later(node.finalbody, place)

    def _later(
        self,
        block: Sequence[ast.stmt],
        place: _Place,
        *,
        top: bool = True,
        guarded: bool = False,
        typing_only: bool = False,
    ) -> None:
        """Puts a block of a statement that stands at `place` behind those that wait."""
        inner = _Place(
            place.top and top,
            False,
            place.guarded or guarded,
            place.typing_only or typing_only,
        )
        self._waiting.append((block, inner))

    def _other(self, node: ast.stmt, place: _Place) -> None:
        match node:
            case ast.Assign(targets=targets):
                self._bind(_names(*targets), place)
                self._exports(node.targets[0], node.value, place)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self._bind(_names(target), place)
                    self._exports(target, value, place)
            case ast.AugAssign(target=target, value=value):
                self._exports(target, value, place)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")))):
                self._symbols.dynamic = self._symbols.dynamic or place.top
            case ast.For(target=target) | ast.AsyncFor(target=target):
                self._bind(_names(target), replace(place, certain=False))
                self._later(node.body, place)
                self._later(node.orelse, place)
            case ast.While(body=body, orelse=orelse):
                self._later(body, place)
                self._later(orelse, place)
            case ast.Match(cases=cases):
                for case in cases:
                    self._bind(_captured(case.pattern), replace(place, certain=False))
                    self._later(case.body, place)
            case ast.Delete(targets=targets) if place.top:
                self._symbols.certain.difference_update(_names(*targets))
            case _:
                alias = getattr(node, "name", None)  # a `type` statement, since Python 3.12
                if isinstance(alias, ast.Name):
                    self._bind([alias.id], place)

    def _import(self, node: ast.Import | ast.ImportFrom, place: _Place) -> None:
        level = node.level if isinstance(node, ast.ImportFrom) else 0
        for alias in node.names:
            module, name = alias.name, None
            if isinstance(node, ast.ImportFrom):
                module, name = node.module or "", alias.name
            imported = Import(
                node.lineno,
                level,
                module,
                name,
                place.guarded,
                place.typing_only,
                alias,
                not place.top,
            )
            self._symbols.imports.append(imported)
            if name == "*":
                if place.top:
                    self._symbols.stars.append(imported)
            elif place.top:
                (self._symbols.typed if place.typing_only else self._symbols.bound).add(
                    imported.binds
                )
                self._symbols._importing[imported.binds].append(imported)

    def _bind(self, names: Iterable[str], place: _Place) -> None:
        if place.top:
            bound = tuple(names)
            (self._symbols.typed if place.typing_only else self._symbols.bound).update(bound)
            self._symbols.defined.update(bound)
            if place.certain:
                self._symbols.certain.update(bound)

    def _exports(self, target: ast.expr, value: ast.expr, place: _Place) -> None:
        if not place.top or not (isinstance(target, ast.Name) and target.id == "__all__"):
            return
        if isinstance(value, ast.List | ast.Tuple):
            texts = [element.value for element in value.elts if isinstance(element, ast.Constant)]
            names = tuple(text for text in texts if isinstance(text, str))
            if len(names) == len(value.elts):
                self._symbols.exported = (self._symbols.exported or ()) + names
                return
        self._symbols.dynamic = True


def _names(*targets: ast.expr | None) -> Iterator[str]:
    waiting = list(targets)
    while waiting:
        match waiting.pop():
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=items) | ast.List(elts=items):
                waiting += items
            case ast.Starred(value=value):
                waiting.append(value)
            case _:
                pass


def _captured(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case _:
                pass


def _last(node: ast.expr | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_type_checking(test: ast.expr) -> bool:
    return _last(test) == "TYPE_CHECKING"


def _is_main(test: ast.expr) -> bool:
    parts = list(ast.walk(test))
    named = any(isinstance(part, ast.Name) and part.id == "__name__" for part in parts)
    return named and any(
        isinstance(part, ast.Constant) and part.value == "__main__" for part in parts
    )


def _catches(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    several = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(_last(exception) in _CATCHES for exception in several)


def _suppresses(item: ast.withitem) -> bool:
    match item.context_expr:
        case ast.Call(func=function, args=args):
            return _last(function) == "suppress" and any(map(_catches, args))
        case _:
            return False
