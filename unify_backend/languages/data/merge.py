"""JSON, YAML, TOML, INI and environment files as units by key."""

import re
from dataclasses import replace

from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.literals import Syntax, read_literal
from unify_backend.languages.data.toml_parser import parse_toml
from unify_backend.languages.data.tree import Document, Kind, Node, Statement, StatementKind
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import ENTRY, OrderFreedom, UnclearUnits, Unit, container

_IDENTITY = frozenset({"id", "name", "key", "repo"})
_NAME = re.compile(r"^[ \t]*(?:name|id)[ \t]*=[ \t]*(?P<value>\S.*)$", re.MULTILINE)
_BRACKETS = re.compile(r"[^=\n]*=[ \t]*(?=[\[{])")
_FRONT = frozenset({StatementKind.BLANK, StatementKind.COMMENT})


def json_units(text: str) -> Unit:
    """The document as one unit. Raises UnclearUnits where it is written without
    entries."""
    begin = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    before = text[:begin] if begin >= 0 else "?"
    if any(line.strip() and not line.lstrip().startswith("//") for line in before.split("\n")):
        raise UnclearUnits("it does not begin with an object or a list")
    unit = read_literal(text, begin, Syntax.JSON, Unit(("document",), text))
    if unit is None:
        raise UnclearUnits("its entries share lines")
    return unit


def yaml_units(text: str) -> Unit:
    """The document as one unit. Raises FormError, and UnclearUnits for several documents, templates
    and tabs."""
    roots = parse_yaml(text).roots
    if len(roots) != 1 or set(text) & set("\r\f\x85\u2028\u2029\t"):
        raise UnclearUnits("it does not hold exactly one plain document")
    reader = _Yaml(text)
    start = reader.beginning(roots[0].line - 1)
    content = reader.inside(roots[0], start, len(reader.lines))
    if content is None:
        raise UnclearUnits("its top level is written without lines of its own")
    return container(Unit(("document",), text), reader.text(0, start), *content)


class _Yaml:
    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    def text(self, start: int, end: int) -> str:
        return "".join(self.lines[start:end])

    def column(self, node: Node) -> int:
        return node.span.start - self._starts[node.line - 1]

    def beginning(self, line: int) -> int:
        """Where the comments in front of the first key begin, behind `---` and directives."""
        start = line
        while start and (not (before := self.lines[start - 1].strip()) or before[0] == "#"):
            start -= 1
        return start

    def inside(self, node: Node, start: int, end: int) -> tuple[list[Unit], str] | None:
        """Units of a block mapping or block list that takes the lines from `start` to `end`."""
        entries: list[tuple[Node | None, Node]] = [
            *((entry.key, entry.node) for entry in node.entries),
            *((None, element) for element in node.elements),
        ]
        column = self.column(node)
        firsts = [(key or value).line - 1 for key, value in entries]
        if node.style or not entries or firsts != sorted(set(firsts)) or firsts[0] < start:
            return None
        units = []
        at = start
        for number, (key, value) in enumerate(entries):
            first = firsts[number]
            limit = firsts[number + 1] if number + 1 < len(firsts) else end
            last = self._last(first, limit, column)
            middle = self._content(at, first)
            unit = self._entry(key, value, first, last, column)
            if unit is None:
                return None
            units.append(replace(unit, gap=self.text(at, middle), lead=self.text(middle, first)))
            at = last
        return units, self.text(at, end)

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
        self, key: Node | None, value: Node, first: int, last: int, column: int
    ) -> Unit | None:
        core = self.text(first, last)
        if key is None:
            return self._listed(value, first, last, column)
        if self.column(key) != column or key.kind is not Kind.SCALAR:
            return None
        unit = Unit((key.written_value,), core, freedom=OrderFreedom.FREE)
        if first < value.line - 1 < last:
            content = self.inside(value, first + 1, last)
            return container(unit, self.lines[first], *content) if content else unit
        if value.line - 1 == first and core[self.column(value)] in "[{":
            return read_literal(core, self.column(value), Syntax.YAML, unit) or unit
        return unit

    def _listed(self, value: Node, first: int, last: int, column: int) -> Unit | None:
        core = self.text(first, last)
        if core[: column + 1] != " " * column + "-":
            return None
        unit = Unit((ENTRY,), core, freedom=OrderFreedom.LOOSE)
        if value.kind is not Kind.MAPPING or value.style or not value.entries:
            return unit
        name, content = value.entries[0].key, value.entries[0].node
        if name.value in _IDENTITY and content.kind is Kind.SCALAR:
            unit = replace(unit, identity=content.written_value, freedom=OrderFreedom.FREE)
        rest = self._rest(value, first, last)
        return container(unit, self.lines[first], *rest) if rest else unit

    def _rest(self, node: Node, first: int, last: int) -> tuple[list[Unit], str] | None:
        """The keys behind the one that names an entry of a list."""
        entries = node.entries[1:]
        if not entries or entries[0].key.line - 1 == first:
            return None
        start = entries[0].key
        inner = Node(Kind.MAPPING, start.line, node.end_line, start.span, entries=entries)
        return self.inside(inner, first + 1, last)


