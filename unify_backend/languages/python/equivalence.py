"""Whether a file parses, and whether two files mean the same under a renaming."""

from __future__ import annotations

import ast
import re
import symtable
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeGuard

from unify_backend.languages.python.path_segments import JOINERS
from unify_backend.languages.python.source import (
    SyntaxProblem,
    attribute_chain,
    called,
    syntax_tree,
)
from unify_backend.model.text import may_name_encoding


def syntax_problem(data: bytes) -> str | None:
    """Why the interpreter that runs us cannot parse `data`, like `line 3: invalid syntax`.

    None where it can. Bytes go in as they are, so the coding line counts (PEP 263).
    """
    tree = syntax_tree(data)
    return str(tree) if isinstance(tree, SyntaxProblem) else None


def differs(before: bytes, after: bytes, unify: Callable[[str], str]) -> str | None:
    """How `after` means something else than `before`, or None where the two mean the same.

    `unify` maps any text to one spelling of the renamed names; both syntax trees are compared
    with it applied to module names, dotted chains and strings, and everything else (structure,
    names, numbers, order) as it is. The idea is black's `assert_equivalent`. An import may get an
    alias, if nobody used that name and its uses follow. Where names change, the compiler must
    resolve each to the same variable as before.
    """
    old, new = syntax_tree(before), syntax_tree(after)
    if isinstance(old, SyntaxProblem):
        return f"it did not parse before: {old}"
    if isinstance(new, SyntaxProblem):
        return f"it would not parse: {new}"
    changed = _changed_parts(old, new, before, after)
    facts = [_facts(tree) for tree in changed]
    bound, aliases = _rebound(facts[0][1], facts[1][1], unify)
    if aliases:  # their uses may stand in statements that did not change
        changed = _changed_parts(old, new, before, after, aliases)
        facts = [_facts(tree) for tree in changed]
    if aliases and not aliases.keys().isdisjoint(identifiers(before)):
        return f"an alias among {', '.join(sorted(aliases))} is a name that the file uses already"
    (old_names, _), (new_names, _) = facts
    if not _equal(_Unified(unify).visit(changed[0]), _Unified(unify, aliases).visit(changed[1])):
        return "its syntax tree would change beyond the renaming"
    return _resolution_problem(before, after, bound) if bound or old_names != new_names else None


def _facts(tree: ast.Module) -> tuple[set[str], list[ast.alias]]:
    """The names that the module uses, and what it imports by `import`, in the order of a walk."""
    names: set[str] = set()
    imports: list[ast.alias] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Import):
            imports += node.names
    return names, imports


def _equal(old: object, new: object) -> bool:
    """Whether two trees, or parts of them, are the same but for the places in their sources."""
    todo: list[tuple[object, object]] = [(old, new)]
    while todo:
        before, after = todo.pop()
        if type(before) is not type(after):
            return False
        if isinstance(before, ast.AST):
            for name in before._fields:
                todo.append((getattr(before, name, None), getattr(after, name, None)))
        elif isinstance(before, list) and isinstance(after, list):
            if len(before) != len(after):
                return False
            todo += zip(before, after, strict=True)
        elif isinstance(before, float | complex):  # 0.0 equals -0.0, and is another number
            if repr(before) != repr(after):
                return False
        elif before != after:
            return False
    return True


# Fields of syntax nodes that hold statements
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_LINE_END = re.compile(rb"\r\n?|\n")
_MARK = b"\xef\xbb\xbf"


def _changed_parts(
    old: ast.Module, new: ast.Module, before: bytes, after: bytes, aliases: Collection[str] = ()
) -> tuple[ast.Module, ast.Module]:
    """Both trees without the statements that are the same, byte for byte, at the same place of
    the same block, and use none of `aliases`: they mean the same. The whole trees where that
    cannot be seen."""
    was, now = _Statements.of(before, aliases), _Statements.of(after, aliases)
    pairs = None if was is None or now is None else _pairs(old.body, new.body, was, now)
    if pairs is None:
        return old, new
    return _module(pair[0] for pair in pairs), _module(pair[1] for pair in pairs)


def _pairs(
    old: Sequence[ast.AST], new: Sequence[ast.AST], before: _Statements, after: _Statements
) -> list[tuple[ast.AST, ast.AST]] | None:
    """The statements that differ; a compound one without its blocks, followed by what differs in
    them. None where two blocks are not built alike."""
    if len(old) != len(new):
        return None
    pairs: list[tuple[ast.AST, ast.AST]] = []
    for was, now in zip(old, new, strict=True):
        if type(was) is not type(now):
            return None
        same = before.of_node(was)
        if same == after.of_node(now) != b"" and not before.uses_alias(same):
            continue
        if not isinstance(getattr(was, "body", None), list):
            pairs.append((was, now))
            continue
        pairs.append((_shell(was), _shell(now)))
        for name in BLOCKS:
            inner = _pairs(getattr(was, name, ()), getattr(now, name, ()), before, after)
            if inner is None:
                return None
            pairs += inner
    return pairs


