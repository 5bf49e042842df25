"""Script variables that hold the package's name: `PKG=old`, `python -m "$PKG.main"`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from unify_backend.languages.detect import language_of
from unify_backend.languages.registry import scripts, variables
from unify_backend.languages.scripts.variable_uses import VariableUse
from unify_backend.model.spans import LineIndex, Span
from unify_backend.model.text import SOURCE
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.indirect.spelled import SpelledDetector, Written
from unify_backend.references.limits import language_read

_SETTINGS = frozenset({"env", "dockerfile", "yaml"})
_ANY_CASE = frozenset({"batch", "powershell"})
_MOST = 40  # variables; a file with more of them is data
_RUNS = re.compile(r"(?:^|\s)-m[ \t]+[\"']?$")
_TAIL = re.compile(r"(?:[.:/\\][\w.:/\\-]*)?")


class Variables:
    """Uses of a variable that its file sets to the package, and to nothing else."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._spelled = SpelledDetector(index)

    def may(self, path: str, data: bytes) -> bool:
        """Whether it is a script or the like."""
        head = data[:200].decode("utf-8", "replace")
        return not path.endswith(SOURCE) and language_of(path, head) in scripts() | _SETTINGS

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every such use in the file; the assignments themselves hold the name."""
        text = self._index.text(path)
        language = language_read(path, text, 0) if text else ""
        if not text or language not in scripts() | _SETTINGS or not self._spelled.names(text):
            return
        uses: dict[str, list[VariableUse]] = defaultdict(list)
        for use in variables(language, text):
            uses[use.name.lower() if language in _ANY_CASE else use.name].append(use)
        ours = [same for same in uses.values() if self._spelled.names(_value(same))]
        for same in ours[:_MOST]:
            yield from self._uses(text, same, _value(same))

    def _uses(self, text: str, same: list[VariableUse], value: str) -> Iterator[IndirectUse]:
        setter = next(use for use in same if use.sets)
        line = LineIndex(text).position(setter.place.start).line
        for use in same:
            if use.sets or use.shown or use.operator:
                continue
            begin = text.rfind("\n", 0, use.span.start) + 1
            tail = _TAIL.match(text, use.span.end)
            follows = tail[0].rstrip(".:") if tail else ""
            runs = _RUNS.search(text, begin, use.span.start) is not None
            whole = f"{'-m ' if runs else ''}{value}{follows}"
            read = text[use.span.start : use.span.end]
            written = Written(read + follows, (use.name,), runs, not follows)
            for token in self._spelled.tokens(whole, written):
                new = token.replacement
                yield IndirectUse(
                    Span(use.span.start, use.span.end + len(follows)),
                    "hidden-variable",
                    token.text,
                    f"this is {token.text}, the legacy package: line {line} sets {use.name}",
                    f"write {new}, or give {use.name} the new name",
                    token.hit.spelling.move,
                )


def _value(uses: list[VariableUse]) -> str:
    """What a variable always holds; "" where it may hold something else, or nothing is known."""
    values = {use.value for use in uses if use.sets}
    only = values.pop() if len(values) == 1 else None
    return "" if only is None or any(use.defaulted for use in uses) else only
