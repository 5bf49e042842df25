"""The results of a kind of coupling, and the references that it searches."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from unify_backend.languages.contexts import COMMAND_LANGUAGES, Places, ScriptText, place
from unify_backend.languages.label_marks import may_have
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.registry import READERS, variables
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import split_commands
from unify_backend.languages.scripts.script_commands import (
    ScriptCommand,
    script_commands,
)
from unify_backend.languages.scripts.variable_uses import VariableUse
from unify_backend.model.evidence import Evidence, Label, NameKind
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names, Reference
from unify_backend.model.spans import Span
from unify_backend.references.decision import is_settled
from unify_backend.references.limits import language_read

if TYPE_CHECKING:
    from unify_backend.languages.python.data_flow import Flows

Read = Callable[[str], str | None]

_DOCUMENTS = (
    ".md",
    ".mdx",
    ".mdc",
    ".markdown",
    ".rst",
    ".txt",
    ".adoc",
    ".html",
    ".htm",
    ".patch",
)
_READ_AS_CODE = frozenset({Evidence.PARSED_IMPORT, Evidence.BOUND_NAME, Evidence.DIAGRAM})
_TEXTS = frozenset({ContextKind.STRING, ContextKind.VALUE, ContextKind.CODE_SPAN})
_NO_NAMES = frozenset({NameKind.ADDRESS, NameKind.BINARY})
_CONTINUED = re.compile(r"[\\^`|]\s*$|&&\s*$")
_MOST_LINES = 6  # of a continued command
_NEAR = 600  # characters: words further away on a line are no evidence


@dataclass(frozen=True, slots=True)
class Link:
    """Two references (by index) that must change in step.

    `place` depends on `other`: the pattern on the command, the use on the definition. `fits` says
    whether the two still agree once both are rewritten. `proposal` is what `place` has to become,
    for where the judge left it in doubt (`is_doubtful`); None where nothing fits. With `follows`
    only `place` is touched: a document tells what `other` does, and `other` runs without it.
    """

    place: int
    other: int
    fits: bool
    proposal: str | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of coupling: a short name for its groups, why they are coupled, and who finds it."""

    name: str
    why: str
    find: Callable[[ReferenceTexts], Iterable[Link]]


