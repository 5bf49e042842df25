"""The heads of Alembic's revision files, read without running them.

The definition of a head is Alembic's: a revision that is not the `down_revision` of another one.
`depends_on` only orders revisions, so a revision that another one depends on can be a head.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.source import parse
from unify_backend.model.checks import (
    DuplicateRevision,
    MigrationProblem,
    Migrations,
    MissingParent,
    RevisionCycle,
    UnreadableRevision,
)
from unify_backend.model.text import SOURCE

_NAMES = frozenset({"revision", "down_revision", "branch_labels", "depends_on"})


@dataclass(frozen=True, slots=True)
class _Revision:
    path: str
    revision: str
    down: tuple[str, ...]
    labels: tuple[str, ...]
    depends: tuple[str, ...]


def heads(files: Mapping[str, str]) -> tuple[Migrations, ...]:
    """One result per migrations folder among `files` (path → text), sorted by folder.

    A migrations folder is the nearest one above the revision that holds `env.py`, else the one
    that holds its `versions` folder, else the revision's own. Other files may be among `files`.
    """
    revisions: dict[str, list[_Revision]] = defaultdict(list)
    unreadable: dict[str, list[MigrationProblem]] = defaultdict(list)
    for path in sorted(files):
        if not path.endswith(SOURCE) or "down_revision" not in files[path]:
            continue
        folder = _folder(path, files)
        match _read(path, files[path]):
            case _Revision() as revision:
                revisions[folder].append(revision)
            case UnreadableRevision() as problem:
                unreadable[folder].append(problem)
            case None:
                pass
    return tuple(
        _migrations(folder, revisions[folder], unreadable[folder])
        for folder in sorted(revisions.keys() | unreadable.keys())
    )


def _folder(path: str, files: Mapping[str, str]) -> str:
    above = path.split("/")[:-1]
    for size in range(len(above), -1, -1):
        if "/".join([*above[:size], "env.py"]) in files:
            return "/".join(above[:size]) or "."
    if "versions" in above:
        return "/".join(above[: len(above) - 1 - above[::-1].index("versions")]) or "."
    return "/".join(above) or "."


def _read(path: str, text: str) -> _Revision | UnreadableRevision | None:
    try:
        tree = parse(text)
    except Unparsable as error:
        # A file that does not parse and only mentions migrations is not reported.
        return UnreadableRevision(path, str(error)) if "\nrevision" in f"\n{text}" else None
    values = dict(_assignments(tree))
    if not {"revision", "down_revision"} <= values.keys():
        return None
    plain: dict[str, tuple[str, ...]] = {}
    for name, node in values.items():
        read = _strings(node)
        if read is None:
            return UnreadableRevision(path, f"{name} is computed, not written out")
        plain[name] = read
    if len(plain["revision"]) != 1:
        return UnreadableRevision(path, "revision is not one string")
    return _Revision(
        path,
        plain["revision"][0],
        plain["down_revision"],
        plain.get("branch_labels", ()),
        plain.get("depends_on", ()),
    )


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name) and target.id in _NAMES:
                        yield target.id, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                if name in _NAMES:
                    yield name, value
            case _:
                pass


def _strings(node: ast.expr) -> tuple[str, ...] | None:
    """The strings that are written there; None where it is anything but strings or None."""
    match node:
        case ast.Constant(value=None):
            return ()
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            texts = [element.value for element in items if isinstance(element, ast.Constant)]
            plain = tuple(literal for literal in texts if isinstance(literal, str))
            return plain if len(plain) == len(items) else None
        case _:
            return None


def _migrations(
    folder: str, revisions: Sequence[_Revision], unreadable: Sequence[MigrationProblem]
) -> Migrations:
    by_name: dict[str, list[_Revision]] = defaultdict(list)
    for revision in revisions:
        by_name[revision.revision].append(revision)
    followed = {down for revision in revisions for down in revision.down}
    problems = [
        *unreadable,
        *(
            DuplicateRevision(name, tuple(revision.path for revision in same))
            for name, same in sorted(by_name.items())
            if len(same) > 1
        ),
        *_missing(revisions),
        *_cycles(revisions),
    ]
    open_ends = tuple(sorted(name for name in by_name if name not in followed))
    return Migrations(folder, len(by_name), open_ends, tuple(problems))


def _missing(revisions: Sequence[_Revision]) -> Iterator[MissingParent]:
    known = {revision.revision for revision in revisions}
    labels = {label for revision in revisions for label in revision.labels}
    for revision in revisions:
        for down in revision.down:
            if down not in known:
                yield MissingParent(revision.path, revision.revision, down)
        for needed in revision.depends:
            if needed not in known | labels and needed.partition("@")[0] not in labels:
                yield MissingParent(revision.path, revision.revision, needed)


def _cycles(revisions: Sequence[_Revision]) -> Iterator[RevisionCycle]:
    """The groups of revisions that each come after all of their group.

    Revisions with nothing before them or nothing after them are removed until none is left to
    remove; the rest are cycles and the revisions between two cycles.
    """
    known = {revision.revision for revision in revisions}
    before: dict[str, set[str]] = {name: set() for name in known}
    for revision in revisions:
        before[revision.revision] |= known.intersection((*revision.down, *revision.depends))
    left = _in_circles(_in_circles(before, forwards=True), forwards=False)
    while left:
        reach = {name: _reachable(name, left) for name in left}
        start = min(left)
        group = {name for name in reach[start] if start in reach[name]}
        if group:
            yield RevisionCycle(tuple(sorted(group)))
        left = {name: left[name] - group - {start} for name in left.keys() - group - {start}}


def _in_circles(before: dict[str, set[str]], *, forwards: bool) -> dict[str, set[str]]:
    links = before if forwards else _turned(before)
    while done := {name for name, others in links.items() if not others}:
        links = {name: others - done for name, others in links.items() if name not in done}
    return {name: before[name] & links.keys() for name in links}


def _turned(links: dict[str, set[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {name: set() for name in links}
    for name, others in links.items():
        for other in others:
            turned[other].add(name)
    return turned


def _reachable(start: str, links: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for other in links.get(waiting.pop(), set()) - reached:
            reached.add(other)
            waiting.append(other)
    return reached
