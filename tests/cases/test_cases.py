"""The collection of fault cases that lies beside the repository, or where `UNIFY_CASES` says: those
that passing.txt names have to pass, and the list only grows."""

import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.end_to_end.support import environment
from tests.end_to_end.tools import ROOT, beside

LIST = Path(__file__).parent / "passing.txt"
ASKED = os.environ.get("UNIFY_CASES", "")
COLLECTION = Path(ASKED) if ASKED else ROOT.parent / "shared" / "cases"
LIMIT = 300  # seconds for one case, as its own runner has it
there = pytest.mark.skipif(
    os.name == "nt" or not (COLLECTION / "README.md").is_file(),
    reason="no collection of cases beside the repository, and UNIFY_CASES names none",
)
COSTLY = () if ASKED else pytest.mark.deep


def named(text: str) -> list[str]:
    """The cases of a list; lines that begin with # are comments."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def removed(before: str, now: str) -> list[str]:
    """What a list has lost. A case that is wrong may go where a comment `# NAME: why` stays."""
    kept = {*named(now), *(line[2:].partition(":")[0] for line in now.splitlines() if ": " in line)}
    return [name for name in named(before) if name not in kept]


CASES = named(LIST.read_text("utf-8"))


@there
@pytest.mark.parametrize("name", [pytest.param(name, marks=COSTLY) for name in CASES])
def test_it_passes(name: str) -> None:
    child = subprocess.Popen(
        ["bash", str(COLLECTION / name / "case.sh"), beside("unify-backend")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(), start_new_session=True,
    )  # fmt: skip
    try:
        said = child.communicate(timeout=LIMIT)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        pytest.fail(f"not ready after {LIMIT} seconds")
    if child.returncode == 2:
        pytest.skip(said.strip().splitlines()[-1])
    assert child.returncode == 0, said


def test_the_list_is_sorted_and_names_nothing_twice() -> None:
    assert sorted(set(CASES)) == CASES


@there
def test_the_collection_has_what_the_list_names() -> None:
    assert [name for name in CASES if not (COLLECTION / name / "case.sh").is_file()] == []


def test_the_list_only_grows() -> None:
    now = LIST.read_text("utf-8")
    for revision in earlier():
        before = git("show", f"{revision}:{LIST.relative_to(ROOT).as_posix()}")
        assert removed(before, now) == [], f"passed at {revision}, and is taken out of the list"


def earlier() -> Iterable[str]:
    """The states that this one is held against: the last two commits, and where it left main."""
    yield from ("HEAD", "HEAD~1")
    for main in ("main", "origin/main"):
        if base := git("merge-base", "HEAD", main).strip():
            yield base


def git(*words: str) -> str:
    """What git prints; nothing where it fails: no repository, no such revision or file."""
    done = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, check=False, env=environment()
    )
    return done.stdout.decode("utf-8") if done.returncode == 0 else ""


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [
        ("a/1\na/2\n", "a/1\na/2\na/3\n", []),
        ("a/1\na/2\n", "a/2\n", ["a/1"]),
        ("a/1\n", "# a/1: it expects what the standard forbids\n", []),
        ("a/1\n", "# a/1\n", ["a/1"]),  # without a reason
        ("", "", []),
    ],
)
def test_what_is_taken_out_is_noticed(before: str, now: str, lost: list[str]) -> None:
    assert removed(before, now) == lost
