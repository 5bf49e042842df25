"""An entry put into a text: an insertion cannot lose what is there."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.spans import Edit, Span


class Shape(StrEnum):
    """What an entry is of what it is put into."""

    KEYS = "keys"  # keys of a table or section, which is made where it is missing
    TABLE = "table"  # one more table of an array of tables
    ITEM = "item"  # one more item of a list


@dataclass(frozen=True, slots=True)
class Entry:
    """`lines` that go into what stands under `path`, indented from 0."""

    path: tuple[str, ...]
    lines: str
    shape: Shape = Shape.KEYS


def put_in(text: str, at: int, new: str) -> Edit:
    """The edit that puts `new` in at an offset, in the line ends of `text`."""
    return Edit(Span(at, at), new.replace("\n", "\r\n") if "\r\n" in text else new)


def at_end(text: str, block: str) -> Edit:
    """The same for whole lines behind the last one, after an empty line."""
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return put_in(text, len(text), gap + block)


def line_end(text: str, at: int) -> int:
    """The end of the line that holds `at`, before its line end."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end
