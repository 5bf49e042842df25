"""Decisions of the configuration that no longer apply to anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from unify_backend.model.globs import Globs
from unify_backend.model.questions import StaleDecision
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.spans import LineIndex
from unify_backend.names.table import NameTable
from unify_backend.references.overrides import fits
from unify_backend.references.pins import Pins, State

Read = Callable[[str], str | None]


def stale_decisions(
    settings: Settings, references: Iterable[Reference], paths: Sequence[str], read: Read
) -> tuple[StaleDecision, ...]:
    """The decisions that neither match a reference nor have been carried out, in their order.
    `paths` are all files, `read` gives a file's text as the inventory read it."""
    if not settings.decisions:
        return ()
    by_path: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.names is not Names.CANONICAL:
            by_path[reference.path].append(reference)
    files = _Files(settings, by_path, paths, read)
    problems = ((decision, files.problem(decision)) for decision in settings.decisions)
    return tuple(StaleDecision(decision, problem) for decision, problem in problems if problem)


class _Files:
    """The files and references that decisions are compared with."""

    def __init__(
        self,
        settings: Settings,
        by_path: dict[str, list[Reference]],
        paths: Sequence[str],
        read: Read,
    ) -> None:
        self._by_path = by_path
        self._paths = paths
        self._read = read
        self._pins = Pins(settings)
        self._names = NameTable(settings.moves)

    def problem(self, decision: Decision) -> str:
        """The reason why a decision does not apply, or "" where it applies."""
        globs = Globs([decision.path])
        paths = [path for path in self._paths if globs.match(path)]
        if not paths:
            return "there is no such file"
        if decision.line is not None:
            problems = [self._pinned(decision, path) for path in paths]
            return "" if "" in problems else problems[0]
        if any(self._matches(decision, path) for path in paths):
            return ""
        done = decision.action is Action.REWRITE and any(map(self._done(decision), paths))
        return "" if done else "nothing there is left that it could be about"

    def _pinned(self, decision: Decision, path: str) -> str:
        text = self._read(path)
        if text is None:
            return "the file cannot be read"
        places = self._pins.of(decision, path, text)
        if not places:
            count = len(self._pins.all_places(decision, path, text))
            if not count:
                return "its line is gone, or was edited"
            return f"{count} of {decision.of} lines that read so are there: which one is meant?"
        if any(place.state is not State.OPEN for place in places):
            return ""  # carried out
        spans = {place.span for place in places}
        pinned = [reference for reference in self._by_path.get(path, ()) if reference.span in spans]
        if any(decision.form in {None, reference.form} for reference in pinned):
            return ""
        return (
            f"it stands as {pinned[0].form} there now" if pinned else "it is no reference any more"
        )

    def _matches(self, decision: Decision, path: str) -> bool:
        if path not in self._by_path or (text := self._read(path)) is None:
            return False
        lines = LineIndex(text)
        return any(
            fits(
                decision, text, reference.span, lines.line_of(reference.span.start), reference.form
            )
            for reference in self._by_path[path]
        )

    def _done(self, decision: Decision) -> Callable[[str], bool]:
        becomes = decision.replacement or self._names.canonicalise(decision.text or "")

        def written(path: str) -> bool:
            return bool(becomes) and becomes in (self._read(path) or "")

        return written
