"""Random merges whose right result is known: `benchmarks/random_merges.py`, fewer of them."""

import re

import pytest

from benchmarks.random_formats import FORMATS
from benchmarks.random_merges import (
    Contradiction,
    Verdict,
    case,
    judge,
    run,
    silent,
)

SEED = 1


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_wrong_and_silent(name: str) -> None:
    outcomes = run(name, 40, SEED)
    assert outcomes.total() == 40
    assert not silent(outcomes, lambda git: True)


@pytest.mark.deep
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_wrong_where_git_asks_or_is_right(name: str) -> None:
    outcomes = run(name, 1_000, SEED, first=40)
    assert not silent(outcomes, lambda git: git in {Verdict.CONFLICT, Verdict.RIGHT})


@pytest.mark.parametrize("name", FORMATS)
def test_the_judge_accepts_the_right_result_and_no_other(name: str) -> None:
    judged = 0
    for number in range(20):
        truth = case(name, SEED, number).truth
        try:
            right = truth.form.write(truth.merged())
        except Contradiction:
            continue
        judged += 1
        assert judge(truth, right) is Verdict.RIGHT
        lines = right.splitlines(keepends=True)
        at = next(at for at, line in enumerate(lines) if re.search(r"\bm\d+\b", line))
        assert judge(truth, "".join(lines[:at] + lines[at + 1 :])) is not Verdict.RIGHT
        assert judge(truth, right.replace(lines[at], lines[at] * 2, 1)) is not Verdict.RIGHT
        other = re.sub(r"\bm\d+\b", "m0", lines[at])
        assert judge(truth, right.replace(lines[at], other, 1)) is not Verdict.RIGHT
    assert judged > 5
