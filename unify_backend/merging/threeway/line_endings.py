"""The byte order mark, line ends and final newline of a text."""

from collections import Counter
from dataclasses import dataclass

from unify_backend.merging.threeway.diff import changes

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A text's content, all lines ending in a line feed, and how it was written."""

    raw: str
    content: str
    mark: bool
    final: bool  # the last line has an end
    ends: tuple[str, ...]  # of each line; the last one's may be empty


def framed(text: str) -> TextFormat:
    """Splits `text` into content and format. A carriage return alone is an ordinary character."""
    mark = text.startswith(_MARK)
    pieces = text.removeprefix(_MARK).split("\n")
    final = pieces[-1] == ""
    if final:
        pieces.pop()
    closed = len(pieces) if final else len(pieces) - 1
    ends = tuple(
        "\r\n" if at < closed and line.endswith("\r") else "\n" for at, line in enumerate(pieces)
    )
    if "\r\n" in ends:
        pieces = [
            line[:-1] if end == "\r\n" else line for line, end in zip(pieces, ends, strict=True)
        ]
    content = "".join(line + "\n" for line in pieces)
    return TextFormat(text, content, mark, final, ends)


def written(content: str, base: TextFormat, canonical: TextFormat, legacy: TextFormat) -> str:
    """`content` with line ends as in canonical; the mark and the final newline as in the side that
    changed them."""
    mark = legacy.mark if canonical.mark == base.mark else canonical.mark
    final = legacy.final if canonical.final == base.final else canonical.final
    lines = content.split("\n")[:-1]
    ends = _ends(lines, canonical)
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    if not final and lines:
        text = text[: -len(ends[-1])]
    return (_MARK if mark else "") + text


def other_ends(base: TextFormat, canonical: TextFormat, legacy: TextFormat) -> bool:
    """Whether legacy wrote the whole file with other line ends, and canonical did not."""
    was, ours, theirs = (
        set(side.ends if side.final else side.ends[:-1]) for side in (base, canonical, legacy)
    )
    return len(was) == len(theirs) == 1 and was == ours != theirs


def _ends(lines: list[str], canonical: TextFormat) -> list[str]:
    usual = Counter(canonical.ends).most_common(1)
    common = usual[0][0] if usual else "\n"
    ends = [common] * len(lines)
    if len(set(canonical.ends)) > 1:  # mixed: a line that was there keeps its own
        before = canonical.content.split("\n")[:-1]
        at = 0
        for change in [*changes(before, lines), None]:
            stop = change.a_start if change else len(before)
            begin = (change.b_start if change else len(lines)) - (stop - at)
            ends[begin : begin + stop - at] = canonical.ends[at:stop]
            for target, source in zip(
                range(change.b_start, change.b_end) if change else (),
                range(change.a_start, change.a_end) if change else (),
                strict=False,
            ):
                ends[target] = canonical.ends[source]
            at = change.a_end if change else stop
    return ends
