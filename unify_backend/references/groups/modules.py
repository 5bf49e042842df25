"""A path that code turns into a module's name, and the literals that flow into it.

`folder.replace("/", ".")`, `".".join(path.parts)`: the folder is a path where it is read and a
module where it is imported, so both must move together, and everything that passes or compares one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from unify_backend.languages.python.path_conversions import (
    CONVERTS,
    PathConversion,
    path_conversions,
)
from unify_backend.model.package_move import is_within
from unify_backend.model.spans import Span
from unify_backend.model.text import SOURCE
from unify_backend.references.decision import is_doubtful
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future, plain, read_as

_BARE = re.compile(r"\w+")


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links between the literals of one conversion, callers in other files included."""
    literals: dict[str, list[int]] = defaultdict(list)
    for n in sites.executed:
        if read_as(sites.references[n], "python") and sites.known(n):
            literals[sites.references[n].path].append(n)
    for path, held in literals.items():
        flows = sites.flows(path) if CONVERTS.search(sites.text(path)) else None
        for conversion in path_conversions(flows) if flows else ():
            paths = sorted(_held(sites, held, conversion.paths))
            modules = sorted(_held(sites, held, conversion.modules))
            callers = list(_callers(sites, literals, path, conversion))
            yield from _links(sites, [*paths, *callers], [n for n in modules if n not in paths])


def _links(sites: ReferenceTexts, passed: list[int], modules: list[int]) -> Iterator[Link]:
    """Links between the literals `passed` to one conversion, and from the `modules` compared with
    what it makes."""
    if not passed:
        return
    head = passed[0]
    for n in passed[1:]:
        proposal = _as_folder(sites, n)
        fits = _in_step(sites, n, proposal) and _in_step(sites, head, _as_folder(sites, head))
        yield Link(n, head, fits, proposal)
        if _BARE.fullmatch(sites.references[head].text):
            yield Link(head, n, fits, _as_folder(sites, head))
    for n in modules:
        path, module = sites.references[head], sites.references[n]
        today = _related(_dotted(path.text), module.text)
        later = _related(_dotted(_as_folder(sites, head) or ""), future(module))
        if today:
            yield Link(n, head, later, future(module))
            if _BARE.fullmatch(path.text):
                yield Link(head, n, later, _as_folder(sites, head))


def _in_step(sites: ReferenceTexts, n: int, proposal: str | None) -> bool:
    """Whether the new path still gives the new module, where the old one gave the old."""
    reference = sites.references[n]
    move = sites.moves.get(reference.legacy)
    if move is None or not is_within(_dotted(reference.text), move.legacy):
        return True
    return proposal is not None and is_within(_dotted(proposal), move.canonical)


def _as_folder(sites: ReferenceTexts, n: int) -> str | None:
    """The replacement of the literal as a path: the classifier takes a lone name for a module."""
    reference = sites.references[n]
    move = sites.moves.get(reference.legacy)
    if not _BARE.fullmatch(reference.text) or move is None:
        return future(reference)
    if move.legacy_path != reference.text:
        return None
    return move.canonical_path if is_doubtful(reference) else future(reference)


def _dotted(path: str) -> str:
    return re.sub(r"[/\\]+", ".", plain(path).removeprefix("./")).strip(".").removesuffix(SOURCE)


def _related(name: str, other: str) -> bool:
    return is_within(name, other.strip(".")) or is_within(other, name)


def _held(sites: ReferenceTexts, held: Sequence[int], spans: Iterable[Span]) -> list[int]:
    """The references in the literals at `spans`."""
    literals = tuple(spans)
    return [n for n in held if any(span.holds(sites.references[n].span) for span in literals)]


def _callers(
    sites: ReferenceTexts,
    literals: dict[str, list[int]],
    path: str,
    conversion: PathConversion,
) -> Iterator[int]:
    """Literals of other files that are passed to the functions that convert."""
    for function, parameter, place in conversion.parameters:
        for other, held in literals.items():
            if other == path or f"{function}(" not in sites.text(other):
                continue
            if flows := sites.flows(other):
                passed = flows.passed(function, parameter, place)
                spans = [span for argument in passed for span in flows.spans(argument)]
                yield from _held(sites, held, spans)


MODULE = Kind("path and module", "a path that code turns into a module's name", find)
