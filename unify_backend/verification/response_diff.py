"""Compares response bodies; values that change from run to run are masked."""

import json
import re
from collections.abc import Iterable

_VOLATILE = (
    r"time|timestamp|date|now|uptime|duration|elapsed|latency|started|generated|expires|"
    r"pid|port|host|hostname|nonce|etag|signature|token|"
    r"id|uuid|guid|trace|span|instance|"
    r".*_(at|on|id|ms|us|ns|s|sec|seconds|time|date|uuid|pid|port)|(request|trace|session).*id"
)
_VALUES = (
    (
        re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"),
        "<time>",
    ),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I), "<id>"),
    (re.compile(r"(?<=localhost:)\d+|(?<=127\.0\.0\.1:)\d+|(?<=\[::1\]:)\d+"), "<port>"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b", re.I), "<address>"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|µs|us|ns|s|sec|seconds)\b"), "<duration>"),
)
_MASK = "<masked>"
_MOST = 20  # differences told


def differences(before: str, after: str, masks: Iterable[str] = ()) -> tuple[str, ...]:
    """How two bodies differ once masked, each as "place: old → new"; nothing where they agree.

    `masks` are regular expressions of further keys whose values are not compared.
    """
    keys = re.compile("|".join([_VOLATILE, *masks]), re.IGNORECASE)
    old, new = _read(before), _read(after)
    if old is None or new is None:
        changed = _masked_text(before) != _masked_text(after)
        return (f"{_short(before)} → {_short(after)}",) if changed else ()
    old, new = _masked(old, keys), _masked(new, keys)
    if old == new:
        return ()
    from deepdiff import DeepDiff

    deep_diff = DeepDiff(old, new, ignore_order=True, view="tree")
    changes = [
        f"{_place(change)}: {_value(change.t1)} → {_value(change.t2)}"
        for kind in sorted(deep_diff)
        for change in deep_diff[kind]
    ]
    return tuple(sorted(changes)[:_MOST])


def _masked(value: object, keys: re.Pattern[str]) -> object:
    """A JSON value in which what changes from run to run is masked."""
    if isinstance(value, dict):
        return {
            key: _MASK
            if keys.fullmatch(str(key)) and not isinstance(entry, dict | list)
            else _masked(entry, keys)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [_masked(element, keys) for element in value]
    return _masked_text(value) if isinstance(value, str) else value


def _masked_text(text: str) -> str:
    for pattern, instead in _VALUES:
        text = pattern.sub(instead, text)
    return text


def _read(body: str) -> object:
    try:
        return json.loads(body) if body.strip() else None
    except ValueError:
        return None


def _place(change: object) -> str:
    path = getattr(change, "path")(output_format="list", force="fake")  # noqa: B009 - untyped
    return ".".join(map(str, path)) or "(all)"


def _value(value: object) -> str:
    text = "—" if type(value).__name__ == "NotPresent" else json.dumps(value, default=str)
    return _short(text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
