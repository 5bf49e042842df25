"""What the last `verify` saw, and of which content: remembered until something it saw changes."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import new, sha256
from pathlib import Path

from unify_backend.model.status import Seen, SeenEntry, SeenState
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot

_NAME = "verified.json"
_SCHEMA = "unify-backend/verified/1"


@dataclass(frozen=True, slots=True)
class Record:
    """What was seen, and the key of the content that it was seen in."""

    key: str
    seen: Seen


def content_key(contents: Snapshot, counts: Callable[[str], bool]) -> str:
    """A digest of the files that count: paths, executable bits and contents as git names them, so
    that a commit alone changes nothing. Raises RepositoryError where one cannot be read."""
    known = _committed(contents.repository.root) if contents.repository.is_git else {}
    kind = "sha256" if any(len(name) == 64 for name in known.values()) else "sha1"
    whole = sha256()
    for path in contents.paths:
        if not counts(path):
            continue
        name = known.get(path) or _blob(contents.read(path), kind)
        mark = "x" if contents.executable(path) else "-"
        whole.update(f"{path}\0{mark}{name}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _committed(root: Path) -> dict[str, str]:
    """The names that git has for the contents of files without uncommitted changes."""
    changed = git.uncommitted(root)
    found: dict[str, str] = {}
    for record in git.run(root, "ls-files", "-z", "--stage").split(b"\0"):
        head, _, name = record.partition(b"\t")
        if name and (path := git.decode(name)) not in changed:
            found[path] = head.split(b" ")[1].decode("ascii")
    return found


def _blob(data: bytes, kind: str) -> str:
    return new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def remember(state: Path, record: Record) -> None:
    """Keeps the record in place of the one before."""
    state.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"schema": _SCHEMA, **asdict(record)}, indent=1)
    temporary = state / f"{_NAME}.new"
    temporary.write_text(text, "utf-8", errors="surrogatepass")
    os.replace(temporary, state / _NAME)  # noqa: PTH105 - the atomic call, by its name


def recall(state: Path) -> Record | None:
    """The record; None where there is none, or the file is not ours."""
    try:
        document = json.loads((state / _NAME).read_text("utf-8", errors="surrogatepass"))
        if document["schema"] != _SCHEMA:
            return None
        seen = document["seen"]
        return Record(
            str(document["key"]),
            Seen(
                tuple(seen["parts"]),
                tuple(SeenState(**one) for one in seen["states"]),
                tuple(SeenEntry(**one) for one in seen["entries"]),
                tuple(seen["losses"]),
                bool(seen["wrong"]),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
