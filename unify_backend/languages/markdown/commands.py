"""Commands in Markdown: fences by their language, and inline code."""

from __future__ import annotations

import re
from dataclasses import replace

from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.code_blocks import code_blocks, guess_language
from unify_backend.languages.documents.commands import read_code
from unify_backend.languages.documents.markdown import inline_code, without_code
from unify_backend.languages.scripts.programs import starting
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector

_COMMAND = re.compile(rf"(?:[A-Z_]+=\S+\s+|\$ )*(?:{starting()}|uv run|poetry run)\s+\S")


def read_markdown(text: str, session: Session, sink: CommandCollector) -> Session:
    """Every fence from the top folder again; documents about the past are left alone."""
    if history_reason(session.path, text):
        return session
    session = replace(session, lenient=True)
    blocks = code_blocks(text)
    for block in blocks:
        code = text[block.span.start : block.span.end]
        language = block.language or guess_language(code)
        read_code(language, code, text.count("\n", 0, block.span.start) + 1, session, sink)
    outside = without_code(text)
    for number, line in enumerate(outside.split("\n"), 1):
        for span in inline_code(line):
            code = line[span.start : span.end]
            if _COMMAND.match(code.strip()):
                read_code("shell", code, number, session, sink)
    return session
