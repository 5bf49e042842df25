"""The files of a report, by name."""

from unify_backend.model.report import Completion
from unify_backend.model.shims import MARK
from unify_backend.reporting.burndown.svg import burndown_svg, with_edge
from unify_backend.reporting.json.common import to_json
from unify_backend.reporting.json.report import report_document
from unify_backend.reporting.plots.divergence import divergence_svg
from unify_backend.reporting.plots.treemap import treemap_svg
from unify_backend.reporting.report.html import report_page
from unify_backend.reporting.report.markdown import report_markdown


def report_files(completion: Completion) -> dict[str, bytes]:
    """Every file with its content; each has the mark that identifies it as a generated file."""
    files = {
        "report.html": report_page(completion),
        "report.json": to_json(report_document(completion)),
        "report.md": report_markdown(completion),
    }
    if completion.burndown:
        files["burndown.svg"] = _picture(burndown_svg(with_edge(completion.burndown)))
    if completion.references:
        files["treemap.svg"] = _picture(treemap_svg(completion.references))
    for number, package in enumerate(completion.packages):
        name = "divergence.svg" if number == 0 else f"divergence-{number + 1}.svg"
        files[name] = _picture(divergence_svg(package.history, number))
    return {name: files[name].encode("utf-8", "backslashreplace") for name in sorted(files)}


def _picture(svg: str) -> str:
    return f"<!-- {MARK} report; edits are lost. -->\n{svg}"
