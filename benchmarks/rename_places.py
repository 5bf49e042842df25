"""Renames that people carried out, compared place by place, beside a word-boundary script.

    python -m benchmarks.rename_places CASE CLONE [--details]

CASE is one of those in real_renames.toml; CLONE a clone (bare or not) of the public repository
that it names. Prints a row of Markdown for this tool and one for the script; real-renames.md says
what is counted.
"""

import argparse
import ast
import difflib
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.real_renames import Case, lay_out, read, read_cases, text_of, tool

Files = Mapping[str, bytes]
Pairs = Sequence[tuple[str, str]]

HEADER = (
    "| rename | who | files | as people's (bytes) | as people's (tree) | with answers | "
    "places changed | missed | asked | told as look-alike | false | only moved, wrong |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


class Words:
    """The renamed words of a case, dotted and as paths."""

    def __init__(self, pairs: Pairs) -> None:
        spelled = [
            (old.replace(".", mark), new.replace(".", mark))
            for old, new in pairs
            for mark in (".", "/")
        ]
        self.old = frozenset(old.lower() for old, _ in spelled)
        self._becomes = {
            word.lower(): new.lower().replace("/", ".")
            for at in (1, 0)  # a word that is old and new is old
            for new, word in ((pair[1], pair[at]) for pair in spelled)
        }
        words = sorted(self._becomes, key=len, reverse=True)
        self._search = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)

    def neutral(self, text: str) -> str:
        """`text` with every word, old or new, in its new spelling and in small letters."""
        return self._search.sub(lambda match: self._becomes[match.group().lower()], text)

    def places(self, line: str) -> list[tuple[int, str, bool]]:
        """Column (from 0), text, and whether it is old, of each word in a line."""
        return [
            (match.start(), match.group(), match.group().lower() in self.old)
            for match in self._search.finditer(line)
        ]


@dataclass(frozen=True)
class Place:
    """One occurrence of an old word, and who changed it (None: the line was edited otherwise)."""

    path: str
    line: int
    column: int
    text: str
    content: str
    people: bool | None
    ours: bool | None
    script: bool | None


@dataclass(frozen=True)
class Comparison:
    """The state before, and what people, this tool and the script made of it."""

    case: Case
    before: Files
    people: Files
    ours: Files
    script: Files
    references: Mapping[tuple[str, int], Sequence[Mapping[str, Any]]]

    @cached_property
    def words(self) -> Words:
        """What was renamed."""
        return Words(all_pairs(self.case))

    @cached_property
    def goes_to(self) -> dict[str, str]:
        """Where people put each file, for those that are found again."""
        table = {}
        neutral = {self.words.neutral(path): path for path in self.people}
        for path in self.before:
            for place in (moved(path, self.case.folders()), neutral.get(self.words.neutral(path))):
                if place is not None and place in self.people:
                    table[path] = place
                    break
        return table

    @cached_property
    def touched(self) -> list[str]:
        """Files that people changed or moved, by their old paths."""
        return [
            path
            for path, place in self.goes_to.items()
            if path != place or self.people[place] != self.before[path]
        ]

    @cached_property
    def places(self) -> list[Place]:
        """Every occurrence of an old word in files that are found again."""
        return list(chain.from_iterable(map(self._places, self.goes_to)))

    def _places(self, path: str) -> Iterator[Place]:
        old = text_of(self.before[path])
        if not any(is_old for _, _, is_old in self.words.places(old)):
            return
        lines = old.splitlines()
        place = self.goes_to[path]
        now = [
            self._aligned(lines, files.get(place, files.get(path)))
            for files in (self.people, self.ours, self.script)
        ]
        for number, line in enumerate(lines):
            for nth, (column, word, is_old) in enumerate(self.words.places(line)):
                if is_old:
                    changed = [self._changed(line, table.get(number), nth) for table in now]
                    yield Place(path, number + 1, column + 1, word, line, *changed)

    def _changed(self, before: str, after: str | None, nth: int) -> bool | None:
        if after is None:
            return None
        places = self.words.places(after)
        return not places[nth][2] if nth < len(places) else None

    def _aligned(self, lines: Sequence[str], data: bytes | None) -> dict[int, str]:
        """The line that each line became, by number, where only renamed words differ."""
        if data is None:
            return {}
        after = text_of(data).splitlines()
        first, second = (list(map(self.words.neutral, side)) for side in (lines, after))
        table: dict[int, str] = {}
        free: dict[str, list[int]] = defaultdict(list)
        matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                table |= {a + step: after[c + step] for step in range(b - a)}
            else:
                for number in range(d - 1, c - 1, -1):
                    free[second[number]].append(number)
        for number, line in enumerate(first):
            if number not in table and free.get(line):
                table[number] = after[free[line].pop()]
        return table

    def equal(self, files: Files, path: str) -> bool:
        """Whether a file lies where people put it, with their bytes."""
        place = self.goes_to[path]
        return files.get(place) == self.people[place]

    def same_tree(self, files: Files, path: str) -> bool:
        """Whether a file lies where people put it, with their syntax tree, imports sorted."""
        place = self.goes_to[path]
        mine = files.get(place)
        if mine is None or mine == self.people[place]:
            return mine is not None
        return place.endswith(".py") and tree(mine) == tree(self.people[place]) is not None

    def reference(self, place: Place) -> Mapping[str, Any] | None:
        """What the inventory says of a place; None where it lists nothing."""
        end = place.column + len(place.text)
        for entry in self.references.get((place.path, place.line), ()):
            if entry["column"] < end and place.column < entry["column"] + len(entry["text"]):
                return entry
        return None

    def standing(self, place: Place) -> str:
        """How the inventory lists a place: asked, look-alike, kept (with the rule) or nothing."""
        entry = self.reference(place)
        if entry is None:
            return "nothing"
        if entry["form"] == "lookalike":
            return "look-alike"
        if entry["action"] == "review":
            return "asked"
        return f"{entry['action']}:{entry['rule']}"


