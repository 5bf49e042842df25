"""Fingerprints of contents; two that differ only by the package's name have the same one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from unify_backend.languages.definition import Comparison
from unify_backend.languages.detect import comparison_of
from unify_backend.merging.content_parts import ContentPart, parts_in_order
from unify_backend.model.text import Binary, decode
from unify_backend.names.table import NameTable
from unify_backend.repository.git.stored import Blobs
from unify_backend.repository.git.timeline import Event

TINY_LINES = 2  # written lines that a content needs to be distinguished from others
TINY_SIZE = 24  # characters, white space left out
_TOGETHER = 1_000  # contents that are read by one call of git
MARGIN = 0.05  # by which another content has to be less alike
RESEMBLE = 0.5  # Jaccard index of two contents' lines


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`content` ignores line endings, byte order mark and encoding; `written` does not. A `tiny`
    content (an empty `__init__.py`, a single short line) is common, so that equal tiny contents are
    no evidence. A `lacking` one is of a content that git does not have."""

    content: bytes
    written: bytes
    tiny: bool
    lacking: bool = False


class Fingerprints:
    """The fingerprints of blobs, each computed once."""

    def __init__(self, blobs: Blobs, table: NameTable) -> None:
        self._blobs = blobs
        self._table = table
        self._known: dict[tuple[str, bool], Fingerprint] = {}

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Computes many fingerprints, given as blob and path, with a few calls of git."""
        keys = sorted({(blob, _is_python(path)) for blob, path in wanted} - self._known.keys())
        for start in range(0, len(keys), _TOGETHER):
            some = keys[start : start + _TOGETHER]
            self._blobs.load(blob for blob, _ in some)
            for blob, python in some:
                self._known[blob, python] = self._take(blob, python)

    def read(self, events: Iterable[Event]) -> None:
        """Reads the contents of some events by one call of git, for who asks for their lines."""
        blobs = (event.blob for event in events if event.blob is not None)
        self._blobs.load(islice(dict.fromkeys(blobs), _TOGETHER))

    def of(self, blob: str, path: str) -> Fingerprint:
        """The fingerprint of one blob at a path (which says whether it is Python)."""
        key = blob, _is_python(path)
        if key not in self._known:
            self._known[key] = self._take(*key)
        return self._known[key]

    def lacks(self, events: Iterable[Event]) -> Event | None:
        """The first of the events whose content git does not have: it can be compared with nothing
        but itself."""
        there = [event for event in events if event.blob is not None]
        self.load((event.blob or "", event.path) for event in there)
        lacking = (event for event in there if self.of(event.blob or "", event.path).lacking)
        return next(lacking, None)

    def _take(self, blob: str, python: bool) -> Fingerprint:
        if self._blobs.lacks(blob):
            unknown = _digest(f"lacking {blob}".encode("ascii"))
            return Fingerprint(unknown, unknown, tiny=False, lacking=True)
        return _take(self._blobs.read(blob), python, self._table)

    def written(self, event: Event | None) -> bytes | None:
        """The fingerprint of what an event brought, exactly; None where it left nothing."""
        if event is None or event.blob is None:
            return None
        return self.of(event.blob, event.path).written

    def rows(self, event: Event) -> list[str]:
        """The lines of a text as they follow each other, with neutral names and without white space
        at their ends; of other data one that stands for all of it."""
        if event.blob is None or self._blobs.lacks(event.blob):
            return [f"lacking {event.blob}"]
        source = decode(self._blobs.read(event.blob), _is_python(event.path))
        if isinstance(source, Binary):
            return [_digest(source.data).hex()]
        return [line.rstrip() for line in self._table.neutral(source.text).split("\n")]

    def parts(self, event: Event) -> list[ContentPart]:
        """The parts of a text, which do not depend on its layout."""
        if event.blob is None or self._blobs.lacks(event.blob):
            return []
        return parts_in_order(self._blobs.read(event.blob), event.path, self._table)

    def lines(self, blob: str, path: str) -> frozenset[str]:
        """The distinct lines of a text, stripped and with neutral names; empty for other data."""
        if self._blobs.lacks(blob):
            return frozenset()
        source = decode(self._blobs.read(blob), _is_python(path))
        if isinstance(source, Binary):
            return frozenset()
        lines = self._table.neutral(source.text).splitlines()
        return frozenset(line for raw in lines if (line := raw.strip()))


def fingerprint(data: bytes, path: str, table: NameTable) -> Fingerprint:
    """The fingerprint of one content at a path."""
    return _take(data, _is_python(path), table)


def resemble(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two sets of lines have most in common."""
    return likeness(first, second) >= RESEMBLE


def closest(
    content: frozenset[str], candidates: Mapping[str, frozenset[str]], shared: int
) -> str | None:
    """The candidate that says what `content` says: they have `shared` parts in common or more,
    resemble each other, and no other candidate comes near; None where there is none."""
    alike = {
        name: likeness(content, other)
        for name, other in candidates.items()
        if len(content & other) >= shared
    }
    best = max(alike.values(), default=0.0)
    near = [name for name, degree in alike.items() if degree >= best - MARGIN]
    return near[0] if best >= RESEMBLE and len(near) == 1 else None


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of the lines that two texts have in common (the Jaccard index)."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if shared else 0.0


def _take(data: bytes, python: bool, table: NameTable) -> Fingerprint:
    source = decode(data, python)
    if isinstance(source, Binary):
        digest = _digest(source.data)
        return Fingerprint(digest, digest, len(source.data) < TINY_SIZE)
    text = table.neutral(source.text)
    flat = text.replace("\r\n", "\n")
    content = written = _digest(flat.encode("utf-8", "surrogatepass"))
    if flat != text or source.bom or source.encoding != "utf-8":
        dress = f"{source.encoding}\0{source.bom.hex()}\0{text}"
        written = _digest(dress.encode("utf-8", "surrogatepass"))
    return Fingerprint(content, written, _is_tiny(flat))


def _is_tiny(text: str) -> bool:
    start = text[:4000]
    lines = [line for line in start.splitlines() if line.strip()]
    return len(lines) < TINY_LINES or len("".join(start.split())) < TINY_SIZE


def _is_python(path: str) -> bool:
    return comparison_of(path) is Comparison.PYTHON


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
