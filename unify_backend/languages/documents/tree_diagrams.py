"""Drawn folder trees (`├── old/`, `|-- old`, or indented names): what a moved folder's line says.

A line holds a whole path as well as a name, so `├── old/` becomes `├── new/path/` where it stands;
docs/decisions/0012 says why it is not redrawn, and when a person is asked instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_LINE = re.compile(
    r"^(?P<lead>[ \t│┃|]*?(?:[├└┣┗╠╚╰][─━═╌-]*[ \t]*|[|+`\\]-{1,3}[ \t]+)|[ \t]*)"
    r"(?P<name>[^\s│├└|#`+\\]\S*)"
    r"(?P<gap>[ \t]*)(?P<note>[^\r\n]*?)[ \t]*\r?$",
    re.MULTILINE,
)
_BRANCH = re.compile(r"^[ \t│┃|]*(?:[├└┣┗╠╚╰][─━═╌-]|[|+`\\]-{1,3}[ \t])", re.MULTILINE)
_NAME = re.compile(r"[\w.@*{}<>\[\]~…-]+(?:[/\\][\w.@*{}<>\[\]~…-]+)*[/\\]?|\.{1,2}/?|/[\w./-]+/?")
_NOTE = re.compile(r"#|//|[←→<(\[*✅⚠❌🆕—–-]|[A-Z]")
_MOST_LINES = 2_000
_LONGEST = 400  # characters of a line
_NEAR = 200  # lines in which a folder's siblings are looked for


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a drawing: its name, the column it begins at, and what stands behind it.

    `gap` holds the blanks between the name and its note; both are empty where there is no note.
    """

    name: Span
    column: int
    text: str
    gap: Span
    note: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The line of a moved folder. `problem` is the reason why it needs review, "" where the path
    can stand in the name's place; `padding` is then what the gap before the note becomes."""

    branch: Branch
    move: PackageMove
    problem: str
    padding: str | None


def is_drawing(code: str) -> bool:
    """Whether a block draws folders: by branches, or by indented names that end in slashes."""
    if _BRANCH.search(code):
        return True
    lines = [line for line in code.split("\n", _MOST_LINES)[:_MOST_LINES] if line.strip()]
    if any(len(line) > _LONGEST for line in lines):
        return False
    names = [_LINE.match(line) for line in lines]
    if len(lines) < 2 or not all(
        match and _NAME.fullmatch(match["name"]) and _is_note(match) for match in names
    ):
        return False
    stems = [match for match in names if match]
    widths = [len(stem["lead"].expandtabs(4)) for stem in stems]
    slashed = any(stem["name"].endswith(("/", "\\")) for stem in stems)
    return slashed and any(b > a for a, b in pairwise(widths))


def moved_folders(code: str, moves: Sequence[PackageMove]) -> Iterator[Moved]:
    """The lines of a drawing that are a legacy folder itself, and what becomes of each."""
    branches = list(_branches(code))
    for at, branch in enumerate(branches):
        name = branch.text.replace("\\", "/").removeprefix("./").rstrip("/")
        for move in moves:
            last = move.legacy_path.rsplit("/", 1)[-1]
            if name == move.legacy_path or name == last:
                yield _moved(code, branches, at, move, name)
                break


def _moved(code: str, branches: Sequence[Branch], at: int, move: PackageMove, name: str) -> Moved:
    branch = branches[at]
    above = [part for ancestor in _ancestors(branches, at) for part in _parts(ancestor.text)]
    if problem := _misplaced(above, move, name) or _overdrawn(code, branches, at, move):
        return Moved(branch, move, problem, None)
    return Moved(branch, move, "", _padding(code, branches, at, move))


def _misplaced(above: Sequence[str], move: PackageMove, name: str) -> str:
    """Why the line is not the folder at the place that its name alone would say."""
    parents = move.legacy_path.split("/")[:-1]
    if parents and name != move.legacy_path:
        if list(above[-len(parents) :]) != parents:
            return f"drawn outside {'/'.join(parents)}/: not known to be the package's folder"
        new = move.canonical_path.split("/")
        if new[: len(parents)] == parents:
            inner = "/".join(new[len(parents) :])
            return f"drawn inside {'/'.join(parents)}/, where it becomes {inner}/"
        return f"drawn inside {'/'.join(parents)}/, which it leaves for {move.canonical_path}/"
    if len(above) > 1 and above[-1] not in {".", ".."}:
        return f"drawn inside {above[-1]}/: another folder, or a drawing of something else"
    return ""


