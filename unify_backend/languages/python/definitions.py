"""The definitions that differ between two Python modules, by qualified name, and what of two
modules means the same."""

import ast
import io
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from inspect import cleandoc

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.source import parse
from unify_backend.model.checks import DefinedTwice
from unify_backend.model.tree_diff import DefinitionChange, DefinitionKind, DefinitionStatus

_LABEL = 60
_BRANCH = (ast.ExceptHandler, ast.match_case)
_BLOCKS = ("body", "orelse", "finalbody")
_PARTS = (*_BLOCKS, "handlers", "cases")  # all that holds statements, or what holds them


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_SIMPLE = (ast.Expr, ast.Assign, ast.Return, ast.AnnAssign, ast.AugAssign)  # hold no statement
Source = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a module or class body, as it is compared.

    `signature` and `body` are syntax; a class's members are parts of their own, and so are the
    statements inside `if`, `try`, `with` and loops, because they bind in the same scope.
    `source` is what is written: where it is equal nothing needs to be compared.
    """

    scope: str
    label: str
    kind: DefinitionKind
    signature: Sequence[object]
    body: Sequence[object]
    source: Source

    @property
    def name(self) -> str:
        """The qualified name."""
        return f"{self.scope}.{self.label}" if self.scope else self.label


@dataclass(slots=True)
class Outline:
    """A module's parts by name and kind (a name may be bound several times), and its imports."""

    parts: dict[tuple[str, DefinitionKind], list[Part]] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    import_nodes: list[ast.stmt] = field(default_factory=list)


def outline(tree: ast.Module, text: str) -> Outline:
    """What `tree`, the syntax of `text` (lines ending in a line feed), defines."""
    definitions = Outline()
    reader = _Reader(definitions, text.split("\n"))
    reader.block(tree.body, "")
    while reader.waiting:  # no recursion: each `elif` of a chain is one level deeper
        reader.statement(*reader.waiting.pop())
    return definitions


def changed_definitions(legacy: Outline, canonical: Outline) -> tuple[DefinitionChange, ...]:
    """What differs, sorted by name; never empty, provided the trees differ: what no definition
    shows is the order of statements.

    Members of a class that is there on one side only are not listed beside the class.
    """
    whole = _class_names(legacy) ^ _class_names(canonical)
    changes = dict.fromkeys(_import_changes(legacy, canonical))
    for key in legacy.parts.keys() | canonical.parts.keys():
        olds, news = legacy.parts.get(key, []), canonical.parts.get(key, [])
        if not _inside((olds or news)[0].scope, whole):
            changes |= dict.fromkeys(_part_changes(*key, olds, news))
    if not changes:
        order = DefinitionChange("order of statements", DefinitionKind.OTHER, DefinitionStatus.BODY)
        return (order,)
    return tuple(sorted(changes, key=lambda change: (change.name, change.kind, change.change)))


def _class_names(definitions: Outline) -> set[str]:
    return {name for name, kind in definitions.parts if kind is DefinitionKind.CLASS}


def _inside(scope: str, classes: set[str]) -> bool:
    return any(scope == name or scope.startswith(f"{name}.") for name in classes)


def _import_changes(legacy: Outline, canonical: Outline) -> Iterator[DefinitionChange]:
    gained = tuple(sorted(canonical.imports - legacy.imports))
    lost = tuple(sorted(legacy.imports - canonical.imports))
    if gained and not lost:
        change = DefinitionStatus.ADDED
    elif lost and not gained:
        change = DefinitionStatus.REMOVED
    elif gained or not same(legacy.import_nodes, canonical.import_nodes):
        change = DefinitionStatus.BODY
    else:
        return
    yield DefinitionChange("imports", DefinitionKind.IMPORT, change, gained, lost)


def _part_changes(
    name: str, kind: DefinitionKind, olds: list[Part], news: list[Part]
) -> Iterator[DefinitionChange]:
    """Overloads and other bindings of one name: equal ones cancel out, the rest goes in order."""
    olds, news = _without_equals(olds, news)
    for old, new in zip(olds, news, strict=False):
        if not same(old.signature, new.signature):
            yield DefinitionChange(name, kind, DefinitionStatus.SIGNATURE)
        if not same(old.body, new.body):
            yield DefinitionChange(name, kind, DefinitionStatus.BODY)
    if len(olds) > len(news):
        yield DefinitionChange(name, kind, DefinitionStatus.REMOVED)
    if len(news) > len(olds):
        yield DefinitionChange(name, kind, DefinitionStatus.ADDED)


