"""The commands of a text: their words and places, what feeds them, and which files they open.

The evaluator of those who ask what a word is to the command that holds it. Words are as written,
because their places count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.interpreter import (
    Embedded,
    Evaluator,
    Invocation,
    ScriptInterpreter,
    command_name,
)
from unify_backend.languages.scripts.programs import ENGLISH, bare_name, find
from unify_backend.languages.scripts.shell_state import ShellState
from unify_backend.languages.scripts.statements import Redirection, Script, Token, dialect
from unify_backend.model.spans import Span

State = ShellState[None]

_KEPT = 64  # texts whose commands are remembered
_LITERAL = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`\n]*`")
_OF_BATCH = frozenset("start title taskkill tasklist wmic cmd set call".split())
_CMDLET = re.compile(r"[A-Z][A-Za-z]+-[A-Z][A-Za-z]+")  # of PowerShell: a verb and a noun
_OF_POWERSHELL = re.compile(r"\$\w|[A-Za-z]+-[A-Z]\w+(?:\s|$)")
_MARKS = re.compile(r"[\[\](){},;:=]+$|^[\[\](){},;:=@]+")


@dataclass(frozen=True, slots=True)
class ScriptCommand:
    """A command of a text. `words` begin with its name, `prefixes` are assignments and programs
    such as `sudo` in front. `sources` are the commands whose output it reads, `files` those that it
    opens. `shown`: it only shows its words. `text` is what its places count in."""

    text: str
    words: tuple[Token, ...]
    prefixes: tuple[Token, ...] = ()
    sources: tuple[ScriptCommand, ...] = ()
    files: tuple[Redirection, ...] = ()
    shown: bool = False

    @property
    def name(self) -> str:
        """The program, without folder and letter case."""
        return command_name(self.words[0].text)

    @property
    def texts(self) -> list[str]:
        """Its words without their places."""
        return [word.text for word in self.words]

    def number(self, span: Span) -> int | None:
        """The number of the word that holds a stretch of the text."""
        for n, word in enumerate(self.words):
            if word.span.holds(span):
                return n
        return None

    def feeding(self) -> Iterator[ScriptCommand]:
        """All commands in front of it in its pipeline, the nearest first."""
        for source in self.sources:
            yield source
            yield from source.feeding()


class ScriptCommands:
    """The commands of one text."""

    def __init__(self, commands: Iterable[ScriptCommand]) -> None:
        self.all = tuple(commands)
        words = ((word, command) for command in self.all for word in command.words)
        self._words = sorted(
            ((word.start, word.start + len(word.text), command) for word, command in words),
            key=lambda entry: entry[0],
        )
        self._starts = [start for start, _, _ in self._words]
        self._ends = list(accumulate((end for _, end, _ in self._words), max))

    def around(self, span: Span) -> ScriptCommand | None:
        """The command that holds a stretch of the text in the shortest of its words, else one that
        holds it in several."""
        best: tuple[int, ScriptCommand] | None = None
        n = bisect_right(self._starts, span.start) - 1
        while n >= 0 and self._ends[n] >= span.end:
            start, end, command = self._words[n]
            if end >= span.end and (best is None or end - start < best[0]):
                best = end - start, command
            n -= 1
        return best[1] if best else self._across(span)

    def _across(self, span: Span) -> ScriptCommand | None:
        n = bisect_right(self._starts, span.start) - 1
        command = self._words[n][2] if n >= 0 else None
        if command is None or not Span(*_place(command)).holds(span):
            return None
        return command


@lru_cache(maxsize=_KEPT)
def script_commands(text: str, language: str) -> ScriptCommands:
    """The commands of a script, those in its functions and arguments included, each once; none
    where it cannot be read."""
    try:
        script = dialect(language).parse(text)
    except FormError:
        return ScriptCommands(())
    evaluator = _Commands(text)
    ScriptInterpreter(dialect(language), evaluator).run(script, ShellState(None))
    return ScriptCommands(evaluator.found.values())


def commands_beside(line: str, span: Span) -> Iterator[ScriptCommand]:
    """The commands that a line of another language may hold around a stretch of it: in one string,
    in the strings of a list, and as it stands. Each begins with a program of the table."""
    literal = literal_around(line, span)
    if literal is not None:
        inner = literal.span
        code = line[inner.start : inner.end].replace('\\"', ' "').replace("\\'", " '")
        if (begin := _program_at(code)) is not None and re.search(r"\s", code):
            code = " " * begin + code[begin:]
            commands = script_commands(code, _language_of(code)).all
            yield from (_shifted(command, line, inner.start) for command in commands)
        yield from _from_program(line, list(_literals(line)))
        return
    code = line
    if (begin := _program_at(code)) is not None:
        code = " " * begin + code[begin:]
        yield from script_commands(code, _language_of(code)).all


def literal_around(line: str, span: Span) -> Token | None:
    """The quoted text on a line that holds a stretch of it."""
    for literal in _literals(line):
        if literal.span.holds(span):
            return literal
    return None


def _literals(line: str) -> Iterator[Token]:
    for match in _LITERAL.finditer(line):
        yield Token(match[0][1:-1], match.start() + 1, True, match[0])


def _program_at(code: str) -> int | None:
    """Where the first word stands that is a program's name and no word of English."""
    for match in re.finditer(r"[^\s|&;]+", code):
        word = _MARKS.sub("", match[0].strip("\"'`"))
        if word and _is_program(word):
            return match.start() + match[0].find(word)
    return None


