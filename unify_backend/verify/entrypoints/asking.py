"""A running application asked over HTTP, and its answers compared with those of another."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection, Iterator, Sequence

from unify_backend.model.boots import Answer
from unify_backend.model.entrypoints import Served
from unify_backend.verify import bodies

_HERE = "127.0.0.1"
_MOST = 65_536  # characters of a body that are kept
_LARGEST = 32_000_000  # bytes of an OpenAPI document that are read
_METHODS = frozenset("get put post delete options head patch trace".split())
_SHOWN = 5  # names that a difference lists


def answers_now(port: int, timeout: float = 1.0) -> bool:
    """Whether anything answers an HTTP request on the port."""
    return _get(port, "/", timeout) is not None


def served(port: int, paths: Sequence[str], timeout: float) -> Served:
    """What the application on the port shows: `paths` are asked, and its OpenAPI document."""
    answers = [one for path in paths if (one := _get(port, path, timeout)) is not None]
    document = _get(port, "/openapi.json", timeout, _LARGEST)
    return Served(_operations(document), tuple(answers))


def _get(port: int, path: str, timeout: float, most: int = _MOST) -> Answer | None:
    connection = http.client.HTTPConnection(_HERE, port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Accept": "application/json, */*"})
        response = connection.getresponse()
        body = response.read(most).decode("utf-8", "replace")
        return Answer(path, response.status, body)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _operations(document: Answer | None) -> tuple[str, ...] | None:
    if document is None or document.status != 200:
        return None
    try:
        paths = json.loads(document.body)["paths"]
        return tuple(
            sorted(
                f"{method.upper()} {path}"
                for path, item in paths.items()
                for method in item
                if method in _METHODS
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def differences(now: Served, reference: Served, masks: Collection[str] = ()) -> Iterator[str]:
    """What `now` shows otherwise than `reference`, in words; nothing where they are the same.
    Values that change from run to run are not compared, nor those under the keys `masks`."""
    if reference.operations is not None:
        if now.operations is None:
            yield f"no OpenAPI document, {_count(reference.operations)} expected"
        else:
            gone = sorted(set(reference.operations) - set(now.operations))
            new = sorted(set(now.operations) - set(reference.operations))
            if gone:
                yield f"{_count(gone)} gone: {_listed(gone)}"
            if new:
                yield f"{_count(new)} more: {_listed(new)}"
    known = {one.path: one for one in now.answers}
    for before in reference.answers:
        if before.status is None:
            continue  # the reference did not answer either
        after = known.get(before.path)
        if after is None or after.status is None:
            yield f"GET {before.path}: no answer, {before.status} expected"
        elif after.status != before.status:
            yield f"GET {before.path}: {after.status} instead of {before.status}"
        else:
            told = bodies.differences(before.body, after.body, masks)
            yield from (f"GET {before.path}: {one}" for one in told)


def _count(names: Sequence[str]) -> str:
    return "1 operation" if len(names) == 1 else f"{len(names)} operations"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
