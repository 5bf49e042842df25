"""The two trees side by side, for people."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.history import Ahead, PackageHistory
from unify_backend.model.tree_diff import PackageDiff, Pair, PairClass, TreeDiff
from unify_backend.reporting.copies import undeclared_part
from unify_backend.reporting.history import history_report
from unify_backend.reporting.signs import what_differs
from unify_backend.reporting.tables import count, heading, listed, plain, printable, table


def diff_report(
    diff: TreeDiff, histories: Sequence[PackageHistory], verbose: bool = False
) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order; `histories` in the order of the packages."""
    for package, history in zip(diff.packages, histories, strict=True):
        yield from _package(package, history, verbose)
    yield from undeclared_part(diff.undeclared, verbose)
    if diff.findings:
        yield heading(f"{count(len(diff.findings), 'file')} could not be compared as what they are")
        yield from listed(
            [f"{printable(one.path)}: {one.problem}" for one in diff.findings],
            1000 if verbose else 10,
        )


def _package(
    package: PackageDiff, history: PackageHistory, verbose: bool
) -> Iterator[RenderableType]:
    move = package.move
    yield plain(
        f"{move.legacy_shown} ({count(package.legacy_files, 'file')})  ~  "
        f"{move.canonical_shown} ({count(package.canonical_files, 'file')})",
        "bold",
    )
    counted = [
        (len(package.of(PairClass.IDENTICAL)), "identical"),
        (len(package.of(PairClass.RENAMED)), "same after renaming"),
        (len(package.different), "different"),
        (len(package.only_legacy), "only legacy"),
        (len(package.only_canonical), "only canonical"),
    ]
    yield plain(" · ".join(f"{name} {number:,}" for number, name in counted))
    yield from history_report(history, verbose)
    for name, folder, files in (
        ("legacy", move.legacy_path, package.only_legacy),
        ("canonical", move.canonical_path, package.only_canonical),
    ):
        if files:
            yield heading(f"Only in the {name} tree, {folder}/")
            yield from listed([printable(one) for one in files], 1000 if verbose else 10)
    if not verbose and not history.of(Ahead.UNKNOWN):
        return  # history has told what differs, and who did it
    for cls, title in (
        (PairClass.DIVERGENT, "Different"),
        (PairClass.COMMENTS, "Different in comments and docstrings only"),
        (PairClass.FORMATTING, "Different in formatting only"),
    ):
        if pairs := package.of(cls):
            yield heading(f"{title} ({len(pairs)}); from legacy to canonical")
            yield _pairs(pairs, verbose)


def _pairs(pairs: Sequence[Pair], verbose: bool) -> Table:
    made = table(("file", "fold"), ("lines +", "right"), ("−", "right"), ("what differs", "fold"))
    for pair in pairs:
        made.add_row(
            printable(pair.path),
            f"+{pair.added}",
            f"−{pair.removed}",
            what_differs(pair, None if verbose else 4),
        )
    return made
