"""Random three-way merges whose right result is known, beside `git merge-file`.

    python -m benchmarks.random_merges [--count 10000] [--seed 1] [--formats ini toml …] [--show 3]

A document is built as a tree of entries, each with an identity that the text does not hold. Two
copies are edited independently: entries are inserted, deleted, moved and changed, and many of them
have equal names. The right result follows from the identities alone (`Truth`), so that a result
can be judged without either merge: whether an edit is lost, a deleted entry is back, an entry is
there twice, is under another parent or out of order, and whether the edits contradict each other,
so that only a conflict is right. Prints a table in Markdown; `--show` prints that many of the
merges of each format that went wrong.
"""

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from random import Random

import yaml

from benchmarks.random_documents import Entry, Format, Maker, Shape, arranged, shape
from benchmarks.random_formats import FORMATS
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction


class Verdict(StrEnum):
    """What a merge made of a case."""

    RIGHT = "right"
    CONFLICT = "conflict"
    LOST = "lost"  # an edit or an addition is missing
    BACK = "back"  # what a side deleted or replaced is in
    TWICE = "twice"
    MISPLACED = "misplaced"  # under another parent, or out of order
    UNASKED = "unasked"  # the edits contradict each other, and nothing says so


_SILENT = tuple(verdict for verdict in Verdict if verdict not in {Verdict.RIGHT, Verdict.CONFLICT})


class Contradiction(Exception):
    """The edits cannot both be carried out; only a conflict is right."""


