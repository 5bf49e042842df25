"""JSON and YAML as units by key."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from unify_backend.languages.data.literals import Syntax, read_literal
from unify_backend.languages.definition import Unparsable
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import Freedom, Unclear, Unit, container

if TYPE_CHECKING:
    import yaml

_IDENTITY = frozenset({"id", "name", "key", "repo"})


def json_units(text: str) -> Unit:
    """The document as one unit. Raises Unclear where it is written in a way without entries."""
    begin = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    before = text[:begin] if begin >= 0 else "?"
    if any(line.strip() and not line.lstrip().startswith("//") for line in before.split("\n")):
        raise Unclear("it does not begin with an object or a list")
    found = read_literal(text, begin, Syntax.JSON, Unit(("document",), text))
    if found is None:
        raise Unclear("its entries share lines")
    return found


def yaml_units(text: str) -> Unit:
    """The document as one unit. Raises Unparsable, and Unclear for several documents, templates
    and tabs."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents: list[yaml.Node | None] = list(yaml.compose_all(text, Loader=loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unparsable(f"cannot be read as YAML: {type(error).__name__}") from error
    root = documents[0] if len(documents) == 1 else None
    if root is None or set(text) & set("\r\f\x85\u2028\u2029\t"):
        raise Unclear("it does not hold exactly one plain document")
    reader = _Yaml(lines_of(text))
    start = reader.beginning(root.start_mark.line)
    found = reader.inside(root, start, len(reader.lines))
    if found is None:
        raise Unclear("its top level is written without lines of its own")
    return container(Unit(("document",), text), reader.text(0, start), *found)


class _Yaml:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def text(self, start: int, end: int) -> str:
        return "".join(self.lines[start:end])

    def beginning(self, line: int) -> int:
        """Where the comments in front of the first key begin, behind `---` and directives."""
        start = line
        while start and (not (before := self.lines[start - 1].strip()) or before[0] == "#"):
            start -= 1
        return start

    def inside(self, node: "yaml.Node", start: int, end: int) -> tuple[list[Unit], str] | None:
        """Units of a block mapping or block list that takes the lines from `start` to `end`."""
        if getattr(node, "flow_style", True) is not False:
            return None
        entries = self._entries(node)
        column = node.start_mark.column
        firsts = [line for line, _, _ in entries]
        if not entries or firsts != sorted(set(firsts)) or firsts[0] < start:
            return None
        units = []
        at = start
        for number, (first, key, value) in enumerate(entries):
            limit = firsts[number + 1] if number + 1 < len(firsts) else end
            last = self._last(first, limit, column)
            middle = self._content(at, first)
            unit = self._entry(key, value, first, last, column)
            if unit is None:
                return None
            units.append(replace(unit, gap=self.text(at, middle), lead=self.text(middle, first)))
            at = last
        return units, self.text(at, end)

    def _entries(self, node: "yaml.Node") -> "list[tuple[int, yaml.Node | None, yaml.Node]]":
        from yaml import MappingNode

        if isinstance(node, MappingNode):
            pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
            return [(key.start_mark.line, key, value) for key, value in pairs]
        values = cast("list[yaml.Node]", node.value)
        return [(value.start_mark.line, None, value) for value in values]

    def _last(self, first: int, limit: int, column: int) -> int:
        last = first + 1
        for at in range(first + 1, limit):
            line = self.lines[at]
            body = line.lstrip(" ")
            if body.strip() and not (body[0] == "#" and len(line) - len(body) <= column):
                last = at + 1
        return last

    def _content(self, start: int, end: int) -> int:
        while start < end and not self.lines[start].strip():
            start += 1
        return start

    def _entry(
        self, key: "yaml.Node | None", value: "yaml.Node", first: int, last: int, column: int
    ) -> Unit | None:
        core = self.text(first, last)
        if key is None:
            return self._listed(value, first, last, column)
        if key.start_mark.column != column or not isinstance(key.value, str):
            return None
        unit = Unit((key.value,), core, freedom=Freedom.FREE)
        if first < value.start_mark.line < last:
            found = self.inside(value, first + 1, last)
            return container(unit, self.lines[first], *found) if found else unit
        if value.start_mark.line == first and core[value.start_mark.column] in "[{":
            return read_literal(core, value.start_mark.column, Syntax.YAML, unit) or unit
        return unit

    def _listed(self, value: "yaml.Node", first: int, last: int, column: int) -> Unit | None:
        from yaml import MappingNode, ScalarNode

        core = self.text(first, last)
        if core[: column + 1] != " " * column + "-":
            return None
        words = core.split("#")[0] if isinstance(value, MappingNode) else core
        unit = Unit((" ".join(words.split()),), core, freedom=Freedom.LOOSE)
        if not isinstance(value, MappingNode) or value.flow_style is not False:
            return unit
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", value.value)
        name, content = pairs[0]
        if name.value not in _IDENTITY or not isinstance(content, ScalarNode):
            return unit
        unit = Unit((str(content.value),), core, freedom=Freedom.FREE)
        rest = self._rest(value, first, last)
        return container(unit, self.lines[first], *rest) if rest else unit

    def _rest(self, node: "yaml.Node", first: int, last: int) -> tuple[list[Unit], str] | None:
        """The keys behind the one that says what an entry of a list is called."""
        from yaml import MappingNode

        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)[1:]
        if not pairs or pairs[0][0].start_mark.line == first:
            return None
        inner = MappingNode(
            node.tag, pairs, pairs[0][0].start_mark, node.end_mark, flow_style=False
        )
        return self.inside(inner, first + 1, last)