def _without_equals(olds: list[Part], news: list[Part]) -> tuple[list[Part], list[Part]]:
    written_alike = Counter(part.source for part in olds if part.source)
    written_alike &= Counter(part.source for part in news)
    left: list[Part] = []
    rest = list(_without_sources(news, written_alike))
    for old in _without_sources(olds, written_alike):
        for at, new in enumerate(rest):
            if same(old.signature, new.signature) and same(old.body, new.body):
                del rest[at]
                break
        else:
            left.append(old)
    return left, rest


def _without_sources(parts: list[Part], known: Counter[Source]) -> Iterator[Part]:
    left = known.copy()
    for part in parts:
        if left[part.source] > 0:
            left[part.source] -= 1
        else:
            yield part


@dataclass(slots=True)
class _Reader:
    definitions: Outline
    lines: list[str]
    waiting: list[tuple[ast.stmt, str]] = field(default_factory=list)

    def block(self, statements: Sequence[ast.stmt], scope: str) -> None:
        self.waiting += [(statement, scope) for statement in reversed(statements)]

    def statement(self, node: ast.stmt, scope: str) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self.definitions.imports.update(_imported(node))
                self.definitions.import_nodes.append(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                kind = DefinitionKind.METHOD if scope else DefinitionKind.FUNCTION
                self._add(node, scope, node.name, kind, *_function(node))
            case ast.ClassDef():
                self._class(node, scope)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self._assignment(node, scope)
            case ast.Pass():
                pass
            case _:
                self._other(node, scope)

    def _add(
        self,
        node: ast.stmt,
        scope: str,
        label: str,
        kind: DefinitionKind,
        signature: Sequence[object],
        body: Sequence[object],
        source: bool = True,
    ) -> None:
        part = Part(scope, label, kind, signature, body, self._source(node) if source else ())
        self.definitions.parts.setdefault((part.name, kind), []).append(part)

    def _source(self, node: ast.stmt) -> Source:
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        last = node.end_lineno or node.lineno
        return tuple(self.lines[first - 1 : last])

    def _class(self, node: ast.ClassDef, scope: str) -> None:
        signature = [node.decorator_list, node.bases, node.keywords, _type_parameters(node)]
        self._add(node, scope, node.name, DefinitionKind.CLASS, signature, (), source=False)
        self.block(node.body, f"{scope}.{node.name}" if scope else node.name)

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: str) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        named = all(isinstance(target, ast.Name | ast.Tuple | ast.List) for target in targets)
        kind = DefinitionKind.CONSTANT if named else DefinitionKind.OTHER
        label = ", ".join(_written(target).strip("()[]") for target in targets)
        annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
        operator = node.op if isinstance(node, ast.AugAssign) else None
        self._add(node, scope, label, kind, [annotation], [operator, targets, node.value])

    def _other(self, node: ast.stmt, scope: str) -> None:
        alias = getattr(node, "name", None)
        if isinstance(alias, ast.Name):  # a `type` statement, since Python 3.12
            header, _ = _compound(node)
            return self._add(node, scope, alias.id, DefinitionKind.CONSTANT, (), header)
        header, blocks = _compound(node)
        self._add(node, scope, _label(node), DefinitionKind.OTHER, (), header, not blocks)
        for block in reversed(blocks):
            self.block(block, scope)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[list[object], list[ast.stmt]]:
    asynchronous = isinstance(node, ast.AsyncFunctionDef)
    return [
        asynchronous,
        node.decorator_list,
        node.args,
        node.returns,
        _type_parameters(node),
    ], node.body


def _type_parameters(node: ast.stmt) -> object:
    return getattr(node, "type_params", [])  # since Python 3.12