def _module(parts: Iterable[ast.AST]) -> ast.Module:
    module = ast.Module([], [])
    module.body = list(parts)  # type: ignore[arg-type]  # handlers and cases stand here as well
    return module


def _shell(node: ast.AST) -> ast.AST:
    """The node with empty blocks."""
    fields = {name: [] if name in BLOCKS else value for name, value in ast.iter_fields(node)}
    return type(node)(**fields)


class _Statements:
    """The bytes of each statement of a source in UTF-8, in which the parser counts columns."""

    def __init__(self, source: bytes, aliases: Collection[str]) -> None:
        words = "|".join(map(re.escape, aliases))
        self._aliases = re.compile(rf"\b(?:{words})\b".encode()) if aliases else None
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source))]

    @classmethod
    def of(cls, source: bytes, aliases: Collection[str] = ()) -> _Statements | None:
        """None for a source in another encoding, or with a coding line that may name one."""
        if may_name_encoding(source) or not _is_utf8(source):
            return None
        return cls(source.removeprefix(_MARK), aliases)

    def uses_alias(self, statement: bytes) -> bool:
        """Whether a statement may use one of the aliases; a letter that is not ASCII can be
        another spelling of one that is (the parser normalizes names, PEP 3131)."""
        if self._aliases is None:
            return False
        return not statement.isascii() or self._aliases.search(statement) is not None

    def of_node(self, node: ast.AST) -> bytes:
        """From its first decorator to its end; empty where the parser gives no place."""
        if not isinstance(node, ast.stmt | ast.ExceptHandler):
            return b""
        first = min([node, *getattr(node, "decorator_list", ())], key=lambda part: part.lineno)
        start = self._starts[first.lineno - 1] + first.col_offset
        end = self._starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        return self._source[start:end]


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _rebound(
    old: Sequence[ast.alias], new: Sequence[ast.alias], unify: Callable[[str], str]
) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """What imports bound → what they bind now, and the modules of the aliases that are new."""
    bound: dict[str, set[str]] = defaultdict(set)
    aliases: dict[str, str] = {}
    for before, after in zip(old, new, strict=False):
        if before.asname or before.name == after.name or unify(before.name) != unify(after.name):
            continue
        root = before.name.split(".")[0]
        bound[root].add(after.asname or after.name.split(".")[0])
        if after.asname and aliases.setdefault(after.asname, after.name) != after.name:
            aliases[after.asname] = ""  # one name for two modules stands for neither
    return {root: frozenset(names) for root, names in bound.items()}, aliases


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


