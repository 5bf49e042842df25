"""Files and folders that are called after a product, which get its new name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.errors import Refused
from unify_backend.model.globs import Globs
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.references.product import ProductNames


@dataclass(frozen=True, slots=True)
class FileCalledAnew:
    """A tracked file (`path`), where the package's move takes it (`moved`, the same path outside of
    the package), and its path with the product's new name (`after`)."""

    path: str
    moved: str
    after: str


def files_called_anew(
    paths: Iterable[str],
    settings: Settings,
    plain: Sequence[PackageMove],
    taken: Collection[str],
) -> Iterator[FileCalledAnew]:
    """The files of `paths` that get another name because `settings.also` renames the product of one
    of the `plain` moves. Documents of the past keep theirs. Raises Refused where a file of `taken`,
    or another one of these, has the new name."""
    product = ProductNames(plain, settings.also)
    if not product:
        return
    past, targets = Globs(settings.history), MoveIndex(plain)
    named: dict[str, str] = dict.fromkeys(taken, "")
    for path in paths:
        moved = targets.target(path) or path
        owners = targets.canonical_owners(moved) if moved != path else []
        roots = [move.canonical_root for move in owners]
        after = product.path_after(moved, max(roots, key=len, default=""))
        if after == moved or past.match(path):
            continue
        if after in named:
            other = named[after]
            raise Refused(
                f"{path} and {other} would both be called {after}"
                if other
                else f"{after} is there already",
                f"{path} should be called so, as the product's name changes",
                "Move or remove one of them, or leave the package's own name out of `also`.",
            )
        named[after] = path
        yield FileCalledAnew(path, moved, after)