def _compound(node: ast.AST) -> tuple[list[object], list[list[ast.stmt]]]:
    """A statement's own expressions, and the blocks of statements inside it."""
    header: list[object] = [type(node).__name__]
    blocks: list[list[ast.stmt]] = []
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            blocks.append(value)
        elif isinstance(value, list) and value and isinstance(value[0], _BRANCH):
            for inner, inside in map(_compound, value):
                header.append(inner)
                blocks += inside
        else:
            header.append(value)
    return header, blocks


def _label(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Call(func=function)):
            return f"{_written(function)}(…)"
        case ast.If(test=test):
            return f"if {_written(test)}"
        case ast.While(test=test):
            return f"while {_written(test)}"
        case ast.For(target=target) | ast.AsyncFor(target=target):
            return f"for {_written(target)}"
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return f"with {_written(items[0].context_expr)}"
        case ast.Delete(targets=targets):
            return f"del {', '.join(map(_written, targets))}"
        case _:
            return type(node).__name__.lower()


def _written(node: ast.expr) -> str:
    try:
        text = ast.unparse(node)
    except RecursionError:
        return type(node).__name__.lower()
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    prefix = ""
    if isinstance(node, ast.ImportFrom):
        prefix = "." * node.level + (f"{node.module}." if node.module else "")
    for alias in node.names:
        yield f"{prefix}{alias.name}" + (f" as {alias.asname}" if alias.asname else "")


def same(first: object, second: object) -> bool:
    """Whether two trees, or lists of trees, mean the same: all fields equal, places left out.

    Works without recursion, because generated code can be nested deeper than the stack.
    """
    waiting = [(first, second)]
    while waiting:
        left, right = waiting.pop()
        if left is right:
            continue
        if type(left) is not type(right):
            return False
        if isinstance(left, ast.AST):
            waiting += [
                (getattr(left, name, None), getattr(right, name, None))
                for name in left._fields
                if name != "kind"  # the u of u"text"
            ]
        elif isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif left != right:
            return False
    return True


