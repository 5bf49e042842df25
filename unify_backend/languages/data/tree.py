"""Configuration files and Python source as one kind of tree: mappings, lists and scalars with the
line on which each begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

_COMMENT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|(?P<comment>//[^\n]*|/\*.*?\*/)|\t", re.DOTALL)
_MOST = 200_000  # nodes; a larger file holds data, not commands


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its line (1-based). Scalars are text; what is no text is what it prints as, and
    None stays None. `end` is the line on which it ends."""

    value: str | Mapping[str, Node] | Sequence[Node] | None
    line: int
    end: int = 0
    block: bool = False  # a block scalar, whose content begins on the next line

    @property
    def mapping(self) -> Mapping[str, Node]:
        """Its keys, none where it is no mapping."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> Sequence[Node]:
        """Its items, none where it is no list."""
        value = self.value
        return value if isinstance(value, Sequence) and not isinstance(value, str) else ()

    @property
    def text(self) -> str:
        """The scalar, "" for everything else."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, *keys: str) -> Node | None:
        """The value under the first of `keys` that is there."""
        return next((self.mapping[key] for key in keys if key in self.mapping), None)


class Unreadable(Exception):
    """The text is not what its name says."""


def yaml_nodes(text: str) -> list[Node]:
    """The documents of a YAML file; merge keys are applied, tags left aside.

    Raises Unreadable.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = list(yaml.compose_all(text, Loader=loader))
        return [_of_yaml(one, {}) for one in found]
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise Unreadable(str(error).split("\n")[0]) from error


def json_nodes(text: str) -> list[Node]:
    """A JSON file, comments and trailing commas allowed. Raises Unreadable."""
    return yaml_nodes(
        _COMMENT.sub(
            lambda found: (
                re.sub(r"[^\n]", " ", found.group())
                if found["comment"] or found.group() == "\t"
                else found.group()
            ),
            text.lstrip("\ufeff"),
        )
    )


def toml_nodes(text: str) -> list[Node]:
    """A TOML file; lines are those on which a key is first written. Raises Unreadable."""
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    lines = text.split("\n")

    def line_of(key: str, value: object, start: int) -> int:
        part = value.split("\n")[0] if isinstance(value, str) else key
        for number in range(start, len(lines) + 1):
            if key in lines[number - 1] and part in lines[number - 1]:
                return number
        return start

    def convert(value: object, line: int) -> Node:
        if isinstance(value, dict):
            return Node({k: convert(v, line_of(k, v, line)) for k, v in value.items()}, line)
        if isinstance(value, list):
            return Node([convert(one, line) for one in value], line)
        return Node(str(value), line)

    return [convert(table, 1)]


def _of_yaml(node: yaml.Node, known: dict[int, Node]) -> Node:
    import yaml

    if id(node) in known:
        return known[id(node)]
    line, end = node.start_mark.line + 1, node.end_mark.line + 1
    if len(known) > _MOST:
        raise ValueError("too large to hold commands")
    if isinstance(node, yaml.MappingNode):
        known[id(node)] = Node({}, line, end)  # an alias to itself ends here
        made = Node(dict(_pairs(node, known)), line, end)
    elif isinstance(node, yaml.SequenceNode):
        known[id(node)] = Node([], line, end)
        made = Node([_of_yaml(one, known) for one in node.value], line, end)
    else:
        value: Any = node.value
        empty = node.tag.endswith(":null") and value in {"", "~", "null", "Null", "NULL"}
        block = getattr(node, "style", None) in {"|", ">"}
        made = Node(None if empty else str(value), line, end, block)
    known[id(node)] = made
    return made


def _pairs(node: yaml.MappingNode, known: dict[int, Node]) -> Iterator[tuple[str, Node]]:
    """Merged keys first, so that the mapping's own come after and win."""
    own: list[tuple[str, Node]] = []
    for key, value in node.value:
        made = _of_yaml(value, known)
        if key.tag.endswith(":merge") or key.value == "<<":
            for one in made.items or [made]:
                yield from one.mapping.items()
        else:
            own.append((str(key.value), made))
    yield from own
