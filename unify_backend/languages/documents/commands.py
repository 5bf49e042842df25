"""Commands in the code that documents show."""

from __future__ import annotations

from dataclasses import replace

from unify_backend.languages.language import FormError
from unify_backend.languages.registry import languages
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector


def read_code(
    language: str | None, code: str, line: int, session: Session, sink: CommandCollector
) -> None:
    """Gathers the commands in code that begins on `line` of the document."""
    if language is None or language in {"markdown", "dockerfile"}:
        return
    platform = languages()[language].platform
    inner = CommandCollector(sink.read, platform, "", 1, True, sink.depth + 1)
    try:
        sink.read(language, code, session, inner)
    except FormError:
        return  # a fragment of a file, as in documents
    sink.commands += [
        replace(command, line=line + command.line - 1, label="") for command in inner.commands
    ]
