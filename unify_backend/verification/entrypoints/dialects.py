"""Which reader takes which language."""

from __future__ import annotations

from collections.abc import Callable

from unify_backend.verification.entrypoints.batch import read_batch
from unify_backend.verification.entrypoints.commands import Sink
from unify_backend.verification.entrypoints.documents import read_markdown, read_rest
from unify_backend.verification.entrypoints.launchers import (
    read_json,
    read_python,
    read_toml,
    read_yaml,
)
from unify_backend.verification.entrypoints.powershell import read_powershell
from unify_backend.verification.entrypoints.recipes import (
    read_justfile,
    read_makefile,
    read_procfile,
    read_supervisor,
    read_systemd,
)
from unify_backend.verification.entrypoints.session import Session
from unify_backend.verification.entrypoints.shell import read_shell

Reader = Callable[[str, Session, Sink], Session]
READERS: dict[str, Reader] = {
    "shell": read_shell,
    "batch": read_batch,
    "powershell": read_powershell,
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
