"""Runs fixtures/merge/*.yml: three versions, the right answer or the conflict, and why."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from unify_backend.languages.registry import languages
from unify_backend.merging.threeway.lost_content import defined_twice, lost, lost_definitions
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction, Merged

UNITS = [name for name, language in languages().items() if language.merge_units]

FOLDER = Path(__file__).parents[3] / "fixtures" / "merge"
Case = dict[str, Any]


def _cases() -> Iterator[tuple[str, Case]]:
    for file in sorted(FOLDER.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text("utf-8")):
            yield f"{file.stem}: {entry['name']}", entry


CASES = dict(_cases())


def merged(case: Case) -> Merged:
    return merge3(case["base"], case["legacy"], case["canonical"], language=case["language"])


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    case = CASES[name]
    found = merged(case)
    if case.get("conflict"):
        assert found.how is MergeAction.CONFLICT, f"{case['why']}:\n{found.text}"
        hunks = [{"ours": one.ours, "base": one.base, "theirs": one.theirs} for one in found.hunks]
        if "hunks" in case:
            assert hunks == case["hunks"], found.text
        lines = found.text.split("\n")
        for hunk in found.hunks:
            assert lines[hunk.start_line - 1].startswith("<<<<<<<")
            assert lines[hunk.end_line - 1].startswith(">>>>>>>")
            assert hunk.why
    else:
        assert found.text == case["expected"], case["why"]
        assert not found.hunks
    assert case.get("note", "") in " ".join(found.notes)


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_lost(name: str) -> None:
    case = CASES[name]
    texts = case["base"], case["legacy"], case["canonical"], merged(case)
    assert lost(*texts) == []
    if case["language"] == "python":
        assert lost_definitions(*texts) == []
        assert defined_twice(*texts) == []


@pytest.mark.parametrize("name", CASES)
def test_the_case_says_what_git_does(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    for part in ("canonical", "base", "legacy"):
        (tmp_path / part).write_bytes((case[part] or "").encode())
    git = subprocess.run(
        ["git", "merge-file", "-p", "canonical", "base", "legacy"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert ("conflict" if git.returncode else "clean") == case["git"]


def test_more_than_half_of_what_git_leaves_is_resolved() -> None:
    left = [case for case in CASES.values() if case["git"] == "conflict"]
    resolved = [case for case in left if merged(case).how is not MergeAction.CONFLICT]
    assert len(left) >= 40
    assert len(resolved) * 2 > len(left)
    assert all(one.get("expected") == merged(one).text for one in resolved)


def test_there_are_enough_cases_and_each_says_why() -> None:
    assert len(CASES) >= 60
    assert all(
        case["why"] and ("expected" in case) != case.get("conflict", False)
        for case in CASES.values()
    )
    assert set(UNITS) <= {case["language"] for case in CASES.values()}
