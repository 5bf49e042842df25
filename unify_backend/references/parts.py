"""References inside a longer one that a person decided to rewrite, and edits that cannot both be.

`from app import shop` holds the module `app.shop` in two words, and each of the two may be a
reference of its own. What was accepted for the whole is written as it was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from unify_backend.model.evidence import Reason
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.spans import Edit, overlapping
from unify_backend.references.decision import is_decided, is_part

_SHOWN = 60  # characters of a text that a message holds


def with_parts(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references, sorted by path and place, those marked as its part that lie in one whose
    rewriting a person decided: they go with it, and are neither asked about nor edited."""
    if not any(_decided(one) for one in references):
        return tuple(references)
    return tuple(
        part for _, here in groupby(references, lambda one: one.path) for part in _in_file(here)
    )


def _in_file(references: Iterable[Reference]) -> Iterator[Reference]:
    here = list(references)
    wholes = [one for one in here if _decided(one)]
    for one in here:
        whole = next((whole for whole in wholes if _is_part(one, whole)), None)
        if whole is None or one.names is Names.CANONICAL:
            yield one
        else:
            detail = f"{_short(whole.text)}, which becomes {_short(whole.replacement or '')}"
            yield replace(
                one,
                action=Action.REWRITE,
                replacement=None,
                rule=Reason.DECIDED_PART,
                detail=detail,
            )


def _is_part(one: Reference, whole: Reference) -> bool:
    if one is whole or not whole.span.holds(one.span):
        return False
    return one.span != whole.span or not is_decided(one)


def _decided(one: Reference) -> bool:
    rewritten = one.action is Action.REWRITE and one.replacement is not None
    return rewritten and is_decided(one) and not is_part(one)


def edits_of(references: Iterable[Reference]) -> tuple[tuple[Edit, ...], str]:
    """The edits that these references of one file ask for, in order; and why they cannot all be
    made, or "": two that overlap would each undo the other."""
    wanted = [one for one in references if one.replacement is not None]
    edits = dict.fromkeys(Edit(one.span, one.replacement or "") for one in wanted)
    ordered = tuple(sorted(edits, key=lambda one: one.span))
    clash = overlapping(ordered)
    if clash is None:
        return ordered, ""
    first, second = (
        next(one for one in wanted if one.span == edit.span and one.replacement == edit.replacement)
        for edit in clash
    )
    return ordered, (
        f"two edits overlap in line {second.start.line}: {_told(first)}, and {_told(second)}; "
        'decide that one of them stays (action = "keep")'
    )


def _told(one: Reference) -> str:
    return f"{_short(one.text)} at column {one.start.column} → {_short(one.replacement or '')}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"
