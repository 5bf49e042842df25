"""The words that are renamed together with a package, each with all of its places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from unify_backend.model.evidence import Reason
from unify_backend.model.references import Action, Area, Reference

_OUTSIDE = frozenset({Area.DOCKER, Area.CI, Area.CONFIG})


@dataclass(frozen=True, slots=True)
class WordGroup:
    """A word as it is spelled, and its places, which change together or stay together."""

    text: str
    references: tuple[Reference, ...]

    @property
    def action(self) -> Action:
        """What happens to all of them, but for what a generator writes anew."""
        return Action.REVIEW if self._open else Action.REWRITE

    @property
    def becomes(self) -> str:
        """The new word; "" where none is known."""
        return next((r.replacement for r in self.references if r.replacement), "")

    @property
    def reason(self) -> str:
        """Why they are left as they are: the reason of the place that cannot follow."""
        own = [r for r in self._open if r.rule is not Reason.GROUPED] or self._open
        return f"{own[0].path}:{own[0].start.line}: {own[0].reason}" if own else ""

    @property
    def outside(self) -> bool:
        """Whether something outside of the repository may know the word: an environment variable,
        or what containers, pipelines and settings name."""
        if self.text.isupper() and "_" in self.text:
            return True
        return any(reference.area in _OUTSIDE for reference in self.references)

    @property
    def _open(self) -> list[Reference]:
        waiting = [r for r in self.references if r.action is Action.REVIEW]
        apart = [r for r in waiting if r.rule is not Reason.REGENERATED]
        return apart if len(waiting) < len(self.references) else waiting


def word_groups(references: Iterable[Reference]) -> tuple[WordGroup, ...]:
    """The words of `references` that do not stay in any case (as in a document of the past), the
    most frequent first."""
    places: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.action is not Action.KEEP:
            places[reference.text].append(reference)
    groups = (WordGroup(text, tuple(members)) for text, members in places.items())
    return tuple(sorted(groups, key=lambda group: (-len(group.references), group.text)))
