"""The commands of Procfiles."""

from unify_backend.languages.procfile.references import PROCESS
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import (
    CommandCollector,
    in_own_folder,
    joined_lines,
    recipe,
)


def read_procfile(text: str, session: Session, sink: CommandCollector) -> Session:
    """`name: command`, run in the file's folder."""
    session = in_own_folder(session)
    for number, line in joined_lines(text):
        if match := PROCESS.match(line):
            recipe(match["command"].strip(), number, match["name"], session, sink)
    return session