def _overdrawn(code: str, branches: Sequence[Branch], at: int, move: PackageMove) -> str:
    """Why the new path would be drawn twice: a sibling is one of the folders on its way, or is
    called like the folder itself. That holds before a rewrite of the sibling and after it."""
    first = move.canonical_path.split("/")[0]
    own = branches[at].text.replace("\\", "/").removeprefix("./").rstrip("/")
    for sibling in _siblings(branches, at):
        path = sibling.text.replace("\\", "/").removeprefix("./").rstrip("/")
        if path not in {move.canonical_path, first, own}:
            continue
        line = code.count("\n", 0, sibling.name.start) + 1
        if path in {move.canonical_path, own}:
            return f"line {line} of the drawing has {path}/ already"
        if first not in {move.legacy, move.legacy_path}:
            return (
                f"line {line} of the drawing has a branch {first}/: this one moves into it, "
                f"as {move.canonical_path}/"
            )
    return ""


def _padding(code: str, branches: Sequence[Branch], at: int, move: PackageMove) -> str | None:
    """Fewer blanks, so that the note keeps the column that it shares with another one."""
    branch = branches[at]
    gap = code[branch.gap.start : branch.gap.end]
    longer = len(move.canonical_path) - len(move.legacy_path)
    shorter = max(1, len(gap) - longer)
    if longer <= 0 or not branch.note or "\t" in gap or shorter >= len(gap):
        return None
    # A note about the new package may need the name in front of it unchanged.
    if re.search(rf"\b{re.escape(move.canonical.split('.')[0])}\b", branch.note):
        return None
    column = _column(code, branch.gap.end)
    near = [*branches[max(0, at - 40) : at], *branches[at + 1 : at + 41]]
    shared = any(other.note and _column(code, other.gap.end) == column for other in near)
    return " " * shorter if shared else None


def _branches(code: str) -> Iterator[Branch]:
    drawn = _BRANCH.search(code) is not None
    for match in _lines(code):
        if not (_NAME.fullmatch(match["name"]) and (drawn or _is_note(match))):
            continue
        noted = _is_note(match)
        gap = Span(*match.span("gap")) if noted and match["note"] else Span(0, 0)
        yield Branch(
            Span(*match.span("name")),
            len(match["lead"].expandtabs(4)),
            match["name"],
            gap,
            match["note"] if noted else "",
        )


def _lines(code: str) -> Iterator[re.Match[str]]:
    start = 0
    for line in code.split("\n", _MOST_LINES)[:_MOST_LINES]:
        if len(line) <= _LONGEST and (match := _LINE.match(code, start, start + len(line))):
            yield match
        start += len(line) + 1


def _is_note(match: re.Match[str]) -> bool:
    if not match["note"]:
        return True
    return len(match["gap"]) > 1 or _NOTE.match(match["note"]) is not None


def _ancestors(branches: Sequence[Branch], at: int) -> list[Branch]:
    """The folders around a line, outermost first."""
    around: list[Branch] = []
    column = branches[at].column
    for branch in reversed(branches[:at]):
        if branch.column < column:
            around.append(branch)
            column = branch.column
        if column == 0:
            break
    return around[::-1]


def _siblings(branches: Sequence[Branch], at: int) -> Iterator[Branch]:
    column = branches[at].column
    before, behind = branches[max(0, at - _NEAR) : at], branches[at + 1 : at + _NEAR]
    for side in (reversed(before), iter(behind)):
        inside = takewhile(lambda branch: branch.column >= column, side)
        yield from (branch for branch in inside if branch.column == column)


def _parts(path: str) -> list[str]:
    """A drawn folder's segments; an absolute path is one thing, the place of the repository."""
    if path.startswith(("/", "~")) or path[1:2] == ":":
        return [path]
    return [part for part in re.split(r"[/\\]", path) if part]


def _column(code: str, offset: int) -> int:
    return offset - code.rfind("\n", 0, offset) - 1