def tree(data: bytes) -> str | None:
    """The syntax tree of a module, with the imports of each block sorted; None for no module."""
    with suppress(SyntaxError, ValueError):
        module = ast.parse(data)
        for node in ast.walk(module):
            for name, value in ast.iter_fields(node):
                if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                    setattr(node, name, _sorted_imports(value))
        return ast.dump(module)
    return None


def _sorted_imports(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in imports:
        node.names.sort(key=lambda alias: alias.name)
    return [*sorted(imports, key=ast.dump), *(node for node in body if node not in imports)]


def all_pairs(case: Case) -> list[tuple[str, str]]:
    """What was renamed to what: packages, folders, variants."""
    packages = [(entry["legacy"], entry["canonical"]) for entry in case.packages]
    pairs = [*packages, *case.moved.items(), *case.variants]
    return [(old, new) for old, new in dict.fromkeys(map(tuple, pairs)) if old != new]


def moved(path: str, folders: Pairs) -> str:
    """Where a path goes; the longest folder counts."""
    for old, new in sorted(folders, key=lambda pair: -len(pair[0])):
        if path == old or path.startswith(old + "/"):
            return new + path[len(old) :]
        if path in {f"{old}.py", f"{old}.pyi"}:
            return new + path[len(old) :]
    return path


def by_script(case: Case, before: Files, variants: bool) -> dict[str, bytes]:
    """A word-boundary search and replace over dotted names and paths, with the folders moved."""
    pairs = [(entry["legacy"], entry["canonical"]) for entry in case.packages]
    pairs += [(old.replace(".", "/"), new.replace(".", "/")) for old, new in pairs]
    pairs += case.folders()
    if variants:
        pairs += [(old, new) for old, new in case.variants]
    table = dict(sorted(pairs, key=lambda pair: -len(pair[0])))
    search = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, table))})(?!\w)")
    files = {}
    for path, data in before.items():
        text = text_of(data)
        if b"\0" not in data:
            text = search.sub(lambda match: table[match.group()], text)
        new_path = moved(path, case.folders())
        files[new_path] = text.encode("utf-8", "surrogateescape")
    return files


def configuration(case: Case, variants: bool) -> str:
    """The configuration for the packages and folders, and with `variants` the spellings."""
    roots = {entry.get("legacy-path") for entry in case.packages}
    own = {entry["legacy"] for entry in case.packages}
    folders = [(old, new) for old, new in case.moved.items() if old not in roots and old != new]
    lines = [f"moves.{json.dumps(old)} = {json.dumps(new)}" for old, new in folders]
    if variants:
        lines += [
            f"also.{json.dumps(old)} = {json.dumps(new)}"
            for old, new in case.variants
            if old not in own
        ]
    return "\n".join([*lines, case.plain()])


def compare(case: Case, clone: Path, folder: Path, variants: bool) -> Comparison:
    """The rename done by this tool and by the script, beside what people made."""
    work, after, config = folder / "work", folder / "after", folder / "rename.toml"
    before = lay_out(case, clone, work, after)
    config.write_text(configuration(case, variants), encoding="utf-8")
    listed: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    document = json.loads(tool(work, config, "inventory") or '{"references": []}')
    for entry in document["references"]:
        listed[entry["path"], entry["line"]].append(entry)
    moves = []
    for entry, (old, new) in zip(case.packages, case.folders(), strict=False):
        moves += ["--move", f"{entry['legacy']}={entry['canonical']}"]
        moves += ["--legacy-path", old, "--canonical-path", new]
    everything = ["--everything"] if variants and case.product else []
    if not tool(work, config, "rename", *moves, "--no-verify", *everything):
        tool(work, config, "merge")
        tool(work, config, "rewrite")
    ours = read(work)
    return Comparison(case, before, read(after), ours, by_script(case, before, variants), listed)


