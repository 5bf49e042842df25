"""Merges that git leaves in conflict, judged by the tests of the project.

    python -m benchmarks.judged_merges CLONE --python FILE [--merges 30] [--source src]

Takes the newest merge commits of the clone with a Python file that `git merge-file` cannot merge
(`merges.py` says which), lays out what people committed, and runs its tests; then puts the files
as this tool merges them in place, and runs them again. `correct`: every test that passed passes;
`wrong`: one does not; `unhandled`: a conflict is left in one of the files. Merges at which no test
passes with this interpreter are not counted. The interpreter needs the project's dependencies and
pytest; the project itself is taken from the folder. What has the bytes or the syntax trees that
people committed is correct without a run. Prints a Markdown table.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.merges import ConflictedFile, conflicted_files, judge

SAME = frozenset({"same bytes", "same tree"})  # as people committed


def tests_passed(python: str, folder: Path, source: str, only: str) -> frozenset[str]:
    """The tests that pass in the folder; none where they cannot be run in 10 minutes."""
    report = folder.parent / "report.xml"
    report.unlink(missing_ok=True)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", only]
    env = {**os.environ, "PYTHONPATH": str(folder / source), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=600)
        cases = ElementTree.parse(report).iter("testcase")
    except (subprocess.TimeoutExpired, OSError, ElementTree.ParseError):
        return frozenset()
    return frozenset(
        f"{case.get('classname')}::{case.get('name')}" for case in cases if not len(case)
    )


def lay_out(clone: Path, commit: str, folder: Path) -> None:
    """The files of a commit in a new folder."""
    folder.mkdir()
    archive = subprocess.Popen(["git", "-C", str(clone), "archive", commit], stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
    archive.wait()


def outcome(files: list[ConflictedFile], options: argparse.Namespace) -> tuple[str, str]:
    """The verdict on one merge, and what it rests on."""
    results = [judge(file) for file in files]
    if any(result.merged is None for result in results):
        return "unhandled", ""
    if all(result.verdict in SAME for result in results):
        return "correct", "what people committed"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "tree"
        lay_out(files[0].clone, files[0].merge, folder)
        # twice: some tests have the time in their names
        before = tests_passed(options.python, folder, options.source, options.tests)
        before &= tests_passed(options.python, folder, options.source, options.tests)
        if not before:
            return "not run", ""
        for result in results:
            (folder / result.file.path).write_text(result.merged or "", "utf-8", newline="")
        after = tests_passed(options.python, folder, options.source, options.tests)
    lost = sorted(before - after)
    if lost:
        return "wrong", f"{len(lost)} of {len(before)} fail: {lost[0]}"
    return "correct", f"{len(before)} tests pass"


def by_merge(clone: Path) -> Iterator[list[ConflictedFile]]:
    """The conflicted files of each merge, the newest merge first."""
    groups = [list(files) for _, files in groupby(conflicted_files(clone), lambda file: file.merge)]
    return reversed(groups)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("clone", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--merges", type=int, default=30)
    parser.add_argument(
        "--source", default=".", help="the folder from which the project is imported"
    )
    parser.add_argument("--tests", default="tests")
    options = parser.parse_args()
    verdicts: list[str] = []
    print("| merge | files | verdict | |")
    print("|---|---:|---|---|")
    for files in by_merge(options.clone):
        if len(verdicts) == options.merges:
            break
        verdict, reason = outcome(files, options)
        print(f"| {files[0].merge[:9]} | {len(files)} | {verdict} | {reason} |", flush=True)
        if verdict != "not run":
            verdicts.append(verdict)
    for verdict in ("correct", "unhandled", "wrong"):
        share = 100 * verdicts.count(verdict) / max(len(verdicts), 1)
        print(f"- {verdict}: {verdicts.count(verdict)} of {len(verdicts)} ({share:.0f} %)")


if __name__ == "__main__":
    main()
