"""One import of several names as several imports, where some of the names move elsewhere.

What stays is not laid out again: names leave the list with their commas, whole lines with their
comments. The new import stands in front of the old one where its first name leaves, else behind it.
The result is parsed and compared before it is proposed.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from unify_backend.languages.python.imports import ImportedModule
from unify_backend.model.references import StatementSplit
from unify_backend.model.spans import Edit, Span, splice

_FROM = re.compile(r"from(?:\s|\\\r?\n)*")
_TOKEN = re.compile(r"#[^\r\n]*|\w+|[,()]")
_REST = re.compile(r"[ \t]*(?P<comment>#[^\r\n]*)?\r?(?=\n|\Z)")
_COMMENT_LINE = re.compile(r"[ \t]*(?P<comment>#[^\r\n]*?)[ \t]*\r?\n?")
# Comments that tell a tool to let a line pass may stand on both lines, where one is divided.
LINTERS = "noqa|pragma|isort|nosec|fmt|yapf|pylint|flake8|ruff"
_PASSES = re.compile(rf"#\s*(?:{LINTERS})\b", re.I)
# These are errors where nothing is wrong in their line, or decide about the place.
TYPE_CHECKERS = "type|mypy|pyright|pyre|pytype"
_FIRM = re.compile(rf"#\s*(?:{TYPE_CHECKERS}|unify-backend)\b", re.I)
_LONGEST = 79  # characters of a line that imports several names

_TWICE = "one name is bound twice"
_TOOL = "a comment to a tool is about all of them"
_BETWEEN = "a comment stands between the names"
_ABOVE = "the comment above it may be about other names, too"
_SHARED_LINE = "other statements stand on its line, and a comment would have to go along"
_UNREADABLE = "it cannot be divided with certainty"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an imported name is found after the move: `module` is empty where it is a top-level
    module itself."""

    module: str
    name: str

    def item(self, bound: str) -> str:
        """What stands in an import that binds it as `bound`."""
        return self.name if self.name == bound else f"{self.name} as {bound}"

    def imported(self, bound: str) -> str:
        """The import that binds it as `bound`, without its first word where that is `from`."""
        lead = f"{self.module} import" if self.module else "import"
        return f"{lead} {self.item(bound)}"


@dataclass(frozen=True, slots=True)
class ImportStatement:
    """A from-import at `span` of `text`; the positions in `module` count from its beginning.

    `home` is the full name of the module from which its names may still be imported after the
    move, None where all of them leave. The flags are false where what stands around the text goes
    on in front of its first line, or behind its last.
    """

    text: str
    span: Span
    module: ImportedModule
    home: str | None
    whole_first_line: bool = True
    whole_last_line: bool = True

    @property
    def source(self) -> Span:
        """The module's name with the dots in front of it."""
        lead = _FROM.match(self.text, self.span.start)
        start = lead.end() if lead else self.span.start
        return Span(start, self.module.span.end + self.span.start)


def split_import(
    statement: ImportStatement, moved: Mapping[int, Destination], names: Sequence[Span]
) -> StatementSplit | str:
    """The edits by which the moved names of the statement (by their numbers in its list) are
    imported from where they go, and the others from where they are; or why none are certain.

    `names` are the places of the references that stand for the moved names.
    """
    try:
        return _Division(statement, moved).split(names)
    except _Uncertain as uncertain:
        return str(uncertain)


class _Uncertain(Exception):
    """Why a statement is not divided."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A name in the list: `span` from it to the end of its alias."""

    span: Span
    name: str
    bound: str


