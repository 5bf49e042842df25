"""The commands of systemd units."""

import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Sink, recipe, settings, with_settings


def read_systemd(text: str, session: Session, sink: Sink) -> Session:
    """`ExecStart=` in `WorkingDirectory=` with `Environment=`."""
    found = list(settings(text))
    session = with_settings(
        session,
        next((value for _, key, value in found if key == "workingdirectory"), ""),
        [one for _, key, value in found if key == "environment" for one in _pairs(value)],
    )
    for number, key, value in found:
        if key in {"execstart", "exec"}:
            recipe(value.lstrip("@-:+!"), number, "", session, sink)
    return session


def _pairs(value: str) -> list[tuple[str, str]]:
    found = re.finditer(r"\"(\w+)=([^\"]*)\"|'(\w+)=([^']*)'|(\w+)=(\S*)", value)
    return [(one[1] or one[3] or one[5], one[2] or one[4] or one[6] or "") for one in found]