def rows(name: str, result: Comparison) -> Iterator[str]:
    """A row for this tool and one for the script."""
    known = [place for place in result.places if place.people is not None]
    for who, files in (("this tool", result.ours), ("script", result.script)):
        is_ours = who == "this tool"
        missed, false = misses(result, is_ours), false_rewrites(result, is_ours)
        standing = Counter(map(result.standing, missed)) if is_ours else Counter()
        asked, alike = standing["asked"], standing["look-alike"]
        contents = result.touched
        exact = sum(result.equal(files, path) for path in contents)
        trees = sum(result.same_tree(files, path) for path in contents)
        answered = after_answers(result) if is_ours else exact
        only = [
            path for path in contents if result.people[result.goes_to[path]] == result.before[path]
        ]
        wrong = sum(not result.equal(files, path) for path in only)
        shown = (
            len(contents), exact, trees, answered, sum(bool(place.people) for place in known),
            len(missed) - asked - alike, asked, alike, len(false), wrong,
        )  # fmt: skip
        yield f"| {name} | {who} | " + " | ".join(map(str, shown)) + " |"


def misses(result: Comparison, ours: bool) -> list[Place]:
    """Places that people changed and we (or the script) left."""
    return [
        place
        for place in result.places
        if place.people and (place.ours if ours else place.script) is False
    ]


def false_rewrites(result: Comparison, ours: bool) -> list[Place]:
    """Places that people left and we (or the script) changed."""
    return [
        place
        for place in result.places
        if place.people is False and (place.ours if ours else place.script)
    ]


def after_answers(result: Comparison) -> int:
    """Files that are as people's once each question is answered as people did."""
    asked = {
        (place.path, place.line)
        for place in misses(result, True)
        if result.standing(place) == "asked"
    }
    count = 0
    for path in result.touched:
        place = result.goes_to[path]
        mine, theirs = result.ours.get(place), result.people[place]
        if mine is None:
            continue
        if mine != theirs:
            old, first, second = (
                text_of(data).splitlines() for data in (result.before[path], mine, theirs)
            )
            lines = {old[number - 1] for where, number in asked if where == path}
            neutral = set(map(result.words.neutral, lines))
            if len(first) != len(second) or any(
                one != other
                and not (
                    result.words.neutral(one) == result.words.neutral(other)
                    and result.words.neutral(one) in neutral
                )
                for one, other in zip(first, second, strict=True)
            ):
                continue
        count += 1
    return count


def details(result: Comparison) -> Iterator[str]:
    """What was missed and changed falsely, by how the inventory lists it."""
    for title, places in (
        ("missed", misses(result, True)),
        ("false", false_rewrites(result, True)),
        ("false by the script", false_rewrites(result, False)),
    ):
        by_kind: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            entry = result.reference(place)
            form = entry["form"] if entry else "-"
            reason = f"{entry['rule']} {entry['reason']}" if entry else ""
            by_kind[f"{result.standing(place)} | {form} | {reason}"].append(place)
        for kind, found in sorted(by_kind.items(), key=lambda item: -len(item[1])):
            yield f"\n{title}: {len(found)} × {kind}"
            for place in found[:12]:
                yield f"    {place.path}:{place.line}: {place.content.strip()[:150]}"
    lost = [path for path in result.touched if result.goes_to[path] not in result.ours]
    yield f"\nnot where people put it: {len(lost)} {lost[:10]}"
    gone = [place for place in result.places if place.people is not None and place.ours is None]
    yield f"\nnot comparable in ours: {len(gone)}"
    for place in gone[:20]:
        yield f"    {place.path}:{place.line}: {place.content.strip()[:150]}"


def main() -> None:
    """Carries a case out with the names alone, and with the variants where there are some."""
    cases, parser = read_cases(), argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=sorted(cases))
    parser.add_argument("clone", type=Path)
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    case = cases[options.case]
    print(HEADER)
    for variants in (False, True) if case.variants or case.product else (False,):
        title = "the product" if case.product else "variants"
        name = f"{options.case}, {title}" if variants else options.case
        with tempfile.TemporaryDirectory() as folder:
            result = compare(case, options.clone, Path(folder), variants)
        print("\n".join(rows(name, result)), flush=True)
        if options.details:
            print("\n".join(details(result)))


if __name__ == "__main__":
    main()
