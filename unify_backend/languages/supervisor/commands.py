"""The commands of supervisor's programs."""

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe, with_settings
from unify_backend.languages.supervisor.settings import programs, variables
from unify_backend.model.spans import Span


def read_supervisor(text: str, session: Session, sink: CommandCollector) -> Session:
    """`command=` in `directory=` with `environment=`, program by program."""
    for program in programs(text):
        command, folder, environment = map(
            program.settings.get, ("command", "directory", "environment")
        )
        if command is not None:
            value = environment.value if environment else ""
            pairs = [(name, text) for name, text, _ in variables(value, Span(0, len(value)))]
            own = with_settings(session, folder.value if folder else "", pairs)
            recipe(" ".join(command.value.split("\n")), command.line, program.name, own, sink)
    return session