class _Division:
    """Divides one statement. Raises _Uncertain."""

    def __init__(self, statement: ImportStatement, moved: Mapping[int, Destination]) -> None:
        self._text, self._span = statement.text, statement.span
        self._statement, self._moved = statement, moved
        self._items: list[_Item] = []
        self._comments: list[Span] = []
        self._opens = self._closes = -1
        self._above: dict[int, list[str]] = defaultdict(list)  # comments that go, by number
        self._beside: dict[int, list[str]] = defaultdict(list)
        self._read_list()
        bound = [item.bound for item in self._items]
        if len(set(bound)) < len(bound):
            raise _Uncertain(_TWICE)
        self._rest = _REST.match(self._text, self._span.end)
        if self._rest is not None and self._rest["comment"]:
            self._comments.append(Span(*self._rest.span("comment")))
        self._stays = self._module_that_stays()
        self._leaving = sorted(n for n in moved if moved[n].module != self._stays)

    def split(self, names: Sequence[Span]) -> StatementSplit:
        """The edits, proven."""
        if self._stays is None:
            if any(map(self._span.holds, self._comments)) or self._tool_comments(self._comments):
                raise _Uncertain(_BETWEEN)
            edits = [Edit(self._span, self._joint.join(self._new_statements(())))]
        else:
            edits = sorted(self._edits(), key=lambda edit: edit.span)
        self._prove(edits)
        return StatementSplit(tuple(edits), tuple(names), self._line_break)

    def _edits(self) -> Iterator[Edit]:
        assert self._stays is not None
        if self._stays != self._statement.home:
            source = self._statement.source
            space = "" if self._text[source.end] in " \t\\\r\n" else " "
            yield Edit(source, self._stays + space)
        for n, destination in self._moved.items():
            item = self._items[n]
            if destination.module == self._stays and destination.name != item.name:
                name = Span(item.span.start, item.span.start + len(item.name))
                written = destination.item(item.bound) if name == item.span else destination.name
                yield Edit(name, written)
        if not self._leaving:
            return
        removed = self._removed()
        statements = self._new_statements(self._copied_comments(removed))
        for part in removed:
            yield Edit(part, "")
        if self._leaving[0] == 0:
            at, new = self._span.start, self._joint.join([*statements, ""])
        else:
            at = self._lines.end if self._alone else self._span.end
            new = self._joint.join(["", *statements])
        yield Edit(Span(at, at), new)

    # What there is

    def _read_list(self) -> None:
        words: list[re.Match[str]] = []
        begun = False
        for token in _TOKEN.finditer(self._text, self._statement.source.end, self._span.end):
            word = token.group()
            if word.startswith("#"):
                self._comments.append(Span(*token.span()))
            elif word == "(":
                self._opens = token.start()
            elif word in {",", ")"}:
                self._end_item(words)
                words = []
                self._closes = token.start() if word == ")" else -1
            elif begun:
                words.append(token)
            else:
                begun = word == "import"
        self._end_item(words)
        names = [name.name for name in self._statement.module.names]
        if [item.name for item in self._items] != names:
            raise _Uncertain(_UNREADABLE)

    def _end_item(self, words: Sequence[re.Match[str]]) -> None:
        if words:
            span = Span(words[0].start(), words[-1].end())
            self._items.append(_Item(span, words[0].group(), words[-1].group()))

    def _module_that_stays(self) -> str | None:
        """The module that the statement names after it; None where nothing is left of it."""
        modules = [self._moved[n].module for n in sorted(self._moved)]
        home = self._statement.home
        if len(self._moved) < len(self._items) or home in modules:
            return home
        return next(filter(None, modules), None)

    @cached_property
    def _indent(self) -> str:
        return self._text[self._text.rfind("\n", 0, self._span.start) + 1 : self._span.start]

    @cached_property
    def _lines(self) -> Span:
        """The lines on which the statement stands, without the last line's end."""
        end = self._rest.end() if self._rest else self._span.end
        end -= self._text.endswith("\r", self._span.end, end)
        return Span(self._span.start - len(self._indent), end)

    @cached_property
    def _alone(self) -> bool:
        """Whether nothing else stands on these lines."""
        first = self._lines.start > 0 or self._statement.whole_first_line
        last = self._text.find("\n", self._lines.end) >= 0 or self._statement.whole_last_line
        return bool(not self._indent.strip(" \t") and first and last and self._rest)

    @cached_property
    def _line_break(self) -> str:
        """What ends a line and begins the next one with the same indentation."""
        end = self._lines.end
        following = self._text[end : end + 2] or self._text[: self._lines.start][-2:]
        return ("\r\n" if following == "\r\n" else "\n") + self._indent if self._alone else ""

    @property
    def _joint(self) -> str:
        return self._line_break if self._alone else "; "

    def _line_at(self, at: int) -> Span:
        """The whole line around an offset, with its end."""
        end = self._text.find("\n", at) + 1
        return Span(self._text.rfind("\n", 0, at) + 1, end or len(self._text))

    def _written(self, span: Span) -> str:
        return self._text[span.start : span.end]

    # What goes

    def _removed(self) -> list[Span]:
        """The parts of the list that go, in order. Notes the comments that go with them."""
        parts: list[Span] = []
        whole: list[tuple[Span, list[int]]] = []
        for line, numbers in self._by_lines():
            gone = [n for n in numbers if n in self._leaving]
            if line is not None and gone == numbers:
                whole.append((line, numbers))
            elif line is not None:
                parts += (self._beside_kept(n, numbers) for n in gone)
            else:
                parts += (self._beside_kept(n, range(len(self._items))) for n in gone)
        parts += (line for line, _ in whole)
        parts += self._comment_lines(whole)
        joined: list[Span] = []
        for part in sorted(parts):
            if joined and part.start <= joined[-1].end:
                part = Span(joined[-1].start, max(joined.pop().end, part.end))
            joined.append(part)
        return joined

    def _by_lines(self) -> Iterator[tuple[Span | None, list[int]]]:
        """The numbers of the names on each line between the brackets, with that line; those on a
        line on which more stands, with None."""
        lines: dict[Span, list[int]] = {}
        for n, item in enumerate(self._items):
            lines.setdefault(self._line_at(item.span.start), []).append(n)
        for line, numbers in lines.items():
            inside = 0 <= self._opens < line.start and line.end <= self._closes
            yield (line if inside and self._holds_all_of(line, numbers) else None), numbers

    def _holds_all_of(self, line: Span, numbers: Sequence[int]) -> bool:
        """Whether the line begins and ends with these names and their commas."""
        first, last = self._items[numbers[0]].span, self._items[numbers[-1]].span
        if last.end > line.end or self._text[line.start : first.start].strip():
            return False
        behind = self._text[last.end : line.end].partition("#")[0].strip()
        return behind == "," or numbers[-1] == len(self._items) - 1

    def _beside_kept(self, n: int, among: Iterable[int]) -> Span:
        """What goes with a name that leaves others behind: up to the one before it that stays, or
        to the one behind it."""
        staying = [k for k in among if k not in self._leaving]
        own = self._items[n].span
        before = [self._items[k].span.end for k in staying if k < n]
        if before:
            return Span(max(before), own.end)
        return Span(own.start, min(self._items[k].span.start for k in staying))

    def _comment_lines(self, gone: Sequence[tuple[Span, list[int]]]) -> Iterator[Span]:
        """The comments that go with whole lines: those behind the names, and the lines above where
        what follows is not another name that stays."""
        ends = {line.end for line, _ in gone}
        for line, numbers in gone:
            beside = [self._written(own) for own in self._comments if line.holds(own)]
            self._beside[numbers[-1]] += beside
            if line.start in ends:
                continue
            above: list[Span] = []
            start = line.start
            while self._is_comment_line(before := self._line_at(start - 1)):
                above.insert(0, before)
                start = before.start
            behind = line.end
            while following := next((other for other, _ in gone if other.start == behind), None):
                behind = following.end
            rest = self._text[behind : self._line_at(behind).end].strip()
            if above and rest and not rest.startswith(("#", ")")):
                raise _Uncertain(_ABOVE)
            self._above[numbers[0]] += [self._written(part).strip() for part in above]
            yield from above

    def _is_comment_line(self, line: Span) -> bool:
        return line.start > self._opens and bool(_COMMENT_LINE.fullmatch(self._written(line)))

    # What comes

    def _copied_comments(self, removed: Sequence[Span]) -> list[str]:
        """The comments to tools that stay, and are about the names that go as well."""
        taken = [own for own in self._comments if any(part.holds(own) for part in removed)]
        noted = [*self._above.values(), *self._beside.values()]
        if len(taken) != sum(map(len, noted)):
            raise _Uncertain(_BETWEEN)
        if taken and not self._alone:
            raise _Uncertain(_SHARED_LINE)
        if any(_FIRM.search(self._written(own)) for own in taken):
            raise _Uncertain(_TOOL)
        touched = {self._line_at(at) for at in (self._span.start, self._span.end)}
        touched |= {self._line_at(part.start) for part in removed}
        staying = [
            own
            for own in self._comments
            if own not in taken and self._line_at(own.start) in touched
        ]
        return self._tool_comments(staying)

    def _tool_comments(self, comments: Iterable[Span]) -> list[str]:
        written = [self._written(own) for own in comments]
        passes = [comment for comment in written if _PASSES.search(comment)]
        firm = any(map(_FIRM.search, written))
        if not self._alone:  # on one line they are about the other statements already
            if (passes or firm) and "\n" in self._written(self._span):
                raise _Uncertain(_SHARED_LINE)
            return []
        if firm:
            raise _Uncertain(_TOOL)
        return passes

    def _new_statements(self, copied: Sequence[str]) -> list[str]:
        """The imports of the names that leave, each with its comments and those to tools."""
        statements: list[str] = []
        shared = ""  # the module of the last statement, as long as it may take more names
        for n in self._leaving:
            destination, bound = self._moved[n], self._items[n].bound
            item = destination.item(bound)
            if destination.module and destination.module == shared and not self._commented(n):
                longer = f"{statements[-1]}, {item}"
                if len(self._indent) + len(longer) <= _LONGEST:
                    statements[-1] = longer
                    continue
            lead = "from " if destination.module else ""
            statement = f"{lead}{destination.imported(bound)}"
            comments = "".join(f"  {comment}" for comment in self._beside[n])
            statements.append(self._line_break.join([*self._above[n], f"{statement}{comments}"]))
            shared = "" if self._commented(n) else destination.module
        for comment in dict.fromkeys(copied):
            statements = [
                statement if comment in statement else f"{statement}  {comment}"
                for statement in statements
            ]
        return statements

    def _commented(self, n: int) -> bool:
        return bool(self._above[n] or self._beside[n])

    # Whether it is right

    def _prove(self, edits: Iterable[Edit]) -> None:
        """Parses what is there and what is written, and compares what they import."""
        region = Span(self._span.start, self._lines.end) if self._alone else self._span
        before = self._written(region)
        shifted = [Edit(edit.span.shift(-region.start), edit.replacement) for edit in edits]
        lead = f"if 1:\n{self._indent}" if self._alone and self._indent else ""
        old = _imported(f"{lead}{before}")
        module = self._statement.module
        written = "." * module.level + module.dotted
        expected = {(item.name, item.bound): (written, item.name) for item in self._items}
        if old != Counter((*place, bound) for (_, bound), place in expected.items()):
            raise _Uncertain(_UNREADABLE)
        for n, destination in self._moved.items():
            item = self._items[n]
            stays = destination.module == self._stays == self._statement.home
            place = written if stays else destination.module
            expected[item.name, item.bound] = place, destination.name
        new = _imported(f"{lead}{splice(before, shifted)}")
        if new != Counter((*place, bound) for (_, bound), place in expected.items()):
            raise _Uncertain(_UNREADABLE)


def _imported(program: str) -> Counter[tuple[str, str, str]]:
    """What a program of imports alone takes from where, and binds as what."""
    try:
        statements = ast.parse(program).body
    except (SyntaxError, ValueError):
        raise _Uncertain(_UNREADABLE) from None
    if len(statements) == 1 and isinstance(statements[0], ast.If):
        statements = statements[0].body
    imported: Counter[tuple[str, str, str]] = Counter()
    for statement in statements:
        match statement:
            case ast.ImportFrom():
                module = "." * statement.level + (statement.module or "")
            case ast.Import():
                module = ""
            case _:
                raise _Uncertain(_UNREADABLE)
        imported.update((module, name.name, name.asname or name.name) for name in statement.names)
    return imported
