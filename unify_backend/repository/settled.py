"""Which files of a merge a person has been given: remembered, so that a second run keeps what the
person made of them."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.changes import digest

NOTHING = ""  # in place of a digest: the canonical file stayed as it was, by a person's word
_NAME = "merged.json"
_SCHEMA = "unify-backend/merged/1"


@dataclass(frozen=True, slots=True)
class Given:
    """The contents a file was merged from, as digests: legacy's, and canonical's before."""

    legacy: str
    before: str


def remember(state: Path, given: Mapping[str, Given]) -> None:
    """Adds to what is known, by canonical path. Called before the merge is written: an entry
    whose file still has the content `before` is of no account, so nothing is claimed too early."""
    _write(state, {**read(state), **given})


def forget_preferences(state: Path) -> None:
    """Opens again what was settled by nothing but a preference: its merge was taken back, and no
    content would tell."""
    known = read(state)
    kept = {path: one for path, one in known.items() if one.before != NOTHING}
    if kept != known:
        _write(state, kept)


def _write(state: Path, known: Mapping[str, Given]) -> None:
    state.mkdir(parents=True, exist_ok=True)
    entries = {path: [one.legacy, one.before] for path, one in sorted(known.items())}
    text = json.dumps({"schema": _SCHEMA, "files": entries}, indent=1)
    temporary = state / f"{_NAME}.new"
    temporary.write_text(text, "utf-8", errors="surrogatepass")
    os.replace(temporary, state / _NAME)  # noqa: PTH105 - the atomic call, by its name


def read(state: Path) -> dict[str, Given]:
    """What is known; nothing where the file is missing or not ours."""
    try:
        document = json.loads((state / _NAME).read_text("utf-8", errors="surrogatepass"))
        if document["schema"] != _SCHEMA:
            return {}
        return {path: Given(*pair) for path, pair in document["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def settled(state: Path, current: Mapping[str, bytes], asked: bool = False) -> dict[str, str]:
    """The legacy digests that were dealt with, by canonical path, where the file in `current` is
    no longer what it was before the merge. With `asked`, for a side is preferred again, what was
    settled by nothing but an earlier preference is open once more."""
    return {
        path: one.legacy
        for path, one in read(state).items()
        if path in current
        and digest(current[path]) != one.before
        and not (asked and one.before == NOTHING)
    }
