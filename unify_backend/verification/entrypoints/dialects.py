"""Which reader takes which file, and which language."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from unify_backend.languages.justfile.commands import read_justfile
from unify_backend.languages.makefile.commands import read_makefile
from unify_backend.languages.procfile.commands import read_procfile
from unify_backend.languages.scripts.dialects import dialect
from unify_backend.languages.scripts.started import Session, Sink, read_script
from unify_backend.languages.shell.commands import read_shell
from unify_backend.languages.supervisor.commands import read_supervisor
from unify_backend.languages.systemd.commands import read_systemd
from unify_backend.model.entrypoints import Platform
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
PLATFORMS = {
    "shell": Platform.POSIX,
    "batch": Platform.WINDOWS,
    "powershell": Platform.WINDOWS,
    "makefile": Platform.POSIX,
    "justfile": Platform.POSIX,
    "procfile": Platform.POSIX,
    "systemd": Platform.POSIX,
    "supervisor": Platform.POSIX,
}
_NAMES = [
    ("shell", r".*\.(?:sh|bash|zsh|ksh)|\.envrc"),
    ("batch", r".*\.(?:bat|cmd)"),
    ("powershell", r".*\.(?:ps1|psm1)"),
    ("makefile", r"(?:GNU)?[Mm]akefile(?:\..*)?|.*\.mk"),
    ("justfile", r"\.?[Jj]ustfile|.*\.just"),
    ("procfile", r"[Pp]rocfile(?:\..*)?"),
    ("systemd", r".*\.(?:service|container)"),
    ("supervisor", r"supervisor.*\.(?:conf|ini)"),
    ("yaml", r".*\.ya?ml"),
    ("json", r".*\.(?:json|jsonc|json5|code-workspace)"),
    ("toml", r".*\.toml|Pipfile"),
    ("python", r".*\.pyw?"),
    ("markdown", r".*\.(?:md|markdown|mdx)"),
    ("restructuredtext", r".*\.(?:rst|rest)"),
]
_PATTERNS = [(language, re.compile(pattern)) for language, pattern in _NAMES]
_SHEBANG = re.compile(r"#!.*\b(?:ba|z|da|k)?sh\b")


def language_of(path: str, text: str) -> str | None:
    """The reader's key for a file, None where no reader takes it."""
    name = posixpath.basename(path)
    for language, pattern in _PATTERNS:
        if pattern.fullmatch(name):
            return language
    if "supervisor" in path and name.endswith((".conf", ".ini")):
        return "supervisor"
    return "shell" if "." not in name and _SHEBANG.match(text) else None


def read(language: str, text: str, session: Session, sink: Sink) -> Session:
    """Reads text in a language; one without a reader says nothing. Raises Unreadable where a
    configuration file is none."""
    reader = READERS.get(language)
    return reader(text, session, sink) if reader else session
