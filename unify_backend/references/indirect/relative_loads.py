"""Modules loaded by a relative name: `import_module("..old.x", __package__)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from unify_backend.languages.python.scopes import PythonFile
from unify_backend.languages.python.source import called
from unify_backend.model.text import PACKAGE_FILE, PYTHON_FILES
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.indirect.values import Values


class RelativeLoads:
    """Calls whose dots lead into the legacy package, from the file's own package or a named one."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index

    def may(self, path: str, data: bytes) -> bool:
        """Whether the file loads modules."""
        return path.endswith(PYTHON_FILES) and b"import_module" in data

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every such call in the file; the span is its first argument."""
        source = self._index.source(path)
        if source is None:
            return
        values = Values(self._index, source)
        for node in source.nodes:
            if isinstance(node, ast.Call) and called(node) == "import_module" and node.args:
                packages = [keyword.value for keyword in node.keywords if keyword.arg == "package"]
                package = node.args[1] if len(node.args) > 1 else next(iter(packages), None)
                if package is not None:
                    yield from self._uses_in(source, values, node.args[0], package)

    def _uses_in(
        self, source: PythonFile, values: Values, name: ast.expr, package: ast.expr
    ) -> Iterator[IndirectUse]:
        span = source.span(name)
        value = values.of(name, span.start)
        if value is None or not value.text.startswith("."):
            return
        dotted = self._absolute(source, values, value.text, package)
        move = self._index.move_of(dotted) if dotted else None
        if dotted is None or move is None:
            return
        new = move.canonical + dotted.removeprefix(move.legacy)
        yield IndirectUse(
            span,
            "hidden-relative-import",
            dotted,
            f"a relative name that leads to {dotted}, the legacy package",
            f'write "{new}" without a package',
            move,
        )

    def _absolute(
        self, source: PythonFile, values: Values, written: str, package: ast.expr
    ) -> str | None:
        """The module that is loaded, where that is the legacy package's by its dots and not by the
        package that is named."""
        module = written.lstrip(".")
        level = len(written) - len(module)
        own = isinstance(package, ast.Name) and package.id == "__package__"
        init = source.path.endswith(f"/{PACKAGE_FILE}")
        if own or (init and isinstance(package, ast.Name) and package.id == "__name__"):
            return self._index.absolute(source.path, level, module)
        base = values.of(package, source.span(package).start)
        if base is None or self._index.move_of(base.text) is not None:
            return None
        parts = base.text.split(".")
        return ".".join([*parts[: len(parts) - (level - 1)], module])
