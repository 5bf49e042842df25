"""Other copies of Python packages in the repository that are not declared as a move.

Modules of the same name with similar lines are evidence that their folders are copies. Tiny modules
have no vote, because they are alike everywhere; lines that many modules share are ignored too. The
similarity of two modules is the Jaccard index of their sets of lines, without their order, because
a copy is usually edited and reordered, and rarely rewritten line by line.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePosixPath

from unify_backend.merging.pairing import Pairing
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents, Listing
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.text import SOURCE, Text, decode
from unify_backend.model.tree_diff import CopyPair
from unify_backend.names.table import NameTable

VOTING_LINES = 10  # distinct lines that a module needs to have a vote
LINE = 8  # characters: a short line such as `return x` is no evidence
COMMON = 12  # modules of one name that share a line before it is boilerplate
ALIKE = 0.5  # Jaccard index of two modules that match
SHARED_LINES = 30  # distinct lines that two folders must share in all
TWINS = 0.8  # share of the smaller package's modules that are the same in a package of tiny ones
TWIN_LINES = 8  # distinct lines that these hold: any package may have fewer in common
LIKENESS = 1 / 3  # share of the smaller folder's modules that match, times how alike they are


@dataclass(frozen=True, slots=True)
class _Module:
    folder: str
    name: str
    lines: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    first: _Module
    second: _Module
    shared: int
    all: int


@dataclass(slots=True)
class _Evidence:
    """The evidence that two folders are copies."""

    folders: tuple[str, str]
    matched: int = 0
    shared: int = 0
    all: int = 0

    def add(self, match: _Match) -> None:
        self.matched += 1
        self.shared += match.shared
        self.all += match.all


def find_copies(
    contents: Contents, listing: Listing, pairings: Sequence[Pairing], table: NameTable
) -> tuple[CopyPair, ...]:
    """Pairs of folders of Python modules that look like copies of each other, most evidence first.

    Files that a move already pairs stand once, for their canonical side, so that a third copy is
    found. A pair inside a reported pair is not reported again; of several copies of one package
    each is reported once. Files that cannot be read have no vote.
    """
    known = {twins.legacy.path for pairing in pairings for twins in pairing.twins}
    paths = [file.path for file in listing.files if file.path.endswith(SOURCE)]
    modules = [
        module
        for path in paths
        if path not in known and (module := _module(contents, path, table)) is not None
    ]
    sizes = Counter(
        folder
        for path in [*known, *(f"{module.folder}/{module.name}" for module in modules)]
        for folder in _folders_above(path)
    )
    packages = {path.rpartition("/")[0] for path in paths} - {""}
    moves = [pairing.move for pairing in pairings]
    evidence: dict[tuple[str, str], _Evidence] = {}
    for match in _matches(modules):
        for folders in _levels(match, packages):
            if not _declared(folders, moves):
                evidence.setdefault(folders, _Evidence(folders)).add(match)
    likely = [candidate for candidate in evidence.values() if _convincing(candidate, sizes)]
    return tuple(_as_pair(candidate, sizes) for candidate in _without_repetition(likely, sizes))


def find_twins(contents: Contents, packages: Mapping[str, str]) -> tuple[CopyPair, ...]:
    """Pairs of whole packages (folder → dotted name) that are the same but for their own names, or
    almost, most evidence first: what `find_copies` leaves out because all their modules are tiny.
    """
    modules = _own_modules(contents, packages)
    twins = []
    for first, second in combinations(sorted(modules), 2):
        left, right = modules[first], modules[second]
        fewer, more = sorted((len(left), len(right)))
        same = [path for path in left if left[path] == right.get(path)]
        lines = {line for path in same for line in left[path] if len(line) >= LINE}
        enough = len(same) > 1 and len(same) >= TWINS * fewer and fewer >= more / 2
        if enough and len(lines) >= TWIN_LINES:
            twins.append(CopyPair(first, second, len(same), fewer, 1.0))
    return tuple(sorted(twins, key=lambda pair: (-pair.matched, pair.first, pair.second)))


def _own_modules(
    contents: Contents, packages: Mapping[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each package the lines of its modules that hold any, its own name left out."""
    modules: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in contents.listing().files:
        if not file.path.endswith(SOURCE):
            continue
        folder = next((above for above in _folders_above(file.path) if above in packages), None)
        if folder is None or (source := _text(contents, file.path)) is None:
            continue
        own = rf"(?<!\w){re.escape(packages[folder])}(?!\w)"
        lines = [line.strip() for line in re.sub(own, "", source).splitlines()]
        if held := tuple(line for line in lines if line):
            modules.setdefault(folder, {})[file.path.removeprefix(f"{folder}/")] = held
    return modules


