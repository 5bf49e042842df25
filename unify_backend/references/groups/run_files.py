"""A PID, lock, socket or log file that one script writes and another reads: equal paths."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future

_FILE = re.compile(r"[\w.-]*\.(?:pid|pidfile|log|lock|sock|socket|out|err)\b")
_LETTERS = r"\w.:/\\$%{}~!-"
_VARIABLE = re.compile(r"^(?:\$\{?\w+\}?|%\w+%|!\w+!|~|\{\w+\})")
_WINDOWS = (".bat", ".cmd", ".ps1", ".psm1", ".vbs")


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links between the places that name one such file; documents follow."""
    by_name: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for n in (*sites.executed, *sites.told):
        now, later = sites.around(n, _LETTERS)
        name = re.split(r"[/\\]", now)[-1]
        if _FILE.fullmatch(name) and sites.known(n):
            by_name[name].append((n, _slashes(now), _slashes(later)))
    documented = set(sites.told)
    for places in by_name.values():
        done: list[tuple[int, str, str]] = []
        for n, now, later in places:
            for other, where, becomes in done:
                if other not in documented and _same(sites, n, now, other, where):
                    proposal = future(sites.references[n])
                    fits = later.split("/")[-1] == becomes.split("/")[-1]
                    yield Link(n, other, fits, proposal, follows=n in documented)
                    break
            done.append((n, now, later))


def _same(sites: ReferenceTexts, n: int, now: str, other: int, where: str) -> bool:
    """Whether two paths can be one file: equal, or one begins with a variable that may hold the
    other's beginning, on one kind of system."""
    if now == where:
        return True
    ends = [sites.references[number].path.lower().endswith(_WINDOWS) for number in (n, other)]
    if ends[0] != ends[1]:
        return False
    for pattern, written in ((now, where), (where, now)):
        if match := _VARIABLE.match(pattern):
            return written.endswith(pattern[match.end() :])
    return False


def _slashes(path: str) -> str:
    return re.sub(r"[/\\]+", "/", path)


RUN_FILE = Kind("file", "a PID or log file that one place writes and another reads", find)
