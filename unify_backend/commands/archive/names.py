"""What an archived path is called: the renamings under which the inventory looks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from unify_backend.model.archiving import Moved
from unify_backend.model.package_move import PackageMove

_ENDINGS = (".py", ".pyi", ".pyw")


def renamings(moved: Iterable[Moved], paths: Collection[str]) -> dict[str, PackageMove]:
    """The renaming of each archived path by its path, and for what is imported under a shorter
    name than its path says (`src/acme/old` as `acme.old`) one more, by that name."""
    known = frozenset(paths)
    found: dict[str, PackageMove] = {}
    for one in moved:
        whole = _dotted(one.path)
        found[one.path] = PackageMove(whole, _dotted(one.target), one.path, one.target)
        short = whole.removeprefix(_above(one.path, known)).lstrip(".")
        if short != whole:
            found[short] = PackageMove(short, _dotted(one.target), one.path, one.target)
    return found


def _dotted(path: str) -> str:
    for ending in _ENDINGS:
        path = path.removesuffix(ending)
    return path.replace("/", ".")


def _above(path: str, known: Collection[str]) -> str:
    """The folders above the outermost package that the path is in, dotted."""
    parts = path.split("/")
    for n in range(1, len(parts) + 1):
        if "/".join([*parts[:n], "__init__.py"]) in known:
            return ".".join(parts[: n - 1])
    return ""
