"""Identifiers that are spelled like the package: bound by its import, or something else.

A variable is a name in one scope. Where imports of the package alone bind it, the import and every
use of it are renamed together; where anything else binds it too, they need review.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.python.imports import ImportedModule, modules_in
from unify_backend.languages.python.scopes import Binding, Kind, Read, Scope, Scopes
from unify_backend.languages.python.source import SyntaxProblem, python_fragment
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.model.text import PYTHON_FILES

if TYPE_CHECKING:
    from tree_sitter import Node


_CHAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_FORM = "python-name"
_BOUND = Evidence.BOUND_NAME


@dataclass(frozen=True, slots=True)
class IdentifierUse:
    """An identifier outside import statements, and the hit that stands on it."""

    node: Node
    hit: Span


@dataclass(frozen=True, slots=True)
class _Answer:
    """What becomes of one variable: nothing (`conflict` says why), a rename, or aliases."""

    conflict: str = ""
    places: dict[int, tuple[str, str]] = field(default_factory=dict)


class Bindings:
    """What binds the package's root name in one text, as far as the rename could change it."""

    def __init__(
        self,
        tree: SyntaxTree,
        fragment: Fragment,
        uses: Sequence[IdentifierUse],
        statements: Sequence[tuple[Node, Span]],
    ) -> None:
        self._tree = tree
        self._fragment = fragment
        self._uses = uses
        self._code = fragment.path.endswith(PYTHON_FILES) and not fragment.embedded
        self._answers: dict[tuple[Scope, str], _Answer] = {}
        self._reads: dict[str, list[Read]] = defaultdict(list)  # by name, in order of place
        self._homes: dict[tuple[Scope | None, str], list[Read]] = defaultdict(list)
        self._scopes: Scopes | None = None
        if uses or any(_binds_root(tree, statement, hit) for statement, hit in statements):
            self._scopes = self._read_scopes()

    def contexts(self) -> Iterator[SyntaxContext]:
        """A zone for each of the identifiers."""
        for use in self._uses:
            if (zone := self._place(use)) is not None:
                yield zone

    def of_import(self, place: Span, root: str) -> SyntaxContext | None:
        """The zone of an `import a.b` at `place` that cannot simply be renamed, else None."""
        if self._scopes is None:
            return None
        home = self._scopes.scope_of(place.start).find(root)
        return (
            None
            if home is None
            else self._zone(home, root, place, "python-import", Evidence.PARSED_IMPORT)
        )

    def of_from_import(self, hit: Span, module: str) -> SyntaxContext:
        """The zone of a name that `from module import …` takes from another module."""
        root = self._tree.text[hit.start : hit.end]
        home = self._scopes.scope_of(hit.start).find(root) if self._scopes else None
        return self._of_other_module(hit, home, root, module, imports=True)

    def _of_other_module(
        self, hit: Span, home: Scope | None, root: str, module: str, imports: bool = False
    ) -> SyntaxContext:
        """The import of the root from `module`, or a use of what it binds."""
        note = "a name imported from another module"
        moves = [move for move in self._fragment.moves if move.legacy == root]
        if not self._code or not moves:
            return SyntaxContext(hit, _FORM, ContextKind.OTHER_NAME, note=note, evidence=_BOUND)
        problem = ""
        if home is not None:
            reads = self._homes[home, root]
            if _through(home, root) != module:
                problem = f"more than one line binds {root!r}"
            else:
                problem = self._mixed(home, root, reads, moves)
            problem = problem or self._collision(home, moves[0], reads)
        return NameThroughModule(
            hit,
            _FORM,
            ContextKind.OTHER_NAME,
            note=note,
            evidence=_BOUND,
            module=module,
            problem=problem,
            imports=imports,
        )

    def _read_scopes(self) -> Scopes | None:
        moves = self._fragment.moves
        roots = {name.split(".")[0] for move in moves for name in (move.legacy, move.canonical)}
        source = python_fragment(self._tree.text)
        if isinstance(source, SyntaxProblem):
            return None
        scopes = Scopes(source, roots)
        # Before Python 3.12 the parser does not say where in an f-string a name stands.
        stray = [read for root in roots for read in self._in_strings(scopes, root)]
        for read in sorted((*scopes.reads.values(), *stray), key=lambda read: read.start):
            self._reads[read.name].append(read)
            self._homes[read.scope.find(read.name), read.name].append(read)
        return scopes

    def _in_strings(self, scopes: Scopes, root: str) -> Iterator[Read]:
        text = self._tree.text
        for match in re.finditer(rf"(?<![\w.]){re.escape(root)}(?!\w)", text):
            if scopes.knows(match.start()):
                continue
            node = self._tree.node_at(Span(*match.span()))
            if node.type != "identifier" or _is_member(node):
                continue
            if any(ancestor.type == "interpolation" for ancestor in around(node)):
                chain = _CHAIN.match(text, match.start())
                parts = tuple(chain.group().split(".")) if chain else (root,)
                scope = scopes.scope_at(match.start())
                yield Read(root, match.start(), _line(node), parts, scope)

    def _place(self, use: IdentifierUse) -> SyntaxContext | None:
        start = use.hit.start
        if self._tree.span(use.node).start != start or _is_member(use.node):
            note = "an attribute or keyword of something else"
            return SyntaxContext(use.hit, _FORM, ContextKind.OTHER_NAME, note=note, evidence=_BOUND)
        if self._scopes is None:  # without a syntax tree nothing is known about a name
            return None
        root = self._tree.text_of(use.node).split(".")[0]
        home = self._scopes.scope_of(start).find(root)
        if home is not None and self._package_imports(home, root):
            place = use.hit if self._bound_otherwise(home, root) else self._whole(use.hit, home)
            zone = self._zone(home, root, place, _FORM, _BOUND)
            return zone or SyntaxContext(place, _FORM, ContextKind.NAME)
        if home is not None and (module := _through(home, root)):
            return self._of_other_module(use.hit, home, root, module)
        if home is not None and (other := self._bound_otherwise(home, root)):
            note = f"a local variable defined on line {other.line}"
            return SyntaxContext(use.hit, _FORM, ContextKind.OTHER_NAME, note=note, evidence=_BOUND)
        if home is not None:
            return self._through_parent(use, root)
        if not self._code:
            return None  # examples in documents often omit their imports
        note = "a variable that no import of the package binds"
        return SyntaxContext(use.hit, _FORM, ContextKind.OTHER_NAME, note=note, evidence=_BOUND)

    def _zone(
        self, home: Scope, root: str, place: Span, form: str, evidence: Evidence
    ) -> SyntaxContext | None:
        answer = self._answer(home, root)
        if not answer.conflict:
            return None
        if place.start not in answer.places:
            return SyntaxContext(
                place, form, ContextKind.CONFLICT, note=answer.conflict, evidence=evidence
            )
        module, replacement = answer.places[place.start]
        span = Span(place.start, place.start + len(module))
        return RespelledName(
            span,
            form,
            ContextKind.CONFLICT,
            note=answer.conflict,
            evidence=evidence,
            replacement=replacement,
        )

    def _whole(self, hit: Span, home: Scope) -> Span:
        """The hit with the rest of the imported module's name behind it, so that a use goes where
        its import goes, whatever is missing further down."""
        text = self._tree.text
        written = _CHAIN.match(text, hit.start)
        chain = written.group() + "." if written else ""
        known = [
            binding.imported
            for imports in home.bound.values()
            for binding in imports
            if binding.imported and chain.startswith(binding.imported + ".")
        ]
        return Span(hit.start, max(hit.end, hit.start + len(max(known, key=len, default=""))))

    def _through_parent(self, use: IdentifierUse, root: str) -> SyntaxContext:
        """`import acme` alone, and then `acme.billing`."""
        text = self._tree.text
        parent = use.node.parent
        if parent is not None and parent.type in {"global_statement", "nonlocal_statement"}:
            note = "a declaration, which can only hold a word"
            return SyntaxContext(use.hit, _FORM, ContextKind.OTHER_NAME, note=note, evidence=_BOUND)
        moves = [m for m in self._fragment.moves if text.startswith(m.legacy, use.hit.start)]
        if any(root == move.canonical.split(".")[0] for move in moves):
            return SyntaxContext(use.hit, _FORM, ContextKind.NAME)
        note = f"reached through {root!r}, which the new name has left"
        return SyntaxContext(use.hit, _FORM, ContextKind.CONFLICT, note=note, evidence=_BOUND)

    def _package_imports(self, home: Scope, root: str) -> list[Binding]:
        return [binding for binding in home.bound.get(root, ()) if self._move_of(binding.imported)]

    def _bound_otherwise(self, home: Scope, root: str) -> Binding | None:
        """What binds the variable besides plain imports below the root."""
        return next((binding for binding in home.bound.get(root, ()) if not binding.imported), None)

    def _move_of(self, dotted: str) -> PackageMove | None:
        moves = [
            move for move in self._fragment.moves if f"{dotted}.".startswith(f"{move.legacy}.")
        ]
        return max(moves, key=lambda move: len(move.legacy), default=None)

    def _answer(self, home: Scope, root: str) -> _Answer:
        if (home, root) not in self._answers:
            self._answers[home, root] = self._decide(home, root)
        return self._answers[home, root]

    def _decide(self, home: Scope, root: str) -> _Answer:
        assert self._scopes is not None
        if other := self._bound_otherwise(home, root):
            return _Answer(
                f"line {other.line} binds {root!r} to something else too, "
                "so the rename could change what the name means"
            )
        imports = self._package_imports(home, root)
        moves = {
            binding.imported: move
            for binding in imports
            if (move := self._move_of(binding.imported))
        }
        reads = self._homes[home, root]
        if problem := self._mixed(home, root, reads, list(moves.values())):
            return _Answer(problem)
        for move in dict.fromkeys(moves.values()):
            if collision := self._collision(home, move, reads):
                names = {module: self._canonical(module, move) for module, move in moves.items()}
                ours = [read for read in reads if self._move_of(".".join(read.chain))]
                aliased = _aliased(self._tree.text, _Variable(home, imports, ours, names))
                if isinstance(aliased, _Aliased) and self._code:
                    return _Answer(f"{collision}: imported under an alias", dict(aliased.places))
                why = aliased if isinstance(aliased, str) else "an example"
                return _Answer(f"{collision}: import it under an alias ({why})")
        return _Answer()

    def _canonical(self, dotted: str, move: PackageMove) -> str:
        return move.canonical + dotted.removeprefix(move.legacy)

    def _mixed(
        self, home: Scope, root: str, reads: Sequence[Read], moves: Sequence[PackageMove]
    ) -> str:
        """Why not everything that the variable is used for can be renamed, or an empty string."""
        assert self._scopes is not None
        if home.kind is Kind.CLASS:
            return f"the import makes {root!r} an attribute of the class, which others may use"
        for scope in self._scopes.declaring:
            if root in scope.outside and scope.declared_in(root) is home:
                return f"line {scope.outside[root]} declares {root!r}, and can only declare a word"
        for scope in self._scopes.classes:
            if root not in scope.bound or not self._homes.get((scope, root)):
                continue
            if scope.parent is not None and scope.parent.find(root) is home:
                line = scope.bound[root][0].line
                return f"line {line} binds {root!r} in a class that reads it too"
        if home.parent is None and (line := self._exported(root)):
            return f"line {line} exports {root!r} in __all__"
        return self._left_behind(home, root, reads, moves)

    def _exported(self, root: str) -> int:
        """The line of `__all__` where it holds the root's name, or 0."""
        text = self._tree.text
        for match in re.finditer(r"(?m)^__all__\b[^=\n]*=\s*[\[(]([^\])]*)", text):
            if re.search(rf"([\"']){re.escape(root)}\1", match[1]):
                return text.count("\n", 0, match.start()) + 1
        return 0

    def _left_behind(
        self, home: Scope, root: str, reads: Sequence[Read], moves: Sequence[PackageMove]
    ) -> str:
        """Whether the file uses the legacy root for more than the package, with no other import."""
        text = self._tree.text
        stays = any(move.canonical.split(".")[0] == root for move in moves)
        others = any(not self._move_of(binding.imported) for binding in home.bound[root])
        for read in reads:
            whole = ".".join(read.chain)
            move = self._move_of(whole)
            if move is None and not stays and not others:
                return (
                    f"line {read.line} uses {root!r} beyond the package, and only the "
                    "renamed import binds it"
                )
            if move is not None and not text.startswith(move.legacy, read.start):
                return f"line {read.line} writes {move.legacy} in pieces"
        return ""

    def _collision(self, home: Scope, move: PackageMove, reads: Sequence[Read]) -> str:
        """Why the canonical root name is not free where it is needed, or an empty string."""
        assert self._scopes is not None
        root = move.canonical.split(".")[0]
        if root == move.legacy.split(".")[0]:
            return ""
        taken = f"a {root!r} of its own, which `import {move.canonical}` would bind"
        for scope in self._scopes.declaring:
            if root in scope.outside and (scope is home or scope.declared_in(root) is home):
                return f"line {scope.outside[root]} declares {taken}"
        for binding in home.bound.get(root, ()):
            if not binding.imported:
                return f"line {binding.line} has {taken}"
        for read in reads:
            if read.scope.find(root, extra=home) is not home:
                return f"line {read.line} stands where {root!r} is something else"
        inside = self._reads[root]
        if home.parent is not None:
            first = bisect_left(inside, home.inside.start, key=lambda read: read.start)
            inside = inside[
                first : bisect_left(inside, home.inside.end, key=lambda read: read.start)
            ]
        for read in inside:
            before = read.scope.find(root)
            if before is not home and read.scope.find(root, extra=home) is home:
                return f"line {read.line} uses {taken}"
        return ""


