"""Speed, memory and completeness on a real repository, beside other tools, in one run.

    python benchmarks/real_repository.py CLONE [--legacy NAME --canonical NAME] [--skip TOOL…]

Prints a Markdown table; see benchmarks/README.md for what it means.
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

ROPE = """
import sys
from rope.base.project import Project
from rope.refactor.rename import Rename
root, old, new = sys.argv[1:]
project = Project(root, ropefolder=None)
project.do(Rename(project, project.get_folder(old)).get_changes(new))
project.close()
"""


@dataclass(frozen=True)
class Tool:
    """A command line; `{files}` stands for the Python files that hold the name."""

    name: str
    command: tuple[str, ...]
    writes: bool
    repeat: int


@dataclass(frozen=True)
class Measured:
    """Best wall time in seconds, peak memory in MB, exit code, occurrences left."""

    seconds: float
    megabytes: float
    code: int
    left_python: int | None
    left_all: int | None


def tools(legacy: str, canonical: str) -> list[Tool]:
    """What is compared."""
    names = ("--legacy", legacy, "--canonical", canonical)
    script = shutil.which("unify-backend", path=str(Path(sys.executable).parent))
    own = (script,) if script else (sys.executable, "-m", "unify_backend")
    rename = (
        "rename.RenameCommand",
        "--jobs=2",
        "--no-format",
        "--old_name",
        legacy,
        "--new_name",
        canonical,
    )
    return [
        Tool("git grep -o -w", ("git", "grep", "-o", "-w", legacy), False, 5),
        Tool("unify-backend inventory", (*own, "inventory", *names), False, 5),
        Tool("unify-backend diff", (*own, "diff", *names), False, 3),
        Tool("unify-backend merge", (*own, "merge", *names), True, 3),
        Tool("unify-backend rewrite", (*own, "rewrite", *names), True, 3),
        Tool(
            "LibCST RenameCommand, 2 jobs",
            (sys.executable, "-m", "libcst.tool", "codemod", *rename, "{files}"),
            True,
            1,
        ),
        Tool("rope Rename", (sys.executable, "-c", ROPE, ".", legacy, f"{legacy}_new"), True, 1),
    ]


def measure(tool: Tool, source: Path, legacy: str) -> Measured:
    """Runs a tool on fresh clones; the best time of its repetitions."""
    best: Measured | None = None
    for _ in range(tool.repeat):
        with tempfile.TemporaryDirectory() as folder:
            clone = Path(folder) / "clone"
            git(source, "clone", "-q", "--shared", str(source), str(clone))
            git(clone, "checkout", "-q", git(source, "rev-parse", "HEAD").strip())
            files = git(clone, "grep", "-l", "-w", legacy, "--", "*.py").split("\n")[:-1]
            command = [
                part for one in tool.command for part in (files if one == "{files}" else [one])
            ]
            done = run(command, clone)
            left = [count(clone, legacy, pattern) for pattern in ("*.py", ".")]
            found = Measured(*done, *(left if tool.writes else (None, None)))
        best = found if best is None or found.seconds < best.seconds else best
    assert best is not None
    return best


def run(command: Sequence[str], folder: Path) -> tuple[float, float, int]:
    """Seconds, megabytes and exit code of a child process."""
    begin = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6, child.returncode


def count(clone: Path, legacy: str, pattern: str) -> int:
    """Occurrences of the old name outside its own folder."""
    done = subprocess.run(
        ["git", "grep", "-o", "-h", "-w", legacy, "--", pattern, f":!{legacy}"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )
    return len(done.stdout.splitlines())


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("--legacy", default="pixsim7_backend")
    parser.add_argument("--canonical", default="pixsim7.backend.main")
    parser.add_argument("--skip", nargs="*", default=[])
    options = parser.parse_args()
    print(
        f"{options.clone.name} at {git(options.clone, 'rev-parse', '--short', 'HEAD').strip()}, "
        f"{len(git(options.clone, 'ls-files').splitlines()):,} files, "
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}\n"
    )
    print("| tool | seconds | beside rewrite | peak MB | exit | left in Python | left in all |")
    print("|---|---|---|---|---|---|---|")
    rows = [
        (tool, measure(tool, options.clone, options.legacy))
        for tool in tools(options.legacy, options.canonical)
        if not any(word in tool.name for word in options.skip)
    ]
    own = next((m.seconds for t, m in rows if t.name == "unify-backend rewrite"), None)
    for tool, found in rows:
        ratio = f"{found.seconds / own:.2f}×" if own else ""
        left = ["" if n is None else str(n) for n in (found.left_python, found.left_all)]
        print(
            f"| {tool.name} | {found.seconds:.2f} | {ratio} | {found.megabytes:.0f} | "
            f"{found.code} | {left[0]} | {left[1]} |"
        )


if __name__ == "__main__":
    main()
