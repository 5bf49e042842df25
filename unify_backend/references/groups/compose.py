"""A service, container, volume, network or image named in a compose file, and its uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.languages.compose_files import is_compose
from unify_backend.languages.scripts.programs import Group
from unify_backend.languages.scripts.programs import find as find_program
from unify_backend.model.evidence import Label
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.nesting import key_above
from unify_backend.references.groups.words import Word, link_words

_SECTIONS = frozenset({"services", "volumes", "networks", "configs", "secrets"})
_NAMED = re.compile(r"(?:^|\s)(?:container_name|image|hostname|name)\s*:\s*[\"']?[\w./:${}-]*$")
_LISTED = re.compile(
    r"(?:^|\s)-\s+[\"']?$|(?:^|\s)(?:network_mode|extends|service|pid|ipc)\s*:\s*[\"']?(?:\w+:)?$"
)
_LISTS = frozenset({"depends_on", "networks", "volumes", "links", "configs", "secrets", "aliases"})
_NAMES = frozenset(
    {
        Label.COMPOSE_PROJECT,
        Label.COMPOSE_SERVICE,
        Label.CONTAINER,
        Label.FILTER,
        Label.HOST,
        Label.IMAGE,
        Label.NETWORK,
        Label.VOLUME,
    }
)
_ENGINES = frozenset({"docker", "podman", "nerdctl"})
_LISTS_NAMES = frozenset({"ps", "images", "ls"})  # its verbs
_HOSTS = re.compile(
    r"\w://(?:[^@/\s\"']*@)?$|\b(?:proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|upstream)\s+\S*$|"
    r"^\s*server\s+$|"
    r"(?i:\b\w*(?:host|hostname|container|volume|network|service|image)(?:_?name)?[\"']?\s*"
    r"(?:=|:|,)\s*[\"']?$)"
)
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_LETTERS = r"\w-"


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each use of a name to its definitions."""
    defined = [
        Word(n, *sites.around(n, _LETTERS))
        for n in sites.executed
        if is_compose(sites.references[n].path) and sites.known(n) and _defines(sites, n)
    ]
    if not defined:
        return
    names = {word.now for word in defined}
    own = {word.n for word in defined}
    uses = []
    for n in (*sites.executed, *sites.told):
        if n in own or not _NAME.fullmatch(sites.references[n].text) or not sites.known(n):
            continue
        word = Word(n, *sites.around(n, _LETTERS))
        if word.now in names and _uses(sites, n):
            uses.append(word)
    spoken = {use.n for use in uses if sites.spoken(use.n)}
    yield from link_words(sites.references, uses, defined, frozenset(sites.told) | spoken)


def _defines(sites: ReferenceTexts, n: int) -> bool:
    before, after = sites.before(n), sites.after(n)
    text, start = sites.text(sites.references[n].path), sites.references[n].span.start
    if _NAMED.search(before):
        return "/" not in after.split("#")[0]
    if re.fullmatch(r"\s+[\"']?[\w-]*", before) and re.match(r"[\w-]*[\"']?\s*:(?:\s|$)", after):
        return key_above(sites.references[n].path, text, start) in _SECTIONS
    return False


def _uses(sites: ReferenceTexts, n: int) -> bool:
    path = sites.references[n].path
    before, after = sites.before(n), sites.after(n)
    before = re.sub(rf"[{_LETTERS}]*$", "", before)
    if re.search(r"[./\\]$", before) and not _HOSTS.search(before):
        return False
    if is_compose(path) and (_LISTED.search(before) or re.match(r"[\w-]*:\s", after)):
        text = sites.text(path)
        above = key_above(path, text, sites.references[n].span.start)
        return above in _LISTS or not before.rstrip().endswith("-")
    named = sites.label_in_command(n) in _NAMES
    return named or _is_listed(sites, n) or _HOSTS.search(before) is not None


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
