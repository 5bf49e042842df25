"""Names in files that are no text: pickles, databases, archives, compiled code.

Such a file keeps a name behind a byte that may be a letter: the length of a string (`\\x8c\\x0c`,
Python's `Lib/pickletools.py`), an opcode, a record's header. So words have no boundaries here, and
a name counts where the format bounds it, or where it is too particular to stand there by chance.
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.model.text import Binary, Text, decode_file
from unify_backend.names.table import NameTable, NameVariant, Occurrence

_SHORT = 6  # characters; a shorter name stands in compressed bytes by chance
_JOINTS = (".", "/", "\\")
_WORD = re.compile(r"[A-Za-z0-9_]")
_STRING = re.compile(r"[\w.:/\\\[\], -]+", re.ASCII)
_GLOBAL = re.compile(r"\.?[A-Za-z0-9_.]*\n[A-Za-z_][\w.]*\n", re.ASCII)
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_PICKLED = re.compile(rb"\A(?:\x80[\x02-\x05]|[(cid\]}VSX])")
_GLOBALS = frozenset({"GLOBAL", "INST"})
# By the first bytes, as each format's own documentation gives them.
_MAGIC = (
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "compiled Java"),
    (b"\0asm", "WebAssembly"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"\xde\x12\x04\x95", "a gettext catalogue"),
    (b"\x95\x04\x12\xde", "a gettext catalogue"),
)


def decode_tracked(path: str, data: bytes) -> Text | Binary:
    """As `decode_file`, but a pickle whose bytes are all text is `Binary` too: what reads it would
    not take another name for the same class."""
    decoded = decode_file(path, data)
    if isinstance(decoded, Text) and is_pickle(data):
        return Binary(data)
    return decoded


def is_pickle(data: bytes) -> bool:
    """Whether `data` is one whole pickle that names a class or function, of any protocol. Nothing
    in it is loaded."""
    if not data.endswith(b".") or not _PICKLED.match(data):
        return False
    end, names = -1, data[:1] == b"\x80"
    try:
        for opcode, argument, position in pickletools.genops(data):
            end = -1 if position is None else position
            if opcode.name in _GLOBALS:
                words = str(argument).split(" ")
                if not all(part.isidentifier() for word in words for part in word.split(".")):
                    return False
                names = True
    except Exception:  # whatever a reader of any bytes raises: they are no pickle
        return False
    return names and end == len(data) - 1


def seems(path: str, data: bytes) -> str:
    """What a file that is no text seems to be, by its first bytes: `a pickle`; or `a binary
    file`."""
    if data.startswith(b"PK\x03\x04") and b"/data.pkl" in data:
        return "a torch archive"
    if data[257:262] == b"ustar":
        return "a tar archive"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if is_pickle(data) or (re.match(rb"\x80[\x02-\x05]", data) and data.endswith(b".")):
        return "a pickle"
    if path.endswith(".pyc"):
        return "compiled Python"
    return "UTF-16 or UTF-32 without a mark" if _is_wide(data) else "a binary file"


def may_hold_wide(needles: Iterable[bytes], lowered: bytes) -> bool:
    """Whether one of `needles` stands in bytes as UTF-16 or UTF-32 write it, in either order."""
    if b"\0" not in lowered:
        return False
    return any(
        gap.join(needle[at : at + 1] for at in range(len(needle))) in lowered
        for gap in (b"\0", b"\0\0\0")
        for needle in needles
    )


def _is_wide(data: bytes) -> bool:
    """Whether each second byte, or three of four, are NUL: text of few scripts."""
    head = data[:400]
    return len(head) > 8 and head.count(0) * 10 >= len(head) * 4 and head.isascii()


@dataclass(frozen=True)
class BinaryNames:
    """Searches bytes for the names in `table`."""

    table: NameTable

    def scan(self, data: bytes) -> list[Occurrence]:
        """The names in `data`, in order; spans count bytes. A folder around a package is none, nor
        is an import name that stays."""
        text = data.decode("latin-1")
        names = {hit.span: hit for hit in self.table.scan(text) if _names(hit.spelling)}
        taken = sorted(names)
        for hit in self._bare(text):
            if not any(span.overlaps(hit.span) for span in taken):
                names[hit.span] = hit
        for hit in self._wide(data):  # the other order finds the same letters, one byte aside
            if not any(span.overlaps(hit.span) for span in names):
                names[hit.span] = hit
        return [names[span] for span in sorted(names)]

    @cached_property
    def _variants(self) -> dict[str, NameVariant]:
        """Each spelling as it is written, the longest first: a legacy name inside a canonical one
        is none."""
        written: dict[str, NameVariant] = {}
        for spelling in self.table.spellings:
            if _names(spelling) and not spelling.loose:
                for joint in _JOINTS:
                    if not (spelling.dotted if joint == "." else spelling.path):
                        continue
                    written.setdefault(joint.join(spelling.parts), spelling)
        return dict(sorted(written.items(), key=lambda item: -len(item[0])))

    @cached_property
    def _search(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._variants)) or r"(?!)")

    def _bare(self, text: str) -> Iterator[Occurrence]:
        for match in self._search.finditer(text):
            spelling = self._variants[match.group()]
            if len(spelling.parts) == 1 and not spelling.dotted:
                continue  # the folder alone is a word
            if _is_bounded(text, match.start(), match.end()):
                yield Occurrence(Span(match.start(), match.end()), spelling)

    def _wide(self, data: bytes) -> Iterator[Occurrence]:
        """Names in UTF-16 or UTF-32 without a mark."""
        if b"\0" not in data:
            return
        for encoding, width in _WIDE.items():
            for written, spelling in self._variants.items():
                needle = written.encode(encoding)
                at = data.find(needle)
                while at >= 0:
                    end = at + len(needle)
                    around = (data[max(0, at - width) : at], data[end : end + width])
                    if not any(_is_letter(unit, encoding) for unit in around):
                        yield Occurrence(Span(at, end), spelling)
                    at = data.find(needle, end)


def _is_letter(unit: bytes, encoding: str) -> bool:
    return bool(_WORD.fullmatch(unit.decode(encoding, "replace")))


def _names(spelling: NameVariant) -> bool:
    """Whether a spelling in bytes names the package: no outer folder, no import name that stays."""
    return not spelling.outer and (spelling.path or not spelling.move.same_name)


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Whether what stands in bytes is a whole name: by the format, or since a name of this kind
    does not come about by chance."""
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    for size in _lengths(text, start):
        inside = size > end - start and not _WORD.match(behind)
        if size == end - start or (inside and _STRING.fullmatch(text, start, start + size)):
            return True
    if before in {"c", "i"} and _GLOBAL.match(text, end):
        return True
    name = text[start:end]
    particular = len(name) >= _SHORT and not name.isalpha()
    return particular and "_" not in {before, behind}


def _lengths(text: str, start: int) -> Iterator[int]:
    """The lengths that the bytes in front of a string may give: of one byte, or of four."""
    if start:
        yield ord(text[start - 1])
    if start >= 4:
        yield int.from_bytes(text[start - 4 : start].encode("latin-1"), "little")


def first_of(hits: Sequence[Occurrence]) -> Occurrence | None:
    """The occurrence that stands for a whole file: the first legacy name, or else the first."""
    legacy = (hit for hit in hits if hit.names is Names.LEGACY)
    return next(legacy, hits[0] if hits else None)
