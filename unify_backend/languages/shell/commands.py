"""The commands of shell text, and of what a terminal shows."""

import re

from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.started import Session, Sink, read_script
from unify_backend.languages.shell.syntax import DIALECT

_PROMPT = re.compile(
    r"^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[$%>]|\w+@[\w.-]+:\S*[$#])[ \t]+", re.MULTILINE
)


def read_shell(text: str, session: Session, sink: Sink) -> Session:
    """Gathers the commands of shell text; the session at its end. Lines behind a prompt count, and
    where there are prompts the other lines are output."""
    if _PROMPT.search(text):
        text = "\n".join(
            line[found.end() :] if (found := _PROMPT.match(line)) else ""
            for line in text.split("\n")
        )
    try:
        return read_script(DIALECT, text, session, sink)
    except FormError:
        return session
