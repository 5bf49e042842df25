"""The `diff` of one state of a repository: one entry for everything in this folder."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.merging.classify import Classified, Problem, classify
from unify_backend.merging.collisions import collisions
from unify_backend.merging.pairing import Pairing, SamePlaceFiles, pairs_of
from unify_backend.merging.undeclared_copies import find_copies
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding
from unify_backend.model.tree_diff import PackageDiff, Pair, PairClass, Side, TreeDiff
from unify_backend.names.table import NameTable


def compare(contents: Contents, moves: Sequence[PackageMove], table: NameTable) -> TreeDiff:
    """The trees of each move pair by pair, and other copies that nobody declared.

    `table` holds the names of the same moves. A file that cannot be read or understood becomes a
    finding and its pair divergent; raises only what `contents.listing()` raises.
    """
    listing = contents.listing()
    pairings = pairs_of(contents, moves)
    findings: set[Finding] = set()
    packages: list[PackageDiff] = []
    for pairing in pairings:
        findings.update(Finding(skipped.path, skipped.why.value) for skipped in pairing.skipped)
        pairs: list[Pair] = []
        for twins in pairing.twins:
            classified = _classify(contents, twins, table)
            pairs.append(_with_mode(classified.pair, twins))
            findings.update(_findings(classified, twins))
        packages.append(_package(pairing, pairs))
    return TreeDiff(
        tuple(packages),
        find_copies(contents, listing, pairings, table),
        tuple(sorted(findings, key=lambda finding: (finding.path, finding.problem))),
        tuple(collisions(contents, pairings, table)),
    )


def _package(pairing: Pairing, pairs: list[Pair]) -> PackageDiff:
    return PackageDiff(pairing.move, pairing.only_legacy, pairing.only_canonical, tuple(pairs))


def _classify(contents: Contents, twins: SamePlaceFiles, table: NameTable) -> Classified:
    legacy = _read(contents, twins.legacy.path, Side.LEGACY)
    canonical = _read(contents, twins.canonical.path, Side.CANONICAL)
    problems = tuple(outcome for outcome in (legacy, canonical) if isinstance(outcome, Problem))
    if isinstance(legacy, Problem) or isinstance(canonical, Problem):
        return Classified(Pair(twins.path, PairClass.DIVERGENT, note="cannot be read"), problems)
    return classify(twins.path, legacy, canonical, table)


def _read(contents: Contents, path: str, side: Side) -> bytes | Problem:
    try:
        return contents.read(path)
    except UnifyError as error:
        return Problem(side, f"cannot be read: {error.fact}")
    except OSError as error:
        return Problem(side, f"cannot be read: {error.strerror}")


def _with_mode(pair: Pair, twins: SamePlaceFiles) -> Pair:
    if twins.legacy.executable == twins.canonical.executable:
        return pair
    side = Side.LEGACY if twins.legacy.executable else Side.CANONICAL
    note = f"executable only in {side}"
    return replace(pair, note=f"{pair.note}; {note}" if pair.note else note)


def _findings(classified: Classified, twins: SamePlaceFiles) -> Iterator[Finding]:
    for problem in classified.problems:
        file = twins.legacy if problem.side is Side.LEGACY else twins.canonical
        yield Finding(file.path, problem.text)
