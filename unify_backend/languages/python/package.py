"""The package under audit: each module read and parsed once, and looked up by its name."""

from __future__ import annotations

import ast
import builtins
import posixpath
import re
import symtable
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from unify_backend.languages.python.module_symbols import Import, ModuleFacts, facts_of
from unify_backend.languages.python.scopes import Scopes
from unify_backend.model.globs import Globs
from unify_backend.model.spans import LineIndex, Position, Span

_LINE_END = re.compile(r"\r\n|\r|\n")
ReadText = Callable[[str], str | None]
Exists = Callable[[str], bool]
# What every module has: builtins, and those that only some platforms or the import system give.
GIVEN = frozenset({*dir(builtins), "WindowsError", "__file__", "__path__", "__builtins__"})


class Module:
    """One module. `name` is its whole dotted name, `path` where it lies in the repository."""

    def __init__(self, name: str, path: str, text: str, tree: ast.Module) -> None:
        self.name = name
        self.path = path
        self.text = text
        self.tree = tree
        self.is_package = posixpath.basename(path) == "__init__.py"

    @property
    def parent(self) -> str:
        """The package that holds it (for an `__init__.py` the one above)."""
        return self.name.rpartition(".")[0]

    @cached_property
    def facts(self) -> ModuleFacts:
        """What it binds, imports and exports."""
        return facts_of(self.text, self.tree)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def read_names(self) -> frozenset[str]:
        """The names that its code reads anywhere."""
        return frozenset(
            node.id
            for node in self.nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )

    @cached_property
    def unbound(self) -> Scopes | None:
        """Its scopes, with the names that may be bound nowhere; None where there are none.

        The compiler's own tables say which names are the module's or nobody's; they leave out
        annotations that are not evaluated. Few modules are left to look at closely.
        """
        lazy = any(one.module == "__future__" for one in self.facts.imports)
        looked_for = None if lazy else _globals(self.text)
        names = set(self.read_names if looked_for is None else looked_for)
        names -= self.facts.bound | self.facts.typed | GIVEN
        return Scopes(self.text, names) if names else None

    @cached_property
    def lines(self) -> LineIndex:
        """Its lines, for positions."""
        return LineIndex(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        """Where lines begin as Python counts them: a lone carriage return ends one, too."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.text)), len(self.text)]

    def offset(self, line: int, column: int) -> int:
        """From a place as `ast` has it (columns in UTF-8 bytes) to an offset."""
        start = self._starts[line - 1]
        if self.text.isascii():
            return start + column
        whole = self.text[start : self._starts[line]].encode("utf-8", "surrogatepass")
        return start + len(whole[:column].decode("utf-8", "replace"))

    def span(self, node: ast.AST) -> Span:
        """Where a node stands; of a function or class its name, of anything longer than a line
        what is on its first."""
        line: int = node.lineno  # type: ignore[attr-defined]
        start = self.offset(line, node.col_offset)  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named = re.compile(rf"\b{re.escape(node.name)}\b").search(self.text, start)
            return Span(*named.span()) if named else Span(start, start)
        end = self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        shown = self.text[start : self._starts[line]].rstrip("\r\n")
        return Span(start, max(start, min(end, start + len(shown))))

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        return self.lines.position(offset)


def _globals(text: str) -> set[str] | None:
    """The names that some scope of a text looks for in the module; None where the compiler does
    not take what the parser took (a parameter twice)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            waiting = [symtable.symtable(text, "module", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return None
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        if isinstance(table, symtable.Function):
            found.update(table.get_globals())
        else:
            found.update(one.get_name() for one in table.get_symbols() if one.is_global())
    return found


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the package that says nothing, and why."""

    path: str
    problem: str
    line: int | None = None


class Package:
    """A package with all its modules, and the repository around it.

    `paths` are all files of the repository, `read` gives a file's text (None where it has none),
    `exists` says of any path whether it is on the disk, tracked or not.
    """

    def __init__(
        self,
        name: str,
        folder: str,
        paths: Iterable[str],
        read: ReadText,
        exists: Exists = lambda path: False,
    ) -> None:
        self.name = name
        self.folder = folder
        self.paths = tuple(paths)
        self.read = read
        self.exists = exists
        self.unread: list[Unread] = []
        self.modules: dict[str, Module] = {}
        self.folders: set[str] = set()
        self.inside = tuple(one for one in self.paths if one.startswith(f"{folder}/"))
        for path in sorted(self.inside, key=lambda one: (not one.endswith("/__init__.py"), one)):
            if path.endswith(".py"):
                self._add(path)

    def _add(self, path: str) -> None:
        parts = path[len(self.folder) + 1 :].removesuffix(".py").split("/")
        inner = parts[:-1] if parts[-1] == "__init__" else parts
        for size in range(len(parts)):
            self.folders.add(".".join([self.name, *parts[:size]]))
        name = ".".join([self.name, *inner])
        text = self.read(path)
        if text is None:
            self.unread.append(Unread(path, "it cannot be read as text"))
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except SyntaxError as error:
            self.unread.append(Unread(path, f"it does not parse: {error.msg}", error.lineno))
        except (ValueError, RecursionError, MemoryError) as error:
            self.unread.append(Unread(path, f"it does not parse: {type(error).__name__}"))
        else:
            self.modules.setdefault(name, Module(name, path, text, tree))

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The names of modules that are there and could not be read."""
        lead = len(self.folder) + 1
        names = (one.path[lead:].removesuffix(".py").split("/") for one in self.unread)
        return frozenset(
            ".".join([self.name, *(parts[:-1] if parts[-1] == "__init__" else parts)])
            for parts in names
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The paths of its files without what follows the first dot of the name: `x` of
        `x.cpython-312.so`."""
        split = (one.rpartition("/") for one in self.inside)
        return frozenset(f"{lead}/{name.partition('.')[0]}" for lead, _, name in split)

    def below(self, module: Module) -> str:
        """The module's path from the package's folder."""
        return module.path[len(self.folder) + 1 :]

    def matching(self, globs: Iterable[str]) -> list[Module]:
        """The modules whose path below the package's folder matches one of the globs."""
        wanted = Globs(globs)
        return [one for one in self if wanted.match(self.below(one))]

    def has_module(self, name: str) -> bool:
        """Whether `import name` finds something: a module, or a folder of some."""
        return name in self.modules or name in self.folders or name in self.unknown

    def owns(self, name: str) -> bool:
        """Whether the dotted name lies in the package."""
        return f"{name}.".startswith(f"{self.name}.")

    def target(self, module: Module, one: Import) -> str:
        """The whole dotted name of the module that an import names; "" where its dots lead out."""
        if not one.level:
            return one.module
        above = module.name.split(".")
        drop = one.level - 1 if module.is_package else one.level
        if drop >= len(above):
            return ""
        here = above[: len(above) - drop]
        return ".".join([*here, one.module] if one.module else here)
