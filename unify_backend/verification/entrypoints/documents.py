"""Commands in documentation: fences by their language, and inline code."""

from __future__ import annotations

import re
from dataclasses import replace

from unify_backend.languages.data.tree import Unreadable
from unify_backend.languages.detect import language_called
from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.code_blocks import code_blocks, guess_language
from unify_backend.languages.documents.markdown import inline_code, without_code
from unify_backend.languages.registry import languages
from unify_backend.languages.restructuredtext.syntax import Kind, rest_blocks
from unify_backend.verification.entrypoints.commands import Sink
from unify_backend.verification.entrypoints.session import Session

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
        _fence(language, code, text.count("\n", 0, block.span.start) + 1, session, sink)
    outside = without_code(text)
    for span in inline_code(outside):
        code = outside[span.start : span.end]
        if "\n" not in code and _COMMAND.match(code.strip()):
            _fence("shell", code, text.count("\n", 0, span.start) + 1, session, sink)
    return session


def read_rest(text: str, session: Session, sink: Sink) -> Session:
    """Literal blocks and directives that hold code."""
    if history_reason(session.path, text):
        return session
    session = replace(session, lenient=True)
    for block in rest_blocks(text):
        if block.kind in {Kind.BODY, Kind.LITERAL}:
            code = text[block.span.start : block.span.end]
            told = (block.argument or block.highlight).strip().lower()
            language = language_called(told) if told else guess_language(code)
            lines = code.split("\n")
            indent = min(
                (len(one) - len(one.lstrip()) for one in lines[1:] if one.strip()), default=0
            )
            plain = "\n".join([lines[0].strip(), *[one[indent:] for one in lines[1:]]])
            _fence(language, plain, text.count("\n", 0, block.span.start) + 1, session, sink)
    return session


def _fence(language: str | None, code: str, line: int, session: Session, sink: Sink) -> None:
    if language is None or language in {"markdown", "dockerfile"}:
        return
    platform = languages()[language].platform
    inner = Sink(sink.read, platform, "", 1, True, sink.depth + 1)
    try:
        sink.read(language, code, session, inner)
    except Unreadable:
        return  # a fragment of a file, as documents show them
    sink.found += [replace(one, line=line + one.line - 1, label="") for one in inner.found]
