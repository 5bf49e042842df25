"""A PID, lock, socket or log file that one script writes and another reads: equal paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.detect import definition_of
from unify_backend.languages.registry import languages
from unify_backend.languages.scripts.run_files import may_be_one, run_file
from unify_backend.model.entrypoints import Platform
from unify_backend.model.references import Reference
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future

_LETTERS = r"\w.:/\\$%{}~!-"


@dataclass(frozen=True, slots=True)
class _Path:
    n: int
    now: str
    later: str
    platform: Platform


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links between the places that name one such file; documents follow."""
    by_name: dict[str, list[_Path]] = defaultdict(list)
    for n in (*sites.executed, *sites.told):
        now, later = sites.around(n, _LETTERS)
        if (name := run_file(now)) and sites.known(n):
            by_name[name].append(_Path(n, now, later, _platform(sites.references[n])))
    documented = set(sites.told)
    for paths in by_name.values():
        done: list[_Path] = []
        for path in paths:
            for other in done:
                if other.n not in documented and _is_one(path, other):
                    fits = run_file(path.later) == run_file(other.later)
                    proposal = future(sites.references[path.n])
                    yield Link(path.n, other.n, fits, proposal, follows=path.n in documented)
                    break
            done.append(path)


def _is_one(path: _Path, other: _Path) -> bool:
    if path.platform is not other.platform:
        return path.now == other.now
    return may_be_one(path.now, other.now)


def _platform(reference: Reference) -> Platform:
    """Where the commands of the innermost language around a place run."""
    if reference.languages:
        return languages()[reference.languages[-1]].platform
    return definition_of(reference.path).platform


RUN_FILE = Kind("file", "a PID or log file that one place writes and another reads", find)
