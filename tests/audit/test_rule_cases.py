"""Every rule, case by case: fixtures/audit."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from unify_backend.audit.package import Package
from unify_backend.audit.registry import RULES
from unify_backend.audit.run import choose, run

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"
CASES = [
    pytest.param(file.stem, case, id=f"{file.stem}: {case['name']}")
    for file in sorted(FOLDER.glob("*.yml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]


def found(rule: str, case: dict[str, Any]) -> list[str]:
    files: dict[str, str] = case["files"]
    table = {"rules": {rule: case.get("options", {})}}
    rules = choose(table, "the case", [rule])
    read = {path: text for path, text in files.items() if "\0" not in text}
    package = Package("app", "app", sorted(files), read.get)
    entries = run([package], rules, lambda path: True)
    return [
        f"{one.path}:{one.start.line if one.start else ''} {entry.text}"
        for entry, one in entries.items()
    ]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_a_case(rule: str, case: dict[str, Any]) -> None:
    assert found(rule, case) == case["finds"], case["why"]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_cases_of_both_kinds(rule: str) -> None:
    cases = yaml.safe_load((FOLDER / f"{rule}.yml").read_text("utf-8"))
    alone = [one for one in cases if not one["finds"]]
    assert alone
    assert len(alone) < len(cases)
    assert all(one["why"] for one in cases)
