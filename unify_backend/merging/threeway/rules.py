"""Conflicts that nobody needs to be asked about: each rule settles one and says so in a note."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, lines_of
from unify_backend.merging.threeway.prose import joined_entries

_TOKEN = re.compile(
    r"(?<![\w.])v?(?P<release>\d+(?:\.\d+)*)"
    r"(?P<stages>(?:[-._]?(?:dev|alpha|beta|post|pre|rc|a|b|c)[-._]?\d*){0,3})(?![\w.])"
)
_STAGE = re.compile(r"([a-z]+)[-._]?(\d*)")
_NAMED = re.compile(r"(?<![A-Za-z])(?:version|rev)(?![A-Za-z])", re.IGNORECASE)
_REQUIRED = re.compile(
    r"(?:^[ \t]*(?:- )?|[\"'])[A-Za-z][\w.\[\],-]*(?:==|>=|~=|@)$|[\"'](?:\^|~|>=)$|uses: \S+@$"
)
_STAGES = {"dev": -4, "a": -3, "alpha": -3, "b": -2, "beta": -2, "c": -1, "rc": -1, "pre": -1}
_SIGNS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\w+|[^\w\s]")
RAISED = "both sides raised a version, and the higher one stays: {what}"
ALIKE = "both sides changed it alike, but for the layout: {what}"
DELETED = "both sides deleted lines, {who} those of {other} and more: {what}"
_INDENT, _DEDENT = "\0>", "\0<"
Version = tuple[tuple[int, ...], tuple[tuple[int, int], ...]]


def by_rules(parts: Sequence[Part], prose: bool = False) -> tuple[list[Part], list[str]]:
    """The parts with fewer conflicts, and a note for each that a rule settled. `prose`: they are of
    a document."""
    settled: list[Part] = []
    notes: list[str] = []
    for n, (part, after) in enumerate(zip_longest(parts, parts[1:])):
        below = after.text if isinstance(after, Resolved) else ""
        done = None
        if isinstance(part, Conflict):
            done = _settled(part, below, prose) or _deleted_too(part, [*parts[:n], *parts[n + 1 :]])
        settled.append(Resolved(done[0]) if done else part)
        notes += [done[1]] if done else []
    return settled, notes


def _settled(conflict: Conflict, below: str, prose: bool) -> tuple[str, str] | None:
    return (
        _higher(conflict)
        or _higher_beside_others(conflict)
        or _laid_out(conflict)
        or _done_alike(conflict)
        or (joined_entries(conflict, below) if prose else None)
    )


def outranked(line: str, others: Sequence[str]) -> bool:
    """Whether one of the other lines is the same but for higher versions."""
    around, tokens = _around(line), [_version(token) for token in _tokens(line)]
    return any(
        _around(other) == around
        and tokens != (there := [_version(token) for token in _tokens(other)])
        and all(mine <= yours for mine, yours in zip(tokens, there, strict=True))
        for other in others
    )


def first_version(text: str) -> Version | None:
    """The first version with a point in it; two of them can be compared."""
    token = next((token for token in _tokens(text) if "." in token), None)
    return _version(token) if token else None


def same_but_for_layout(before: str, after: str) -> bool:
    """Whether nothing but blanks, line breaks, the kind of quotes and commas in front of closing
    brackets tell the texts apart. A block with another indentation is another block."""
    if before == after or _indent(before) != _indent(after):
        return False
    return _plain(before) == _plain(after)


def _higher(conflict: Conflict) -> tuple[str, str] | None:
    """Both sides raised a version: the higher one is right for both."""
    three = [lines_of(text) for text in (conflict.base, conflict.canonical, conflict.legacy)]
    if len({len(lines) for lines in three}) > 1:
        return None
    text: list[str] = []
    raised: list[str] = []
    for base, ours, theirs in zip(*three, strict=True):
        line = base if base == ours == theirs else _higher_line(base, ours, theirs)
        if line is None:
            return None
        text.append(line)
        raised += [line.strip()] if line != base else []
    if not raised:
        return None
    return "".join(text), RAISED.format(what=", ".join(raised))


def _higher_line(base: str, ours: str, theirs: str) -> str | None:
    if len({_around(line) for line in (base, ours, theirs)}) > 1:
        return None
    # one of the sides may have changed the kind of quotes as well
    frame = ours if _TOKEN.sub("", ours) != _TOKEN.sub("", base) else theirs
    line, at = "", 0
    for place, match, mine, yours in zip(
        _TOKEN.finditer(frame), _TOKEN.finditer(base), _tokens(ours), _tokens(theirs), strict=True
    ):
        line += frame[at : place.start()]
        if {mine, yours} != {match[0]}:
            if not _is_version(base, match):
                return None
            if min(_version(mine), _version(yours)) < _version(match[0]):
                return None
        line += max(match[0], mine, yours, key=_version)
        at = place.end()
    return line + frame[at:]


def _is_version(line: str, token: re.Match[str]) -> bool:
    """Whether a number is a version: it is called so, or a requirement names it."""
    before = line[: token.start()]
    named = "." in token["release"] and _NAMED.search(before)
    return bool(named or _REQUIRED.search(before))


def _around(line: str) -> str:
    """The line without versions; all quotes alike, if it has one kind."""
    around = _TOKEN.sub("\0", line)
    return around if '"' in around else around.replace("'", '"')


def _tokens(line: str) -> list[str]:
    return [match[0] for match in _TOKEN.finditer(line)]


def _version(token: str) -> Version:
    match = _TOKEN.match(token)
    assert match is not None
    release = tuple(map(int, match["release"].split(".")))
    while len(release) > 1 and not release[-1]:
        release = release[:-1]
    stages = [
        (_STAGES.get(word, 1), int(number or 0)) for word, number in _STAGE.findall(match["stages"])
    ]
    return release, (*stages, (0, 0))


def _higher_beside_others(conflict: Conflict) -> tuple[str, str] | None:
    """Both sides raised a version, and one of them added or changed lines beside it."""
    base = lines_of(conflict.base)
    for edited, other in (
        (conflict.canonical, conflict.legacy),
        (conflict.legacy, conflict.canonical),
    ):
        lines, others = lines_of(edited), lines_of(other)
        if len(others) != len(base):
            continue
        frames = [_around(line) for line in lines]
        text, raised, at = list(lines), list[str](), 0
        for was, yours in zip(base, others, strict=True):
            places = [n for n in range(at, len(lines)) if frames[n] == _around(was)]
            if len(places) != 1 or frames.count(_around(was)) != 1:
                break
            at = places[0] + 1
            same = was == lines[places[0]] == yours
            line = was if same else _higher_line(was, lines[places[0]], yours)
            if line is None:
                break
            text[places[0]] = line
            raised += [line.strip()] if line != was else []
        else:
            if raised:
                return "".join(text), RAISED.format(what=", ".join(raised))
    return None


def _done_alike(conflict: Conflict) -> tuple[str, str] | None:
    """Both sides changed it alike, each in another layout: canonical's stays."""
    if not conflict.base.strip() or not same_but_for_layout(conflict.canonical, conflict.legacy):
        return None
    what = (conflict.canonical.strip() or conflict.base.strip()).partition("\n")[0]
    return conflict.canonical, ALIKE.format(what=what)


