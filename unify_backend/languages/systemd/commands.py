"""The commands of systemd units."""

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe, with_settings
from unify_backend.languages.systemd.settings import in_force, unit_lines, variables, working_folder
from unify_backend.model.spans import LineIndex


def read_systemd(text: str, session: Session, sink: CommandCollector) -> Session:
    """`ExecStart=` in `WorkingDirectory=` with `Environment=`, section by section."""
    settings, lines = in_force(unit_lines(text)), LineIndex(text)
    for setting in settings:
        if setting.key in {"ExecStart", "Exec"}:
            folder = working_folder(settings, setting.section)
            same = [line for line in settings if line.section == setting.section]
            pairs = [
                (name, value)
                for line in same
                if line.key == "Environment"
                for name, value, _ in variables(line)
            ]
            unit_session = with_settings(session, folder.value if folder else "", pairs)
            number = lines.position(setting.name.start).line
            recipe(setting.value, number, "", unit_session, sink)
    return session