def _through(home: Scope, root: str) -> str:
    """The one module from which `from … import` lines bind the root, if nothing else binds it."""
    modules = {binding.through for binding in home.bound.get(root, ())}
    return modules.pop() if len(modules) == 1 else ""


def _modules_at(tree: SyntaxTree, statement: Node, hit: Span) -> list[ImportedModule]:
    """The modules of an import statement whose names begin at `hit`, positions in the statement."""
    if statement.type not in {"import_statement", "import_from_statement"}:
        return []
    start = tree.span(statement).start
    return [
        module
        for module in modules_in(tree, statement)
        if module.span.start + start == hit.start and not module.level
    ]


def _binds_root(tree: SyntaxTree, statement: Node, hit: Span) -> bool:
    return statement.type == "import_statement" and any(
        imported.alias is None for imported in _modules_at(tree, statement, hit)
    )


def _is_member(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    return parent.type == "keyword_argument" and parent.child_by_field_name("name") == node


def _line(node: Node) -> int:
    return int(node.start_point[0]) + 1


_DYNAMIC = re.compile(r"(?<![\w.])(?:globals|locals|vars|eval|exec|dir)\s*\(")
_MOST_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class RespelledName(SyntaxContext):
    """A zone with exactly one name, which becomes `replacement` where it leads anywhere.

    Its context is CONFLICT: the plain rename would change a meaning here.
    """

    replacement: str = ""


@dataclass(frozen=True, slots=True)
class NameThroughModule(SyntaxContext):
    """A name that this file imports from `module` (dots in front: relative), or a use of it. It is
    the package where that module imports the package under this name. `problem` says why the plain
    rename would change a meaning here; `imports` is true of the name in the import itself.
    """

    module: str = ""
    problem: str = ""
    imports: bool = False


@dataclass(frozen=True, slots=True)
class _Variable:
    """One variable that imports of the package bind: where, by which imports, read where.

    `canonical` maps each imported module to its canonical name.
    """

    scope: Scope
    imports: Sequence[Binding]
    reads: Sequence[Read]
    canonical: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Aliased:
    """What each place becomes: offset → (what stands there, its replacement)."""

    places: Mapping[int, tuple[str, str]]


def _aliased(text: str, variable: _Variable) -> _Aliased | str:
    """The edits that import the variable's modules under aliases, or why that is not the same.

    All of them together keep the meaning, none of them alone.
    """
    if variable.scope.kind is Kind.CLASS:
        return "it would be another attribute of the class"
    if match := _DYNAMIC.search(text):
        line = text.count("\n", 0, match.start()) + 1
        return f"line {line} looks at names at run time"
    names: dict[str, str] = {}
    for module in sorted({binding.imported for binding in variable.imports}):
        if (name := _free_name(text, variable.canonical[module], list(names.values()))) is None:
            return "every short name is taken"
        names[module] = name
    places: dict[int, tuple[str, str]] = {}
    for binding in variable.imports:
        if not text.startswith(binding.imported, binding.start):
            return f"line {binding.line} writes the name in pieces"
        canonical = variable.canonical[binding.imported]
        places[binding.start] = binding.imported, f"{canonical} as {names[binding.imported]}"
    for read in variable.reads:
        module = _module_of(read, variable)
        if problem := _problem(text, read, module, variable):
            return f"line {read.line} {problem}"
        places[read.start] = module, names[module]
    return _Aliased(places)


def _module_of(read: Read, variable: _Variable) -> str:
    """The longest imported module that the read goes through, or an empty string."""
    whole = ".".join(read.chain) + "."
    through = [
        binding.imported for binding in variable.imports if whole.startswith(binding.imported + ".")
    ]
    return max(through, key=len, default="")


def _problem(text: str, read: Read, module: str, variable: _Variable) -> str:
    if not module:
        return f"uses {'.'.join(read.chain[:2])}, which no alias would reach"
    if not text.startswith(module, read.start):
        return "writes the name in pieces"
    if module.count(".") + 1 == len(read.chain) and (read.changed or read.matched):
        return f"needs {module} itself, which is no plain name"
    if len({binding.imported for binding in variable.imports}) == 1:
        return ""
    # With one module the alias is bound whenever the root was. With several, one of them may have
    # bound the root while another has not run: each must stand where it always runs, and first.
    own = [binding for binding in variable.imports if binding.imported == module]
    if not any(binding.always and binding.start < read.start for binding in own):
        return f"uses {module}, whose import may not have run while another one has"
    return ""


def _free_name(text: str, canonical: str, taken: Collection[str]) -> str | None:
    """`pkg_x` for `new.pkg.x`: the shortest series of last segments that is an unused name."""
    parts = canonical.split(".")
    for count in range(min(2, len(parts)), min(_MOST_SEGMENTS, len(parts)) + 1):
        name = "_".join(parts[-count:])
        used = name in taken or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        if not used and not keyword.iskeyword(name):
            return name
    return None
