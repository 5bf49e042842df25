"""The zone of one name in a configuration value, the same for YAML, TOML, INI and JSON."""

import re

from unify_backend.languages.key_values import Place, continues
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.spans import Span

# `old/main\.py`, `old/.*\.py`: a regular expression, which is not the path of a file
_REGULAR = re.compile(r"[\w/*.+?()|-]*\\{1,2}\.")
_REGISTRY = re.compile(
    r"(?<![\w./-])(?:[a-z0-9-]+\.)+(?:io|com|org|net|dev|cloud|ai|azurecr\.\w+)(?::\d+)?/[\w./-]*$"
)
_HIDDEN = re.compile(r"(?:^|[/\\\s\"'=:,~])\.$")
_HOME = re.compile(r"(?:^|[\s\"'=:,\[])(?:~|\$HOME|\$\{HOME\})/$")


def context_of(
    span: Span,
    hit: Span,
    place: Place,
    text: str,
    form: str,
    *,
    escapes: bool = False,
    foresees: bool = False,
) -> SyntaxContext:
    """The zone for the name at `hit` in the value at `span`.

    A label covers the name alone, because another name in the same value may go on as a path. What
    follows a host (`ghcr.io/old`) is one too, though no scheme says that it is an address. A hidden
    folder (`~/.old`) and one right behind `~/` are none of this repository. A regular expression
    need not lead to a file.
    """
    goes_on = continues(text, hit)
    if _REGISTRY.search(text[max(0, hit.start - 120) : hit.start]):
        return SyntaxContext(
            hit, form, ContextKind.LABEL, escapes=escapes, note="an image's or a host's path"
        )
    if place.context is ContextKind.LABEL and not goes_on:
        return place.at(hit, form, escapes=escapes)
    if _HIDDEN.search(text[max(0, hit.start - 2) : hit.start]):
        return SyntaxContext(
            hit, form, ContextKind.LABEL, escapes=escapes, note="a hidden file or folder"
        )
    if place.context is ContextKind.PATH_VALUE:
        foresees = foresees or bool(_REGULAR.match(text, hit.end))
        if not goes_on and _HOME.search(text[max(0, hit.start - 10) : hit.start]):
            note = "a folder in somebody's home, not of this repository"
            return SyntaxContext(hit, form, ContextKind.CONFLICT, note=note)
    return place.at(span, form, escapes=escapes, foresees=foresees)
