"""A logger's name where the logger is taken, and where it is configured.

A configured name holds for the loggers below it too, so the one must stay a beginning of the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.model.evidence import Label
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future
from unify_backend.references.groups.words import Word


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each configured or watched name to the loggers that it holds for."""
    places: dict[Label, list[Word]] = {Label.LOGGER: [], Label.LOGGER_SETTING: []}
    for n, label in sites.labelled(Label.LOGGER, Label.LOGGER_SETTING):
        places[label].append(Word(n, *sites.dotted(n)))
    for setting in places[Label.LOGGER_SETTING]:
        for logger in places[Label.LOGGER]:
            if _holds(setting.now, logger.now):
                fits = _holds(setting.later, logger.later)
                yield Link(setting.n, logger.n, fits, future(sites.references[setting.n]))


def _holds(name: str, logger: str) -> bool:
    return logger == name or logger.startswith(name + ".")


LOGGER = Kind("logger", "a logger's name and its configuration", find)