def toml_units(text: str) -> Unit:
    """The document as one unit: tables, and the keys in them. Raises FormError."""
    return _sections(parse_toml(text))


def ini_units(text: str) -> Unit:
    """The file as one unit: sections, keys with the lines that go on below them. Raises
    UnclearUnits where a line is neither."""
    return _sections(parse_ini(text))


def env_units(text: str) -> Unit:
    """The file as one unit: one variable a line. Raises UnclearUnits where a line is none."""
    document = parse_env(text)
    if any(line.kind is StatementKind.HEADER for line in document.statements):
        raise UnclearUnits("a line is not a variable")
    return _sections(document)


def _sections(document: Document) -> Unit:
    groups: list[list[Statement]] = [[]]
    for statement in document.statements:
        match statement.kind:
            case StatementKind.OTHER:
                raise UnclearUnits("a line is neither a section nor a key")
            case StatementKind.HEADER:
                front: list[Statement] = []
                while groups[-1] and groups[-1][-1].kind in _FRONT:
                    front.insert(0, groups[-1].pop())
                groups.append([*front, statement])
            case _:
                groups[-1].append(statement)
    top, tail = _with_fronts(document, groups[0])  # comments at its end are the first section's
    children = _tables(document, groups[1:])
    return container(Unit(("document",), document.text), "", [*top, *children], tail)


def _tables(document: Document, groups: list[list[Statement]]) -> list[Unit]:
    """The sections; what is inside a table of an array of tables belongs to it."""
    units: list[Unit] = []
    at = 0
    while at < len(groups):
        header = _header(groups[at])
        end = at + 1
        if header.repeats:
            while end < len(groups) and _header(groups[end]).section.startswith(
                f"{header.section}."
            ):
                end += 1
        units.append(_section(document, groups[at], _tables(document, groups[at + 1 : end])))
        at = end
    return units


def _header(group: list[Statement]) -> Statement:
    return next(statement for statement in group if statement.kind is StatementKind.HEADER)


def _section(document: Document, group: list[Statement], inside: list[Unit]) -> Unit:
    header = _header(group)
    at = group.index(header)
    gap, lead = _front(document, group[:at])
    children, tail = _with_fronts(document, group[at + 1 :])
    own = "".join(document.source(statement.span) for statement in group[at:])
    core = own + "".join(unit.text for unit in inside)
    unit = Unit(("section", header.section), core, gap, lead, freedom=OrderFreedom.FREE)
    if header.repeats:
        known = _NAME.search(own)
        unit = replace(
            unit,
            key=(*unit.key, ENTRY),
            identity=known["value"] if known else "",
            freedom=OrderFreedom.FREE if known else OrderFreedom.LOOSE,
        )
    if inside and tail:
        raise UnclearUnits("text stands between a table and those inside it")
    return container(unit, document.source(header.span), [*children, *inside], tail)


def _with_fronts(document: Document, statements: list[Statement]) -> tuple[list[Unit], str]:
    units: list[Unit] = []
    front: list[Statement] = []
    for statement in statements:
        if statement.kind in _FRONT:
            front.append(statement)
            continue
        gap, lead = _front(document, front)
        front = []
        core = document.source(statement.span)
        unit = Unit(("key", statement.key), core, gap, lead, freedom=OrderFreedom.FREE)
        units.append(_valued(unit))
    return units, "".join(document.source(statement.span) for statement in front)


def _front(document: Document, statements: list[Statement]) -> tuple[str, str]:
    """Blank lines, and what follows them."""
    texts = [document.source(statement.span) for statement in statements]
    at = next((n for n, text in enumerate(texts) if text.strip()), len(texts))
    return "".join(texts[:at]), "".join(texts[at:])


def _valued(unit: Unit) -> Unit:
    """A TOML key whose value is a list or an inline table."""
    match = _BRACKETS.match(unit.core)
    return (read_literal(unit.core, match.end(), Syntax.TOML, unit) or unit) if match else unit
