"""How long a plain move takes beside `inventory` and `git grep`, in one run.

    python benchmarks/plain_move.py CLONE PACKAGE TARGET [--path FOLDER --target-path FOLDER]

The newest commit of CLONE is checked out into a scratch clone; files whose content the clone lacks
are left out by a commit of their own. `merge` and `rename` plan the move of PACKAGE to TARGET, of
which no second copy exists. Then a copy is made at TARGET and both get an edit, and `merge` plans
that: here the history is read. Each command runs several times, with byte code written and files in
the cache of the system; the least processor time of a user counts, of all its processes, and the
peak memory of the largest one. Prints a Markdown table. POSIX (os.wait4).
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
PERSON = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor and of the clock, megabytes, and the exit code."""

    user: float
    wall: float
    peak: float
    code: int


def cost(command: Sequence[str], root: Path, repeat: int) -> Cost:
    """The cheapest of some runs."""
    runs = [once(command, root) for _ in range(repeat)]
    return min(runs, key=lambda run: run.user)


def once(command: Sequence[str], root: Path) -> Cost:
    """One run, its children included."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return Cost(usage.ru_utime, wall, peak, process.returncode)


def own() -> list[str]:
    """The tool, as it is installed beside this interpreter."""
    script = shutil.which("unify-backend", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "unify_backend"]


def git(root: Path, *words: str, given: str | None = None) -> str:
    """What git prints."""
    return subprocess.run(
        ["git", *PERSON, *words], cwd=root, input=given, capture_output=True, text=True, check=True
    ).stdout


def checked_out(clone: Path, root: Path) -> None:
    """Clones, without the files whose content is not there."""
    git(clone, "clone", "-q", "--shared", "-n", str(clone), str(root))
    rows = [row for row in git(root, "ls-tree", "-rz", "HEAD").split("\0") if row]
    blobs = "".join(f"{row.split()[2]}\n" for row in rows)
    asked = git(root, "cat-file", "--batch-check", given=blobs).splitlines()
    lacking = {line.split()[0] for line in asked if line.endswith(" missing")}
    kept = [row for row in rows if row.split()[2] not in lacking or row.startswith("160000")]
    git(root, "update-index", "-z", "--index-info", given="".join(f"{row}\0" for row in kept))
    if git(root, "diff", "--cached", "--name-only"):
        git(root, "commit", "-qnm", "Without what the clone lacks")
    git(root, "checkout", "-q", "--", ".")


def with_copy(root: Path, folder: str, target: str) -> None:
    """Makes the second copy, and an edit of either side."""
    shutil.copytree(root / folder, root / target)
    git(root, "add", "-f", target)
    git(root, "commit", "-qnm", "Copy")
    for place in (folder, target):
        some = sorted((root / place).rglob("*.py"))[:20:2]
        for number, path in enumerate(some):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n\ndef of_{place.replace('/', '_')}_{number}():\n    return 1\n")
        git(root, "commit", "-qnam", f"Edit {place}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("package")
    parser.add_argument("target")
    parser.add_argument("--path")
    parser.add_argument("--target-path")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    folder = given.path or given.package.replace(".", "/")
    target = given.target_path or given.target.replace(".", "/")
    places = ["--legacy-path", folder, "--canonical-path", target]
    names = ["--legacy", given.package, "--canonical", given.target, *places]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "repository"
        checked_out(given.clone.resolve(), root)
        files, commits = (
            len(git(root, "ls-files").splitlines()),
            git(root, "rev-list", "--count", "HEAD").strip(),
        )
        commands = {
            "`git grep -c NAME`": ["git", "grep", "-c", "-F", given.package],
            "`inventory`": [*own(), "inventory", *names],
            "`merge --dry-run`, a plain move": [*own(), "merge", "--dry-run", *names],
            "`rename --dry-run`": [
                *own(), "rename", given.package, given.target, *places, "--dry-run",
            ],
        }  # fmt: skip
        rows = {name: cost(command, root, given.repeat) for name, command in commands.items()}
        with_copy(root, folder, target)
        more = {
            "`inventory`, with a copy": [*own(), "inventory", *names],
            "`rewrite --dry-run`, with a copy": [*own(), "rewrite", "--dry-run", *names],
            "`merge --dry-run`, with a copy": [*own(), "merge", "--dry-run", *names],
        }
        rows |= {name: cost(command, root, given.repeat) for name, command in more.items()}
    base = rows["`inventory`"]
    print(f"{files:,} files, {int(commits):,} commits; `{given.package}` to `{given.target}`\n")
    print("| command | user s | beside `inventory` | wall s | peak MB | exit |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, row in rows.items():
        ratio = f"{row.user / base.user:.2f}"
        print(
            f"| {name} | {row.user:.2f} | {ratio} | {row.wall:.1f} | {row.peak:.0f} | {row.code} |"
        )


if __name__ == "__main__":
    main()