def _deleted_too(conflict: Conflict, others: Sequence[Part]) -> tuple[str, str] | None:
    """One side only deleted lines, and the other one deleted them as well, with more lines. A line
    that is in one of the `others` was moved, and not deleted."""
    base = lines_of(conflict.base)
    sides = (("canonical", conflict.canonical), ("legacy", conflict.legacy))
    for (who, more), (other, fewer) in (sides, sides[::-1]):
        if _is_in(lines_of(more), lines_of(fewer)) and _is_in(lines_of(fewer), base):
            deleted = _said(base) - _said(lines_of(more))
            if any(not deleted.isdisjoint(_said(_every_line(part))) for part in others):
                return None
            what = conflict.base.strip().partition("\n")[0]
            return more, DELETED.format(who=who, other=other, what=what)
    return None


def _said(lines: Sequence[str]) -> frozenset[str]:
    """The lines that say something, without what stands around and behind them."""
    return frozenset(line.strip().rstrip(",") for line in lines if re.search(r"\w", line))


def _every_line(part: Part) -> list[str]:
    if isinstance(part, Resolved):
        return lines_of(part.text)
    return [*lines_of(part.canonical), *lines_of(part.legacy)]


def _is_in(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the lines are some of the others, in their order."""
    remaining = iter(others)
    return all(line in remaining for line in lines)


def _laid_out(conflict: Conflict) -> tuple[str, str] | None:
    """One side deleted or changed what the other only wrote in another layout: that side is right
    for both."""
    sides = (("canonical", conflict.canonical), ("legacy", conflict.legacy))
    for (who, edited), (other, left) in (sides, sides[::-1]):
        if same_but_for_layout(conflict.base, left):
            done = "changed" if edited.strip() else "deleted"
            what = conflict.base.strip().partition("\n")[0]
            return edited, f"{who} {done} it, {other} only changed its layout: {what}"
    return None


def _indent(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


def _plain(text: str) -> list[str]:
    """Words, signs and strings, and where blocks begin and end, without the commas in front of
    closing brackets."""
    tokens: list[str] = []
    levels = [0]
    depth = 0  # of brackets
    for line in re.sub(r",(?=\s*[)\]}])", "", text).split("\n"):
        signs = _SIGNS.findall(line)
        if signs and depth <= 0:
            width = len(line) - len(line.lstrip())
            if not tokens:
                levels = [width]
            if width > levels[-1]:
                levels.append(width)
                tokens.append(_INDENT)
            while levels and width < levels[-1]:
                levels.pop()
                tokens.append(_DEDENT)
            levels = levels or [width]
        depth += sum(sign in "([{" for sign in signs) - sum(sign in ")]}" for sign in signs)
        tokens += signs
    return [
        f'"{token[1:-1]}"' if token[0] == "'" and '"' not in token else token for token in tokens
    ]
