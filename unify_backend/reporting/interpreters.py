"""Which interpreter was used, for people."""

from collections.abc import Iterator

from rich.console import RenderableType

from unify_backend.model.verify_settings import Interpreter, InterpreterSource
from unify_backend.reporting.tables import plain, printable

_INSIDE = (InterpreterSource.REPOSITORY, InterpreterSource.OPTION, InterpreterSource.CONFIGURED)


def interpreter_report(one: Interpreter) -> Iterator[RenderableType]:
    """One line: the interpreter, its version, and why it was used."""
    path = one.shown if one.source in _INSIDE and "/" in one.shown else one.python
    yield plain(f"run by {printable(path)} (Python {one.version}): {one.reason}", "dim")
