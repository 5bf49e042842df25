"""A YAML file's scalars with exact places, and what stands beside each.

The parser's events give exact marks, and an alias is one event, so no node is reached twice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from unify_backend.languages.key_rules import joined
from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.command_line import Word, split_commands
from unify_backend.languages.scripts.programs import find
from unify_backend.languages.yaml.settings import kind_of
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import yaml

_LEADS = {"args": ("command", "entrypoint", "entry"), "command": ("entrypoint",)}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A key or a value."""

    span: Span
    style: str  # empty for plain scalars
    key: bool
    path: tuple[str, ...]  # keys from the top; "-" stands for a list
    parent: int  # which mapping or list it is directly in
    holder: int  # which mapping or list that one is in

    @property
    def keys(self) -> str:
        """The path in the spelling of `languages/key_rules.py`."""
        return joined(self.path)

    def inner(self) -> Span:
        """The content without quotes."""
        quoted = self.style in {"'", '"'}
        return Span(self.span.start + quoted, self.span.end - quoted)


class Document:
    """A file's scalars. Raises FormError where the text is no YAML."""

    def __init__(self, path: str, text: str) -> None:
        self.text = text
        self.scalars = list(_scalars(text))
        self._starts = [one.span.start for one in self.scalars]
        tops = {self._text(one) for one in self.scalars if one.key and not one.path}
        self.kind = kind_of(path, tops)
        self._maps: dict[int, dict[str, Scalar]] = defaultdict(dict)
        self._lists: dict[tuple[int, str], list[Scalar]] = defaultdict(list)
        for one in self.scalars:
            if not one.key and one.path[-1:] == ("-",) and len(one.path) > 1:
                self._lists[one.holder, one.path[-2]].append(one)
            elif not one.key and one.path:
                self._maps[one.parent][one.path[-1]] = one
        runs = [one for one in self.scalars if one.path[-3:] == ("defaults", "run", "shell")]
        self._default = next((self._text(one) for one in runs if not one.key), "")

    def _text(self, one: Scalar) -> str:
        return self.text[one.inner().start : one.inner().end]

    def at(self, hit: Span) -> Scalar | None:
        """The scalar that holds `hit`."""
        at = bisect_right(self._starts, hit.start) - 1
        return self.scalars[at] if at >= 0 and self.scalars[at].span.holds(hit) else None

    def beside(self, one: Scalar, key: str) -> str:
        """The value of another key of the mapping that `one` is a value in, or ""."""
        other = self.sibling(one, key)
        return self._text(other) if other else ""

    def sibling(self, one: Scalar, key: str) -> Scalar | None:
        """The scalar under another key of the mapping that `one` is a value in."""
        return self._maps[one.parent].get(key)

    def shell(self, one: Scalar) -> str:
        """The shell that the file names for a `run:` block."""
        return (self.beside(one, "shell") or self._default).split(" ")[0]

    def words(self, one: Scalar) -> Iterator[list[Word]]:
        """The command that a list item is a word of: alone, or behind what takes it."""
        own = self._words(one.holder, one.path[-2])
        leads = [self._words(one.holder, key) for key in _LEADS.get(one.path[-2], ())]
        if one.path[-2] in {"args", "arguments"} or "addopts" in one.path[-2]:
            own, leads = [Word("", 0), *own], [lead + own for lead in leads if lead]
            yield from leads
            if not any(find(lead[0].text) for lead in leads):
                yield own
            return
        yield own
        yield from (lead + own for lead in leads if lead)

    def _words(self, holder: int, key: str) -> list[Word]:
        if items := self._lists.get((holder, key)):
            return [
                Word(self._text(item), item.inner().start, item.style in {"'", '"'})
                for item in items
            ]
        other = self._maps[holder].get(key)
        line = self._text(other) if other else ""
        return [Word(word.text, 0) for word in next(split_commands(line), [])]


def _scalars(text: str) -> Iterator[Scalar]:
    import yaml

    path: list[str] = []  # per open collection: the current key, or "-"
    kinds: list[tuple[int, bool]] = []  # per open collection: its number, whether it is a mapping
    expects_key: list[bool] = []
    try:
        for number, event in enumerate(yaml.parse(text, Loader=_loader())):
            if isinstance(event, yaml.CollectionStartEvent):
                mapping = isinstance(event, yaml.MappingStartEvent)
                kinds.append((number, mapping))
                path.append("" if mapping else "-")
                expects_key.append(mapping)
                continue
            if isinstance(event, yaml.CollectionEndEvent):
                kinds.pop()
                path.pop()
                expects_key.pop()
            elif isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
                key = bool(kinds) and expects_key[-1]
                parent, above = kinds[-1][0] if kinds else -1, tuple(path[:-1] if key else path)
                span = Span(event.start_mark.index, event.end_mark.index)
                holder = kinds[-2][0] if len(kinds) > 1 else -1
                content = _content(text, span, event.style)
                yield Scalar(content, event.style or "", key, above, parent, holder)
                if key:
                    path[-1] = event.value
            elif not isinstance(event, yaml.AliasEvent):
                continue
            if kinds and kinds[-1][1]:
                expects_key[-1] = not expects_key[-1]
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise FormError(f"not YAML: {_message(error)}") from error


def _content(text: str, span: Span, style: str | None) -> Span:
    """Without the header line of a block scalar."""
    if style in {"|", ">"}:
        head = text.find("\n", span.start, span.end)
        return Span(head + 1 if head >= 0 else span.end, span.end)
    return span


def _message(error: Exception) -> str:
    mark: Any = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}" if mark is not None else ""
    return f"{getattr(error, 'problem', None) or error}{where}".replace("\n", " ")


@cache
def _loader() -> type[yaml.SafeLoader | yaml.CSafeLoader]:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
