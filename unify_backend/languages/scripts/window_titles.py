"""Titles of windows in commands: where one is given, and where a window is sought by it."""

import re
from collections.abc import Sequence

from unify_backend.languages.scripts.command_line import bare_name
from unify_backend.languages.scripts.script_commands import ScriptCommand
from unify_backend.model.spans import Span

_MAY_SEEK = re.compile(r"(?i)windowtitle|\btasklist\b")
_FILTER = re.compile(r"(?i)\s*WINDOWTITLE\s+(?:eq|ne)\s+")
_PROPERTY = re.compile(r"(?i)\bMainWindowTitle\)*$")
_OWN = re.compile(r"(?i)\bWindowTitle$")
_COMPARES = re.compile(r"(?i)-[ic]?(?:eq|like)")
_FINDS = frozenset({"find", "findstr"})


def may_seek(text: str) -> bool:
    """Whether a text may seek a window; False for one that certainly does not."""
    if text.isascii():  # words are found sooner than an expression that ignores the case
        lowered = text.lower()
        if "windowtitle" not in lowered and "tasklist" not in lowered:
            return False
    return _MAY_SEEK.search(text) is not None


def title_given(command: ScriptCommand, span: Span) -> Span | None:
    """The title, by its place, that the command gives to a window, where it holds what stands at
    `span`: `title …`, `start "…"`, `$Host.UI.RawUI.WindowTitle = "…"`."""
    n, texts = command.number(span), command.texts
    if command.name == "title" and len(texts) > 1:
        title = Span(_place(command, 1).start, _place(command, len(texts) - 1).end)
        return title if title.holds(span) else None
    if n is None:
        return None
    if command.name == "start" and n == 1 and command.words[1].quoted:
        return _place(command, 1)
    return _place(command, n) if gives_title(texts, n) else None


def gives_title(words: Sequence[str], n: int) -> bool:
    """Whether word number `n` is the value that PowerShell gives to a window's title."""
    return n > 1 and words[n - 1] == "=" and _OWN.search(words[n - 2]) is not None


def title_sought(command: ScriptCommand, span: Span) -> tuple[Span, str] | None:
    """The title by which the command seeks a window, where it holds what stands at `span`, and what
    stands around it (`*`: anything)."""
    n = command.number(span)
    if n is None:
        return None
    texts = command.texts
    place = _place(command, n)
    if title := filtered_title(texts[n], place.start):
        return title, ""
    if n > 1 and _COMPARES.fullmatch(texts[n - 1]) and _PROPERTY.search(texts[n - 2]):
        return place, ""
    listed = any(bare_name(source.words[0].text) == "tasklist" for source in command.feeding())
    return (place, "*") if n and listed and command.name in _FINDS else None


def filtered_title(text: str, start: int) -> Span | None:
    """The title in a filter of taskkill at `start`: `WINDOWTITLE eq …`."""
    match = _FILTER.match(text)
    return Span(start + match.end(), start + len(text)) if match else None


def _place(command: ScriptCommand, n: int) -> Span:
    word = command.words[n]
    return word.span
