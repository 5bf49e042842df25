"""Commands in Markdown: fences by their language, and inline code."""

from __future__ import annotations

import re
from dataclasses import replace

from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.code_blocks import code_blocks, guess_language
from unify_backend.languages.documents.commands import read_code
from unify_backend.languages.scripts.started import Session, Sink

_INLINE = re.compile(r"(?<!`)(`+)(?!`)(?P<code>[^`\n]*(?:`(?!\1)[^`\n]*)*?)(?<!`)\1(?!`)")
_COMMAND = re.compile(
    r"(?:[A-Z_]+=\S+\s+|\$ )*(?:python[\d.]*|py|uvicorn|gunicorn|hypercorn|arq|celery|uv run|"
    r"poetry run)\s+\S"
)


def read_markdown(text: str, session: Session, sink: Sink) -> Session:
    """Every fence from the top folder again; documents that look back are left alone."""
    if history_reason(session.path, text):
        return session
    session = replace(session, lenient=True)
    blocks = code_blocks(text)
    for block in blocks:
        code = text[block.span.start : block.span.end]
        language = block.language or guess_language(code)
        if language == "env":
            language = "systemd"
        read_code(language, code, text.count("\n", 0, block.span.start) + 1, session, sink)
    outside = text
    for block in reversed(blocks):
        gap = re.sub(r"[^\n]", " ", text[block.span.start : block.span.end])
        outside = outside[: block.span.start] + gap + outside[block.span.end :]
    for found in _INLINE.finditer(outside):
        if _COMMAND.match(found["code"]):
            line = text.count("\n", 0, found.start()) + 1
            read_code("shell", found["code"], line, session, sink)
    return session
