"""The heads of Alembic's revision files: cases as data, and a law."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.merging.alembic import heads
from unify_backend.model.checks import (
    DuplicateRevision,
    MigrationProblem,
    MissingParent,
    RevisionCycle,
    UnreadableRevision,
)

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "checks" / "alembic.yml").read_text("utf-8")
)


def told(problem: MigrationProblem) -> str:
    match problem:
        case DuplicateRevision(revision, paths):
            return " ".join(["duplicate", revision, *paths])
        case MissingParent(path, revision, parent):
            return f"missing {path} {revision} {parent}"
        case RevisionCycle(revisions):
            return " ".join(["cycle", *revisions])
        case UnreadableRevision(path):
            return f"unreadable {path}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    lines: list[str] = []
    for one in heads(case["files"]):
        lines.append(" ".join([one.folder, str(one.revisions), *one.heads]))
        lines += [told(problem) for problem in one.problems]
    assert lines == case["found"], case["why"]


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefgh"), max_size=3))
)
def test_heads_and_problems_for_any_graph(graph: dict[str, set[str]]) -> None:
    files = {
        f"versions/{name}.py": f"revision = {name!r}\ndown_revision = {tuple(sorted(down))!r}\n"
        for name, down in graph.items()
    }
    for one in heads(files):
        followed = set().union(*graph.values())
        assert set(one.heads) == graph.keys() - followed
        missing = {p.parent for p in one.problems if isinstance(p, MissingParent)}
        assert missing == followed - graph.keys()
        in_circles = {
            name for p in one.problems if isinstance(p, RevisionCycle) for name in p.revisions
        }
        assert in_circles == {name for name in graph if name in reachable(name, graph)}


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


@given(st.text(), st.sampled_from(["revision = ", "down_revision = 'a'\nrevision = 'b'\n", ""]))
def test_any_text_is_read(text: str, start: str) -> None:
    heads({"versions/a.py": start + text, "versions/b.py": f"down_revision {text}"})
