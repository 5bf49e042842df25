"""An environment variable that one place sets and another reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.words import Word, link_words

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_READ = re.compile(
    r"\bgetenv\(\s*[\"']$|\benviron(?:\.get\(|\.pop\(|\[)\s*[\"']$|\benv(?:iron)?\(\s*[\"']$|"
    r"\benv\s*=\s*[\"']$|\bprocess\.env\.$|\bprocess\.env\[\s*[\"']$|import\.meta\.env\.$|"
    r"\$\{?$|\$env:$|\$\{env:$|%$|!$|\bGetEnvironmentVariable\(\s*[\"']$"
)
_SET_HERE = re.compile(r"(?:^|[;&|\s])(?:local\s+|readonly\s+)?$")
_SET = re.compile(
    r"\benviron\[\s*[\"']$|\bsetdefault\(\s*[\"']$|\b(?:monkeypatch\.)?setenv\(\s*[\"']$|"
    r"\$env:$|\b(?:export|setx?)\s+\"?$|^\s*(?:ENV|ARG)\s+(?:[\w=\"'/.:-]+\s+)*$|"
    r"--(?:build-arg|env|e)[ =]$|\s-e\s+[\"']?$|^\s*-\s+[\"']?$|^\s*[\"']?$"
)
_ENVIRONMENTS = re.compile(
    r"(?i)(?:^|/)[\w.-]*\.env(?:[.-][\w.-]+)?$|\.env$|\.flaskenv$|dockerfile|\.ya?ml$|\.json$"
)
_LETTERS = r"A-Za-z0-9_"


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each place that reads a variable to those that set it."""
    readers: list[Word] = []
    setters: list[Word] = []
    local: set[int] = set()
    for n in sites.executed:
        reference = sites.references[n]
        if reference.text != reference.text.upper() or not sites.known(n):
            continue
        word = Word(n, *sites.around(n, _LETTERS))
        if not _NAME.fullmatch(word.now):
            continue
        before = re.sub(rf"[{_LETTERS}]*$", "", sites.before(n))
        after = re.sub(rf"^[{_LETTERS}]*", "", sites.after(n))
        if _sets(reference.path, before, after):
            setters.append(word)
        elif _SET_HERE.search(before) and after.startswith("=") and not after.startswith("=="):
            setters.append(word)
            local.add(n)
        elif _READ.search(before):
            readers.append(word)
    for reader in readers:
        path = sites.references[reader.n].path
        near = [
            setter
            for setter in setters
            if setter.n not in local or sites.references[setter.n].path == path
        ]
        yield from link_words(sites.references, [reader], near)


def _sets(path: str, before: str, after: str) -> bool:
    match = _SET.search(before)
    if match is None:
        return False
    if match.group().strip(" \t\"'-") == "":  # a line of an environment file or section
        return bool(_ENVIRONMENTS.search(path) and re.match(r"[\"']?\s*[:=](?!=)", after))
    if "environ[" in match.group() or match.group().startswith("$env:"):
        return bool(re.match(r"(?:[\"']\s*\])?\s*=(?!=)", after))
    return True


VARIABLE = Kind("environment variable", "a variable that one place sets and another reads", find)
