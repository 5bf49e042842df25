"""Detects that one of two trees was removed, which is no edit of its files.

Where most of a tree's files are gone while the other tree has them, the trees were unified by hand,
or the files were moved one by one, or a bad copy was deleted. A merge that took every removal for
an edit would delete the tree that is in use. A few files deleted on one side are an edit.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.source import parse
from unify_backend.merging.fingerprints import Fingerprints
from unify_backend.merging.split_commit import FilePair, other
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.history import UNCOMMITTED, FileHistory, Overwriting, RemovedTree
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import SOURCE
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Timeline

FEW = 2  # files that a side may delete, though they are most of a small tree


def taken_away(
    traced: Sequence[tuple[FilePair, FileHistory]],
    move: PackageMove,
    contents: Contents,
    timeline: Timeline,
    prints: Fingerprints,
) -> RemovedTree | None:
    """The side of `move` that was removed, None where both trees exist.

    A side was removed if it lost more of the files of the other tree than it has now, and more than
    a few, unless all its files are gone or one of its modules only forwards to the other tree.
    """
    for side in Side:
        gone = [(kin, file) for kin, file in traced if _lost(kin, file, side)]
        paths = [path for _, file in traced if (path := file.of(side).path) is not None]
        if not gone or len(gone) * 2 < len(paths):  # so that few modules have to be parsed
            continue
        forwarding = sum(1 for path in paths if forwards(contents, path, move, side))
        mass = len(gone) > FEW or forwarding or not paths
        if mass and len(gone) > len(paths) - forwarding:
            kin = [pair for pair, _ in gone]
            removed = _most(_removals(kin, side))
            commit = timeline.commit(removed[0]) if removed else None
            return RemovedTree(
                side,
                len(gone),
                len(paths),
                None if commit is None or commit.hash == UNCOMMITTED else commit,
                _overwriting([pair for pair, _ in traced], side, timeline, prints),
            )
    return None


def _lost(kin: FilePair, file: FileHistory, side: Side) -> bool:
    """Whether the file was in this tree once and is still in the other one; a file that was never
    copied here does not count."""
    there = file.of(other(side)).path is not None
    return file.deleted_in is side and there and bool(kin.of(side).versions)


def _removals(gone: Sequence[FilePair], side: Side) -> Iterator[int]:
    for pair in gone:
        if (last := pair.of(side).last) is not None:
            yield last.rank


def _overwriting(
    kin: Sequence[FilePair], side: Side, timeline: Timeline, prints: Fingerprints
) -> Overwriting | None:
    """The commit that overwrote most files of the other tree, which had edits of their own, with
    those of the removed tree; before it both trees were complete."""
    lives = other(side)
    versions = [event for pair in kin for tree in Side for event in pair.of(tree).versions]
    prints.load((event.blob or "", event.path) for event in versions)
    most = _most(rank for pair in kin for rank in _overwritten(pair, side, lives, prints))
    return Overwriting(timeline.commit(most[0]), most[1]) if most else None


def _overwritten(kin: FilePair, side: Side, lives: Side, prints: Fingerprints) -> Iterator[int]:
    taken = {prints.written(event) for event in kin.of(side).versions}
    for event in kin.of(lives).versions:
        there = kin.of(side).at(event.rank)
        if there is None or there.rank == event.rank:  # both were changed alike
            continue
        before = [old for old in kin.of(lives).before(event) if old.blob is not None]
        equal = prints.written(event) == prints.written(there)
        if equal and before and not any(prints.written(old) in taken for old in before):
            yield event.rank


def _most(ranks: Iterator[int]) -> tuple[int, int] | None:
    """The number that comes most often, and how often."""
    return next(iter(Counter(ranks).most_common(1)), None)


def forwards(contents: Contents, path: str, move: PackageMove, side: Side) -> bool:
    """Whether a module only forwards to the other tree."""
    name = move.canonical if side is Side.LEGACY else move.legacy
    text = text_of(contents, path) if path.endswith(SOURCE) else None
    if text is None or name not in text:
        return False
    try:
        return all(map(_hands_on, parse(text.removeprefix("\ufeff")).body))
    except Unparsable:
        return False


def _hands_on(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant() | ast.Call()):
            return True
        case ast.Assign(targets=[ast.Subscript(ast.Attribute(attr="modules"))]):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name):
            return name in ("__all__", "__getattr__", "__dir__")
        case _:
            return False
