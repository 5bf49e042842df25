"""What an ending behind the name is: `old.log` is a file, or what the package binds."""

from __future__ import annotations

import re
from dataclasses import replace

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.names.tokens import Kind, Token
from unify_backend.references.resolution import LeadsTo, Resolver

CODE = frozenset({ContextKind.IMPORT, ContextKind.NAME})
TAKES_MODULES = CODE | {ContextKind.MODULE_STRING, ContextKind.MODULE_VALUE}
TAKES_FILES = frozenset({ContextKind.PATH_STRING, ContextKind.PATH_VALUE, ContextKind.COMMAND})


def by_ending(token: Token, zone: SyntaxContext, resolver: Resolver) -> Token:
    """The token as its ending is meant here. `old.log` is no file where the place takes modules,
    where the package has such a module, or where it is called; `old.tex` is one where the place
    takes paths, unless the package binds such a name."""
    behind_path = token.before[-1:] in {"/", "\\"} and zone.context not in TAKES_MODULES
    if token.kind is Kind.FILE_NAME and not behind_path:
        called = token.after.startswith("(")
        if called or zone.context in TAKES_MODULES or resolver.is_module(token):
            return replace(token, kind=Kind.DOTTED, separator=token.separator or ".")
    elif token.kind is Kind.DOTTED and _one_ending(token):
        takes_files = behind_path or zone.context in TAKES_FILES
        if takes_files and resolver.find(token) is LeadsTo.NOWHERE:
            return replace(token, kind=Kind.FILE_NAME)
    return token


def _one_ending(token: Token) -> bool:
    """Whether one ending without capital letters follows the name, as in `old.tex`."""
    return bool(re.fullmatch(r"\.[a-z]\w*", token.tail))
