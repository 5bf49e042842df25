"""The summary that a task file gets: by category of modules, what differs and who uses it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from unify_backend.commands.status.facts import Facts
from unify_backend.model.history import ChangedSide, PackageHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area, Names, Reference
from unify_backend.model.settings import Phase
from unify_backend.model.status import AreaUse, Category, MoveSummary
from unify_backend.model.tree_diff import PackageDiff, PairClass
from unify_backend.reporting.status_markdown import trees_markdown
from unify_backend.reporting.tables import count

_SEPARATORS = re.compile(r"[./\\:\"', ]+")


def trees_body(facts: Facts, day: str) -> str:
    """The summary as Markdown, of `day`."""
    return trees_markdown(_summaries(facts), day)


def is_record(facts: Facts, phase: Phase) -> bool:
    """Whether a summary that is there tells how it was before the merge: then it stays, for the
    trees no longer show it."""
    place = facts.places.get(phase.id)
    return place is not None and place.summary is not None and facts.merged


def _summaries(facts: Facts) -> tuple[MoveSummary, ...]:
    """Both trees of each move, side by side."""
    histories = (
        {package.move: package.history for package in facts.plan.packages}
        if facts.legacy_files
        else {}
    )
    return tuple(
        _summary(facts, package, histories.get(package.move)) for package in facts.trees.packages
    )


def _summary(facts: Facts, diff: PackageDiff, history: PackageHistory | None) -> MoveSummary:
    move = diff.move
    outside = [
        reference
        for reference in facts.references
        if reference.legacy == move.legacy
        and reference.names in {Names.LEGACY, Names.CANONICAL}
        and not (move.owns_legacy(reference.path) or move.owns_canonical(reference.path))
    ]
    return MoveSummary(
        move.legacy,
        move.canonical,
        move.legacy_path,
        move.canonical_path,
        diff.legacy_files,
        diff.canonical_files,
        len(diff.of(PairClass.IDENTICAL)),
        len(diff.of(PairClass.RENAMED)),
        len(diff.different),
        diff.only_legacy,
        diff.only_canonical,
        _parted(history),
        tuple(_categories(diff, history, outside)),
        tuple(_users(outside)),
    )


def _parted(history: PackageHistory | None) -> str:
    if history is None:
        return ""
    if history.split is None:
        return history.note
    split = history.split
    return (
        f"They parted at {split.copy.hash[:9]} ({split.date[:10]}). Since then "
        f"{count(len(history.legacy_commits), 'commit')} changed the legacy tree, "
        f"{count(len(history.canonical_commits), 'commit')} the canonical one."
    )


def _categories(
    diff: PackageDiff, history: PackageHistory | None, outside: Sequence[Reference]
) -> Iterable[Category]:
    files: dict[str, Counter[str]] = defaultdict(Counter)
    different = {pair.path for pair in diff.different}
    for kind, paths in (
        ("both", [pair.path for pair in diff.pairs]),
        ("legacy", diff.only_legacy),
        ("canonical", diff.only_canonical),
    ):
        for path in paths:
            files[_folder(path)].update([kind, *(["different"] if path in different else [])])
    ahead: dict[str, Counter[ChangedSide]] = defaultdict(Counter)
    for file in history.files if history is not None else ():
        ahead[_folder(file.path)][file.ahead] += 1
    users: dict[tuple[str, Names], Counter[str]] = defaultdict(Counter)
    for reference in outside:
        category = _named(reference, diff.move, files.keys())
        users[category, reference.names][reference.area.value] += 1
    for name, counts in sorted(files.items()):
        yield Category(
            name,
            counts["both"] + counts["legacy"] + counts["canonical"],
            counts["different"],
            counts["legacy"],
            counts["canonical"],
            ahead[name][ChangedSide.LEGACY],
            ahead[name][ChangedSide.CANONICAL],
            ahead[name][ChangedSide.BOTH] + ahead[name][ChangedSide.BOTH_SAME],
            _ranked(users[name, Names.LEGACY]),
            _ranked(users[name, Names.CANONICAL]),
        )


def _folder(path: str) -> str:
    top, slash, _ = path.partition("/")
    return f"{top}/" if slash else ""


def _named(reference: Reference, move: PackageMove, known: Iterable[str]) -> str:
    """The category that a reference leads into: `api/` for `old.api.v1` and `old/api/v1.py`."""
    names = (
        (move.legacy, move.legacy_path)
        if reference.names is Names.LEGACY
        else (move.canonical, move.canonical_path)
    )
    text = reference.text.replace("\\", "/")
    for name in names:
        _, separator, rest = text.partition(name)
        if separator:
            words = [word for word in _SEPARATORS.split(rest) if word]
            folder = f"{words[0]}/" if words else ""
            return folder if folder in known else ""
    return ""


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _users(outside: Sequence[Reference]) -> Iterable[AreaUse]:
    for area in Area:
        legacy, canonical = (
            tuple(
                reference.path
                for reference in outside
                if reference.area is area and reference.names is names
            )
            for names in (Names.LEGACY, Names.CANONICAL)
        )
        if legacy or canonical:
            yield AreaUse(area.value, legacy, canonical)
