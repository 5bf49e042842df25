"""The commands of desktop entries."""

import re

from unify_backend.languages.desktop.settings import starts
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe, with_settings

_FIELD = re.compile(r"(?<!%)%[a-zA-Z]")  # the desktop puts files and addresses there


def read_desktop(text: str, session: Session, sink: CommandCollector) -> Session:
    """`Exec=` in the folder that `Path=` names, section by section."""
    for start in starts(text):
        span = start.command.span
        folder = text[start.folder.span.start : start.folder.span.end] if start.folder else ""
        code = _FIELD.sub("", text[span.start : span.end]).strip()
        recipe(code, start.command.line, "", with_settings(session, folder, ()), sink)
    return session
