"""The variables of Procfiles: those that their commands set and read."""

from collections.abc import Iterator

from unify_backend.languages.procfile.references import PROCESS
from unify_backend.languages.scripts.command_line import unjoined
from unify_backend.languages.scripts.variable_uses import VariableUse
from unify_backend.languages.scripts.variables import script_variables


def procfile_variables(text: str) -> Iterator[VariableUse]:
    """Those of a Procfile; any text is read. Shell runs each command."""
    at = 0
    for line in unjoined(text, "\\").splitlines(keepends=True):
        if match := PROCESS.match(line):
            yield from script_variables(match["command"], "shell", at + match.start("command"))
        at += len(line)
