"""Commands in AsciiDoc: blocks that hold code."""

from dataclasses import replace

from unify_backend.languages.asciidoc.syntax import code_blocks
from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.commands import read_code
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector


def read_asciidoc(text: str, session: Session, sink: CommandCollector) -> Session:
    """What the blocks of code show."""
    if history_reason(session.path, text):
        return session
    session = replace(session, lenient=True)
    for block in code_blocks(text):
        if not block.comment:
            line = text.count("\n", 0, block.span.start) + 1
            code = text[block.span.start : block.span.end]
            read_code(block.language, code, line, session, sink)
    return session
