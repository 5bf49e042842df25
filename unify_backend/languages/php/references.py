"""PHP, Dart: identifiers stay; strings by what takes them."""

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import (
    LONG_DOUBLE,
    LONG_SINGLE,
    SLASHES,
    STARS,
    TRIPLE_DOUBLE,
    TRIPLE_SINGLE,
    Syntax,
)


class PhpReferences(CodeReferences):
    """Places by comments and strings."""

    form = "php"
    syntax = Syntax(
        (SLASHES, STARS, r"(?:^|(?<=[\s;]))\#(?!\[)[^\n]*"),
        (TRIPLE_DOUBLE, TRIPLE_SINGLE, LONG_DOUBLE, LONG_SINGLE),
    )
