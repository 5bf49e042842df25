"""The commands of Jenkins' steps."""

import re

from unify_backend.languages.code.scanner import Pieces
from unify_backend.languages.detect import language_of_shell
from unify_backend.languages.groovy.references import STEP, SYNTAX
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, recipe

_ESCAPE = re.compile(r"\\(?:\r?\n|(?P<mark>[\\\"'$]))")
_FAR = 200  # characters in front of a string that say which step it belongs to


def read_groovy(text: str, session: Session, sink: CommandCollector) -> Session:
    """What `sh`, `bat`, `powershell` and `pwsh` run, each in a session of its own."""
    for piece in Pieces(text, SYNTAX).all:
        start = piece.span.start
        step = None if piece.comment else STEP.search(text[max(0, start - _FAR) : start])
        if step:
            code = text[piece.inner.start : piece.inner.end]
            plain = _ESCAPE.sub(lambda match: match["mark"] or "", code)
            number = text.count("\n", 0, start) + 1
            recipe(plain, number, "", session, sink, language_of_shell(step["step"]))
    return session
