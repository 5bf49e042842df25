"""Merge commits of a public repository, merged again file by file.

    python benchmarks/merges.py CLONE [CLONE …] [--files 150] [--seed 1] [--show 3]

Of each clone (bare or not), the merge commits with two parents and one merge base are taken in a
random order. Every Python file that both sides changed and that `git merge-file` cannot merge is
merged by our three-way merge, until there are so many files. A result without a conflict is
compared with what people committed: by bytes, by its syntax tree, and by the set of its statements
(their order aside). Prints a table in Markdown; `--show` prints that many of the results that
differ.
"""

import argparse
import ast
import difflib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import How


class Verdict(StrEnum):
    """What our merge made of a file that git could not merge."""

    CONFLICT = "conflict"
    BYTES = "equal bytes"
    TREE = "equal syntax tree"
    STATEMENTS = "equal statements"
    OTHER = "differs"


@dataclass(frozen=True)
class File:
    """One file of a merge commit: the commit, the path, and the contents."""

    commit: str
    path: str
    canonical: str
    base: str
    legacy: str
    committed: str


class Clone:
    """A clone that is only read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blobs = subprocess.Popen(
            ["git", "-C", str(path), "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def git(self, *arguments: str) -> str:
        """What a git command prints."""
        command = ["git", "-C", str(self.path), *arguments]
        return subprocess.run(
            command, capture_output=True, check=True, encoding="utf-8", errors="replace"
        ).stdout

    def blob(self, name: str) -> str | None:
        """The text of an object; None where it is not there, or no text."""
        asked, answered = self._blobs.stdin, self._blobs.stdout
        assert asked is not None
        assert answered is not None
        asked.write(f"{name}\n".encode())
        asked.flush()
        header = answered.readline().split()
        if header[-1] == b"missing":
            return None
        data = answered.read(int(header[2]) + 1)[:-1]
        try:
            return data.decode()
        except UnicodeDecodeError:
            return None

    def close(self) -> None:
        """Ends the process that reads objects."""
        self._blobs.communicate()

    def merges(self, random: Random) -> Iterator[tuple[str, str, str]]:
        """The merge commits, each with its two parents, in a random order."""
        lines = self.git("rev-list", "--merges", "--parents", "--all").splitlines()
        commits = [words for words in map(str.split, lines) if len(words) == 3]
        random.shuffle(commits)
        yield from ((commit, first, second) for commit, first, second in commits)

    def changed(self, before: str, after: str) -> dict[str, tuple[str, str]]:
        """The Python files that both commits have in different contents, with their blobs."""
        raw = self.git("diff-tree", "-r", "-z", "--diff-filter=M", before, after, "--", "*.py")
        fields = raw.split("\0")
        pairs = zip(fields[::2], fields[1::2], strict=False)
        return {path: (head.split()[2], head.split()[3]) for head, path in pairs if path}

    def files(self, random: Random) -> Iterator[File]:
        """Files that both sides of a merge changed, and that people merged."""
        for commit, first, second in self.merges(random):
            bases = self.git("merge-base", "--all", first, second).split()
            if len(bases) != 1 or bases[0] in {first, second}:
                continue
            ours, theirs = self.changed(bases[0], first), self.changed(bases[0], second)
            for path in sorted(ours.keys() & theirs.keys()):
                names = (ours[path][1], ours[path][0], theirs[path][1], f"{commit}:{path}")
                if names[0] == names[2]:
                    continue
                texts = [text for text in map(self.blob, names) if text is not None]
                if len(texts) == 4:
                    yield File(commit, path, *texts)


def git_merges(file: File, folder: Path) -> bool:
    """Whether `git merge-file` merges it without a conflict."""
    names = ("canonical", "base", "legacy")
    for name, text in zip(names, (file.canonical, file.base, file.legacy), strict=True):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    command = ["git", "merge-file", "-p", "-q", *names]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def statements(text: str) -> Counter[str]:
    """The statements of a module, those inside others too; compound ones by their first line."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module=module, names=names, level=level):
                found.update(f"from {level} {module} import {ast.unparse(n)}" for n in names)
            case ast.Import(names=names):
                found.update(f"import {ast.unparse(name)}" for name in names)
            case ast.stmt():
                inside = [field for field in ("body", "orelse", "handlers", "finalbody") if
                          hasattr(node, field)]
                lines = ast.unparse(node).split("\n") if inside else [ast.unparse(node)]
                head = len(getattr(node, "decorator_list", []))
                found["\n".join(lines[: head + 1])] += 1
            case _:
                pass
    return found


