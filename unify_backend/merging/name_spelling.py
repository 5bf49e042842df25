"""Which spelling of the package's name a line gets in a merge.

A copy is rarely renamed in the way in which this tool renames: `sed` also changes names in strings,
an editor misses some. Such a difference is no edit of the line, and must not turn back what the
canonical tree says. A line that differs from the base by spellings only is the base's line; the
canonical spelling stays, unless the legacy side itself wrote another name there since.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.text import Text, decode
from unify_backend.names.table import NameTable

_Use = tuple[str, str, str]  # the character in front of a name, the name, the character behind it


def spelled_like(text: str, model: str, table: NameTable) -> str:
    """`text`, each line that differs from its line in `model` by names only as `model` has it. Line
    ends stay."""
    if text == model:
        return text
    lines, others = text.split("\n"), model.split("\n")
    keys, other_keys = _keys(text, table), _keys(model, table)
    if len(keys) != len(lines) or len(other_keys) != len(others):  # a name over several lines
        return text
    for at, there in _matched(keys, other_keys):
        lines[at] = _with_end_of(others[there], lines[at])
    return "\n".join(lines)


def respelled(base: str, legacy: str, canonical: str, table: NameTable) -> tuple[str, str]:
    """`base` and `legacy` with canonical's spelling of the names, where legacy has not changed it.

    All three are in the canonical names. Where legacy has changed a name that canonical spells in
    another way than the base, both stay as they are: that is an edit of both sides.
    """
    spelled = spelled_like(base, canonical, table)
    if legacy == base:
        return spelled, spelled
    origin, before, after = base.split("\n"), spelled.split("\n"), legacy.split("\n")
    if canonical == base or not _countable(table, base, legacy, canonical):
        return base, legacy
    ours = canonical.split("\n")
    of_base = {there for _, there in _matched(_keys(base, table), _keys(canonical, table))}
    in_both = _matched(_keys(legacy, table), _keys(canonical, table))
    alike = {number: there for number, there in in_both if there not in of_base}
    base_lines: list[str] = []
    legacy_lines: list[str] = []
    at = there = 0
    changed = changes([line.rstrip("\r") for line in origin], [line.rstrip("\r") for line in after])
    for change in [*changed, Change(len(origin), len(origin), len(after), len(after))]:
        unchanged = before[at : change.a_start]
        base_lines += unchanged
        legacy_lines += [
            _with_end_of(line, old)
            for line, old in zip(unchanged, after[there : change.b_start], strict=True)
        ]
        old = origin[change.a_start : change.a_end]
        now = before[change.a_start : change.a_end]
        new = _as_in_both(change, old, after, ours, alike, table)
        replaced = _replaced(old, now, new, table)
        base_lines += old if replaced is None else now
        legacy_lines += new if replaced is None else replaced
        at, there = change.a_end, change.b_end
    return "\n".join(base_lines), "\n".join(legacy_lines)


def renamed_base(
    base: bytes, legacy: bytes, canonical: bytes, rename: Callable[[bytes], bytes], python: bool
) -> bytes:
    """A base that legacy had in the canonical names, but for those that legacy wrote since and
    canonical does not have (`with_edited_names`). A binary file has no lines. Raises what `rename`
    raises."""
    renamed = rename(base)
    if base in (legacy, renamed):
        return renamed
    now, written, then, after, ours = (
        decode(data, python) for data in (base, renamed, legacy, rename(legacy), canonical)
    )
    match now, written, then, after, ours:
        case Text(), Text(), Text(), Text(), Text():
            names = (now.text, written.text), (then.text, after.text)
            return written.encode(with_edited_names(*names, ours.text))
        case _:
            return renamed


def with_edited_names(base: tuple[str, str], legacy: tuple[str, str], canonical: str) -> str:
    """The base in the canonical names; a line in which legacy wrote the canonical name since, and
    that the canonical text still has with the old one, as it was: there the name is legacy's edit.

    `base` and `legacy` are each as written and in the canonical names.
    """
    before, renamed = (text.split("\n") for text in base)
    after, written = (text.split("\n") for text in legacy)
    if len(before) != len(renamed) or len(after) != len(written):  # a name over several lines
        return base[1]
    ours = set(canonical.split("\n"))
    for change in changes(before, after):
        if change.a_end - change.a_start != change.b_end - change.b_start:
            continue
        for at, there in zip(
            range(change.a_start, change.a_end), range(change.b_start, change.b_end), strict=True
        ):
            is_name = renamed[at] == written[there] == after[there] != before[at]
            if is_name and before[at] in ours and after[there] not in ours:
                renamed[at] = before[at]
    return "\n".join(renamed)


def _keys(text: str, table: NameTable) -> list[str]:
    return [line.rstrip("\r") for line in table.neutral(text).split("\n")]


def _countable(table: NameTable, *texts: str) -> bool:
    """Whether each line of the texts has a key of its own."""
    return all(len(_keys(text, table)) == text.count("\n") + 1 for text in texts)


def _matched(keys: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The numbers of the lines that a diff of the two takes for the same."""
    at = there = 0
    for change in [*changes(keys, others), Change(len(keys), len(keys), len(others), len(others))]:
        yield from zip(range(at, change.a_start), range(there, change.b_start), strict=True)
        at, there = change.a_end, change.b_end


