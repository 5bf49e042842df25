"""A word that is renamed with the package (`also`): everywhere, or nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from unify_backend.model.evidence import NameKind, Reason
from unify_backend.model.references import Action
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each place of a word to its first one, where one of them cannot follow. What stays
    whatever becomes of the others, as in a document of the past, and what a generator writes anew
    are in no group."""
    places: dict[str, list[int]] = defaultdict(list)
    for n, reference in enumerate(sites.references):
        apart = reference.action is Action.KEEP or reference.rule is Reason.REGENERATED
        if reference.kind is NameKind.SPELLING and not apart:
            places[reference.text].append(n)
    for first, *others in places.values():
        actions = {sites.references[n].action for n in (first, *others)}
        for n in others if Action.REVIEW in actions else ():
            yield Link(n, first, True, sites.references[n].replacement)


SPELLING = Kind("word", "the same word, which is renamed everywhere or nowhere", find)
