"""Which moves own a path, found by the path's folders instead of by asking every move."""

from collections.abc import Iterable, Iterator

from unify_backend.model.package_move import PackageMove


class MoveIndex:
    """The moves by their folders. Each answer is that of `owns_legacy` or `owns_canonical` of
    every move, in the order of the moves."""

    def __init__(self, moves: Iterable[PackageMove]) -> None:
        self.moves = tuple(moves)
        self._legacy: dict[str, list[int]] = {}
        self._canonical: dict[str, list[int]] = {}
        for number, move in enumerate(self.moves):
            self._legacy.setdefault(move.legacy_path, []).append(number)
            self._canonical.setdefault(move.canonical_path, []).append(number)

    def legacy_owners(self, path: str) -> list[PackageMove]:
        """The moves whose legacy tree holds the file at `path`."""
        return [move for move in self._at(self._legacy, path) if move.owns_legacy(path)]

    def canonical_owners(self, path: str) -> list[PackageMove]:
        """The moves whose canonical tree holds the file at `path`."""
        return [move for move in self._at(self._canonical, path) if move.owns_canonical(path)]

    def target(self, path: str) -> str | None:
        """Where the legacy file at `path` goes, with the innermost move that owns it; None where
        no move does."""
        owners = self.legacy_owners(path)
        if not owners:
            return None
        return max(owners, key=lambda move: len(move.legacy_path)).target(path)

    def _at(self, by_root: dict[str, list[int]], path: str) -> Iterator[PackageMove]:
        numbers = [number for root in _roots(path) for number in by_root.get(root, ())]
        return (self.moves[number] for number in sorted(numbers))


def _roots(path: str) -> Iterator[str]:
    """What may be a tree that holds `path`: the path, without its ending, and the folders above."""
    yield path
    stem, dot, ending = path.rpartition(".")
    if dot and "/" not in ending:
        yield stem
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
