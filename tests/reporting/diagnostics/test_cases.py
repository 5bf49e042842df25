"""Each finding of `cases.yml` in each format."""

import json
from typing import Any

import pytest

from tests.reporting.diagnostics.reports import CASES, NAMES, finding, report
from unify_backend.reporting.diagnostics.github import github_report
from unify_backend.reporting.diagnostics.rdjson import rdjson_report
from unify_backend.reporting.diagnostics.sarif import sarif_report
from unify_backend.reporting.diagnostics.text import text_report

Case = dict[str, Any]
each_case = pytest.mark.parametrize("case", CASES, ids=NAMES)


@each_case
def test_text(case: Case) -> None:
    assert text_report(report(finding(case["finding"]))) == f"{case['text']}\n", case["why"]


@each_case
def test_github(case: Case) -> None:
    first, stop, *text, resume, end = github_report(report(finding(case["finding"]))).split("\n")
    if "annotation" in case:
        assert first == case["annotation"], case["why"]
    assert end == ""
    assert stop.removeprefix("::stop-commands::") == resume.strip(":")
    assert resume not in text


@each_case
def test_sarif(case: Case) -> None:
    (result,) = json.loads(sarif_report(report(finding(case["finding"]))))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == case["uri"], case["why"]
    assert place["region"]["startLine"] == case["finding"].get("at", [1])[0]
    assert ("fixes" in result) == case["fixed"], case["why"]


@each_case
def test_rdjson(case: Case) -> None:
    (one,) = json.loads(rdjson_report(report(finding(case["finding"]))))["diagnostics"]
    found = one["location"].get("range", {})
    ends = [found.get(name, {}).get("column") for name in ("start", "end")]
    assert (None if ends == [None, None] else ends) == case["bytes"], case["why"]
    # a suggestion needs both an exact range and a certain text
    exact = case["bytes"] is not None and None not in case["bytes"]
    assert ("suggestions" in one) == (case["fixed"] and exact), case["why"]