def _text(contents: Contents, path: str) -> str | None:
    """The text of a Python file, None where it cannot be read."""
    try:
        source = decode(contents.read(path), python=True)
    except (UnifyError, OSError):
        return None
    return source.text if isinstance(source, Text) else None


def _module(contents: Contents, path: str, table: NameTable) -> _Module | None:
    source = _text(contents, path)
    if source is None:
        return None
    text = table.canonicalise(source)
    lines = frozenset(line for raw in text.splitlines() if len(line := raw.strip()) >= LINE)
    if len(lines) < VOTING_LINES:
        return None
    folder, _, name = path.rpartition("/")
    return _Module(folder, name, lines)


def _matches(modules: Iterable[_Module]) -> Iterator[_Match]:
    """Pairs of modules of one name that are alike. Candidates come from the lines that few share,
    so that a name that every package has (`models.py`) costs no comparison of all with all."""
    by_name: dict[str, list[_Module]] = defaultdict(list)
    for module in modules:
        by_name[module.name].append(module)
    for group in by_name.values():
        for left, right in _candidates(group):
            first, second = group[left], group[right]
            shared = len(first.lines & second.lines)
            together = len(first.lines) + len(second.lines) - shared
            if shared >= ALIKE * together:
                yield _Match(first, second, shared, together)


def _candidates(group: Sequence[_Module]) -> set[tuple[int, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for number, module in enumerate(group):
        for line in module.lines:
            holders[line].append(number)
    return {
        pair
        for numbers in holders.values()
        if 1 < len(numbers) <= COMMON
        for pair in combinations(numbers, 2)
    }


def _levels(match: _Match, packages: set[str]) -> Iterator[tuple[str, str]]:
    """The folders for which the match is evidence: those of the modules, and their parents as long
    as the trailing path is common. Both must hold modules, and none may contain the other."""
    left, right = PurePosixPath(match.first.folder), PurePosixPath(match.second.folder)
    while True:
        first, second = sorted((str(left), str(right)))
        apart = not is_under(first, second) and not is_under(second, first)
        if apart and first in packages and second in packages:
            yield first, second
        if left.name != right.name or not left.name:
            return
        left, right = left.parent, right.parent


def _declared(folders: tuple[str, str], moves: Sequence[PackageMove]) -> bool:
    """Whether the folders lie in the two trees of one move."""
    return any(
        (move.owns_legacy(legacy) and move.owns_canonical(canonical))
        for move in moves
        for legacy, canonical in (folders, folders[::-1])
    )


def _convincing(evidence: _Evidence, sizes: Counter[str]) -> bool:
    likeness = _share(evidence, sizes) * evidence.shared / evidence.all
    return evidence.shared >= SHARED_LINES and likeness >= LIKENESS


def _share(evidence: _Evidence, sizes: Counter[str]) -> float:
    return evidence.matched / min(sizes[folder] for folder in evidence.folders)


def _without_repetition(
    candidates: Iterable[_Evidence], sizes: Counter[str]
) -> Iterator[_Evidence]:
    """The pairs, most evidence first. Of pairs inside each other the one with the most evidence is
    kept, the outer one if that is equal; pairs of folders that others connect already are
    dropped."""
    chosen: list[_Evidence] = []
    linked: dict[str, frozenset[str]] = {}

    def weight(evidence: _Evidence) -> tuple[int, float, tuple[str, str]]:
        return -evidence.shared, -_share(evidence, sizes), evidence.folders

    for evidence in sorted(candidates, key=weight):
        first, second = (linked.get(folder, frozenset({folder})) for folder in evidence.folders)
        if first & second or any(_nested(evidence, other) for other in chosen):
            continue
        linked.update(dict.fromkeys(first | second, first | second))
        chosen.append(evidence)
        yield evidence


def _nested(evidence: _Evidence, other: _Evidence) -> bool:
    return any(
        all(is_under(a, b) for a, b in zip(inner.folders, outer, strict=True))
        for inner, known in ((evidence, other), (other, evidence))
        for outer in (known.folders, known.folders[::-1])
    )


def _as_pair(evidence: _Evidence, sizes: Counter[str]) -> CopyPair:
    files = min(sizes[folder] for folder in evidence.folders)
    return CopyPair(
        *evidence.folders, evidence.matched, files, round(evidence.shared / evidence.all, 2)
    )


def _folders_above(path: str) -> Iterator[str]:
    at = path.rfind("/")
    while at > 0:
        yield path[:at]
        at = path.rfind("/", 0, at)
