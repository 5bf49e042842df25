"""A task's name where it is queued, routed or scheduled, and where it is registered."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.model.evidence import Label
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.words import Word, link_words


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each place that names a task to where the same name is registered."""
    places: dict[Label, list[Word]] = {Label.TASK: [], Label.TASK_USE: []}
    for n, label in sites.labelled(Label.TASK, Label.TASK_USE):
        places[label].append(Word(n, *sites.dotted(n)))
    yield from link_words(sites.references, places[Label.TASK_USE], places[Label.TASK])


TASK = Kind("task", "a task's name where it is queued and where it is registered", find)
