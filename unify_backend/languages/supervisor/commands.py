"""The commands of supervisor's programs."""

import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import (
    CommandCollector,
    recipe,
    settings,
    with_settings,
)


def read_supervisor(text: str, session: Session, sink: CommandCollector) -> Session:
    """`command=` in `directory=` with `environment=`, section by section."""
    sections = re.split(r"(?m)^(?=\[)", text)
    line = 1
    for section in sections:
        name = re.match(r"\[(?:program|eventlistener|fcgi-program):([^\]]+)\]", section)
        entries = list(settings(section))
        folder = next((value for _, key, value in entries if key == "directory"), "")
        env = [
            (match[1], match[2].strip("\"'"))
            for _, key, value in entries
            if key == "environment"
            for match in re.finditer(r"(\w+)=(\"[^\"]*\"|'[^']*'|[^,]*)", value)
        ]
        for number, key, value in entries if name else ():
            if key == "command" and name:
                program_session = with_settings(session, folder, env)
                recipe(value, line + number - 1, name[1], program_session, sink)
        line += section.count("\n")
    return session
