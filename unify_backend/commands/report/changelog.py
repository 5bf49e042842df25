"""An entry for a changelog that exists, written as the entries in it are.

The newest entry is taken as the example: its heading (level, where the date stands and how it is
written, whether it has a title), its subheadings, its bullets, its width and the line between
entries. Only Markdown is understood.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from unify_backend.languages.documents.markdown import Heading, headings
from unify_backend.model.merge_plan import MergeAction
from unify_backend.model.references import Action, Area
from unify_backend.model.report import Figure, PackageOutcome, TracedReference, Tree
from unify_backend.model.spans import Edit, Span, splice
from unify_backend.reporting.tables import count

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH = "|".join((*_MONTHS, *(month[:3] for month in _MONTHS)))
_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "{y:04}-{m:02}-{d:02}"),
    (re.compile(r"\d{4}/\d{2}/\d{2}"), "{y:04}/{m:02}/{d:02}"),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), "{d:02}.{m:02}.{y:04}"),
    (re.compile(rf"(?:{_MONTH})\.? \d{{1,2}}, \d{{4}}"), "{month} {d}, {y}"),
    (re.compile(rf"\d{{1,2}} (?:{_MONTH})\.? \d{{4}}"), "{d} {month} {y}"),
)
_UNRELEASED = re.compile(r"(?i)\[?unreleased\]?")
_BULLET = re.compile(r"^[ \t]*([-*+])[ \t]", re.MULTILINE)
_RULE = re.compile(r"\n---[ \t]*\n\s*\Z")
_KINDS = (
    ("why", re.compile(r"(?i)motivation|why|background|context|reason")),
    ("what", re.compile(r"(?i)what changed|changed|changes|updated")),
    ("then", re.compile(r"(?i)impact|results?\b|benefit|outcome")),
)
_WIDEST = 120
_BROUGHT = (
    MergeAction.TOOK_LEGACY,
    MergeAction.MOVED,
    MergeAction.MERGED,
    MergeAction.MERGED_STRUCTURALLY,
)


@dataclass(frozen=True, slots=True)
class ChangelogFacts:
    """What is to be told: `key` is the first change, by which an entry is known again."""

    title: str
    why: str
    key: str
    what: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """MergeAction the newest entry is written. `heading` has `{date}` and, where entries have one,
    `{title}`; it is "" where the entry goes under the heading that is there. `subheadings` are
    lines by kind, `at` the offset where the entry goes."""

    heading: str
    dates: str = _DATES[0][1]
    subheadings: tuple[tuple[str, str], ...] = ()
    bullet: str = "-"
    width: int | None = None
    rule: bool = False
    at: int = 0


def holds(text: str, news: ChangelogFacts) -> bool:
    """Whether the changelog has the entry already, regardless of line breaks."""
    return _words(news.key) in _words(text)


def with_entry(text: str, news: ChangelogFacts, today: date) -> str:
    """The changelog with the entry in its place; every other character stays. Unchanged where it
    holds the entry."""
    if holds(text, news):
        return text
    plain = text.replace("\r\n", "\n")
    style = style_of(plain, today)
    written = entry(news, style, today)
    before, after = plain[: style.at], plain[style.at :]
    lead = "" if not before or before.endswith("\n\n") else "\n" * (1 + (before[-1] != "\n"))
    if not style.heading and not before.rpartition("\n")[2] and not _ends_in_heading(before):
        lead = ""
    tail = "\n---\n\n" if style.rule and after else "\n"
    if not after.strip() or (after.startswith("\n") and not style.rule):
        tail = ""
    inserted = f"{lead}{written}{tail}"
    if "\r\n" not in text:
        return splice(text, [Edit(Span(style.at, style.at), inserted)])
    at = style.at + plain[: style.at].count("\n")
    return splice(text, [Edit(Span(at, at), inserted.replace("\n", "\r\n"))])


def _ends_in_heading(text: str) -> bool:
    return text.rstrip().rpartition("\n")[2].startswith("#")


def entry(news: ChangelogFacts, style: Style, today: date) -> str:
    """The entry alone, ended by a newline."""
    heading = style.heading.replace("{date}", _written(today, style.dates))
    parts = [heading.replace("{title}", news.title)] if heading else []
    sections = dict(style.subheadings)
    changes = _bullets((news.key, *news.what), style)
    if "what" not in sections:
        intro = [_wrapped(news.why, style)] if heading else []
        parts += [*intro, "\n".join((changes, _bullets(news.then, style)))]
        return "\n".join(parts) + "\n" if not heading else "\n\n".join(parts) + "\n"
    for kind, body in (
        ("why", _wrapped(news.why, style)),
        ("what", changes),
        ("then", _bullets(news.then, style)),
    ):
        parts += [sections[kind], body] if kind in sections else []
        if kind == "then" and kind not in sections:
            parts[-1] += "\n" + body
    return "\n\n".join(parts) + "\n"


def style_of(text: str, today: date) -> Style:
    """The style of the newest entry, and where the next one goes. `text` has plain newlines."""
    known = headings(text)
    for number, candidate in enumerate(known):
        level, words = candidate.level, candidate.title
        if _UNRELEASED.fullmatch(words.strip()):
            return _under(text, known, number)
        dated = next((form for form in _DATES if form[0].search(words)), None)
        if dated is None:
            continue
        same = [heading for heading in known[number + 1 :] if heading.level <= level]
        end = same[0].span.start if same else len(text)
        style = _example(text[candidate.span.end : end], level)
        heading = _template(words, dated[0])
        if "{title}" not in heading and _written(today, dated[1]) in words:
            return replace(style, heading="", subheadings=(), rule=False, at=_end(text, end))
        return replace(
            style,
            heading=f"{'#' * level} {heading}",
            dates=dated[1],
            at=candidate.span.start,
            rule=style.rule or _RULE.search(text[:end]) is not None,
        )
    at = known[1].span.start if len(known) > 1 else len(text)
    return replace(_example(text, 1), heading="## {date}: {title}", at=at, rule=False)


def _under(text: str, known: Sequence[Heading], number: int) -> Style:
    """Below an "Unreleased" heading, at the end of its "Changed" where there is one."""
    level = known[number].level
    rest = known[number + 1 :]
    end = next((heading.span.start for heading in rest if heading.level <= level), len(text))
    inside = [heading for heading in rest if heading.span.start < end]
    changed = next((part for part in inside if part.title.strip().lower() == "changed"), None)
    style = _example(text[known[number].span.end : end] or text, level)
    if changed is not None:
        after = [part.span.start for part in inside if part.span.start > changed.span.start]
        stop = after[0] if after else end
        return replace(style, heading="", subheadings=(), rule=False, at=_end(text, stop))
    heading = f"{'#' * (level + 1)} Changed" if inside else ""
    at = _end(text, end)
    return replace(style, heading=heading, subheadings=(), rule=False, at=at)


def _end(text: str, end: int) -> int:
    """Where the last line that says something before `end` ends, its newline included."""
    body = text[:end].rstrip()
    return min(len(body) + 1, len(text))


def _template(words: str, when: re.Pattern[str]) -> str:
    """The heading with places for date and title."""
    match = when.search(words)
    assert match is not None  # the caller has found it
    before, after = words[: match.start()], words[match.end() :]
    if lead := re.match(r"\W+(?=\w)", after):
        return f"{before}{{date}}{lead[0]}{{title}}"
    if tail := re.search(r"(?<=\w)[^\w]+\Z", before):
        return f"{{title}}{tail[0]}{{date}}{after}"
    return f"{before}{{date}}{after}"


def _example(body: str, level: int) -> Style:
    """Subheadings, bullets, width and rule of one entry's text."""
    kinds: dict[str, str] = {}
    for heading in headings(body):
        if heading.level != level + 1:
            continue
        for kind, words in _KINDS:
            if words.search(heading.title):
                kinds.setdefault(kind, body[heading.span.start : heading.span.end].rstrip())
                break
    bullet = _BULLET.search(body)
    lines = [line for line in body.split("\n") if not line.startswith(("#", "|", "```"))]
    goes_on = any(
        line[:1] == " " and line.strip() and not _BULLET.match(line) and _BULLET.match(above)
        for above, line in pairwise(lines)
    )
    longest = max(map(len, lines), default=0)
    width = longest if goes_on and 60 <= longest <= _WIDEST else None
    return Style(
        "",
        subheadings=tuple(sorted(kinds.items())),
        bullet=bullet[1] if bullet else "-",
        width=width,
        rule=_RULE.search(body + "\n") is not None,
    )


