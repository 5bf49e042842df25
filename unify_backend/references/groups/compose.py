"""A service, container, volume, network or image named in a compose file, and its uses."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.languages.compose.names import compose_names
from unify_backend.languages.compose_files import is_compose
from unify_backend.languages.scripts.programs import Group
from unify_backend.languages.scripts.programs import find as find_program
from unify_backend.model.evidence import Label
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.words import Word, link_words

_NAMES = frozenset(
    {
        Label.COMPOSE_PROJECT,
        Label.COMPOSE_SERVICE,
        Label.CONTAINER,
        Label.FILTER,
        Label.HOST,
        Label.IMAGE,
        Label.NETWORK,
        Label.SERVICE,
        Label.VOLUME,
    }
)
_ENGINES = frozenset({"docker", "podman", "nerdctl"})
_LISTS_NAMES = frozenset({"ps", "images", "ls"})  # its verbs
_LETTERS = r"\w-"


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each use of a name to its definitions."""
    defined: list[Word] = []
    uses: list[Word] = []
    named: set[int] = set()
    for n in sites.executed:
        if not is_compose(sites.references[n].path) or not sites.known(n):
            continue
        span = sites.references[n].span
        for name in compose_names(sites.text(sites.references[n].path)):
            if name.span.holds(span):
                (defined if name.defines else uses).append(Word(n, *sites.within(n, name.span)))
                named.add(n)
    if not defined:
        return
    names = {word.now for word in defined}
    for n in (*sites.executed, *sites.told):
        if n in named:
            continue
        word = Word(n, *sites.around(n, _LETTERS))
        if word.now in names and sites.known(n) and _uses(sites, n):
            uses.append(word)
    spoken = {use.n for use in uses if use.n not in named and sites.spoken(use.n)}
    yield from link_words(sites.references, uses, defined, frozenset(sites.told) | spoken)


def _uses(sites: ReferenceTexts, n: int) -> bool:
    reference, start = sites.references[n], sites.word(n, _LETTERS).start
    label = sites.label_in_command(n)
    if label is not Label.HOST and sites.text(reference.path)[start - 1 : start] in {
        "/",
        "\\",
        ".",
    }:
        return False  # a part of something longer
    return label in _NAMES or _is_listed(sites, n)


def _is_listed(sites: ReferenceTexts, n: int) -> bool:
    """Whether a command looks for it in a list of names that an engine prints."""
    known = sites.command(n)
    command = known[0] if known else None
    program = find_program(command.words[0].text) if command else None
    if command is None or program is None or program.group is not Group.SEARCH:
        return False
    return any(
        source.name in _ENGINES and not _LISTS_NAMES.isdisjoint(source.texts[1:3])
        for source in command.feeding()
    )


COMPOSE = Kind("name in compose", "a name that compose defines and something else uses", find)
