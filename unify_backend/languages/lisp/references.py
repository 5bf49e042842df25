"""Emacs Lisp, Common Lisp, Clojure, Scheme: symbols stay; strings by what takes them."""

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import LONG_DOUBLE, SEMICOLON, Syntax


class LispReferences(CodeReferences):
    """Places by comments and strings."""

    form = "lisp"
    syntax = Syntax((SEMICOLON, r"\#\|.*?(?:\|\#|\Z)"), (LONG_DOUBLE,), (r"[?\\]\\?[\";]",))
    note = "a symbol, which is no Python"
