"""How often a merge that git leaves in conflict comes out whole, and whether as people wrote it.

    python -m benchmarks.merges CLONE... [--limit N] [--list] [--save DIR]

Takes each merge commit of each clone (two parents, one merge base) and each Python file that both
parents changed and that `git merge-file` cannot merge, gives the three versions to the three-way
merge of this tool, and compares what is clean with the file that people committed: the bytes, the
syntax tree, and the statements in any order. Prints a Markdown table; `--list` names each clean
file that differs, `--save` writes its five versions for reading. See benchmarks/README.md.
"""

import argparse
import ast
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction

ABSENT = "0" * 40


@dataclass(frozen=True)
class ConflictedFile:
    """A file that git leaves in conflict: its versions as text (UTF-8)."""

    clone: Path
    merge: str
    path: str
    base: str
    first: str
    second: str
    committed: str


@dataclass(frozen=True)
class Judged:
    """What this tool makes of a file. `merged` is None where a conflict is left."""

    file: ConflictedFile
    merged: str | None

    @property
    def verdict(self) -> str:
        """How the result agrees with what was committed."""
        if self.merged is None:
            return "conflict"
        if self.merged == self.file.committed:
            return "same bytes"
        try:
            ours, theirs = _tree(self.merged), _tree(self.file.committed)
        except (SyntaxError, ValueError):
            return "differs"
        if ast.dump(ours) == ast.dump(theirs):
            return "same tree"
        return "same statements" if statements(ours) == statements(theirs) else "differs"


def _tree(text: str) -> ast.Module:
    """The syntax tree. Python ignores a byte order mark in a file, but not in a string."""
    return ast.parse(text.removeprefix("\ufeff"))


def statements(tree: ast.AST) -> Counter[str]:
    """How often each statement stands in the tree, at any depth; a block counts with its header,
    and so do handlers and cases. What one import names has no order."""
    counts: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            fields = {name: value for name, value in ast.iter_fields(node) if name not in _BODIES}
            says = {name: _dump(part) for name, part in fields.items()}
            if isinstance(node, ast.Import | ast.ImportFrom):
                says["names"] = sorted(map(ast.dump, node.names))
            counts[type(node).__name__ + repr(says)] += 1
    return counts


_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def _dump(part: object) -> object:
    if isinstance(part, ast.AST):
        return ast.dump(part)
    return [_dump(each) for each in part] if isinstance(part, list) else part


def git(clone: Path, *arguments: str) -> str:
    """Standard output of a git command; "" where it found nothing."""
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def merges(clone: Path) -> list[tuple[str, str, str]]:
    """All merge commits with two parents, oldest first: the commit and its parents."""
    lines = git(clone, "rev-list", "--merges", "--parents", "--reverse", "HEAD").splitlines()
    return [(a, b, c) for a, b, c, *more in map(str.split, lines) if not more]


def conflicted_files(clone: Path, limit: int | None = None) -> Iterator[ConflictedFile]:
    """The Python files that git leaves in conflict; `limit` merges at most, the newest."""
    for merge, *parents in merges(clone)[-limit if limit else 0 :]:
        bases = git(clone, "merge-base", "--all", *parents).split()
        if len(bases) != 1:
            continue
        first, second = (_changed(clone, bases[0], parent) for parent in parents)
        for path in sorted(first.keys() & second.keys()):
            (base, ours), (_, theirs) = first[path], second[path]
            if ours == theirs:
                continue
            committed = git(clone, "ls-tree", "--format=%(objectname)", merge, "--", path).strip()
            texts = [_text(clone, blob) for blob in (base, ours, theirs, committed) if blob]
            known = [text for text in texts if text is not None]
            if len(known) == 4 and _conflicts(known[:3]):
                yield ConflictedFile(clone, merge, path, *known)


def _changed(clone: Path, base: str, commit: str) -> dict[str, tuple[str, str]]:
    """The Python files that `commit` changed: their blobs in the base and there."""
    changed = {}
    raw = git(clone, "diff-tree", "-r", "-z", "--no-renames", "--diff-filter=M", base, commit)
    fields = raw.split("\0")
    for header, path in zip(fields[::2], fields[1::2], strict=False):
        _, _, old, new, _ = header.split()
        if path.endswith(".py") and ABSENT not in {old, new}:
            changed[path] = old, new
    return changed


def _text(clone: Path, blob: str) -> str | None:
    data = subprocess.run(
        ["git", "-C", str(clone), "cat-file", "blob", blob], check=True, capture_output=True
    ).stdout
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _conflicts(texts: list[str]) -> bool:
    """Whether `git merge-file` leaves a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / name for name in ("base", "ours", "theirs")]
        for name, text in zip(names, texts, strict=True):
            name.write_text(text, "utf-8", newline="")
        base, ours, theirs = map(str, names)
        command = ["git", "merge-file", "-p", "-q", ours, base, theirs]
        return subprocess.run(command, capture_output=True, check=False).returncode != 0


def judge(file: ConflictedFile) -> Judged:
    """What this tool makes of the file, the first parent as the canonical side."""
    merged = merge3(file.base, file.second, file.first, language="python")
    clean = merged.how is not MergeAction.CONFLICT
    return Judged(file, merged.text if clean else None)


def save(judged: Judged, folder: Path) -> None:
    """Writes the versions of a file beside each other."""
    file = judged.file
    into = folder / f"{file.clone.name}-{file.merge[:9]}-{file.path.replace('/', '-')}"
    into.mkdir(parents=True, exist_ok=True)
    versions = {"base": file.base, "first": file.first, "second": file.second}
    versions |= {"committed": file.committed, "merged": judged.merged or ""}
    for name, text in versions.items():
        (into / f"{name}.py").write_text(text, "utf-8", newline="")


def people_added(judged: Judged) -> bool:
    """Whether people's file has a line that neither the sides nor the result have."""
    file = judged.file
    known = "\n".join((file.first, file.second, judged.merged or ""))
    lines = [_stripped_lines(text) for text in (file.committed, known)]
    return not lines[0] <= lines[1]


def _stripped_lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


VERDICTS = ("same bytes", "same tree", "same statements", "differs")


def row(name: str, verdicts: Counter[str]) -> str:
    """A line of the table."""
    clean = sum(verdicts[verdict] for verdict in VERDICTS)
    total = clean + verdicts["conflict"]
    same = clean - verdicts["differs"]
    shares = (f"{100 * clean / max(total, 1):.0f} %", f"{100 * same / max(clean, 1):.0f} %")
    cells = (name, total, clean, shares[0], *(verdicts[verdict] for verdict in VERDICTS), shares[1])
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="merge commits of each clone at most")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    print("| repository | git conflicts | clean | | " + " | ".join(VERDICTS) + " | as people did |")
    print("|---|" + "---:|" * (4 + len(VERDICTS)))
    total: Counter[str] = Counter()
    differing: list[Judged] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for clone in options.clones:
            files = list(conflicted_files(clone, options.limit))
            results = list(pool.map(judge, files, chunksize=4))
            verdicts = Counter(result.verdict for result in results)
            differing += [result for result in results if result.verdict == "differs"]
            total += verdicts
            name = clone.resolve()
            print(row(name.parent.name if name.name == "repo" else name.name, verdicts), flush=True)
    print(row("all", total))
    print(f"\nof those that differ, with new lines by people: {sum(map(people_added, differing))}")
    for result in differing:
        if options.list:
            print(f"- {result.file.clone.name} {result.file.merge[:9]} {result.file.path}")
        if options.save:
            save(result, options.save)


if __name__ == "__main__":
    main()
