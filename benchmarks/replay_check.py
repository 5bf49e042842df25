"""Whether `check` raises false alarms or misses something, on the history of a real repository.

    python benchmarks/replay_check.py CLONE FROM [--commits 200] [--legacy NAME --canonical NAME]

Writes a baseline at FROM, then replays the next commits of the main line (first parents) one by
one, each on top of the one before with the baseline as it then is. Every commit is judged twice,
against the baseline and by --since its parent, and held against a count that shares no code with
the tool: the words that begin with the legacy name, per file, renames followed by git. Prints a
Markdown table; see benchmarks/README.md.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

BASELINE = "unify-backend-baseline.json"
UNREAD = "unread-file"
IDENTITY = ("-c", "user.name=Replay", "-c", "user.email=replay@example.org")
Words = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Judged:
    """One commit: what a plain count says was added, and what `check` says of it."""

    commit: str
    subject: str
    added: tuple[str, ...]
    by_baseline: tuple[str, ...]
    by_since: tuple[str, ...]
    kept: tuple[str, ...]  # why the inventory keeps what was added

    @property
    def verdict(self) -> str:
        """How the two agree."""
        flagged = bool(self.by_baseline)
        if flagged != bool(self.by_since):
            return "DIFFER"
        if flagged and all(one.startswith(UNREAD) for one in self.by_baseline):
            return "a file stopped parsing"
        if flagged:
            return "caught" if self.added else "FALSE ALARM"
        if not self.added:
            return "quiet"
        return "quiet: only what stays" if len(self.kept) >= len(self.added) else "MISSED"


class Replay:
    """A scratch clone in which the commits are laid one on the other."""

    def __init__(self, source: Path, root: Path, legacy: str, canonical: str) -> None:
        self.root = root
        self.legacy = legacy
        self.names = ("--legacy", legacy, "--canonical", canonical)
        self._word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(legacy)}(?![A-Za-z0-9_])[\w./\\:-]*")
        subprocess.run(["git", "clone", "-q", "--shared", "-n", source, root], check=True)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *IDENTITY, *arguments], cwd=self.root, capture_output=True, check=True
        )
        return done.stdout.decode("utf-8", "replace")

    def tool(self, *arguments: str) -> dict[str, object]:
        """A command's JSON document."""
        script = shutil.which("unify-backend", path=str(Path(sys.executable).parent))
        own = (script,) if script else (sys.executable, "-m", "unify_backend")
        done = subprocess.run(
            [*own, *arguments, *self.names, "--format", "json", "-q"],
            cwd=self.root,
            capture_output=True,
            check=False,
            env=dict(os.environ),
        )
        if done.returncode not in {0, 1}:
            raise SystemExit(done.stderr.decode())
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def lay(self, commit: str) -> None:
        """The tree of `commit` with the baseline of now, as a commit on top."""
        kept = (self.root / BASELINE).read_bytes() if (self.root / BASELINE).exists() else None
        self.git("read-tree", "-u", "--reset", commit)
        if kept is not None:
            (self.root / BASELINE).write_bytes(kept)
        self.commit(commit)

    def commit(self, subject: str) -> None:
        if (self.root / BASELINE).exists():
            self.git("add", "-f", BASELINE)
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", subject)

    def words(self) -> Words:
        """The words that begin with the name, by file."""
        found: Words = Counter()
        listed = subprocess.run(
            ["git", "grep", "-I", "-l", "-z", "-F", self.legacy],
            cwd=self.root, capture_output=True, check=False,
        ).stdout  # fmt: skip
        for name in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            if name != BASELINE:
                text = (self.root / name).read_bytes().decode("utf-8", "replace")
                found.update((name, word.replace("\\", "/")) for word in self._word.findall(text))
        return found

    def renamed(self) -> dict[str, str]:
        """Files of the last commit that had another path before."""
        fields = self.git("show", "-M", "--diff-filter=R", "--name-status", "-z", "--format=")
        parts = fields.strip("\n").split("\0")
        return {parts[n + 1]: parts[n + 2] for n in range(0, len(parts) - 2, 3)}


def replay(one: Replay, start: str, commits: list[str]) -> list[Judged]:
    """Every commit, judged."""
    one.git("checkout", "-q", "--detach", start)
    one.tool("check", "--update-baseline")
    one.commit("baseline")
    before, found = one.words(), []
    for number, commit in enumerate(commits, 1):
        one.lay(commit)
        moved, now = one.renamed(), one.words()
        was: Words = Counter()
        for (path, word), count in before.items():
            was[moved.get(path, path), word] += count
        added = now - was
        by_baseline = places(one.tool("check"))
        by_since = places(one.tool("check", "--since", "HEAD~1"))
        kept = reasons(one, added) if added else ()
        subject = one.git("log", "-1", "--format=%s", commit).strip()
        written = tuple(f"{path} {word}" for path, word in added.elements())
        found.append(Judged(commit, subject, written, by_baseline, by_since, kept))
        print(f"\r{number}/{len(commits)} {found[-1].verdict:30}", end="", file=sys.stderr)
        one.tool("check", "--update-baseline", "--allow-growth")
        one.commit("baseline")
        before = now
    print(file=sys.stderr)
    return found


def places(document: dict[str, object]) -> tuple[str, ...]:
    """Path and message of everything new."""
    new = document["new"]
    assert isinstance(new, list)
    return tuple(
        f"{UNREAD if one['rule'] == UNREAD else ''} {one['path']}:{one['line']} {one['message']}"
        for one in new
    )


def reasons(one: Replay, added: Words) -> tuple[str, ...]:
    """Why the inventory keeps those of the added words that it keeps."""
    references = one.tool("inventory")["references"]
    assert isinstance(references, list)
    kept = []
    for path, word in added.elements():
        same = [
            each["reason"]
            for each in references
            if each["path"] == path
            and each["action"] == "keep"
            and word.startswith(each["text"].replace("\\", "/").split(":")[0])
        ]
        kept.extend(same[-1:])
    return tuple(kept)


def table(found: list[Judged], verbose: bool) -> None:
    """How many commits of each kind, and every commit that touched the name."""
    print("| verdict | commits |\n|---|---:|")
    for verdict, count in sorted(Counter(one.verdict for one in found).items()):
        print(f"| {verdict} | {count} |")
    print("\n| commit | words added | by baseline | by --since | verdict |")
    print("|---|---:|---:|---:|---|")
    for one in found:
        if one.verdict != "quiet":
            counts = f"{len(one.added)} | {len(one.by_baseline)} | {len(one.by_since)}"
            why = f" ({', '.join(sorted(set(one.kept)))})" if "stays" in one.verdict else ""
            print(f"| {one.commit[:9]} | {counts} | {one.verdict}{why} |")
            for place in (*one.added, *one.by_baseline) if verbose else ():
                print(f"  {place}", file=sys.stderr)


def main() -> None:
    """Replays and prints; exits with 1 where something was missed or raised for nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("start")
    parser.add_argument("--main", default="HEAD", help="the branch to follow in CLONE")
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--legacy", default="pixsim7_backend")
    parser.add_argument("--canonical", default="pixsim7.backend.main")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    line = subprocess.run(
        ["git", "rev-list", "--first-parent", "--reverse", f"{given.start}..{given.main}"],
        cwd=given.clone, capture_output=True, check=True, text=True,
    ).stdout.split()  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        one = Replay(given.clone.resolve(), Path(folder) / "replay", given.legacy, given.canonical)
        found = replay(one, given.start, line[: given.commits])
    table(found, given.verbose)
    sys.exit(any(one.verdict.isupper() for one in found))


if __name__ == "__main__":
    main()
