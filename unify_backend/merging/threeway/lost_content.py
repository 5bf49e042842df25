"""Checks that all additions of both sides are in the merged text or in a conflict."""

import keyword
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.merge_facts import Facts, facts_of
from unify_backend.languages.python.removed_imports import imports_only, removed_names, unused
from unify_backend.merging.threeway.diff import changes
from unify_backend.merging.threeway.rules import outranked
from unify_backend.model.merge_plan import Merged, Prefer

_WORD = re.compile(r"\w+|[^\w\s,()\[\]{}\\'\"]")  # not what layout and lists need
_Group = tuple[int, Counter[str]]  # how many lines, and their words
_LAYOUT = re.compile(r"\s+|\\?['\"]|\\\n")
_COMMON = frozenset(keyword.kwlist)  # a line of such words alone can stand in many places
_LIMIT = 400  # lines that one open bracket may span


def lost(base: str | None, legacy: str, canonical: str, merged: Merged | str) -> list[str]:
    """The lines (stripped) that a side added to the base and that are nowhere in the result.

    A line counts as there if it is, in the text or in a conflict, as often as it has to be; or,
    because imports and lists are merged inside a line, if the words it added stand together in
    one line or bracket. An import of Python that the other side removed with the last use of its
    names is not looked for.
    """
    return list(dict.fromkeys(_lost(base or "", legacy, canonical, merged)))


def multiplied(base: str, legacy: str, canonical: str, text: str) -> list[str]:
    """Comment lines that are there more often than both changes together explain."""
    origin, theirs, ours, result = (
        Counter(line for line in _lines(version) if line.startswith(("#", "//", ";")))
        for version in (base, legacy, canonical, text)
    )
    return [
        line
        for line, count in result.items()
        if count > max(theirs[line], ours[line], theirs[line] + ours[line] - origin[line])
    ]


def restored(base: str, legacy: str, canonical: str, text: str) -> list[str]:
    """Lines of the base, there once, that are in the text again although a side deleted them, or
    twice: what one side moved, and the other deleted or moved elsewhere. Layout aside: with other
    quotes, or beside others in one line, it is still there."""
    versions = (base, legacy, canonical, text)
    origin, theirs, ours, result = (
        Counter(line.rstrip(",") for line in _lines(version)) for version in versions
    )
    lines = [
        line
        for line, count in origin.items()
        if count == 1
        and max(theirs[line], ours[line]) == 1
        and result[line] > min(theirs[line], ours[line])
        and not _COMMON.issuperset(re.findall(r"\w+", line))
    ]
    if not lines:
        return lines
    first, second, merged = (_LAYOUT.sub("", version) for version in versions[1:])
    return [
        line
        for line in lines
        if merged.count(says := _LAYOUT.sub("", line)) > min(first.count(says), second.count(says))
    ]


def lost_definitions(
    base: str | None, legacy: str, canonical: str, merged: Merged | str
) -> list[str]:
    """Qualified names that a side added to the base of a Python module and that the result has
    neither in its text nor in a conflict. Names nowhere, if a version does not parse."""
    return missing_definitions(base, legacy, canonical, variants(merged))


def missing_definitions(
    base: str | None, legacy: str, canonical: str, texts: Sequence[str]
) -> list[str]:
    """As `lost_definitions`, for the texts that a conflict can be resolved to."""
    try:
        origin, *sides = (_facts(text) for text in (base or "", legacy, canonical))
        there = {name for text in texts for name in _facts(text).defined}
    except (Unparsable, RecursionError):
        return []
    added = {name for side in sides for name in side.defined.keys() - origin.defined.keys()}
    return sorted(added - there)


def defined_twice(base: str | None, legacy: str, canonical: str, merged: Merged | str) -> list[str]:
    """Qualified names that the merged Python module defines more often than any version does, or,
    where a version defines one more than once, than both changes together explain."""
    try:
        before = [_facts(text).defined for text in (base or "", legacy, canonical)]
        after = [_facts(text).defined for text in variants(merged)]
    except (Unparsable, RecursionError):
        return []
    return sorted(
        {
            name
            for defined in after
            for name, count in defined.items()
            if count > _limit(*(counts[name] for counts in before))
        }
    )


def _limit(base: int, legacy: int, canonical: int) -> int:
    most = max(1, base, legacy, canonical)
    return most if most == 1 else max(most, legacy + canonical - base)


def variants(merged: Merged | str) -> list[str]:
    """The text without markers: settled for canonical and for legacy, where there are conflicts."""
    if isinstance(merged, str):
        return [merged]
    if not merged.hunks:
        return [merged.text]
    return [_settled(merged, side) for side in Prefer]


def _settled(merged: Merged, side: Prefer) -> str:
    lines = merged.text.split("\n")
    for hunk in reversed(merged.hunks):
        text = hunk.ours if side is Prefer.CANONICAL else hunk.theirs
        lines[hunk.start_line - 1 : hunk.end_line] = text.split("\n")[:-1]
    return "\n".join(lines)


def _facts(text: str) -> Facts:
    return facts_of(text.removeprefix("\ufeff").replace("\r\n", "\n"))


def _lost(base: str, legacy: str, canonical: str, merged: Merged | str) -> Iterator[str]:
    text = merged if isinstance(merged, str) else merged.text
    there = _lines(text)
    result = Counter(there)
    groups: list[_Group] | None = None
    removed: frozenset[str] | None = None
    origin = Counter(_lines(base))
    counted = [Counter(_lines(side)) for side in (legacy, canonical)]
    for side, mine, other in (
        (legacy, counted[0], counted[1]),
        (canonical, counted[1], counted[0]),
    ):
        for line, count in mine.items():
            needed = count - origin[line] + min(origin[line], other[line])
            if count <= origin[line] or result[line] >= needed:
                continue
            if groups is None:
                groups = list(_groups(there))
            words = _new_words(base, side, line)
            if _held(words, needed, groups) or outranked(line, there):
                continue
            if removed is None and line.startswith(("import ", "from ")):
                removed = unused(text, removed_names(base, canonical, legacy))
            if not imports_only(line, removed or ()):
                yield line


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.removeprefix("\ufeff").split("\n"))
    return [line for line in stripped if re.search(r"\w", line)]


def _new_words(base: str, side: str, line: str) -> Counter[str]:
    """The words of `line` that the lines it stands for in the base do not have."""
    before, after = _lines(base), _lines(side)
    words: Counter[str] = Counter()
    for change in changes(before, after):
        inside = after[change.b_start : change.b_end]
        if line in inside:
            replaced = _words(before[change.a_start : change.a_end])
            words |= _words([line]) - replaced
    return words


def _words(lines: Sequence[str]) -> Counter[str]:
    return Counter(word for line in lines for word in _WORD.findall(line))


def _held(words: Counter[str], times: int, groups: Sequence[_Group]) -> bool:
    single = 0
    for lines, group in groups:
        fits = all(group[word] >= count for word, count in words.items())
        single += fits and lines == 1
        if single >= times or (lines > 1 and all(group[word] >= times for word in words)):
            return True
    return False


def _groups(lines: Sequence[str]) -> Iterator[_Group]:
    """The words of each line, and of each run of lines that brackets hold together."""
    depth, run = 0, []
    for line in lines:
        run.append(line)
        depth += sum(line.count(bracket) for bracket in "([{") - sum(
            line.count(bracket) for bracket in ")]}"
        )
        if depth <= 0 or len(run) >= _LIMIT:
            if len(run) > 1:
                yield len(run), _words(run)
            depth, run = 0, []
        yield 1, _words([line])
    if len(run) > 1:
        yield len(run), _words(run)