def verdict(file: File, result: str) -> Verdict:
    """How a merged text compares with what people committed."""
    if result == file.committed:
        return Verdict.BYTES
    try:
        if ast.dump(ast.parse(result)) == ast.dump(ast.parse(file.committed)):
            return Verdict.TREE
        if statements(result) == statements(file.committed):
            return Verdict.STATEMENTS
    except (SyntaxError, ValueError, RecursionError):
        pass
    return Verdict.OTHER


def _shown(file: File, text: str) -> str:
    parts = [f"==== {file.commit} {file.path}"]
    for name, before, after in (
        ("base to canonical", file.base, file.canonical),
        ("base to legacy", file.base, file.legacy),
        ("committed to ours", file.committed, text),
    ):
        lines = (each.splitlines(keepends=True) for each in (before, after))
        parts.append(f"---- {name}\n{''.join(list(difflib.unified_diff(*lines, n=3))[2:])}")
    return "\n".join(parts)


def run(clone: Clone, count: int, seed: int, show: int) -> tuple[Counter[Verdict], int]:
    """The verdicts on so many files, and how many files git merged meanwhile."""
    verdicts: Counter[Verdict] = Counter()
    by_git = 0
    with tempfile.TemporaryDirectory() as folder:
        for file in clone.files(Random(seed)):
            if verdicts.total() >= count:
                break
            if git_merges(file, Path(folder)):
                by_git += 1
                continue
            merged = merge3(file.base, file.legacy, file.canonical, language="python")
            said = Verdict.CONFLICT
            if merged.how is not How.CONFLICT:
                said = verdict(file, merged.text)
            verdicts[said] += 1
            if said is Verdict.OTHER and show > 0:
                show -= 1
                print(_shown(file, merged.text), flush=True)
    return verdicts, by_git


_EQUAL = (Verdict.BYTES, Verdict.TREE, Verdict.STATEMENTS)


def _row(name: str, verdicts: Counter[Verdict], by_git: int) -> str:
    clean = verdicts.total() - verdicts[Verdict.CONFLICT]
    equal = sum(verdicts[each] for each in _EQUAL)
    share = f"{clean / max(1, verdicts.total()):.0%}"
    alike = f"{equal / max(1, clean):.0%}"
    cells = [by_git, verdicts.total(), clean, share, *(verdicts[each] for each in _EQUAL), alike]
    return f"| {name} | {' | '.join(map(str, cells))} |"


_HEAD = """\
| repository | git merges | git cannot | clean | share | equal bytes | equal tree | equal statements \
| as people did |
|---|---:|---:|---:|---:|---:|---:|---:|---:|"""


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("clones", nargs="+", type=Path, metavar="CLONE")
    parser.add_argument("--files", type=int, default=150, help="files of each clone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many that differ")
    options = parser.parse_args()
    print(_HEAD, flush=True)
    everything: Counter[Verdict] = Counter()
    merged = 0
    for path in options.clones:
        clone = Clone(path)
        verdicts, by_git = run(clone, options.files, options.seed, options.show)
        clone.close()
        print(_row(path.name, verdicts, by_git), flush=True)
        everything += verdicts
        merged += by_git
    print(_row("all", everything, merged), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
