"""Counts that were made once, kept in the tool's own folder: contents never change, so a count of
one stays right as long as the same is counted."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from unify_backend.repository.disk import replace

_NAME = "history.json"
_FORMAT = 1


@dataclass(slots=True)
class Tallies:
    """`without` are contents (by their hashes) that hold nothing to count, wherever they lie;
    `counts` the others, by path and hash: all occurrences, and those of them that stay."""

    without: set[str] = field(default_factory=set)
    counts: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def knows(self, path: str, blob: str) -> bool:
        """Whether this content at this path was counted."""
        return blob in self.without or blob in self.counts.get(path, ())

    def of(self, path: str, blob: str) -> tuple[int, int]:
        """The counts of a known content."""
        return (0, 0) if blob in self.without else self.counts[path][blob]

    def add(self, path: str, blob: str, total: int, kept: int) -> None:
        """Keeps the counts of a content."""
        self.counts.setdefault(path, {})[blob] = (total, kept)

    @property
    def size(self) -> int:
        """How many counts there are."""
        return len(self.without) + sum(map(len, self.counts.values()))


def read_tallies(state: Path, subject: str) -> Tallies:
    """What is kept about `subject`, a text that says what is counted; nothing where the file is
    missing, damaged, or about something else: then everything is counted anew."""
    try:
        document = json.loads((state / _NAME).read_text("ascii"))
        if (document["format"], document["subject"]) != (_FORMAT, subject):
            return Tallies()
        counts = {
            path: {blob: _pair(pair) for blob, pair in found.items()}
            for path, found in document["counts"].items()
        }
        return Tallies(set(map(str, document["without"])), counts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Tallies()


def _pair(found: list[int]) -> tuple[int, int]:
    total, kept = map(int, found)
    if not 0 <= kept <= total:
        raise ValueError("no counts")
    return total, kept


def write_tallies(state: Path, subject: str, tallies: Tallies) -> None:
    """Keeps the counts, all at once. Where the folder cannot be written nothing is kept: that
    costs time the next time, and nothing else."""
    document = {
        "format": _FORMAT,
        "subject": subject,
        "without": sorted(tallies.without),
        "counts": tallies.counts,
    }
    text = json.dumps(document, separators=(",", ":"))
    try:
        state.mkdir(parents=True, exist_ok=True)
        descriptor, name = mkstemp(dir=state, prefix=f"{_NAME}.")
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        replace(Path(name), state / _NAME)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
