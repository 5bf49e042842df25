"""Lists, dicts and objects entry by entry, in any language that writes them in brackets.

The reader finds places only; whether the result still means what it should is for others to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from unify_backend.languages.merge_unit import ENTRY, Key, Layout, OrderFreedom, Unit

_CLOSING = {"[": "]", "{": "}", "(": ")"}
_IDENTITY = ("id", "name", "key", "repo")
_NUMBER = re.compile(r"[-+]?[\d.]")


class Syntax(Enum):
    """How strings and comments are written."""

    PYTHON = (
        r"""(?:[rRbBuUfF]{0,2})(?:'{3}.*?'{3}|"{3}.*?"{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""",
        r"\#[^\n]*",
    )
    JSON = (r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'""", r"//[^\n]*|/\*.*?\*/")
    TOML = (
        r'''"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^'\n]*\'''',
        r"\#[^\n]*",
    )
    YAML = (r""""(?:[^"\\]|\\.)*"|\'(?:[^']|\'\')*\'""", r"(?<=\s)\#[^\n]*")

    @property
    def tokens(self) -> re.Pattern[str]:
        """Comments, strings, brackets, commas and separators of keys; all else is skipped."""
        strings, comments = self.value
        return re.compile(
            f"(?P<comment>{comments})|(?P<string>{strings})|(?P<open>[\\[{{(])"
            "|(?P<close>[\\]})])|(?P<comma>,)|(?P<colon>[:=])",
            re.DOTALL,
        )


_TOKENS = {syntax: syntax.tokens for syntax in Syntax}


@dataclass(slots=True)
class _Item:
    """An entry: where its text is, the comma behind it, and its value if that has brackets."""

    start: int
    end: int
    comma: int | None = None
    colon: int | None = None
    value: "_Brackets | None" = None


@dataclass(slots=True)
class _Brackets:
    start: int
    end: int = -1  # behind the closing one
    items: list[_Item] = field(default_factory=list)


def read_literal(
    text: str, at: int, syntax: Syntax, unit: Unit, *, named: bool = False
) -> Unit | None:
    """`unit`, whose core is `text`, with the entries of the brackets that open at `at` as children.

    None where the brackets do not close, or are written in a way that has no clear entries. With
    `named`, entries are names: unordered, kept sorted where they are.
    """
    brackets = _read(text, at, syntax)
    return _unit(text, brackets, unit, named) if brackets else None


def _read(text: str, at: int, syntax: Syntax) -> _Brackets | None:
    stack: list[_Brackets] = []
    begun: list[_Item | None] = []
    place = at
    for token in _TOKENS[syntax].finditer(text, at):
        kind = token.lastgroup
        skipped = text[place : token.start()]
        place = token.end()
        if stack and skipped.strip():
            _extend(
                begun,
                token.start() - len(skipped) + _blank(skipped),
                token.start() - len(skipped) + len(skipped.rstrip()),
            )
        match kind:
            case "open":
                if stack:
                    _extend(begun, token.start(), token.end())
                stack.append(_Brackets(token.start()))
                begun.append(None)
            case "close":
                done, item = stack.pop(), begun.pop()
                if _CLOSING[text[done.start]] != token[0]:
                    return None
                done.end = token.end()
                if item:
                    done.items.append(item)
                if not stack:
                    return done
                outer = begun[-1]
                assert outer is not None
                outer.end = token.end()
                outer.value = done
            case "comma" if stack:
                item = begun[-1]
                if item is None:
                    return None
                item.comma = token.start()
                stack[-1].items.append(item)
                begun[-1] = None
            case "string" if stack:
                _extend(begun, token.start(), token.end())
            case "colon" if stack:
                item = begun[-1]
                if item is None:
                    return None
                item.colon = token.start() if item.colon is None else item.colon
                item.end = token.end()
    return None


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip())


def _extend(begun: list[_Item | None], start: int, end: int) -> None:
    item = begun[-1]
    if item is None:
        begun[-1] = _Item(start, end)
    else:
        item.end = end


