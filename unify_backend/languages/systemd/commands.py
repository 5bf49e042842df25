"""The commands of systemd units."""

import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import (
    CommandCollector,
    recipe,
    settings,
    with_settings,
)


def read_systemd(text: str, session: Session, sink: CommandCollector) -> Session:
    """`ExecStart=` in `WorkingDirectory=` with `Environment=`."""
    entries = list(settings(text))
    session = with_settings(
        session,
        next((value for _, key, value in entries if key == "workingdirectory"), ""),
        [pair for _, key, value in entries if key == "environment" for pair in _pairs(value)],
    )
    for number, key, value in entries:
        if key in {"execstart", "exec"}:
            recipe(value.lstrip("@-:+!"), number, "", session, sink)
    return session


def _pairs(value: str) -> list[tuple[str, str]]:
    matches = re.finditer(r"\"(\w+)=([^\"]*)\"|'(\w+)=([^']*)'|(\w+)=(\S*)", value)
    return [
        (match[1] or match[3] or match[5], match[2] or match[4] or match[6] or "")
        for match in matches
    ]
