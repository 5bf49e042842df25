"""Renames that people carried out, done again with this tool and compared file by file.

    python benchmarks/real_renames.py CASE CLONE

CASE is one of those in real_renames.toml; CLONE a clone (bare or not) of the public repository
that it names. Prints Markdown; see real-renames.md for what is counted and what was found.
"""

import argparse
import ast
import difflib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import tokenize
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A public rename: the revisions, and the configuration that a person would write for it.

    `stems` are spellings of the name: each look-alike that the inventory lists and that holds one
    gets an `also` entry. `decided` is further configuration (TOML, top-level keys first). `moved`
    are the folders that people moved, `variants` spellings that they renamed with the package, and
    `product` whether all of the product was renamed with it; these are for rename_places.py.
    """

    repository: str
    before: str
    after: str
    packages: Sequence[Mapping[str, str]]
    stems: Sequence[tuple[str, str]] = ()
    words: Sequence[tuple[str, str]] = ()  # renamed with it in longer words: only counted
    decided: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    variants: Sequence[tuple[str, str]] = ()
    product: bool = False

    def folders(self) -> list[tuple[str, str]]:
        """The folders that people moved, old to new."""
        roots = [
            (
                entry.get("legacy-path", entry["legacy"].replace(".", "/")),
                entry.get("canonical-path", entry["canonical"].replace(".", "/")),
            )
            for entry in self.packages
        ]
        return [*roots, *self.moved.items()]

    def plain(self) -> str:
        """The configuration that names the packages and nothing else."""
        return "\n".join(
            "[[packages]]\n" + "".join(f"{key} = {json.dumps(one[key])}\n" for key in one)
            for one in self.packages
        )

    def configured(self, lookalikes: Iterable[str]) -> str:
        """The configuration with what people decided, and with each look-alike renamed."""
        keys, mark, tables = self.decided.partition("[[")
        given = tomllib.loads(self.decided).get("also", {})
        also = {word: word for word in lookalikes}
        for old, new in self.stems:
            also = {word: becomes.replace(old, new) for word, becomes in also.items()}
        lines = "".join(
            f"also.{json.dumps(old)} = {json.dumps(new)}\n"
            for old, new in sorted(also.items())
            if old != new and old not in given
        )
        return keys + lines + self.plain() + mark + tables

    def pairs(self) -> list[tuple[str, str]]:
        """What was renamed to what."""
        table = tomllib.loads(self.decided)
        packages = [(one["legacy"], one["canonical"]) for one in self.packages]
        given = [pair for key in ("also", "moves") for pair in table.get(key, {}).items()]
        return [*packages, *self.stems, *given, *self.words]


def read_cases() -> dict[str, Case]:
    """The cases beside this script, by name."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {name: Case(**one) for name, one in tomllib.loads(text).items()}


HEADER = """| configuration | by the rename alone | same | formatting | case | differs | left | \
elsewhere | share | only moved | ours alone | other edits | unparsable |
"""


class Outcome(StrEnum):
    """What became of one file, beside what people made of it."""

    SAME = "byte for byte"
    FORMAT = "but for their formatting"
    CASE = "but for upper and lower case"
    DIFFERS = "differs"
    LEFT = "left as it was"
    OURS_ONLY = "changed by us alone"
    NOWHERE = "not where they put it"


GOOD = frozenset({Outcome.SAME, Outcome.FORMAT, Outcome.CASE})


@dataclass(frozen=True)
class Compared:
    """One file: the paths of ours and theirs, and their contents (None: no such file)."""

    path: str
    before: bytes
    ours: bytes | None
    theirs: bytes
    moved: bool
    outcome: Outcome


@dataclass(frozen=True)
class Difference:
    """Lines that are not theirs, and why."""

    path: str
    line: int
    why: str
    ours: str
    theirs: str


def text_of(data: bytes) -> str:
    """A content as text; what is no UTF-8 comes back as it was."""
    return data.decode("utf-8", "surrogateescape")