class ReferenceTexts:
    """All references of a repository, with the text around them; a file is read when asked for."""

    def __init__(
        self, references: Sequence[Reference], read: Read, moves: Sequence[PackageMove] = ()
    ) -> None:
        self.references = references
        self.moves = {move.legacy: move.as_spelled for move in moves}
        self._read = read
        self._texts: dict[str, str] = {}
        self._flows: dict[str, Flows | None] = {}
        self._places: dict[str, Places] = {}
        self._live_spans: dict[str, list[Span]] = {}
        self._variables: dict[str, dict[Span, VariableUse]] = {}

    @cached_property
    def executed(self) -> tuple[int, ...]:
        """References that something runs or reads: no document, comment, import or history."""
        return tuple(n for n in self._live if not _in_document(self.references[n]))

    @cached_property
    def told(self) -> tuple[int, ...]:
        """References in the commands that documents tell people to type."""
        return tuple(
            n
            for n in self._live
            if _in_document(self.references[n])
            and (self.references[n].command or self.references[n].kind is NameKind.LOOKALIKE)
        )

    @cached_property
    def _live(self) -> tuple[int, ...]:
        return tuple(
            n
            for n, reference in enumerate(self.references)
            if reference.names is not Names.CANONICAL
            and not reference.comment
            and reference.kind not in _NO_NAMES
            and reference.evidence not in _READ_AS_CODE
            and not is_settled(reference)
        )

    def text(self, path: str) -> str:
        """The file's text; empty where there is none."""
        if path not in self._texts:
            self._texts[path] = self._read(path) or ""
        return self._texts[path]

    def flows(self, path: str) -> Flows | None:
        """The flow of literals in a Python file; None where it cannot be parsed."""
        if path not in self._flows:
            from unify_backend.languages.python.data_flow import Flows
            from unify_backend.languages.python.source import PythonSource, python_source

            source = python_source(self.text(path))
            self._flows[path] = Flows(source) if isinstance(source, PythonSource) else None
        return self._flows[path]

    def _language(self, path: str) -> str:
        return language_read(path, self.text(path), len(self._spans.get(path, ())))

    def variables(self, path: str) -> Mapping[Span, VariableUse]:
        """The places in a file that set variables or read them, by the spans of the names."""
        if path not in self._variables:
            text = self.text(path)
            uses = variables(self._language(path), text)
            self._variables[path] = {use.place: use for use in uses}
        return self._variables[path]

    def label(self, n: int) -> Label | None:
        """What the place takes a reference for the name of, as the language of its file tells; None
        where that is not known."""
        reference = self.references[n]
        return reference.label if reference.languages else self._zone(n).label

    def labelled(self, *labels: Label) -> Iterator[tuple[int, Label]]:
        """The references outside of documents that have one of `labels` (keys of `MARKS`)."""
        may: dict[str, bool] = {}
        for n in self.executed:
            reference = self.references[n]
            path = reference.path
            if not reference.languages:
                if path not in may:
                    may[path] = may_have(self.text(path).lower(), labels)
                if not may[path]:
                    continue
            label = self.label(n)
            if label in labels and self.known(n):
                yield n, label

    def label_in_command(self, n: int) -> Label | None:
        """The same, where a text that may be a command is read as one."""
        label = self.label(n)
        if label not in {None, Label.SHOWN}:
            return label
        span, zone = self.references[n].span, self._zone(n)
        if zone.context not in _TEXTS:
            return None
        text = self.text(self.references[n].path)
        content = text[zone.span.start : zone.span.end]
        start = zone.span.end - len(content.lstrip("\"'`"))
        commands = split_commands(content.strip("\"'`"), start)
        roles = (role for words in commands for role in contexts_of(words, [span], ""))
        return next((role.label for role in roles), None)

    def escapes(self, n: int) -> bool:
        """Whether a backslash escapes the next character there."""
        return self._zone(n).escapes

    def _zone(self, n: int) -> SyntaxContext:
        path, span = self.references[n].path, self.references[n].span
        return self._placed(path).zones[self._hits(path).index(span)]

    def command(self, n: int) -> tuple[ScriptCommand, Span] | None:
        """The command of a script that holds a reference, and where it is in that script's text;
        None where the file is no script, and hands the place to none."""
        return self.command_at(n, self.references[n].span)

    def command_at(self, n: int, span: Span) -> tuple[ScriptCommand, Span] | None:
        """The same for another stretch of the file that holds the reference."""
        for script in reversed(self._scripts(n)):
            inner = script.inner(span)
            commands = script_commands(script.text, script.language) if inner else None
            if inner and commands and (command := commands.around(inner)):
                return command, inner
        return None

    def _scripts(self, n: int) -> Sequence[ScriptText]:
        reference = self.references[n]
        path, languages = reference.path, reference.languages
        language = languages[0] if languages else self._language(path)
        if language in COMMAND_LANGUAGES:
            return [ScriptText(language, self.text(path), lambda span: span)]
        if languages and COMMAND_LANGUAGES.isdisjoint(languages):
            return ()
        return self._placed(path).scripts

    def _hits(self, path: str) -> list[Span]:
        if path not in self._live_spans:
            length, spans = len(self.text(path)), self._live_in.get(path, ())
            self._live_spans[path] = sorted(span for span in spans if span.end <= length)
        return self._live_spans[path]

    @cached_property
    def _live_in(self) -> Mapping[str, set[Span]]:
        spans: dict[str, set[Span]] = defaultdict(set)
        for n in self._live:
            spans[self.references[n].path].add(self.references[n].span)
        return spans

    def _placed(self, path: str) -> Places:
        if path not in self._places:
            fragment = Fragment(path, self.text(path), self._hits(path))
            self._places[path] = place(READERS, self._language(path), fragment)
        return self._places[path]

    @cached_property
    def _spans(self) -> Mapping[str, set[Span]]:
        spans: dict[str, set[Span]] = defaultdict(set)
        for reference in self.references:
            spans[reference.path].add(reference.span)
        return spans

    def known(self, n: int) -> bool:
        """Whether the file still holds the reference where it says, outside of comments."""
        reference = self.references[n]
        text = self.text(reference.path)
        if text[reference.span.start : reference.span.end] != reference.text:
            return False
        return bool(reference.languages) or not self._zone(n).comment

    def before(self, n: int) -> str:
        """The text before it in the same command: the line, and those it continues."""
        reference = self.references[n]
        text = self.text(reference.path)
        start = _line_start(text, reference.span.start)
        for _ in range(_MOST_LINES):
            previous = _line_start(text, max(0, start - 1))
            if start == 0 or not _CONTINUED.search(text, previous, start - 1):
                break
            start = previous
        return text[max(start, reference.span.start - _NEAR) : reference.span.start]

    def spoken(self, n: int) -> bool:
        """Whether a program only prints the command for people to read, as a document does."""
        if known := self.command(n):
            return known[0].shown
        return self.label(n) is Label.SHOWN

    def line(self, n: int) -> tuple[str, Span]:
        """The line that holds it, those that it continues in front, and its place there."""
        before, reference = self.before(n), self.references[n]
        span = Span(len(before), len(before) + len(reference.text))
        return before + reference.text + self.after(n), span

    def after(self, n: int) -> str:
        """The rest of the line behind."""
        reference = self.references[n]
        text = self.text(reference.path)
        end = text.find("\n", reference.span.end, reference.span.end + _NEAR)
        return text[reference.span.end : end if end >= 0 else reference.span.end + _NEAR]

    def around(self, n: int, letters: str) -> tuple[str, str]:
        """The whole word that holds the reference, made of `letters` (a class of characters), as
        it is and as it becomes."""
        return self.within(n, self.word(n, letters))

    def within(self, n: int, span: Span) -> tuple[str, str]:
        """The text at `span`, which holds the reference, as it is and as it becomes."""
        reference = self.references[n]
        text = self.text(reference.path)
        lead = text[span.start : reference.span.start]
        rest = text[reference.span.end : span.end]
        return lead + reference.text + rest, lead + future(reference) + rest

    def dotted(self, n: int) -> tuple[str, str]:
        """The same for a dotted name. A key is a name by itself, whatever dots join it to."""
        reference = self.references[n]
        if reference.kind is NameKind.KEY:
            return reference.text, future(reference)
        return self.around(n, r"\w.")

    def word(self, n: int, letters: str) -> Span:
        """Where that word stands."""
        span, word = self.references[n].span, re.compile(rf"[{letters}]*")
        tail = word.match(self.after(n))
        head = word.match(self.before(n)[::-1])  # backwards: a long line is not searched
        return Span(
            span.start - (head.end() if head else 0), span.end + (tail.end() if tail else 0)
        )


def read_as(reference: Reference, *languages: str) -> bool:
    """Whether the file that holds it was read in one of these languages."""
    return bool(reference.languages) and reference.languages[0] in languages


def future(reference: Reference) -> str:
    """The text of the reference after the rewrite, if a replacement is known."""
    return reference.replacement or reference.text


def plain(text: str) -> str:
    """A name as the program gets it: escaped backslashes are single ones."""
    return text.replace("\\\\", "\\")


def _line_start(text: str, at: int) -> int:
    """Where the line begins, or as far back as it matters."""
    start = max(0, at - _NEAR)
    return max(start, text.rfind("\n", start, at) + 1)


def _in_document(reference: Reference) -> bool:
    return read_as(reference, "markdown") or reference.path.lower().endswith(_DOCUMENTS)
