"""The encoding of a merged text: a property with three versions, like the executable bit.

The side that changed it since the base gives it; where both did, canonical's stays. A Python file
says its encoding itself: its coding line is text, was merged with the text, and is obeyed.
"""

import re
from dataclasses import dataclass

from unify_backend.model.text import Text, declared_encoding

_ASCII = re.compile(r"[\x00-\x7f]+")
_STRAY = re.compile(r"[\udc80-\udcff]")  # bytes that were no UTF-8 (PEP 383)


@dataclass(frozen=True, slots=True)
class Encoded:
    """The bytes of a merged text, and what a person should know of how it is encoded."""

    data: bytes
    notes: tuple[str, ...] = ()


def encoded(
    text: str, base: Text | None, canonical: Text, legacy: Text, python: bool
) -> Encoded | str:
    """`text`, merged from the three contents, in its encoding and with its byte order mark; as a
    string the reason why that cannot be, and what to do: a character that the encoding does not
    have, or letters of two encodings in one text.

    A text that names no encoding is written in UTF-8 instead, and noted.
    """
    source = canonical
    if base is not None and _style(canonical) == _style(base):
        source = legacy
    notes: list[str] = []
    if _style(canonical) != _style(legacy):
        both = base is None or _style(base) not in (_style(canonical), _style(legacy))
        side = "legacy" if source is legacy else "canonical"
        more = ", both changed it" if both else ""
        notes.append(f"encoding of {side}: {_words(source)}{more}")
    encoding, bom = source.encoding, source.bom
    if python:
        declared = declared_encoding(text.encode("utf-8", "surrogateescape"))
        encoding, bom = _of_python(declared, source)
    lossy = not (canonical.lossless and legacy.lossless)
    if _two_encodings(text) and not any(_two_encodings(side.text) for side in (canonical, legacy)):
        other, readable = ("canonical", "legacy") if legacy.lossless else ("legacy", "canonical")
        return (
            f"{other} has letters that are no UTF-8, those of {readable} are: write both in one "
            "encoding, and merge again"
        )
    try:
        data = bom + text.encode(encoding, "surrogateescape" if lossy else "strict")
    except UnicodeEncodeError as error:
        letter = error.object[error.start : error.start + 1]
        reason = f"{encoding} cannot hold {letter!r}"
        if python and encoding != "utf-8":
            return (
                f"{reason}, and the coding line says so: put the merged text there by hand with "
                "another coding line"
            )
        data = text.encode("utf-8", "surrogateescape")
        notes = [f"{reason}, which a side has: written in utf-8"]
    return Encoded(data, tuple(notes))


def _two_encodings(text: str) -> bool:
    """Whether a text has bytes that are no UTF-8 beside letters that are read as UTF-8."""
    beyond = _ASCII.sub("", text)
    stray = len(_STRAY.findall(beyond))
    return 0 < stray < len(beyond)


def _of_python(declared: str | None, source: Text) -> tuple[str, bytes]:
    """A coding line of another encoding cannot stand behind a mark of UTF-8."""
    if source.encoding.startswith("utf-16"):
        return source.encoding, source.bom
    encoding = declared or "utf-8"
    return encoding, source.bom if encoding == "utf-8" else b""


def _style(text: Text) -> tuple[str, bytes]:
    return text.encoding, text.bom


def _words(text: Text) -> str:
    return text.encoding + (" with a byte order mark" if text.bom else "")
