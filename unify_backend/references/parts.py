"""References inside a longer one that the user decided to rewrite, and edits that overlap.

`from app import shop` holds the module `app.shop` in two words, and each of the two may be a
reference of its own. The accepted replacement of the whole is written as it was shown.
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
    if not any(_decided(reference) for reference in references):
        return tuple(references)
    return tuple(
        part
        for _, group in groupby(references, lambda reference: reference.path)
        for part in _in_file(group)
    )


def _in_file(references: Iterable[Reference]) -> Iterator[Reference]:
    members = list(references)
    wholes = [reference for reference in members if _decided(reference)]
    for reference in members:
        whole = next((whole for whole in wholes if _is_part(reference, whole)), None)
        if whole is None or reference.names is Names.CANONICAL:
            yield reference
        else:
            detail = f"{_short(whole.text)}, which becomes {_short(whole.replacement or '')}"
            yield replace(
                reference,
                action=Action.REWRITE,
                replacement=None,
                rule=Reason.DECIDED_PART,
                detail=detail,
            )


def _is_part(reference: Reference, whole: Reference) -> bool:
    if reference is whole or not whole.span.holds(reference.span):
        return False
    return reference.span != whole.span or not is_decided(reference)


def _decided(reference: Reference) -> bool:
    rewritten = reference.action is Action.REWRITE and reference.replacement is not None
    return rewritten and is_decided(reference) and not is_part(reference)


def edits_of(references: Iterable[Reference]) -> tuple[tuple[Edit, ...], str]:
    """The edits that these references of one file ask for, in order; and why they cannot all be
    made, or "": two that overlap would each undo the other."""
    wanted = [reference for reference in references if reference.replacement is not None]
    asked: dict[Edit, Reference] = {}
    there = {reference.span for reference in wanted if reference.split}
    for reference in wanted:
        if reference.split and not there.issuperset(reference.split.names):
            return (), (
                f"line {reference.start.line}: {_told(reference)}, and another name in this import "
                "waits: write it by hand"
            )
        for edit in edits_for(reference):
            asked.setdefault(edit, reference)
    ordered = tuple(sorted(asked, key=lambda edit: edit.span))
    clash = overlapping(ordered)
    if clash is None:
        return ordered, ""
    first, second = (asked[edit] for edit in clash)
    return ordered, (
        f"two edits overlap in line {second.start.line}: {_told(first)}, and {_told(second)}; "
        'decide that one of them stays (action = "keep")'
    )


def edits_for(reference: Reference) -> tuple[Edit, ...]:
    """The edits that carry out a reference alone; none where it has no replacement."""
    if reference.replacement is None:
        return ()
    return (
        reference.split.edits if reference.split else (Edit(reference.span, reference.replacement),)
    )


def _told(reference: Reference) -> str:
    text, replacement = _short(reference.text), _short(reference.replacement or "")
    return f"{text} at column {reference.start.column} → {replacement}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"