def _with_end_of(line: str, other: str) -> str:
    bare = line.rstrip("\r")
    return bare + other[len(other.rstrip("\r")) :]


def _as_in_both(
    change: Change,
    old: Sequence[str],
    legacy: Sequence[str],
    canonical: Sequence[str],
    alike: Mapping[int, int],
    table: NameTable,
) -> list[str]:
    """Legacy's lines of a change; those that both sides wrote have canonical's spelling. A line
    that says what the base said is a change of the name, and stays."""
    known = set(_keys("\n".join(old), table)) if old else set()
    lines: list[str] = []
    for number in range(change.b_start, change.b_end):
        line = legacy[number]
        if number in alike and _keys(line, table)[0] not in known:
            line = _with_end_of(canonical[alike[number]], line)
        lines.append(line)
    return lines


def _replaced(
    old: Sequence[str], now: Sequence[str], new: Sequence[str], table: NameTable
) -> list[str] | None:
    """The lines `new`, which replace `old`, with the names spelled as in `now`, which is `old` in
    canonical's spelling. None where `new` does not have all those names in place."""
    if list(old) == list(now) or not new:
        return list(new)
    spelling: dict[_Use, str] = {}
    needed: Counter[_Use] = Counter()
    for before, after in zip(old, now, strict=True):
        uses, written = _uses(before, table), _uses(after, table)
        if len(uses) != len(written):
            return None
        for use, (_, name, _) in zip(uses, written, strict=True):
            if spelling.setdefault(use, name) != name:
                return None
            needed[use] += name != use[1] and _is_left(before, new, table)
    there = Counter(use for line in new for use in _uses(line, table))
    return None if +needed - there else [_spelled(line, spelling, table) for line in new]


def _is_left(line: str, new: Sequence[str], table: NameTable) -> bool:
    """Whether one of the new lines is an edit of a line, rather than another one."""
    words = _words(line, table)
    return not words or any(len(words & _words(other, table)) * 2 >= len(words) for other in new)


def _words(line: str, table: NameTable) -> set[str]:
    return set(re.findall(r"\w+", table.neutral(line)))


def _spelled(line: str, spelling: Mapping[_Use, str], table: NameTable) -> str:
    pieces: list[str] = []
    at = 0
    for occurrence, use in zip(table.scan(line), _uses(line, table), strict=True):
        start, end = occurrence.span.start, occurrence.span.end
        pieces += (line[at:start], spelling.get(use, use[1]))
        at = end
    return "".join([*pieces, line[at:]])


def _uses(line: str, table: NameTable) -> list[_Use]:
    spans = [occurrence.span for occurrence in table.scan(line)]
    return [
        (line[:start][-1:], line[start:end], line[end : end + 1])
        for start, end in ((span.start, span.end) for span in spans)
    ]
