"""Lua, Haskell, Elm, Ada: identifiers stay; strings by what takes them."""

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import DASHES, DOUBLE, Quotes, Syntax

_CHARACTER = r"'(?:\\[^\n']{1,10}|[^'\\\n])'|(?<=\w)'"  # of Haskell, and its primes
_SINGLE = Quotes("'", r"(?:[^'\\\r\n]|\\.)*+", r"(?:'|(?=\r?\n))")
_BRACKETS = Quotes(r"\[=*\[", r"(?:[^\]]|\](?!=*\]))*+", r"\]=*\]", escapes=False)


class LuaReferences(CodeReferences):
    """Places by comments and strings."""

    form = "lua"
    syntax = Syntax(
        (r"--\[\[.*?(?:\]\]|\Z)", r"\{-.*?(?:-\}|\Z)", DASHES),
        (DOUBLE, _BRACKETS, _SINGLE),
        (_CHARACTER,),
    )
