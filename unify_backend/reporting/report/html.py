"""The report as one HTML page without external resources.

Everything from the repository is hostile input: templates escape by default, plots escape for
themselves, and a content security policy forbids whatever would still get through: scripts and
styles but our own (by their hashes), and every connection.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from unify_backend.model.history import ChangedSide
from unify_backend.model.references import Action, Names
from unify_backend.model.report import (
    Completion,
    FileOutcome,
    ReferenceOutcome,
    TracedReference,
    score,
)
from unify_backend.model.status import result_of
from unify_backend.model.text import printable
from unify_backend.reporting.burndown.svg import burndown_svg, with_edge
from unify_backend.reporting.ledger import LEGEND, amount, summary, takers
from unify_backend.reporting.plots.divergence import KINDS, LETTERS, WORDS, folders_of, told
from unify_backend.reporting.plots.treemap import TALL, WIDE, treemap_svg
from unify_backend.reporting.report import words
from unify_backend.reporting.report.handover import announcement, left, rollback
from unify_backend.reporting.report.routes import figures_table, route_table, states_of
from unify_backend.reporting.report.side_by_side import LineSign, SideBySide, beside
from unify_backend.reporting.tables import count

if TYPE_CHECKING:
    from jinja2 import Environment

_ROWS = 4_000  # references that the page lists
_PAIRS = 1_500_000  # characters of files beside each other


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its anchor is the name of its template."""

    id: str
    title: str


SECTIONS = (
    Section("summary", "Summary"),
    Section("tasks", "Tasks"),
    Section("figures", "Before and after"),
    Section("burndown", "Burn-down"),
    Section("treemap", "Where it is named"),
    Section("divergence", "Which side changed"),
    Section("merged", "What was merged"),
    Section("ledger", "Commits"),
    Section("references", "References"),
    Section("routes", "Routes"),
    Section("left", "What is left"),
    Section("handover", "Hand over"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A changed file with its columns and its anchor."""

    anchor: str
    joined: FileOutcome
    beside: SideBySide


def report_page(completion: Completion) -> str:
    """The complete page."""
    environment = _environment()
    style, script = _text("style.css"), _text("script.js")
    pairs = _pairs(completion.joined)
    rows, cut = _rows(completion.references)
    body = environment.get_template("page.html").render(
        report=completion,
        sections=SECTIONS,
        style=style,
        script=script,
        title=words.title(completion),
        score=score(completion.checks),
        pairs=pairs,
        anchors={pair.joined.merged.path: pair.anchor for pair in pairs},
        rows=rows,
        rows_cut=cut,
        burndown_svg=burndown_svg(with_edge(completion.burndown)) if completion.burndown else "",
        treemaps=[treemap_svg(completion.references, shape) for shape in (WIDE, TALL)]
        if completion.references
        else [],
        routes=route_table(completion.verification) if completion.verification else None,
        back=rollback(completion),
        left=left(completion),
        announcement=announcement(completion),
    )
    return body.replace("@POLICY@", _policy(body), 1)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("unify_backend.reporting.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        words=words,
        count=count,
        folders_of=folders_of,
        told=told,
        figures_table=figures_table,
        states_of=states_of,
        result_of=result_of,
        ledger_summary=summary,
        ledger_takers=takers,
        ledger_amount=amount,
        LEGEND=LEGEND,
        LETTERS=LETTERS,
        KINDS=KINDS,
        AHEAD=WORDS,
        ChangedSide=ChangedSide,
        LineSign=LineSign,
        ReferenceOutcome=ReferenceOutcome,
        Names=Names,
    )
    environment.filters["shown"] = _shown
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment


def _shown(text: str) -> str:
    """Text from the repository as it can stand in a page: no control characters, and no lone
    surrogates, which have no bytes in UTF-8."""
    return "".join(
        character if character == "\t" or character.isprintable() else printable(character)
        for character in text
    )


def _text(name: str) -> str:
    folder = resources.files("unify_backend.reporting.report") / "templates"
    return (folder / name).read_text("utf-8")


def _policy(page: str) -> str:
    """What the page may do: be styled by the styles and run the script that are in it, by their
    hashes. Nothing from the repository can stand between those tags, as it is escaped."""

    def hashes(tag: str) -> str:
        bodies = dict.fromkeys(re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL))
        return " ".join(f"'sha256-{_hash(body)}'" for body in bodies)

    return (
        f"default-src 'none'; style-src {hashes('style')}; script-src {hashes('script')}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _pairs(joined: Sequence[FileOutcome]) -> tuple[Pair, ...]:
    """Each changed file beside its twin, until the page has enough of them: where work is missing
    and what both sides changed come first."""
    order = {
        ChangedSide.BOTH: 0,
        ChangedSide.LEGACY: 1,
        ChangedSide.BOTH_SAME: 2,
        ChangedSide.CANONICAL: 3,
    }

    def rank(joined: FileOutcome) -> tuple[bool, int, str]:
        return not joined.missing, order.get(joined.merged.history.ahead, 4), joined.merged.path

    ranked = sorted(joined, key=rank)
    room, pairs = _PAIRS, []
    for number, file in enumerate(ranked, 1):
        columns = (
            beside(file) if room > 0 else SideBySide((), "", note="left out: the page is full")
        )
        room -= _size(columns)
        pairs.append(Pair(f"pair-{number}", file, columns))
    return tuple(pairs)


def _size(columns: SideBySide) -> int:
    return sum(
        60 + len(line.text)
        for region in columns.regions
        for column in (region.legacy, region.canonical, region.result)
        for line in column.lines
    )


def _rows(references: Sequence[TracedReference]) -> tuple[tuple[TracedReference, ...], int]:
    """As many references as a page holds, what is to go first, and how many are left out."""
    if len(references) <= _ROWS:
        return tuple(references), 0

    def rank(traced: TracedReference) -> tuple[bool, bool]:
        return traced.fate is ReferenceOutcome.DONE, traced.reference.action is Action.KEEP

    shown = sorted(references, key=rank)[:_ROWS]
    ordered = sorted(shown, key=lambda traced: (traced.reference.path, traced.reference.span))
    return tuple(ordered), len(references) - _ROWS
