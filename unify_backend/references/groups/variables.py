"""An environment variable that one place sets and another reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.words import Word, link_words

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_LETTERS = r"A-Za-z0-9_"


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each place that reads a variable to those that set it."""
    readers: list[Word] = []
    setters: list[tuple[Word, bool]] = []
    for n in sites.executed:
        reference = sites.references[n]
        if reference.text != reference.text.upper() or not sites.known(n):
            continue
        word = Word(n, *sites.around(n, _LETTERS))
        if not _NAME.fullmatch(word.now):
            continue
        use = sites.variables(reference.path).get(sites.word(n, _LETTERS))
        if use is not None and use.sets:
            setters.append((word, use.exported))
        elif use is not None:
            readers.append(word)
    for reader in readers:
        path = sites.references[reader.n].path
        near = [
            setter
            for setter, exported in setters
            if exported or sites.references[setter.n].path == path
        ]
        yield from link_words(sites.references, [reader], near)


VARIABLE = Kind("environment variable", "a variable that one place sets and another reads", find)
