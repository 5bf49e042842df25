"""A tracked file as bytes and, where that is possible, as text that returns to the same bytes."""

import codecs
import re
from dataclasses import dataclass

SOURCE, STUB = ".py", ".pyi"  # the endings of a module that an import finds, and of its stub
MODULE_FILES = (SOURCE, STUB)
RUN_FILES = (SOURCE, ".pyw")  # the endings of sources that Python runs
PYTHON_FILES = (*RUN_FILES, STUB)
PACKAGE_FILE = f"__init__{SOURCE}"
PACKAGE_FILES = tuple(f"__init__{ending}" for ending in MODULE_FILES)
_COLLECTED = re.compile(rf"(?:.*/)?(?:test_[^/]*|[^/]*_test|conftest){re.escape(SOURCE)}")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded content. `encode()` gives back the very bytes it came from.

    `lossless` is false where bytes did not fit the encoding; they are carried through as lone
    surrogates (PEP 383), so that edits elsewhere still return every other byte.
    """

    text: str
    encoding: str
    bom: bytes
    lossless: bool

    def encode(self, text: str) -> bytes:
        """`text` in this file's encoding, with its byte order mark.

        Raises UnicodeEncodeError where the encoding cannot hold a character.
        """
        errors = "strict" if self.lossless else "surrogateescape"
        return self.bom + text.encode(self.encoding, errors)


@dataclass(frozen=True, slots=True)
class Binary:
    """Content that is no text (a NUL byte and no UTF-16 mark)."""

    data: bytes


def printable(text: str) -> str:
    """`text` on one line, with everything that does not print as a readable escape: control
    characters (a terminal would obey them), marks that turn the direction of reading, stray
    bytes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def decode(data: bytes, python: bool = False) -> Text | Binary:
    """What `data` says: UTF-8, UTF-16 with a mark, the coding cookie of a Python file (PEP 263).

    Bytes that do not fit come back as `lossless=False`; a NUL byte makes it `Binary`.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            body = data[len(bom) :]
            try:
                return Text(body.decode(encoding), encoding, bom, True)
            except UnicodeDecodeError:
                if encoding != "utf-8":
                    return Binary(data)
                return Text(body.decode("utf-8", "surrogateescape"), "utf-8", bom, False)
    if b"\0" in data:
        return Binary(data)
    encoding = (declared_encoding(data) if python else None) or "utf-8"
    try:
        text = Text(data.decode(encoding), encoding, b"", True)
    except UnicodeDecodeError:
        return Text(data.decode("utf-8", "surrogateescape"), "utf-8", b"", False)
    if encoding != "utf-8" and text.text.encode(encoding) != data:  # not one to one, like utf-7
        return Text(data.decode("utf-8", "surrogateescape"), "utf-8", b"", False)
    return text


def decode_file(path: str, data: bytes) -> Text | Binary:
    """What the file at `path` says; a coding line counts in a source of Python alone."""
    return decode(data, python=path.endswith(PYTHON_FILES))


def is_collected(path: str) -> bool:
    """Whether pytest imports the file without being asked, as long as nobody configures it."""
    return _COLLECTED.fullmatch(path) is not None


def declared_encoding(data: bytes) -> str | None:
    """What the coding line of a Python file names (PEP 263); None without one, or for a name that
    is no encoding of texts."""
    for line in data.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            name = match.group(1).decode("ascii")
            try:
                info = codecs.lookup(name)
            except LookupError:
                return None
            return info.name if getattr(info, "_is_text_encoding", True) else None
    return None


def may_name_encoding(data: bytes) -> bool:
    """Whether the first two lines of a Python file may name another encoding than UTF-8, so that
    the parser reads the bytes in another way than their text in UTF-8."""
    lines = (line for line in data.split(b"\n", 2)[:2] if b"coding" in line)
    return any(declared_encoding(line) != "utf-8" for line in lines)