def _bullets(lines: tuple[str, ...], style: Style) -> str:
    return "\n".join(_wrapped(f"{style.bullet} {line}", style, "  ") for line in lines)


def _wrapped(line: str, style: Style, indent: str = "") -> str:
    if style.width is None:
        return line
    return textwrap.fill(
        line,
        style.width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _written(day: date, form: str) -> str:
    return form.format(y=day.year, m=day.month, d=day.day, month=_MONTHS[day.month - 1])


def _words(text: str) -> str:
    return " ".join(text.split())


def news(
    packages: tuple[PackageOutcome, ...],
    references: tuple[TracedReference, ...],
    figures: tuple[Figure, ...],
) -> ChangelogFacts | None:
    """The entry's sentences; None while every legacy tree still stands, and there is nothing to
    tell of."""
    done = [package for package in packages if package.done]
    if not done:
        return None
    names = " and ".join(f"`{package.move.canonical}`" for package in done)
    old = " and ".join(f"`{package.move.legacy}`" for package in done)
    return ChangelogFacts(
        f"{old} became {names}",
        " ".join(map(_why, done)),
        f"{old} and {names}: one package now, in "
        + " and ".join(f"`{package.move.canonical_shown}`" for package in done)
        + ".",
        (*map(_merged, done), *_rewritten(references), *map(_old_name, done)),
        tuple(_figures(figures)),
    )


def _why(package: PackageOutcome) -> str:
    split, move = package.history.split, package.move
    since = f" since {split.date[:10]}" if split else ""
    return (
        f"The same package was there twice{since}, as `{move.legacy_shown}` and as "
        f"`{move.canonical_shown}`, and both were edited: "
        f"{count(len(package.history.legacy_commits), 'commit')} in the first, "
        f"{len(package.history.canonical_commits):,} in the second."
    )


def _merged(package: PackageOutcome) -> str:
    totals = package.merge.totals
    brought = sum(totals[how] for how in _BROUGHT)
    conflicts = totals[MergeAction.CONFLICT]
    settled = f", {count(conflicts, 'conflict')} settled" if conflicts else ""
    return (
        f"Merged file by file from where the two parted: {count(brought, 'file')} brought work of "
        f"`{package.move.legacy_shown}`{settled}; the others were the same, or ahead."
    )


def _rewritten(references: tuple[TracedReference, ...]) -> list[str]:
    gone = [traced.reference for traced in references if traced.fate == "done"]
    areas = Counter(reference.area for reference in gone)
    remaining = sum(
        traced.fate != "done" and traced.reference.action is Action.KEEP
        and traced.reference.area is Area.DOCS
        for traced in references
    )  # fmt: skip
    by_area = ", ".join(f"{area.value} {number:,}" for area, number in areas.most_common())
    lines = [f"{count(len(gone), 'reference')} to the old name gone: {by_area}."] if gone else []
    if remaining:
        lines.append(f"Documents of history keep it, in {count(remaining, 'place')}.")
    return lines


def _old_name(package: PackageOutcome) -> str:
    move = package.move
    if package.tree is Tree.FORWARDING:
        return (
            f"`import {move.legacy}` still works for a while and warns; "
            f"write `{move.canonical}` in new code."
        )
    return f"`{move.legacy_shown}` is gone."


def _figures(figures: tuple[Figure, ...]) -> list[str]:
    wanted = ("duplicated lines", "legacy references")
    return [
        f"{figure.name[:1].upper()}{figure.name[1:]}: {figure.before:,} → {figure.now:,}."
        for figure in figures
        if figure.name in wanted and figure.before is not None and figure.now is not None
    ]
