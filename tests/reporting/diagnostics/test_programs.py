"""What programs take from SARIF, GitLab's report, rdjson and JUnit's XML."""

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.reporting.diagnostics.reports import finding, numbered, report
from unify_backend.model.diagnostics import DiagnosticReport
from unify_backend.reporting.diagnostics import sarif
from unify_backend.reporting.diagnostics.gitlab import gitlab_report
from unify_backend.reporting.diagnostics.junit import junit_report
from unify_backend.reporting.diagnostics.rdjson import rdjson_report
from unify_backend.reporting.diagnostics.sarif import sarif_report

ANY = st.text(st.one_of(st.characters(), st.sampled_from("\0\x1b\r\n\t]>&<\ud800\udcff\uffff")))
CERTAIN = finding(
    {
        "path": "a b.py",
        "message": "m",
        "at": [3, 3],
        "until": [3, 11],
        "line": "é old_name",
        "replacement": "acme",
    }
)


def run_of(one: DiagnosticReport) -> dict[str, Any]:
    """The run of a SARIF log."""
    (run,) = json.loads(sarif_report(one))["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_says_everything_about_a_place() -> None:
    (result,) = run_of(report(CERTAIN))["results"]
    region = {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 11}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"},
                "region": {**region, "snippet": {"text": "old_name"}},
                "contextRegion": {"startLine": 3, "snippet": {"text": "é old_name"}},
            }
        }
    ]
    (fix,) = result["fixes"]
    assert fix["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "acme"}}
    ]
    assert result["partialFingerprints"] == {"primaryLocationLineHash": CERTAIN.fingerprint}


def test_sarif_explains_its_rules_and_counts_columns_in_characters() -> None:
    run = run_of(report(CERTAIN))
    rules = run["tool"]["driver"]["rules"]
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "legacy-reference"
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "warning"]
    assert rules[0]["help"]["markdown"].startswith("Why: **it moved**.")
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_beyond_the_limit_keeps_errors_and_counts_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sarif.MOST == 25_000  # what GitHub takes; a smaller one is quicker to try
    monkeypatch.setattr(sarif, "MOST", 100)
    found = [numbered(n, "note" if n % 2 else "error") for n in range(1, 111)]
    run = run_of(report(*found))
    assert len(run["results"]) == 100
    assert sum(one["level"] == "error" for one in run["results"]) == 55
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "10 more results were left out: at most 100 are taken."


def test_sarif_within_the_limit_notifies_nobody() -> None:
    assert run_of(report(numbered(1)))["invocations"] == [{"executionSuccessful": True}]


def test_sarif_does_not_quote_a_megabyte() -> None:
    one = {"path": "a.js", "message": "m", "at": [1, 1], "until": [1, 999_999]}
    assert len(sarif_report(report(finding({**one, "line": "x" * 1_000_000})))) < 4_000


def test_gitlab_grades_by_severity() -> None:
    kinds = ("error", "warning", "note")
    found = json.loads(gitlab_report(report(*(numbered(n, s) for n, s in enumerate(kinds, 1)))))
    assert [one["severity"] for one in found] == ["major", "minor", "info"]
    assert found[1]["location"] == {"path": "a.py", "lines": {"begin": 2, "end": 2}}


def test_gitlab_of_a_clean_run_is_an_empty_list() -> None:
    assert json.loads(gitlab_report(report())) == []


@settings(max_examples=examples(200), deadline=None)
@given(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])),
    st.data(),
)
def test_rdjson_columns_are_bytes(line: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(line)))
    last = data.draw(st.integers(first, len(line)))
    entry = {"path": "a", "message": "m", "at": [5, first + 1], "until": [5, last + 1]}
    one = finding({**entry, "line": line, "replacement": "x"})
    (found,) = json.loads(rdjson_report(report(one)))["diagnostics"]
    place = found["location"]["range"]
    begin, end = place["start"]["column"] - 1, place["end"]["column"] - 1
    assert line.encode()[begin:end].decode() == line[first:last]
    assert found["suggestions"] == [{"range": place, "text": "x"}]


def test_rdjson_names_whole_lines_where_it_cannot_count() -> None:
    entry = {"path": "a", "message": "m", "at": [5, 2], "until": [7, 9], "line": "abc"}
    (found,) = json.loads(rdjson_report(report(finding({**entry, "replacement": "x"}))))[
        "diagnostics"
    ]
    assert found["location"]["range"] == {"start": {"line": 5}, "end": {"line": 7}}
    assert "suggestions" not in found


def test_junit_has_a_test_for_each_file() -> None:
    found = [
        numbered(1),
        numbered(2),
        numbered(3, "warning"),
        numbered(1, "note", "b.py"),
    ]
    root = fromstring(junit_report(report(*found)))
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
    }
    first, second = root.iter("testcase")
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("message") == "the old name (and 1 more)"
    assert "a.py:2:8: error: the old name\nInstead: acme" in (failure.text or "")
    assert "a.py:3:8: warning" in first.findtext("system-out", "")
    assert second.find("failure") is None


def test_junit_of_a_clean_run_has_one_passed_test() -> None:
    (case,) = fromstring(junit_report(report())).iter("testcase")
    assert len(case) == 0


@settings(max_examples=examples(200), deadline=None)
@given(path=ANY.filter(bool), message=ANY, advice=ANY)
def test_junit_can_always_be_read(path: str, message: str, advice: str) -> None:
    text = junit_report(report(finding({"path": path, "message": message, "advice": advice})))
    root = fromstring(text.encode("utf-8"))
    assert root.get("failures") == "1"
