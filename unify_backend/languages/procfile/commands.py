"""The commands of Procfiles."""

import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Sink, in_own_folder, recipe

_PROCESS = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<command>.+)")


def read_procfile(text: str, session: Session, sink: Sink) -> Session:
    """`name: command`, run in the file's folder."""
    session = in_own_folder(session)
    for number, line in enumerate(text.split("\n"), 1):
        if found := _PROCESS.match(line.strip()):
            recipe(found["command"], number, found["name"], session, sink)
    return session
