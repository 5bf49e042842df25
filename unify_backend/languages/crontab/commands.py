"""The commands of crontabs."""

from unify_backend.languages.crontab.references import SETTING, entry_of
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe


def read_crontab(text: str, session: Session, sink: CommandCollector) -> Session:
    """Each line's command, with the variables that are set above it."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip("\ufeff \t").startswith("#"):
            continue
        if setting := SETTING.fullmatch(line.rstrip()):
            value = setting["value"].strip().strip("\"'")
            session = session.assigned(setting["name"], value, exported=True)
        elif entry := entry_of(session.path, line):
            recipe(entry["command"].replace("\\%", "%"), number, "", session, sink)
    return session
