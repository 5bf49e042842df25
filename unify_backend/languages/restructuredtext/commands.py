"""Commands in reStructuredText: literal blocks and directives that hold code."""

from __future__ import annotations

from dataclasses import replace

from unify_backend.languages.detect import language_of_code
from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.documents.commands import read_code
from unify_backend.languages.restructuredtext.syntax import Kind, rest_blocks
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector


def read_rest(text: str, session: Session, sink: CommandCollector) -> Session:
    """Literal blocks and directives that hold code."""
    if history_reason(session.path, text):
        return session
    session = replace(session, lenient=True)
    for block in rest_blocks(text):
        if block.kind in {Kind.BODY, Kind.LITERAL}:
            code = text[block.span.start : block.span.end]
            declared = (block.argument or block.highlight).strip().lower()
            language = language_of_code(declared, code) if declared else guess_language(code)
            lines = code.split("\n")
            indent = min(
                (len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0
            )
            plain = "\n".join([lines[0].strip(), *[line[indent:] for line in lines[1:]]])
            read_code(language, plain, text.count("\n", 0, block.span.start) + 1, session, sink)
    return session