class _Unified(ast.NodeTransformer):
    """Writes every place that can hold the package's name in one spelling."""

    def __init__(
        self, unify: Callable[[str], str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self._unify = unify
        self._aliases = aliases or {}

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            return ast.Constant(self._unify(node.value), node.kind)
        if isinstance(node.value, bytes):
            text = node.value.decode("latin-1")
            return ast.Constant(self._unify(text).encode("latin-1", "replace"), None)
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST:
        return ast.Import([self._imported(alias) for alias in node.names])

    def _imported(self, alias: ast.alias) -> ast.alias:
        stands_for = alias.asname is not None and self._aliases.get(alias.asname) == alias.name
        return ast.alias(self._unify(alias.name), None if stands_for else alias.asname)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.level or node.module is None:
            return node
        if len(node.names) == 1:  # `from acme import billing` may become `from acme.core import x`
            name = node.names[0]
            written = f"{node.module}.{name.name}"
            whole = self._unify(written)
            # In full it is one of the names, even where its package is another one of them.
            exactly = whole != written and "." not in whole
            if not exactly and (whole == written or self._unify(node.module) != node.module):
                return ast.ImportFrom(self._unify(node.module), node.names, 0)
            return ast.ImportFrom(whole, [ast.alias(name.asname or name.name)], 0)
        return ast.ImportFrom(self._unify(node.module), node.names, 0)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """`root / "acme" / "billing"` as one path, so that its segments count as one name."""
        operands: list[ast.expr] = []
        current: ast.expr = node
        while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Div):
            operands.append(current.right)
            current = current.left
        if not operands:
            self.generic_visit(node)
            return node
        first = [current]
        if isinstance(current, ast.Call) and called(current) in JOINERS and not current.keywords:
            first = [current.func, *current.args]
        return ast.Tuple(self._path([*first, *reversed(operands)]), ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if called(node) in JOINERS and len(node.args) > 1:
            keywords = [self.visit(keyword) for keyword in node.keywords]
            return ast.Call(self.visit(node.func), self._path(node.args), keywords)
        self.generic_visit(node)
        return node

    def _path(self, operands: list[ast.expr]) -> list[ast.expr]:
        """The operands with neighbouring literals joined by slashes, each in one spelling."""
        joined: list[ast.expr] = []
        for operand in operands:
            before = joined[-1] if joined else None
            if _is_text(operand) and before is not None and _is_text(before):
                joined[-1] = ast.Constant("/".join((str(before.value), str(operand.value))))
            else:
                joined.append(operand)
        return [self.visit(operand) for operand in joined]

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        base, attributes = attribute_chain(node)
        if not isinstance(base, ast.Name):
            self.generic_visit(node)
            return node
        dotted = ".".join((self._aliases.get(base.id) or base.id, *attributes))
        return ast.Attribute(ast.Name(self._unify(dotted), ast.Load()), "", node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not isinstance(node.ctx, ast.Load):  # a dotted name cannot stand where one is bound
            return node
        whole = self._aliases.get(node.id) or node.id
        return ast.Attribute(ast.Name(self._unify(whole), ast.Load()), "", node.ctx)


_Flags = tuple[bool, ...]


def _resolution_problem(
    before: bytes, after: bytes, renamed: Mapping[str, frozenset[str]]
) -> str | None:
    """Which name would mean another variable in `after`, or None where all stay what they are.

    `renamed` maps the roots that imports bound to the names that they bind now. Both sources must
    parse.
    """
    old, new = _table(before), _table(after)
    if isinstance(old, str):
        return f"the compiler does not take it: {old}"
    if isinstance(new, str):
        return f"the compiler would not take it: {new}"
    inlined = _inlined(after) if sys.version_info >= (3, 12) else frozenset()
    return next(_problems(old, new, renamed, inlined), None)


def identifiers(source: bytes) -> frozenset[str]:
    """Every name that any scope of the source knows; empty where it cannot be compiled."""
    table = _table(source)
    if isinstance(table, str):
        return frozenset()
    names: set[str] = set()
    todo = [table]
    while todo:
        scope = todo.pop()
        names.update(scope.get_identifiers())
        todo += scope.get_children()
    return frozenset(names)


def _table(source: bytes) -> symtable.SymbolTable | str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return symtable.symtable(source, "module", "exec")  # type: ignore[arg-type]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__


def _problems(
    old: symtable.SymbolTable,
    new: symtable.SymbolTable,
    renamed: Mapping[str, frozenset[str]],
    inlined: frozenset[str],
) -> Iterator[str]:
    todo = [(old, new)]
    while todo:
        before, after = todo.pop()
        inner, inner_now = before.get_children(), after.get_children()
        if len(inner) != len(inner_now) or before.get_type() != after.get_type():
            yield f"line {before.get_lineno()} would be another scope"
            return
        todo += zip(inner, inner_now, strict=True)
        yield from _changed(before, after, renamed, inlined)


def _changed(
    before: symtable.SymbolTable,
    after: symtable.SymbolTable,
    renamed: Mapping[str, frozenset[str]],
    inlined: frozenset[str],
) -> Iterator[str]:
    old = {symbol.get_name(): _flags(symbol) for symbol in before.get_symbols()}
    new = {symbol.get_name(): _flags(symbol) for symbol in after.get_symbols()}
    place = f"in the scope at line {before.get_lineno()}" if before.get_lineno() else "in the file"
    for name in old.keys() & new.keys():
        heirs = renamed.get(name, frozenset()) & new.keys() if name in inlined else frozenset()
        if old[name] != new[name] and not any(new[heir] == old[name] for heir in heirs):
            yield f"{name!r} would be another variable {place}"
    for name in old.keys() - new.keys():
        heirs = renamed.get(name, frozenset()) & new.keys()
        if not any(new[heir] == old[name] for heir in heirs):
            yield f"{name!r} would be lost {place}"
    for name in new.keys() - old.keys():
        sources = [root for root, heirs in renamed.items() if name in heirs and root in old]
        if not any(old[source] == new[name] for source in sources):
            yield f"{name!r} would be a new variable {place}"


def _inlined(source: bytes) -> frozenset[str]:
    """Names that comprehensions bind. Since Python 3.12 (PEP 709) a comprehension has no table of
    its own: the scope around it has its names, where nothing else there is called so."""
    tree = syntax_tree(source)
    nodes = () if isinstance(tree, SyntaxProblem) else ast.walk(tree)
    targets = (node.target for node in nodes if isinstance(node, ast.comprehension))
    return frozenset(
        name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
    )


def _flags(symbol: symtable.Symbol) -> _Flags:
    return (
        symbol.is_local(),
        symbol.is_global(),
        symbol.is_declared_global(),
        symbol.is_free(),
        symbol.is_parameter(),
        symbol.is_imported(),
        symbol.is_assigned(),
        symbol.is_annotated(),
    )