def _holders(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node that may hold statements, outer ones first: no expression does."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        yield node
        for part in _PARTS:
            block = getattr(node, part, None)
            if isinstance(block, list):
                waiting += [child for child in block if not isinstance(child, _SIMPLE)]


def tidy_docstrings(tree: ast.Module) -> None:
    """Takes the indentation and what is blank at the end out of docstrings, in place."""
    for node in _holders(tree):
        if isinstance(node, _WITH_DOCSTRING):
            text = _bare_string(node.body[0]) if node.body else None
            if text is not None:
                text.value = cleandoc(str(text.value)).rstrip()


def drop_bare_strings(tree: ast.Module) -> None:
    """Takes out, in place, the statements that are only a string: docstrings, examples, notes
    below an attribute. A block left empty becomes `pass`."""
    for node in _holders(tree):
        for part in _BLOCKS:
            block = getattr(node, part, None)
            if not isinstance(block, list):
                continue
            statements = [statement for statement in block if _bare_string(statement) is None]
            if not statements and block and part == "body" and node is not tree:
                statements = [ast.copy_location(ast.Pass(), block[0])]
            block[:] = statements


def comments(text: str) -> list[str]:
    """All comments in order, trailing blanks left out. Text that the tokenizer cannot read is one
    comment, so that it equals nothing but itself."""
    try:
        return [
            token.string.rstrip()
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT
        ]
    except (tokenize.TokenError, SyntaxError):
        return [text]


def _bare_string(statement: ast.AST) -> ast.Constant | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value if isinstance(statement.value.value, str) else None
    return None


_PIECEMEAL = frozenset({"overload", "setter", "getter", "deleter", "register", "dispatch"})


class _Sort(Enum):
    DEFINED = auto()
    IMPORTED = auto()
    DECLARED = auto()


@dataclass(frozen=True, slots=True)
class _Binding:
    name: str
    line: int
    sort: _Sort
    source: str  # where an import comes from


def defined_twice(text: str) -> tuple[DefinedTwice, ...]:
    """What `text` defines more than once in one scope, sorted by line; empty where it does not
    parse (that is another check's finding)."""
    try:
        tree = parse(text)
    except Unparsable:
        return ()
    duplicates: list[DefinedTwice] = []
    waiting: list[tuple[str, Sequence[ast.stmt], bool]] = [("", tree.body, False)]
    while waiting:
        scope, block, counted = waiting.pop()
        duplicates += _in_block(scope, block, counted)
        for node in block:
            waiting += _inner(scope, node)
    return tuple(sorted(duplicates, key=lambda duplicate: (duplicate.lines, duplicate.name)))


def newly_twice(after: str, *sides: str) -> tuple[DefinedTwice, ...]:
    """What `after` defines more often than each of the `sides` that were merged."""
    duplicates = defined_twice(after)
    if not duplicates:
        return ()
    known = [
        {duplicate.name: len(duplicate.lines) for duplicate in defined_twice(side)}
        for side in sides
    ]
    return tuple(
        duplicate
        for duplicate in duplicates
        if all(len(duplicate.lines) > side.get(duplicate.name, 1) for side in known)
    )


def _inner(scope: str, node: ast.stmt) -> Iterator[tuple[str, Sequence[ast.stmt], bool]]:
    """The blocks in which `node` goes on, each with its scope and whether it counts members."""
    match node:
        case ast.ClassDef():
            yield _qualified(scope, node.name), node.body, any(map(_counted, node.bases))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _qualified(scope, node.name), node.body, False
        case ast.Match(cases=cases):
            for case in cases:
                yield scope, case.body, False
        case _:
            for field in ("body", "orelse", "finalbody"):
                if block := getattr(node, field, None):
                    yield scope, block, False
            for handler in getattr(node, "handlers", ()):
                yield scope, handler.body, False


def _qualified(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _counted(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return name.endswith(("Enum", "Flag"))


def _in_block(scope: str, block: Sequence[ast.stmt], counted: bool) -> Iterator[DefinedTwice]:
    bindings: dict[str, list[_Binding]] = defaultdict(list)
    for node in block:
        if isinstance(node, ast.Delete):
            for target in node.targets:
                bindings.pop(getattr(target, "id", ""), None)
        for binding in _bindings(node, counted):
            bindings[binding.name].append(binding)
    for name, several in bindings.items():
        lines = _clashing(several)
        if len(lines) > 1 and name != "_":
            yield DefinedTwice(_qualified(scope, name), lines)


def _clashing(several: list[_Binding]) -> tuple[int, ...]:
    """The lines that bind the name again; a repeated import counts once."""
    bindings: list[_Binding] = []
    for binding in several:
        again = binding.sort is _Sort.IMPORTED and any(
            binding.source == other.source for other in bindings
        )
        # `x: int` before `def x` or an import is a placeholder.
        mixed = {binding.sort, *(other.sort for other in bindings)} > {_Sort.DECLARED}
        if not again and not mixed:
            bindings.append(binding)
    return tuple(binding.line for binding in bindings)


def _bindings(node: ast.stmt, counted: bool) -> Iterator[_Binding]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if not any(_piecemeal(decorator, node.name) for decorator in node.decorator_list):
                yield _Binding(node.name, node.lineno, _Sort.DEFINED, "")
        case ast.ClassDef():
            yield _Binding(node.name, node.lineno, _Sort.DEFINED, "")
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield _Binding(name, node.lineno, _Sort.DECLARED, "")
        case ast.Assign(targets=[ast.Name(id=name)]) if counted:
            yield _Binding(name, node.lineno, _Sort.DECLARED, "")
        case ast.Import(names=names):
            for alias in names:
                bound = alias.asname or alias.name.partition(".")[0]
                source = alias.name if alias.asname else bound
                yield _Binding(bound, node.lineno, _Sort.IMPORTED, source)
        case ast.ImportFrom(names=names):
            for alias in (name for name in names if name.name != "*"):
                source = f"{'.' * node.level}{node.module or ''}:{alias.name}"
                yield _Binding(alias.asname or alias.name, node.lineno, _Sort.IMPORTED, source)
        case _:
            pass


def _piecemeal(decorator: ast.expr, name: str) -> bool:
    """Whether a decorator says that this is one of several pieces of `name`: it is known for
    that, or is taken from what `name` was before (`@area.setter`, `@render.when(…)`)."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return last in _PIECEMEAL or getattr(node, "id", "") == name
