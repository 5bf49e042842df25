"""A logger's name where the logger is taken, and where it is configured.

A configured name holds for the loggers below it too, so the one must stay a beginning of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future
from unify_backend.references.groups.nesting import key_above, keys_by_brace

_FILES = (".py", ".yml", ".yaml", ".json", ".toml", ".ini", ".cfg", ".conf")
_TAKEN = re.compile(r"\b(?:getLogger|get_logger|getChild|bind_logger)\s*\(\s*[\"']$")
_WATCHED = re.compile(r"\b(?:assertLogs|assertNoLogs)\s*\(\s*[\"']$|\blogger\s*=\s*[\"']$")
_SET = re.compile(
    r"[\w.]*[\"']\s*\)\s*\.(?:setLevel|addHandler|removeHandler|addFilter|propagate|disabled|handlers)\b"
)
_QUALIFIED = re.compile(r"(?m)^\s*qualname\s*[=:]\s*$")
_TABLE = re.compile(r"^\s*\[(?:[\w.]+\.)?loggers\.[\"']?$")
_LETTERS = r"\w."


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each configured or watched name to the loggers that it holds for."""
    taken: list[tuple[int, str, str]] = []
    configured: list[tuple[int, str, str]] = []
    for n in sites.executed:
        reference = sites.references[n]
        if (
            not reference.path.lower().endswith(_FILES)
            or "/" in reference.text
            or not sites.known(n)
        ):
            continue
        before = sites.before(n)
        names = (n, *sites.around(n, _LETTERS))
        if _TAKEN.search(before):
            (configured if _SET.match(sites.after(n)) else taken).append(names)
        elif _WATCHED.search(before) or _configures(sites, n, before):
            configured.append(names)
    for n, now, later in configured:
        for other, name, becomes in taken:
            if _holds(now, name):
                yield Link(n, other, _holds(later, becomes), future(sites.references[n]))


def _holds(name: str, logger: str) -> bool:
    return logger == name or logger.startswith(name + ".")


def _configures(sites: ReferenceTexts, n: int, before: str) -> bool:
    reference = sites.references[n]
    text, path = sites.text(reference.path), reference.path.lower()
    if _QUALIFIED.search(before) or _TABLE.search(before):
        return True
    if not re.match(r"[\w.]*[\"']?\s*:", sites.after(n)) or before.strip(" \t\"'{,"):
        return False
    if path.endswith((".yml", ".yaml", ".json")):
        return key_above(path, text, reference.span.start).lower().endswith("loggers")
    return next(keys_by_brace(text, reference.span.start), "").lower().endswith("loggers")


LOGGER = Kind("logger", "a logger's name and its configuration", find)
