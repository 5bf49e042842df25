"""Migrations with a number in their file's name, of which a tool takes each number once.

Flyway's files (`V12__add_color.sql`) tell themselves apart from any other; for other tools (golang-
migrate, goose, dbmate, Rails, Drizzle) the folder does: it is called after migrations.
"""

import re
from collections import defaultdict
from collections.abc import Collection

_FLYWAY = re.compile(r"(?P<kind>[VU])(?P<version>\d+(?:[._]\d+)*)__.+\.(?:sql|java|kt|groovy)")
_NUMBERED = re.compile(r"(?P<version>\d{1,20})[-_.](?P<rest>.*[^\W\d_].*\.\w+)")
_FOLDER = re.compile(r"(db)?[-_]?(migrat(e|ions?)|migrations?[-_]\w+|changelogs?|deltas)", re.I)
_DIRECTION = re.compile(r"\.(up|down|do|undo)\.\w+\Z")

Number = tuple[str, str, str]
"""The folder, the kind (the tool, the direction), and the number as it is written first."""


def numbered(paths: Collection[str], others: Collection[str] = ()) -> dict[Number, tuple[str, ...]]:
    """The files of each number, both sorted. `others` are files that another graph orders."""
    files_of: dict[tuple[str, str, tuple[int, ...]], list[str]] = defaultdict(list)
    written: dict[tuple[str, str, tuple[int, ...]], str] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        if (match := _FLYWAY.fullmatch(name)) is not None:
            place, kind = _location(folder), f"Flyway {match['kind']}"
        else:
            match = _NUMBERED.fullmatch(name)
            called_so = _FOLDER.fullmatch(folder.rpartition("/")[2])
            if match is None or not called_so or path in others:
                continue
            way = _DIRECTION.search(name)
            place, kind = folder, way[1] if way else ""
        key = place, kind, _parts(match["version"])
        files_of[key].append(path)
        written.setdefault(key, match["version"].replace("_", "."))
    return {(key[0], key[1], written[key]): tuple(files) for key, files in sorted(files_of.items())}


def _location(folder: str) -> str:
    """Flyway reads a location with all folders below it: the outermost that is called so."""
    parts = folder.split("/")
    for end, part in enumerate(parts, 1):
        if _FOLDER.fullmatch(part):
            return "/".join(parts[:end])
    return folder


def _parts(version: str) -> tuple[int, ...]:
    """As numbers, so that 012 and 12, or 1.0 and 1, are one."""
    parts = [int(part) for part in re.split(r"[._]", version)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)
