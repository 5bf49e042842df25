"""The baseline file: JSON, one sorted entry on a line, so that git merges what two people took
out of it and a person reads the difference."""

from __future__ import annotations

import json
from collections.abc import Iterable

from unify_backend.model.baseline import Baseline, Entry
from unify_backend.model.errors import ConfigurationError

SCHEMA = "unify-backend/baseline/1"
_END: list[object] = []  # closes the list, so that the last entry is a line like any other


def dump(baseline: Baseline) -> bytes:
    """The file's content."""
    lines = [
        json.dumps([entry.path, entry.kind, entry.text, entry.occurrence], ensure_ascii=True)
        for entry in sorted(baseline.entries)
    ]
    head = f'"schema": {json.dumps(SCHEMA)},\n"started": {baseline.started},\n"entries": ['
    return "\n".join(["{", head, *(f"{line}," for line in lines), "[]", "]", "}", ""]).encode()


def load(data: bytes, name: str, command: str = "check") -> Baseline:
    """The baseline that `data`, the content of the file `name`, holds. `command` is what writes it.

    Raises ConfigurationError where it is none: an unreadable baseline must not let everything pass.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
        if document["schema"] != SCHEMA:
            raise _wrong(name, command, f"its schema is {document['schema']!r}, not {SCHEMA!r}")
        entries = [
            _entry(values, name, command) for values in document["entries"] if values != _END
        ]
        started = document["started"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if b"<<<<<<< " in data:
            raise ConfigurationError(
                f"the baseline {name} holds conflict markers",
                "two branches changed the same lines of it",
                f"Take either side whole (git checkout --ours -- {name}), then run "
                f"`unify-backend {command} --prune`: what the other side got rid of is taken out.",
            ) from error
        raise _wrong(name, command, f"{type(error).__name__}: {error}") from error
    if type(started) is not int or started < 0:
        raise _wrong(name, command, "`started` is no count")
    return Baseline(frozenset(entries), started)


def _entry(values: object, name: str, command: str) -> Entry:
    match values:
        case [str(path), str(kind), str(text), int(occurrence)] if occurrence > 0:
            if "*" in {kind, text} or path.endswith("/**"):
                raise _wrong(name, command, f"{values!r} is a pattern; each entry is one place")
            return Entry(path, kind, text, occurrence)
        case _:
            raise _wrong(name, command, f"{values!r} is no entry (path, form, text, occurrence)")


def _wrong(name: str, command: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"the baseline {name} cannot be read",
        why,
        f"Restore it from git; or delete it, and `unify-backend {command} --update-baseline`.",
    )


def grown(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What `after` has more and what it has less than `before`, sorted."""
    old, new = set(before), set(after)
    return sorted(new - old), sorted(old - new)
