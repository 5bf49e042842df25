"""A window's title where a process is started, and the filter that finds the window by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future

_SCRIPTS = (".bat", ".cmd", ".ps1", ".psm1", ".py", ".pyw", ".vbs", ".js", ".ts", ".json")
_GIVEN = re.compile(
    r"(?i)\bstart\s+(?:/\w+\s+)*\\?\"(?P<lead>[^\"\n]*)$"
    r"|^\s*@?title\s+(?P<line>.*)$"
    r"|WindowTitle\s*=\s*[\"'](?P<set>[^\"'\n]*)$"
)
_SOUGHT = re.compile(
    r"(?i)\bWINDOWTITLE\s+(?:eq|ne)\s+(?P<lead>[^\"'\n]*)$"
    r"|\bMainWindowTitle\b\s*-[ic]?(?:eq|like)\s*[\"'](?P<like>[^\"'\n]*)$"
    r"|\btasklist\b[^\n]*\|\s*find(?:str)?\b[^\n|]*\"(?P<found>[^\"\n]*)$"
)
_REST = re.compile(r"[^\"'\n\\]*")


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each filter to each title that it matches."""
    titles: list[tuple[int, str, str]] = []
    sought: list[tuple[int, str, str]] = []
    for n in sites.executed:
        if not sites.references[n].path.lower().endswith(_SCRIPTS) or not sites.known(n):
            continue
        before = sites.before(n)
        if match := _SOUGHT.search(before):
            around = "*" if match["found"] is not None else ""
            old, new = _whole(
                sites, n, next(group or "" for group in match.groups() if group is not None)
            )
            sought.append((n, f"{around}{old}{around}", f"{around}{new}{around}"))
        elif match := _GIVEN.search(before):
            titles.append(
                (n, *_whole(sites, n, next(group for group in match.groups() if group is not None)))
            )
    for seeker, pattern, later in sought:
        for n, title, renamed in titles:
            if _matches(title, pattern):
                yield Link(seeker, n, _matches(renamed, later), None, sites.spoken(seeker))


def _whole(sites: ReferenceTexts, n: int, lead: str) -> tuple[str, str]:
    """The title around the reference, as it is and as it becomes."""
    match = _REST.match(sites.after(n))
    rest = match.group() if match else ""
    reference = sites.references[n]
    return (lead + reference.text + rest).strip(), (lead + future(reference) + rest).strip()


def _matches(title: str, pattern: str) -> bool:
    return fnmatchcase(title.lower(), pattern.lower().replace("[", "[[]"))


TITLE = Kind("window title", "a window's title and the filter that finds it", find)
