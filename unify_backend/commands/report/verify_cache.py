"""What was seen of the running application, kept for the reports of the same state: with routes by
name, and the state before, which the record for `status` does not hold."""

import json
import os
from dataclasses import asdict
from typing import Any

from unify_backend.commands.status.records import state_key
from unify_backend.model.report import Loss, Running, Started, Verification
from unify_backend.model.settings import Settings
from unify_backend.repository.snapshot import Snapshot

_NAME = "running.json"
_SCHEMA = "unify-backend/running/1"


def keep(contents: Snapshot, settings: Settings, seen: Verification) -> None:
    """Keeps it in place of what was kept before."""
    state = contents.repository.state
    state.mkdir(parents=True, exist_ok=True)
    document = {"schema": _SCHEMA, "key": state_key(contents, settings), "seen": asdict(seen)}
    temporary = state / f"{_NAME}.new"
    temporary.write_text(json.dumps(document, indent=1), "utf-8", errors="surrogatepass")
    os.replace(temporary, state / _NAME)  # noqa: PTH105 - the atomic call, by its name


def kept(contents: Snapshot, settings: Settings) -> Verification | None:
    """What was kept, if nothing but documents has changed since; None too where it is not ours."""
    place = contents.repository.state / _NAME
    try:
        document = json.loads(place.read_text("utf-8", errors="surrogatepass"))
        if document["schema"] != _SCHEMA or document["key"] != state_key(contents, settings):
            return None
        seen = document["seen"]
        return Verification(
            tuple(map(_running, seen["before"])),
            tuple(map(_running, seen["now"])),
            tuple(Started(**one) for one in seen["entries"]),
            tuple(Loss(**one) for one in seen["losses"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _running(one: dict[str, Any]) -> Running:
    routes = one["routes"]
    return Running(
        one["label"],
        tuple((str(name), str(value)) for name, value in one["figures"]),
        None if routes is None else tuple(routes),
    )
