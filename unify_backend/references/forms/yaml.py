"""YAML: compose files, workflows, pipelines, hooks, settings; every scalar by the keys above it.

The parser's events give exact marks, and an alias is one event, so no node is reached twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from unify_backend.codemods.commands import Word, zones_of
from unify_backend.codemods.places import (
    Place,
    addresses,
    continues,
    key_itself,
    lines_at,
    of_key,
    of_variable,
)
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, FormError, Fragment, Zone

if TYPE_CHECKING:
    import yaml

_KEYS = {
    "services": "a compose service's name",
    "volumes": "a volume's name",
    "networks": "a network's name",
    "jobs": "a job's name",
    "stages": "a stage's name",
    "configs": "a config's name",
    "secrets": "a secret's name",
    "anchors": "an anchor",
}
_SHELL_LISTS = frozenset({"script", "before_script", "after_script", "cmds", "commands", "run"})
_SHELL = frozenset(
    {*_SHELL_LISTS, "command", "entrypoint", "test", "entry", "bash", "cmd", "install"}
)
_VARIABLES = frozenset({"env", "environment", "variables", "args", "vars"})
_SHELLS = {"python": "python", "pwsh": "powershell", "powershell": "powershell", "cmd": "batch"}
_DEEP = re.compile(r"[\[{](?:\s*[\[{]){400}")  # the parser's time grows as the square of it
_VOLUME = re.compile(r"[\"']?(?P<name>[A-Za-z0-9][\w.-]*):(?=[/$~])")
_ENTRY = re.compile(r"[\"']?(?P<name>\w+)=")


@dataclass(frozen=True, slots=True)
class _Scalar:
    span: Span
    style: str  # empty for plain scalars
    key: bool
    path: tuple[str, ...]  # keys from the top; "-" stands for a list
    parent: int  # which mapping or list it is directly in


class YamlForm:
    """Keys, values and comments."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit. Raises FormError for templates and broken files."""
        text, hits = fragment.text, fragment.hits
        if _DEEP.search(text):
            raise FormError("nested too deeply for YAML")
        if not hits:
            return
        scalars = list(_scalars(text))
        shells = {
            one.parent: text[one.span.start : one.span.end].strip("\"'").split(" ")[0]
            for one in scalars
            if one.path[-1:] == ("shell",) and not one.key
        }
        default = next(
            (
                shells[one.parent]
                for one in scalars
                if one.path[-3:] == ("defaults", "run", "shell") and not one.key
            ),
            "",
        )
        left, starts = [], [one.span.start for one in scalars]
        for hit in hits:
            at = bisect_right(starts, hit.start) - 1
            one = scalars[at] if at >= 0 else None
            if one is None or not one.span.holds(hit):
                left.append(hit)
            elif one.key:
                yield _key(one, text, hit)
            else:
                shell = shells.get(one.parent, default)
                yield from _value(one, text, hit, shell, scalars)
        yield from _rest(text, left)
        yield from addresses(text, hits, "yaml-address")


def _key(one: _Scalar, text: str, hit: Span) -> Zone:
    parent = next((key for key in reversed(one.path) if key != "-"), "")
    place = key_itself(text, hit, _KEYS.get(parent, "a key called like the package"))
    if parent in _KEYS:
        place = Place(Context.LABEL, _KEYS[parent])
    return Zone(one.span, "yaml-key", place.context, escapes=one.style == '"', note=place.note)


def _value(
    one: _Scalar, text: str, hit: Span, shell: str, scalars: list[_Scalar]
) -> Iterator[Zone]:
    escapes = one.style == '"'
    value = text[one.span.start : one.span.end]
    names = [key for key in one.path if key != "-"]
    last = names[-1] if names else ""
    in_list = one.path[-1:] == ("-",)
    inner = Span(one.span.start + 1, one.span.end - 1) if one.style in {"'", '"'} else one.span
    if last == "volumes" and in_list and (found := _VOLUME.match(value)):
        name = Span(*found.span("name")).shift(one.span.start)
        yield Zone(one.span, "yaml-value", Context.PATH_VALUE, escapes=escapes)
        yield Zone(name, "yaml-value", Context.LABEL, note="a volume's name")
        return
    if last in _SHELL and (not in_list or last in _SHELL_LISTS) and not _is_flag(value):
        language = _SHELLS.get(shell, "shell")
        yield Zone(inner, "yaml-command", Context.COMMAND, language, escapes)
        return
    if in_list and (last in _SHELL or of_key(last).context is Context.COMMAND):
        yield from _argument(one, inner, text, hit, scalars)
        return
    if in_list and (found := _ENTRY.match(value)) and hit.start >= one.span.start + found.end():
        place = of_key(found["name"], text, hit)
    else:
        place = _place(names, text, hit)
    yield Zone(one.span, "yaml-value", place.context, escapes=escapes, note=place.note)


def _place(names: list[str], text: str, hit: Span) -> Place:
    """By the key, else by the one above it (`paths: {include: […]}`, `filters: {backend: […]}`)."""
    last = names[-1] if names else ""
    if last == "name" and "volumes" in names[:1]:
        return Place(Context.LABEL, "a volume's name")
    if names[-2:-1] and names[-2] in _VARIABLES:
        return of_variable(last, text, hit)
    place = of_key(last, text, hit)
    if place.context is Context.VALUE and len(names) > 1 and continues(text, hit):
        above = of_key(names[-2], text, hit)
        return above if above.context is Context.PATH_VALUE else place
    return place


def _argument(
    one: _Scalar, inner: Span, text: str, hit: Span, scalars: list[_Scalar]
) -> Iterator[Zone]:
    """One item of a command that is written as a list."""
    words = []
    for item in scalars:
        if item.parent == one.parent:
            quoted = item.style in {"'", '"'}
            start, end = item.span.start + quoted, item.span.end - quoted
            words.append(Word(text[start:end], start, quoted))
    language = None
    if words and words[0].text == "CMD-SHELL":
        language = "shell"
    elif words and words[0].text == "CMD":
        words = words[1:]
    roles = list(zones_of(words, [hit], "yaml-command"))
    if not any(zone.span == inner for zone in roles):
        yield Zone(inner, "yaml-command", Context.COMMAND, language, one.style == '"')
    for zone in roles:
        yield Zone(zone.span, zone.form, zone.context, zone.language, one.style == '"', zone.note)


def _rest(text: str, hits: list[Span]) -> Iterator[Zone]:
    """What is in no scalar: comments, anchors, tags."""
    for line in lines_at(text, hits):
        comment = re.search(r"(?:^|[ \t])#.*", line.text)
        for hit in line.hits:
            if comment and line.start + comment.start() < hit.start:
                start = line.start + comment.start() + (comment[0][0] != "#")
                yield Zone(Span(start, line.span.end), "yaml-comment", Context.COMMENT)
            elif text[hit.start - 1 : hit.start] in {"&", "*", "!"}:
                yield Zone(hit, "yaml-anchor", Context.LABEL, note="an anchor or a tag")


def _is_flag(value: str) -> bool:
    return value in {"true", "false", "yes", "no"}


def _scalars(text: str) -> Iterator[_Scalar]:
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
                yield _Scalar(
                    _content(text, span, event.style), event.style or "", key, above, parent
                )
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
