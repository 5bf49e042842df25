"""The encoding of a merged file."""

import codecs

import pytest

from unify_backend.merging.encodings import Encoded, encoded
from unify_backend.model.text import Text, decode

UTF8 = "a = '\u00fc'\n".encode()
MARKED = codecs.BOM_UTF8 + UTF8
UTF16 = codecs.BOM_UTF16_LE + "a = '\u00fc'\n".encode("utf-16-le")
LATIN = "# coding: latin-1\na = '\u00fc'\n".encode("latin-1")


@pytest.mark.parametrize(
    ("base", "canonical", "legacy", "python", "expected"),
    [
        (UTF8, UTF8, UTF8, False, UTF8),
        (UTF8, UTF8, MARKED, False, MARKED),
        (UTF8, MARKED, UTF8, False, MARKED),
        (MARKED, MARKED, UTF8, False, UTF8),
        (UTF8, UTF16, MARKED, False, UTF16),
        (UTF8, UTF8, UTF16, False, UTF16),
        (None, UTF8, MARKED, False, UTF8),
        (LATIN, LATIN, UTF8, True, UTF8),
        (UTF8, UTF8, LATIN, True, UTF8),
    ],
)
def test_the_side_that_changed_it(
    base: bytes | None, canonical: bytes, legacy: bytes, python: bool, expected: bytes
) -> None:
    texts = [
        decode(data, python) if data is not None else None for data in (base, canonical, legacy)
    ]
    origin, ours, theirs = texts
    assert isinstance(ours, Text)
    assert isinstance(theirs, Text)
    assert origin is None or isinstance(origin, Text)
    assert _data("a = '\u00fc'\n", origin, ours, theirs, python) == expected


def test_a_coding_line_that_stays_says_the_encoding() -> None:
    latin, other = decode(LATIN, python=True), decode(UTF8, python=True)
    assert isinstance(latin, Text)
    assert isinstance(other, Text)
    text = latin.text + "b = 1\n"
    assert _data(text, latin, latin, other, True) == LATIN + b"b = 1\n"


def test_bytes_that_are_no_text_come_back() -> None:
    odd = decode(b"a = '\xfc'\n")
    assert isinstance(odd, Text)
    assert _data(odd.text + "b\n", odd, odd, odd, False) == b"a = '\xfc'\nb\n"


def _data(text: str, base: Text | None, canonical: Text, legacy: Text, python: bool) -> bytes:
    result = encoded(text, base, canonical, legacy, python)
    assert isinstance(result, Encoded)
    return result.data
