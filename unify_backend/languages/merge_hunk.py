"""A merge on its way: text that is settled, and clashes that are not."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from unify_backend.model.merge_plan import Hunk, Prefer

_MARKER = re.compile(r"^(?:<{7,}|\|{7,}|={7,}|>{7,})(?=[ \r\n]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settled text."""

    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Text on which the sides disagree."""

    canonical: str
    base: str
    legacy: str
    why: str


Part = Resolved | Conflict


def lines_of(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one."""
    pieces = text.split("\n")
    last = pieces.pop()
    lines = [line + "\n" for line in pieces]
    return [*lines, last] if last else lines


def tidy(parts: Iterable[Part]) -> list[Part]:
    """The same parts as whole lines, with the smallest possible clashes."""
    shrunk: list[Part] = []
    for part in _whole_lines(_joined(parts)):
        shrunk += [part] if isinstance(part, Resolved) else _shrunk(part)
    return _joined(shrunk)


def clashes(parts: Iterable[Part]) -> list[Conflict]:
    """Those that are not settled."""
    return [part for part in parts if isinstance(part, Conflict)]


def weight(parts: Iterable[Part]) -> int:
    """How many lines need review."""
    return sum(
        1 + clash.canonical.count("\n") + clash.legacy.count("\n") for clash in clashes(parts)
    )


def settled(parts: Iterable[Part], prefer: Prefer) -> str:
    """The text with every clash settled for one side."""
    return "".join(_chosen(part, prefer) for part in parts)


def marker_size(*texts: str) -> int:
    """Long enough that no line of the texts looks like a marker; 7, git's default, if possible."""
    longest = [len(match.group()) for text in texts for match in _MARKER.finditer(text)]
    return max([6, *longest]) + 1


def render(
    parts: Sequence[Part], labels: tuple[str, str, str], size: int
) -> tuple[str, tuple[Hunk, ...]]:
    """The text with git's diff3 markers, and where they are. `labels`: canonical, base, legacy."""
    ours, base, theirs = labels
    text: list[str] = []
    hunks: list[Hunk] = []
    line = 1
    for part in parts:
        if isinstance(part, Resolved):
            written = part.text
        else:
            written = (
                f"{'<' * size} {ours}\n{part.canonical}{'|' * size} {base}\n{part.base}"
                f"{'=' * size}\n{part.legacy}{'>' * size} {theirs}\n"
            )
            last = line + written.count("\n") - 1
            hunks.append(Hunk(line, last, part.canonical, part.base, part.legacy, part.why))
        text.append(written)
        line += written.count("\n")
    return "".join(text), tuple(hunks)


def _chosen(part: Part, prefer: Prefer) -> str:
    match part:
        case Resolved():
            return part.text
        case Conflict():
            return part.canonical if prefer is Prefer.CANONICAL else part.legacy
        case _:
            assert_never(part)


def _joined(parts: Iterable[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Resolved):
            if not part.text:
                continue
            if isinstance(last, Resolved):
                joined[-1] = Resolved(last.text + part.text)
                continue
        joined.append(part)
    return joined


def _whole_lines(parts: list[Part]) -> list[Part]:
    """Widens clashes that begin or end inside a line."""
    widened: list[Part] = []
    for part in parts:
        last = widened[-1] if widened else None
        if isinstance(last, Conflict) and not _closed(last):
            cut = part.text.find("\n") + 1 or len(part.text) if isinstance(part, Resolved) else 0
            if isinstance(part, Conflict):
                widened[-1] = _glued(last, part)
                continue
            rest = part.text[:cut]
            widened[-1] = replace(
                last,
                canonical=last.canonical + rest,
                base=last.base + rest,
                legacy=last.legacy + rest,
            )
            if part.text[cut:]:
                widened.append(Resolved(part.text[cut:]))
            continue
        if (
            isinstance(part, Conflict)
            and isinstance(last, Resolved)
            and not last.text.endswith("\n")
        ):
            cut = last.text.rfind("\n") + 1
            begun = last.text[cut:]
            widened[-1] = Resolved(last.text[:cut])
            part = replace(
                part,
                canonical=begun + part.canonical,
                base=begun + part.base,
                legacy=begun + part.legacy,
            )
        widened.append(part)
    return widened


def _closed(clash: Conflict) -> bool:
    sides = (clash.canonical, clash.base, clash.legacy)
    return all(not side or side.endswith("\n") for side in sides)


def _glued(conflict: Conflict, other: Conflict) -> Conflict:
    return Conflict(
        conflict.canonical + other.canonical,
        conflict.base + other.base,
        conflict.legacy + other.legacy,
        conflict.why if conflict.why == other.why else f"{conflict.why}; {other.why}",
    )


def _shrunk(clash: Conflict) -> list[Part]:
    ours, theirs, base = map(lines_of, (clash.canonical, clash.legacy, clash.base))
    start = _common(ours, theirs)
    end = _common(ours[start:][::-1], theirs[start:][::-1])
    before, after = ours[:start], ours[len(ours) - end :]
    shared = _common(before, base)
    base = base[shared:] if shared == start else base
    shared = _common(after[::-1], base[::-1])
    base = base[: len(base) - shared] if shared == end else base
    ours, theirs = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    if not ours and not theirs:
        return [Resolved(clash.canonical)]
    middle = Conflict("".join(ours), "".join(base), "".join(theirs), clash.why)
    return [Resolved("".join(before)), middle, Resolved("".join(after))]


def _common(lines: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for first, second in zip(lines, other, strict=False):
        if first != second:
            break
        count += 1
    return count
