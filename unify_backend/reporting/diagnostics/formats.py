"""The names of the formats, and which one a file's name asks for. Light: read at every start."""

from enum import StrEnum


class ReportFormat(StrEnum):
    """How a list of diagnostics is written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    GITLAB = "gitlab"
    RDJSON = "rdjson"
    JUNIT = "junit"


_JSON = (ReportFormat.JSON, ReportFormat.SARIF, ReportFormat.GITLAB, ReportFormat.RDJSON)
_ENDINGS = {  # what a file so named may hold, the likeliest first; the first ending that fits
    "gl-code-quality-report.json": (ReportFormat.GITLAB,),  # the name in GitLab's own examples
    ".sarif.json": (ReportFormat.SARIF,),
    ".sarif": (ReportFormat.SARIF,),
    ".rdjson": (ReportFormat.RDJSON,),
    ".json": _JSON,
    ".xml": (ReportFormat.JUNIT,),
}


def format_of(name: str, requested: ReportFormat) -> ReportFormat:
    """The format for a file of this name: the one asked for, unless the name says otherwise."""
    matching = (fitting for ending, fitting in _ENDINGS.items() if name.lower().endswith(ending))
    fitting = next(matching, (requested,))
    return requested if requested in fitting else fitting[0]
