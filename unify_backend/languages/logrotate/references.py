"""logrotate: files that are rotated, and the scripts that run before and after (logrotate(8))."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Place, addresses, holding, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

SCRIPT = re.compile(
    r"^[ \t]*(?:(?:post|pre)rotate|(?:first|last)action|preremove)[^\n]*\n"
    r"(?P<script>.*?)(?:^[ \t]*endscript\b|\Z)",
    re.MULTILINE | re.DOTALL,
)
_WORD = re.compile(r"[ \t]*(?P<name>[a-z]+)\b")
_NAMES = {
    "su": "a user's and a group's name",
    "create": "a user's and a group's name",
    "createolddir": "a user's and a group's name",
    "mail": "an e-mail address",
    "extension": "a file's ending",
    "addextension": "a file's ending",
    "dateformat": "a file's ending",
    "compressoptions": "options of a program",
}


class LogrotateReferences:
    """Files with their settings, and scripts."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        for line in lines_at(text, hits):
            if line.text.lstrip("\ufeff \t").startswith("#"):
                yield SyntaxContext(line.span, "logrotate-comment", ContextKind.COMMENT)
            else:
                yield _place(line.text).at(line.span, "logrotate-value")
        for span in scripts(text):
            if holding(hits, span):
                yield SyntaxContext(span, "logrotate-command", ContextKind.COMMAND, "shell")
        yield from addresses(text, hits, "logrotate-address")


def scripts(text: str) -> Iterator[Span]:
    """The scripts in a text, without the words around them."""
    for script in SCRIPT.finditer(text):
        yield Span(*script.span("script"))


def _place(line: str) -> Place:
    word = _WORD.match(line)
    if word and word["name"] in _NAMES:
        return Place(ContextKind.LABEL, _NAMES[word["name"]])
    return Place(ContextKind.PATH_VALUE)