class Words:
    """The renamed words of a case: `neutral` makes texts equal that differ by the rename alone."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._becomes = {old.lower(): new.lower() for old, new in pairs}
        kept = set(self._becomes.values())
        self._becomes |= {new: new for new in kept}
        words = sorted(self._becomes, key=len, reverse=True)
        self._search, self._old = (
            re.compile("|".join(map(re.escape, some)), re.IGNORECASE)
            for some in (words, [one for one in words if one not in kept])
        )

    def neutral(self, text: str) -> str:
        """`text` with every renamed word, old or new, in any case and inside longer words, in its
        new spelling and in small letters."""
        return self._search.sub(lambda found: self._becomes[found.group().lower()], text)

    def old(self, text: str) -> int:
        """How many old words `text` holds."""
        return len(self._old.findall(text))

    def alike(self, path: str, one: bytes, other: bytes) -> bool:
        """Whether two contents differ in renamed words and formatting at most: the same tokens in
        any order but for line ends, commas and parentheses in Python; the same text but for white
        space elsewhere."""
        first, second = (_unformatted(path, self.neutral(text_of(data))) for data in (one, other))
        return first == second


def _unformatted(path: str, text: str) -> object:
    skipped = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    if path.endswith(".py"):
        with suppress(tokenize.TokenError, SyntaxError):
            return Counter(
                token.string
                for token in tokenize.generate_tokens(io.StringIO(text).readline)
                if token.type not in skipped and token.string not in {",", "(", ")"}
            )
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True)
class Run:
    """One rename done by this tool: all three trees."""

    words: Words
    before: Mapping[str, bytes]
    ours: Mapping[str, bytes]
    theirs: Mapping[str, bytes]
    reasons: Mapping[tuple[str, int], str]
    refused: Mapping[str, str]

    @cached_property
    def files(self) -> list[Compared]:
        """Every file that both have, by neutral path; what was only added or removed is theirs."""
        neutral = self.words.neutral
        ambiguous = Counter(map(neutral, self.before))
        places = {neutral(path): path for path in self.theirs}
        made = {neutral(path): path for path in self.ours}
        found = []
        for path, before in self.before.items():
            key = neutral(path)
            theirs, ours = places.get(key), made.get(key)
            if ambiguous[key] > 1 and path in self.theirs:  # both `old.py` and `new.py` were there
                theirs = ours = path
            if theirs is not None:
                found.append(self._compare(path, before, theirs, ours))
        return found

    def _compare(self, path: str, before: bytes, theirs: str, ours: str | None) -> Compared:
        after = self.theirs[theirs]
        mine = self.ours.get(ours) if ours else None
        outcome = Outcome.DIFFERS
        if mine is None or ours != theirs:
            outcome = Outcome.NOWHERE
        elif mine == after:
            outcome = Outcome.SAME
        elif after == before:
            outcome = Outcome.OURS_ONLY
        elif self.words.alike(theirs, mine, after) and _names(mine) == _names(after):
            outcome = Outcome.FORMAT
        elif mine.lower() == after.lower():
            outcome = Outcome.CASE
        elif mine == before:
            outcome = Outcome.LEFT
        return Compared(theirs, before, mine, after, path != theirs, outcome)

    def rename_alone(self) -> list[Compared]:
        """Files whose content people changed by the rename, and by formatting, alone."""
        return [
            one
            for one in self.files
            if one.before != one.theirs and self.words.alike(one.path, one.before, one.theirs)
        ]

    def unparsable(self) -> list[str]:
        """Python, JSON, TOML and YAML files that parsed before and do not now."""
        neutral = self.words.neutral
        good = {
            neutral(path)
            for path, data in self.before.items()
            if self.ours.get(path) != data and _parses(path, data)
        }
        changed = [(path, data) for path, data in self.ours.items() if neutral(path) in good]
        return [path for path, data in changed if not _parses(path, data)]

    def differences(self, one: Compared) -> Iterator[Difference]:
        """Line by line, what is not as theirs."""
        if one.ours is None:
            yield Difference(one.path, 0, "no such file", "", "")
            return
        ours, theirs = (text_of(data).splitlines() for data in (one.ours, one.theirs))
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        for _, a, b, c, d in matcher.get_opcodes():
            for n, (mine, their) in enumerate(zip_longest(ours[a:b], theirs[c:d], fillvalue="")):
                if mine != their:
                    yield self._difference(one.path, a + n + 1, mine, their)

    def _difference(self, path: str, line: int, ours: str, theirs: str) -> Difference:
        if self.words.neutral(ours) != self.words.neutral(theirs):
            why = "another edit or formatting"
        elif self.words.old(ours) <= self.words.old(theirs):
            why = "renamed here, not by them"
        else:
            found = self.refused.get(path) or self.reasons.get((path, line))
            why = found or "another spelling, which no `also` names"
        return Difference(path, line, why, ours, theirs)


def _names(data: bytes) -> Counter[str]:
    """The words of a content, whatever their order."""
    return Counter(re.findall(r"\w+", text_of(data)))


def _parses(path: str, data: bytes) -> bool:
    """Whether a file of a format that can be wrong is right."""
    import yaml

    readers: dict[str, Callable[[bytes], object]] = {
        "py": ast.parse,
        "json": json.loads,
        "toml": lambda content: tomllib.loads(content.decode()),
        "yml": lambda content: list(yaml.compose_all(content, Loader=yaml.SafeLoader)),
    }
    read_as = readers.get(path.rpartition(".")[2].replace("yaml", "yml"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if read_as is not None:
                read_as(data)
    except (SyntaxError, ValueError, yaml.YAMLError):
        return False
    return True


def lay_out(case: Case, clone: Path, work: Path, after: Path) -> dict[str, bytes]:
    """Puts the state before the rename into a repository at `work`, and the one that people made
    of it at `after`. Returns the files before."""
    export(clone, case.before, work)
    export(clone, case.after, after)
    before = read(work)
    git(work, "init", "-q")
    git(work, "add", "-A", "-f")
    who = ("-c", "user.name=A Person", "-c", "user.email=person@example.invalid")
    git(work, *who, "commit", "-q", "-m", "before the rename")
    return before


def carry_out(case: Case, clone: Path, folder: Path, decided: bool) -> Run:
    """The rename in a repository made of the state before; and the state after, for comparison."""
    work, after, config = folder / "work", folder / "after", folder / "rename.toml"
    before = lay_out(case, clone, work, after)
    config.write_text(case.plain(), encoding="utf-8")
    if decided:
        found = json.loads(tool(work, config, "inventory"))["references"]
        lookalikes = {one["text"] for one in found if one["form"] == "lookalike"}
        config.write_text(case.configured(lookalikes), encoding="utf-8")
    tool(work, config, "merge")
    done = json.loads(tool(work, config, "rewrite") or '{"refused": []}')
    refused = {one["path"]: f"refused: {one['reason']}" for one in done["refused"]}
    reasons: dict[tuple[str, int], str] = {}
    for one in json.loads(tool(work, config, "inventory"))["references"]:
        if one["action"] != "rewrite" and one["names"] != "canonical":
            reasons.setdefault((one["path"], one["line"]), f"{one['action']}: {one['reason']}")
    return Run(Words(case.pairs()), before, read(work), read(after), reasons, refused)


def export(clone: Path, revision: str, folder: Path) -> None:
    """The files of a revision; what the clone lacks (a partial clone's large files) is left out."""
    folder.mkdir()
    store = git(clone, "rev-parse", "--absolute-git-dir").strip()
    command = ["git", "--git-dir", store, "--work-tree", str(folder), "-c", "core.autocrlf=false"]
    index = {**os.environ, "GIT_INDEX_FILE": str(folder.with_suffix(".index"))}
    subprocess.run([*command, "read-tree", revision], cwd=folder, env=index, check=True)
    subprocess.run([*command, "checkout-index", "-afq"], cwd=folder, env=index, check=False)


def read(folder: Path) -> dict[str, bytes]:
    """All files below a folder but git's own, by POSIX path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".git" not in path.relative_to(folder).parts
    }


def tool(work: Path, config: Path, subcommand: str, *arguments: str) -> str:
    """What this tool answers, as JSON; what it complains about is printed."""
    options = (*arguments, "--config", str(config), "--format", "json")
    command = [sys.executable, "-m", "unify_backend", subcommand, *options]
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=work, capture_output=True, encoding="utf-8", check=False, env=environment
    )
    if done.returncode > 1:
        print(f"\n`{subcommand}` ended with {done.returncode}:\n{done.stderr}", file=sys.stderr)
    return done.stdout


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    return subprocess.check_output(["git", *arguments], cwd=folder, text=True)


def summary(name: str, run: Run) -> str:
    """One row of the table."""
    alone = run.rename_alone()
    count = Counter(one.outcome for one in alone)
    good = sum(count[one] for one in GOOD)
    moved = [one for one in run.files if one.before == one.theirs and one.moved]
    kept = sum(one.outcome is Outcome.SAME for one in moved)
    over = sum(one.outcome is Outcome.OURS_ONLY for one in run.files)
    mixed = [one for one in run.files if one.before != one.theirs and one not in alone]
    shown = [len(alone), *(count[one] for one in Outcome if one is not Outcome.OURS_ONLY)]
    share = f"{100 * good / max(1, len(alone)):.1f} %"
    last = [share, f"{kept} of {len(moved)}", over, len(mixed), len(run.unparsable())]
    return f"| {name} | " + " | ".join(map(str, [*shown, *last])) + " |"


def details(run: Run) -> Iterator[str]:
    """The differences by reason, most frequent first, with places."""
    found: dict[str, list[Difference]] = {}
    alone = set(map(id, run.rename_alone()))
    for one in run.files:
        wanted = id(one) in alone or one.outcome is Outcome.OURS_ONLY
        if wanted and one.outcome not in GOOD:
            for each in run.differences(one):
                found.setdefault(each.why, []).append(each)
    for why, places in sorted(found.items(), key=lambda item: -len(item[1])):
        yield f"\n- {len(places)} × {why}, in {len({one.path for one in places})} files"
        for place in places:
            yield f"  - {place.path}:{place.line}\n    - ours: `{place.ours.strip()}`"
            yield f"    - theirs: `{place.theirs.strip()}`"


def main() -> None:
    """Carries a case out, bare and configured, and prints both."""
    cases, parser = read_cases(), argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=sorted(cases))
    parser.add_argument("clone", type=Path)
    options = parser.parse_args()
    print(HEADER + "|---" * 13 + "|")
    runs = []
    for name, decided in (("packages alone", False), ("as people decided", True)):
        with tempfile.TemporaryDirectory() as folder:
            run = carry_out(cases[options.case], options.clone, Path(folder), decided)
        runs.append((name, run))
        print(summary(name, run))
    for name, run in runs:
        print(f"\n## {name}: what is not as theirs")
        print("\n".join(details(run)))


if __name__ == "__main__":
    main()
