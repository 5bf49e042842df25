"""The summaries that a task file gets, as Markdown tables (GitHub Flavored Markdown 4.10)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from unify_backend.model.status import (
    AreaUse,
    Category,
    Evidence,
    MoveSummary,
    NotNeeded,
    PhaseStatus,
    StepDone,
    StepOpen,
    Unknown,
)
from unify_backend.model.text import printable
from unify_backend.reporting.tables import count

_NONE = "–"
_MOST = 3
_MARKUP = re.compile(r"[\\|<*\[`]|(?<!\w)_|_(?!\w)")  # an underscore inside a word is none


def trees_markdown(summaries: Sequence[MoveSummary], day: str) -> str:
    """Both trees of each move: what differs by category, and who uses which."""
    parts = [part for summary in summaries for part in _move(summary)]
    return "\n\n".join([*parts, _dated(day)])


def steps_markdown(phase: PhaseStatus, day: str) -> str:
    """The steps of a phase with their evidence."""
    rows = [
        (step.title[:1].upper() + step.title[1:], _state(step.evidence), _text(step.evidence.fact))
        for step in phase.steps
    ]
    head = f"**Phase {_text(phase.id)}: {phase.state.value}**"
    return "\n\n".join([head, _table(("Step", "State", "Evidence"), rows), _dated(day)])


def same_but_for_the_day(summary: str, other: str) -> bool:
    """Whether two summaries are equal apart from their date."""
    return summary.rpartition("\n\n")[0] == other.rpartition("\n\n")[0]


def _dated(day: str) -> str:
    return f"*As of {day}, by `unify-backend status`.*"


def _move(summary: MoveSummary) -> Iterator[str]:
    legacy, canonical = _code(summary.legacy_path + "/"), _code(summary.canonical_path + "/")
    names = _code(summary.legacy), _code(summary.canonical)
    users = _table(("Who", *(f"Uses {name}" for name in names)), map(_users, summary.users))
    if not summary.legacy_files:
        yield f"**Summary: {canonical}**, the only tree left; nothing is in {legacy} any more."
        yield users
        return
    yield f"**Summary: {legacy} and {canonical}**"
    yield (
        f"{legacy} has {count(summary.legacy_files, 'file')}, {canonical} "
        f"{count(summary.canonical_files, 'file')}: {summary.identical:,} identical, "
        f"{summary.renamed:,} the same after renaming, {summary.different:,} different, "
        f"{len(summary.only_legacy):,} only in the legacy tree, "
        f"{len(summary.only_canonical):,} only in the canonical one."
        + (f" {_text(summary.parted)}" if summary.parted else "")
    )
    yield _table(
        ("Module category", "Files", "Differences", "Ahead", *(f"Uses {name}" for name in names)),
        [_category(category) for category in summary.categories],
    )
    for folder, paths in ((legacy, summary.only_legacy), (canonical, summary.only_canonical)):
        if paths:
            yield f"Only in {folder}: {', '.join(map(_code, paths))}."
    yield users


def _category(category: Category) -> tuple[str, ...]:
    differences = _listed(
        (category.different, "different"),
        (category.only_legacy, "only legacy"),
        (category.only_canonical, "only canonical"),
    )
    ahead = _listed(
        (category.ahead_legacy, "legacy"),
        (category.ahead_canonical, "canonical"),
        (category.ahead_both, "both"),
    )
    users = (
        ", ".join(f"{area} {number:,}" for area, number in them) or _NONE
        for them in (category.legacy_users, category.canonical_users)
    )
    name = _code(category.name) if category.name else "files at the top"
    return (name, f"{category.files:,}", differences, ahead, *users)


def _listed(*counted: tuple[int, str]) -> str:
    return ", ".join(f"{number:,} {name}" for number, name in counted if number) or _NONE


def _users(use: AreaUse) -> tuple[str, ...]:
    return (use.area, _who(use.legacy), _who(use.canonical))


def _who(paths: Iterable[str]) -> str:
    """Folders and files with how often they name it, most first."""
    tops = Counter(path.partition("/")[0] + "/" if "/" in path else path for path in paths)
    if len(tops) == 1 and (top := next(iter(tops))).endswith("/"):
        inner = Counter(path.removeprefix(top).partition("/") for path in paths)
        tops = Counter({top + name + slash: n for (name, slash, _), n in inner.items()})
    ranked = sorted(tops.items(), key=lambda top: (-top[1], top[0]))
    shown = [f"{_code(name)} {number:,}" for name, number in ranked[:_MOST]]
    if len(ranked) > _MOST:
        shown.append(f"{len(ranked) - _MOST:,} more")
    return ", ".join(shown) or _NONE


def _state(evidence: Evidence) -> str:
    match evidence:
        case StepDone():
            return "done"
        case StepOpen():
            return "open"
        case Unknown():
            return "not known"
        case NotNeeded():
            return "nothing to do"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(name: str) -> str:
    """A name as inline code, on one line, that no table and no markup can break."""
    plain = printable(name).replace("|", "\\|")
    if "`" not in plain:
        return f"`{plain}`"
    fence = "`" * (max(map(len, re.findall("`+", plain))) + 1)
    return f"{fence} {plain} {fence}"


def _text(words: str) -> str:
    """Text with Markdown escaped."""
    return _MARKUP.sub(r"\\\g<0>", printable(words))