def _unit(text: str, brackets: _Brackets, unit: Unit, named: bool) -> Unit | None:
    items = brackets.items
    if not items:
        inside = text[brackets.start + 1 : brackets.end - 1]
        if inside.strip():
            return None
        return replace(
            unit,
            head=text[: brackets.start + 1],
            tail=text[brackets.end - 1 :],
            layout=Layout.INLINE,
            kind=unit.kind or "literal",
        )
    places = [brackets.start + 1, *(item.comma + 1 for item in items if item.comma is not None)]
    layout = _layout(text, brackets, places)
    if layout is None:
        return None
    trailing = items[-1].comma is not None
    mapping = text[brackets.start] == "{" and all(item.colon is not None for item in items)
    children = list(_children(text, brackets, layout, mapping, named))
    last = items[-1].end if not trailing else places[-1]
    if layout is Layout.INLINE:
        head, tail = text[: items[0].start], text[last:]
        if text[brackets.start + 1 : items[0].start].strip(" "):
            return None
    else:
        head = text[: text.index("\n", places[0]) + 1]
        tail = text[text.index("\n", last) + 1 :]
    return replace(
        unit,
        head=head,
        tail=tail,
        layout=layout,
        children=tuple(children),
        trailing=trailing,
        kind=unit.kind or "literal",
        sorted=named,
    )


def _layout(text: str, brackets: _Brackets, places: list[int]) -> Layout | None:
    """How the entries are written; None where some share a line and others do not."""
    items = brackets.items
    begins = [text[place : item.start] for place, item in zip(places, items, strict=False)]
    last = items[-1]
    end = text[(last.end if last.comma is None else last.comma + 1) : brackets.end - 1]
    between = [text[item.end : item.comma] for item in items if item.comma is not None]
    if any(between):
        return None
    if all("\n" in gap for gap in [*begins, end]):
        return Layout.COMMAS
    if not any(gap.strip() or "\n" in gap for gap in [*begins, end]) and (
        "\n" not in text[items[0].start : last.end]
    ):
        return Layout.INLINE
    return None


def _children(
    text: str, brackets: _Brackets, layout: Layout, mapping: bool, named: bool
) -> Iterator[Unit]:
    items = brackets.items
    multiple = layout is Layout.COMMAS
    identities = {} if mapping else _identities(text, items)
    known = len(set(identities.values())) == len(items)
    at = text.index("\n", brackets.start) + 1 if multiple else items[0].start
    for item in items:
        body = text[item.start : item.end]
        lead = text[at : item.start]
        end = ""
        after = item.end if item.comma is None else item.comma + 1
        at = text.index("\n", after) + 1 if multiple else after
        end = text[after:at]
        if mapping and item.colon is not None:
            key: Key = (text[item.start : item.colon].strip().strip("\"'"),)
            freedom = OrderFreedom.FREE
        elif named:
            key, freedom = (body.strip("\"'"),), OrderFreedom.FREE
        else:
            key, freedom = (ENTRY,), OrderFreedom.FREE if known else _freedom(body)
        child = Unit(
            key,
            body,
            lead=lead,
            end=end,
            freedom=freedom,
            kind="import" if named else "item",
            name=body.split()[-1] if named else "",
            identity=identities.get(item.start, ""),
        )
        yield _nested(text, item, child) or child


def _nested(text: str, item: _Item, child: Unit) -> Unit | None:
    value = item.value
    if value is None or value.end != item.end:
        return None
    begin = item.start if item.colon is None else item.colon + 1
    if text[begin : value.start].strip():
        return None
    inner = _shifted(value, -item.start)
    return _unit(child.core, inner, replace(child, kind="literal"), named=False)


def _shifted(value: _Brackets, by: int) -> _Brackets:
    return _Brackets(
        value.start + by,
        value.end + by,
        [
            _Item(
                item.start + by,
                item.end + by,
                None if item.comma is None else item.comma + by,
                None if item.colon is None else item.colon + by,
                item.value and _shifted(item.value, by),
            )
            for item in value.items
        ],
    )


def _freedom(body: str) -> OrderFreedom:
    return OrderFreedom.BOUND if _NUMBER.match(body) else OrderFreedom.LOOSE


def _identities(text: str, items: list[_Item]) -> dict[int, str]:
    """By its place, the name of each object of a list that has one; all by the same key."""
    known: dict[int, str] = {}
    for field_name in _IDENTITY:
        names: dict[int, str] = {}
        for item in items:
            for entry in item.value.items if item.value else []:
                if entry.colon is None:
                    continue
                if text[entry.start : entry.colon].strip().strip("\"'") == field_name:
                    names[item.start] = text[entry.colon + 1 : entry.end].strip()
        if len(set(names.values())) > len(set(known.values())):
            known = names
    return known
