"""The commands of logrotate's scripts."""

from unify_backend.languages.logrotate.references import scripts
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe


def read_logrotate(text: str, session: Session, sink: CommandCollector) -> Session:
    """What runs before and after files are rotated."""
    for span in scripts(text):
        number = text.count("\n", 0, span.start) + 1
        recipe(text[span.start : span.end], number, "", session, sink)
    return session