@dataclass(frozen=True)
class Truth:
    """The right result of a merge: what it shows, and which orders it has to keep."""

    form: Format
    base: Entry
    canonical: Entry
    legacy: Entry

    def readings(self) -> Iterator["Truth"]:
        """The other readings of what a text does not show: a word of a list that was changed, or an
        entry that was moved and has nothing of what it was, is gone, and another one is there."""
        places = [
            (side, uid)
            for side, version in enumerate((self.canonical, self.legacy))
            for uid in _changed_beyond(self.base, version)
        ]
        for size in range(1, len(places) + 1):
            for chosen in combinations(places, size):
                canonical, legacy = (
                    _renumbered(version, {uid for at, uid in chosen if at == side}, side)
                    for side, version in enumerate((self.canonical, self.legacy))
                )
                yield Truth(self.form, self.base, canonical, legacy)

    def merged(self) -> Entry:
        """The result, in one of the orders that are right. Raises Contradiction."""
        merged = self._entry(self.base, self.canonical, self.legacy)
        assert merged is not None
        return arranged(merged, self.form)

    def _entry(self, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> Entry | None:
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if base is not None and ours is None and theirs is not None and _is_less(theirs, base):
            return None
        if base is not None and theirs is None and ours is not None and _is_less(ours, base):
            return None
        if base is None or ours is None or theirs is None:
            raise Contradiction("added in two ways, or deleted and changed")
        if not (base.children or ours.children or theirs.children):
            raise Contradiction("changed in two ways")
        versions = [{child.uid: child for child in one.children} for one in (base, ours, theirs)]
        merged: dict[int, Entry] = {}
        for uid in dict.fromkeys(uid for version in versions for uid in version):
            entry = self._entry(*(version.get(uid) for version in versions))
            if entry is not None:
                merged[uid] = entry
        merged = self._without_twins(merged)
        for kind in self.form.unique:
            labels = [entry.label for entry in merged.values() if entry.kind == kind]
            if len(labels) != len(set(labels)):
                raise Contradiction("one label, added by both sides")
        order = _sorted(list(merged), self._before(versions, merged))
        return replace(base, children=tuple(merged[uid] for uid in order))

    def _without_twins(self, merged: dict[int, Entry]) -> dict[int, Entry]:
        """The entries; of those that both sides added alike and that cannot be there twice, one."""
        shown: set[tuple[str, Shape]] = set()
        alone: dict[int, Entry] = {}
        for uid, entry in merged.items():
            twin = (entry.kind, shape(entry))
            if entry.kind not in self.form.unique or twin not in shown:
                alone[uid] = entry
            shown.add(twin)
        return alone

    def _before(
        self, versions: Sequence[dict[int, Entry]], merged: dict[int, Entry]
    ) -> set[tuple[int, int]]:
        """Pairs of entries whose order is certain. Raises Contradiction."""
        pairs: set[tuple[int, int]] = set()
        for kind in self.form.ordered:
            known = {uid for uid, entry in merged.items() if entry.kind == kind}
            base, ours, theirs = ([u for u in version if u in known] for version in versions)
            common = set(base) & set(ours) & set(theirs)
            was, mine, yours = (
                {uid: at for at, uid in enumerate(order) if uid in common}
                for order in (base, ours, theirs)
            )
            for first in common:
                for second in common:
                    orders = [at[first] < at[second] for at in (was, mine, yours)]
                    kept = orders[2] if orders[1] == orders[0] else orders[1]
                    if first != second and kept:
                        pairs.add((first, second))
            for order, other in ((ours, yours), (theirs, mine)):
                pairs |= _around(order, common, other)
        return pairs


def _changed_beyond(base: Entry, side: Entry) -> Iterator[int]:
    """The entries that no text shows to be the same: changed words, and what was moved and shares
    no mark with what it was."""
    before = {child.uid: child for child in base.children}
    order = [child.uid for child in side.children if child.uid in before]
    was = [child.uid for child in base.children if child.uid in order]
    for child in side.children:
        old = before.get(child.uid)
        if old is None or old == child:
            continue
        at, place = was.index(child.uid), order.index(child.uid)
        moved = set(was[:at]) != set(order[:place])
        marks = (set(re.findall(r"m\d+", repr(shape(entry)))) for entry in (old, child))
        if child.kind == "word" or (moved and set.isdisjoint(*marks)):
            yield child.uid
        else:
            yield from _changed_beyond(old, child)


def _renumbered(entry: Entry, uids: set[int], side: int) -> Entry:
    if entry.uid in uids:
        return replace(entry, uid=-(2 * entry.uid + side))
    return replace(
        entry, children=tuple(_renumbered(child, uids, side) for child in entry.children)
    )


def _is_less(entry: Entry, base: Entry) -> bool:
    """Whether nothing but deletions tell the entry from what it was."""
    before = {inner.uid: inner for inner in base.walk()}
    return all(
        inner.uid in before and inner.value == before[inner.uid].value for inner in entry.walk()
    )


def _around(order: list[int], common: set[int], other: dict[int, int]) -> set[tuple[int, int]]:
    """Where additions stand: behind and before the next entries that all versions have."""
    pairs: set[tuple[int, int]] = set()
    for at, uid in enumerate(order):
        if uid in common:
            continue
        before = next((u for u in reversed(order[:at]) if u in common), None)
        behind = next((u for u in order[at + 1 :] if u in common), None)
        if before is not None:
            pairs.add((before, uid))
        if behind is not None:
            pairs.add((uid, behind))
    return pairs


def _sorted(uids: list[int], before: set[tuple[int, int]]) -> list[int]:
    """The entries in an order that keeps all pairs. Raises Contradiction."""
    left, done = list(uids), list[int]()
    while left:
        free = [uid for uid in left if not any((other, uid) in before for other in left)]
        if not free:
            raise Contradiction("the order is contradictory")
        done.append(free[0])
        left.remove(free[0])
    return done


def _unordered(one: Shape) -> Shape:
    label, value, children = one
    return label, value, tuple(sorted(map(_unordered, children)))


def judge(truth: Truth, text: str) -> Verdict:
    """The verdict on a merge without a conflict."""
    form = truth.form
    try:
        right = truth.merged()
    except Contradiction:
        return Verdict.UNASKED
    wanted = form.write(right)
    if text == wanted:
        return Verdict.RIGHT
    try:
        result = form.read(text)
    except (ValueError, SyntaxError, yaml.YAMLError):
        return Verdict.MISPLACED
    if _marks(wanted) != _marks(text) or _unordered(result) != _unordered(form.read(wanted)):
        return _difference(wanted, text)
    return Verdict.RIGHT if _in_order(truth, right, result) else Verdict.MISPLACED


def _marks(text: str) -> Counter[str]:
    return Counter(re.findall(r"\bm\d+\b", text))


def _difference(right: str, text: str) -> Verdict:
    wanted, found = _marks(right), _marks(text)
    if wanted - found:
        return Verdict.LOST
    if found - wanted:
        return Verdict.TWICE if found.keys() <= wanted.keys() else Verdict.BACK
    lines = [Counter(line.strip() for line in one.split("\n")) for one in (right, text)]
    if lines[0] - lines[1]:
        return Verdict.LOST
    return Verdict.BACK if lines[1] - lines[0] else Verdict.MISPLACED


def _in_order(truth: Truth, right: Entry, result: Shape) -> bool:
    """Whether every order that is certain is kept; equal entries stand for each other."""
    if not right.children:
        return True
    inside = [_unordered(child) for child in result[2]]
    found = Counter(inside)
    places = {child: at for at, child in enumerate(inside)}
    versions = [
        _inside(version, right.uid) for version in (truth.base, truth.canonical, truth.legacy)
    ]
    merged = {child.uid: child for child in right.children}
    shown = {uid: _unordered(shape(child)) for uid, child in merged.items()}
    if None not in versions:
        children = [{child.uid: child for child in one.children} for one in versions if one]
        for first, second in truth._before(children, merged):
            one, two = shown[first], shown[second]
            if found[one] == found[two] == 1 and places[one] > places[two]:
                return False
    by_shape = dict(zip(inside, result[2], strict=True))
    return all(
        _in_order(truth, child, by_shape[shown[child.uid]])
        for child in right.children
        if child.children and found[shown[child.uid]] == 1
    )


def _inside(root: Entry, uid: int) -> Entry | None:
    return next((entry for entry in root.walk() if entry.uid == uid), None)


@dataclass(frozen=True)
class Case:
    """Three versions of a document."""

    truth: Truth

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts of canonical, base and legacy."""
        write, truth = self.truth.form.write, self.truth
        return write(truth.canonical), write(truth.base), write(truth.legacy)


def case(name: str, seed: int, number: int) -> Case:
    """The case of that number; always the same."""
    form = FORMATS[name]
    maker = Maker(form, Random(f"{seed} {name} {number}"))
    base = maker.document()
    sides = [maker.edited(base, maker.random.randint(1, 3)) for _ in range(2)]
    return Case(Truth(form, base, *sides))


def by_git(texts: tuple[str, str, str], folder: Path) -> str | None:
    """What `git merge-file` makes of canonical, base and legacy; None for a conflict."""
    names = ("canonical", "base", "legacy")
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    done = subprocess.run(
        ["git", "merge-file", "-p", *names], cwd=folder, capture_output=True, check=False
    )
    return done.stdout.decode() if done.returncode == 0 else None


def by_us(texts: tuple[str, str, str], language: str) -> str | None:
    """What our merge makes of them; None for a conflict."""
    canonical, base, legacy = texts
    merged = merge3(base, legacy, canonical, language=language)
    return None if merged.how is MergeAction.CONFLICT else merged.text


def verdict(case: Case, result: str | None) -> Verdict:
    """What is to be said of a result."""
    if result is None:
        return Verdict.CONFLICT
    canonical, base, legacy = case.texts
    if canonical == legacy or base in {canonical, legacy}:  # nobody can see more than the text
        return Verdict.RIGHT
    said = judge(case.truth, result)
    if said is Verdict.RIGHT or any(
        judge(truth, result) is Verdict.RIGHT for truth in case.truth.readings()
    ):
        return Verdict.RIGHT
    return said


Outcome = tuple[Verdict, Verdict]  # git's and ours


def run(name: str, count: int, seed: int, show: int = 0, first: int = 0) -> Counter[Outcome]:
    """The outcomes of so many cases of a format; `show` prints that many that went wrong."""
    outcomes: Counter[Outcome] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            one = case(name, seed, number)
            results = by_git(one.texts, Path(folder)), by_us(one.texts, FORMATS[name].language)
            git = verdict(one, results[0])
            ours = git if results[0] == results[1] else verdict(one, results[1])
            outcomes[git, ours] += 1
            if ours in _SILENT and show > 0:
                show -= 1
                print(_shown(f"{name} {number}: git {git}, ours {ours}", one, results), flush=True)
    return outcomes


def _shown(title: str, one: Case, results: Sequence[str | None]) -> str:
    canonical, base, legacy = one.texts
    try:
        right = one.truth.form.write(one.truth.merged())
    except Contradiction as error:
        title, right = f"{title}: {error}", canonical
    git, ours = (result or "conflict\n" for result in results)
    pairs = ((base, canonical), (base, legacy), (canonical, right), (right, git), (right, ours))
    names = ("base to canonical", "base to legacy", "canonical to right", "git", "ours")
    parts = [f"==== {title}"]
    for name, (before, after) in zip(names, pairs, strict=True):
        if before == after:
            continue
        first, second = (text.splitlines(keepends=True) for text in (before, after))
        diff = list(difflib.unified_diff(first, second, n=4))[2:]
        parts.append(f"---- {name}\n{''.join(diff)}")
    return "\n".join(parts)


def silent(outcomes: Counter[Outcome], git: Callable[[Verdict], bool]) -> Counter[Verdict]:
    """Our wrong results without a conflict, where git's verdict is such."""
    wrong: Counter[Verdict] = Counter()
    for (theirs, ours), count in outcomes.items():
        if ours in _SILENT and git(theirs):
            wrong[ours] += count
    return wrong


def _row(name: str, outcomes: Counter[Outcome]) -> str:
    git, ours = Counter[Verdict](), Counter[Verdict]()
    for (theirs, mine), count in outcomes.items():
        git[theirs] += count
        ours[mine] += count
    cells = [
        outcomes.total(),
        git[Verdict.RIGHT],
        git[Verdict.CONFLICT],
        sum(git[verdict] for verdict in _SILENT),
        ours[Verdict.RIGHT],
        ours[Verdict.CONFLICT],
        sum(ours[verdict] for verdict in _SILENT),
        silent(outcomes, lambda theirs: theirs is Verdict.CONFLICT).total(),
        silent(outcomes, lambda theirs: theirs is Verdict.RIGHT).total(),
    ]
    kinds = ", ".join(f"{count} {kind}" for kind in _SILENT if (count := ours[kind]))
    return f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} | {kinds} |"


_HEAD = """\
| format | merges | git right | git conflict | git wrong | right | conflict | wrong \
| wrong where git conflicts | wrong where git is right | what is wrong |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"""


def main() -> int:
    """Prints the table; 1 if a merge is wrong where git's is right or a conflict."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="merges of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", nargs="*", choices=list(FORMATS), default=list(FORMATS))
    parser.add_argument("--show", type=int, default=0, help="print so many that went wrong")
    parser.add_argument("--first", type=int, default=0, help="the number of the first merge")
    options = parser.parse_args()
    print(_HEAD, flush=True)
    failed = False
    for name in options.formats:
        outcomes = run(name, options.count, options.seed, options.show, options.first)
        print(_row(name, outcomes), flush=True)
        failed = failed or bool(
            silent(outcomes, lambda git: git in {Verdict.CONFLICT, Verdict.RIGHT})
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