def _is_program(word: str) -> bool:
    name = bare_name(word)
    if _CMDLET.fullmatch(word):  # the table has those that matter by themselves
        return True
    return find(word) is not None and (name not in ENGLISH or name in _OF_BATCH)


def _language_of(code: str) -> str:
    first = next(iter(code.split()), "")
    if bare_name(first) in _OF_BATCH:
        return "batch"
    return "powershell" if _OF_POWERSHELL.match(code.lstrip()) else "shell"


def _from_program(text: str, words: Sequence[Token]) -> Iterator[ScriptCommand]:
    for n, word in enumerate(words):
        if _is_program(word.text):
            yield ScriptCommand(text, tuple(words[n:]))
            return


class _Commands(Evaluator[State]):
    """The evaluator; `found` is by the places of the commands, because a function may run several
    times."""

    def __init__(self, text: str) -> None:
        self.found: dict[tuple[int, int], ScriptCommand] = {}
        self._text = text
        self._of: dict[int, tuple[Invocation[State], ScriptCommand]] = {}

    def entered(self, state: State, target: Token) -> State:
        """Folders are not followed."""
        return state

    def assigned(self, state: State, name: Word, values: Sequence[Token], exported: bool) -> State:
        """Values are not followed."""
        return state

    def joined(self, ways: Sequence[State], otherwise: State) -> State:
        """Nothing is known that could differ."""
        return otherwise

    def command(self, command: Invocation[State]) -> State:
        """A command."""
        self._add(command)
        return command.state

    def output(self, command: Invocation[State]) -> None:
        """A command that shows its words."""
        self._add(command, shown=True)

    def launched(self, command: Invocation[State]) -> None:
        """`start "title" program`: the program comes next."""
        self._add(command)

    def captured(self, command: Invocation[State]) -> None:
        """A command whose output a variable gets."""
        self._add(command)

    def embedded(self, script: Embedded, state: State, label: str) -> Script | None:
        """The commands of a script in an argument."""
        for command in script_commands(script.text.text, script.language).all:
            inner = _shifted(command, self._text, script.text.start)
            self.found.setdefault(_place(inner), inner)
        return None

    def _add(self, invocation: Invocation[State], shown: bool = False) -> None:
        command = self._converted(invocation, shown)
        self.found.setdefault(_place(command), command)

    def _converted(self, invocation: Invocation[State], shown: bool = False) -> ScriptCommand:
        known = self._of.get(id(invocation))
        if known is not None and known[0] is invocation:
            return known[1]
        sources = tuple(self._converted(source) for source in invocation.sources)
        words, prefixes, files = invocation.words, invocation.prefixes, invocation.files
        command = ScriptCommand(self._text, words, prefixes, sources, files, shown)
        self._of[id(invocation)] = invocation, command
        return command


def _place(command: ScriptCommand) -> tuple[int, int]:
    last = command.words[-1]
    return command.words[0].start, last.start + len(last.text)


def _shifted(command: ScriptCommand, text: str, by: int) -> ScriptCommand:
    def moved(words: Sequence[Token]) -> tuple[Token, ...]:
        return tuple(replace(word, start=word.start + by) for word in words)

    return ScriptCommand(
        text,
        moved(command.words),
        moved(command.prefixes),
        tuple(_shifted(source, text, by) for source in command.sources),
        tuple(Redirection(file.operator, moved([file.target])[0]) for file in command.files),
        command.shown,
    )
