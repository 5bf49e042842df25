"""Which reader takes which language."""

from __future__ import annotations

from collections.abc import Callable

from unify_backend.languages.justfile.commands import read_justfile
from unify_backend.languages.makefile.commands import read_makefile
from unify_backend.languages.procfile.commands import read_procfile
from unify_backend.languages.scripts.dialects import dialect
from unify_backend.languages.scripts.started import Session, Sink, read_script
from unify_backend.languages.shell.commands import read_shell
from unify_backend.languages.supervisor.commands import read_supervisor
from unify_backend.languages.systemd.commands import read_systemd
from unify_backend.verification.entrypoints.documents import read_markdown, read_rest
from unify_backend.verification.entrypoints.launchers import (
    read_json,
    read_python,
    read_toml,
    read_yaml,
)

Reader = Callable[[str, Session, Sink], Session]


def _script(name: str) -> Reader:
    return lambda text, session, sink: read_script(dialect(name), text, session, sink)


READERS: dict[str, Reader] = {
    "shell": read_shell,
    "batch": _script("batch"),
    "powershell": _script("powershell"),
    "makefile": read_makefile,
    "justfile": read_justfile,
    "procfile": read_procfile,
    "systemd": read_systemd,
    "supervisor": read_supervisor,
    "yaml": read_yaml,
    "json": read_json,
    "toml": read_toml,
    "python": read_python,
    "markdown": read_markdown,
    "restructuredtext": read_rest,
}


def read(language: str, text: str, session: Session, sink: Sink) -> Session:
    """Reads text in a language; one without a reader says nothing. Raises Unreadable where a
    configuration file is none."""
    reader = READERS.get(language)
    return reader(text, session, sink) if reader else session
