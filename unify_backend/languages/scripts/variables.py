"""The variables of a script: which command or assignment sets each, and where it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.command_line import Word, arguments
from unify_backend.languages.scripts.interpreter import Evaluator, Invocation, ScriptInterpreter
from unify_backend.languages.scripts.programs import WordUse
from unify_backend.languages.scripts.shell_state import ShellState
from unify_backend.languages.scripts.statements import Token, dialect
from unify_backend.languages.scripts.variable_uses import (
    BATCH,
    POWERSHELL,
    SHELL,
    VariableUse,
    assigned,
    reads,
)
from unify_backend.model.spans import Span

State = ShellState[None]

_PATTERNS = {"shell": SHELL, "batch": BATCH, "powershell": POWERSHELL}
# What is in quotes of its own, and what an escape makes plain; batch has neither
_PIECES = {
    "shell": re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"?|\\.|[^'\"\\]+|.", re.DOTALL),
    "batch": re.compile(r".+", re.DOTALL),
    "powershell": re.compile(r"'[^']*'|\"(?:`.|[^\"`])*\"?|`.|[^'\"`]+|.", re.DOTALL),
}
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=")
_ADDS = re.compile(r"\}?[ \t]*\+=")
_FILLS = frozenset({"read", "mapfile", "readarray", "getopts", "unset"})


def script_variables(text: str, language: str, start: int = 0) -> tuple[VariableUse, ...]:
    """The variables that a text at `start` sets and reads, by place; none where it cannot be read
    as a script of the language."""
    try:
        script = dialect(language).parse(text)
    except FormError:
        return ()
    evaluator = _Variables(text, language)
    ScriptInterpreter(dialect(language), evaluator).run(script, ShellState(None))
    uses = sorted(evaluator.uses.values(), key=lambda use: use.span)
    return tuple(_shifted(use, start) for use in uses) if start else tuple(uses)


def shell_variables(text: str) -> tuple[VariableUse, ...]:
    """Those of a shell script."""
    return script_variables(text, "shell")


def batch_variables(text: str) -> tuple[VariableUse, ...]:
    """Those of a batch file."""
    return script_variables(text, "batch")


def powershell_variables(text: str) -> tuple[VariableUse, ...]:
    """Those of a PowerShell script."""
    return script_variables(text, "powershell")


def _shifted(use: VariableUse, start: int) -> VariableUse:
    held = use.held.shift(start) if use.held else None
    return replace(use, place=use.place.shift(start), span=use.span.shift(start), held=held)


class _Variables(Evaluator[State]):
    """The evaluator; `uses` are by their spans, because a function may run several times."""

    def __init__(self, text: str, language: str) -> None:
        self.uses: dict[Span, VariableUse] = {}
        self._text, self._language = text, language

    def entered(self, state: State, target: Token) -> State:
        """The folder may be in a variable."""
        self._read([target])
        return state

    def assigned(self, state: State, name: Word, values: Sequence[Token], exported: bool) -> State:
        """A variable is set; `NAME+=` only adds to it."""
        self._read(values)
        end = name.start + len(name.text)
        known = len(values) == 1 and not _ADDS.match(self._text, end)
        value = values[0] if known else None
        self._set(name, exported, value)
        return state

    def bound(self, state: State, name: Word) -> State:
        """A variable gets a value that only the run tells."""
        self._set(name, False)
        return state

    def exported(self, state: State, name: str) -> State:
        """A variable that was set before is handed on."""
        for span, use in self.uses.items():
            if use.sets and use.name == name:
                self.uses[span] = replace(use, exported=True)
        return state

    def joined(self, ways: Sequence[State], otherwise: State) -> State:
        """Nothing is known that could differ."""
        return otherwise

    def command(self, command: Invocation[State]) -> State:
        """The words of a command, and what those set: `NAME=value command`, `-e NAME=value`."""
        self._read([*command.prefixes, *command.words])
        for word in command.prefixes:
            self._of_word(word, 0)
        for argument in arguments([word.text for word in command.words]):
            if argument.value.use is WordUse.VARIABLE:
                self._of_word(command.words[argument.index], argument.begin)
        if command.name in _FILLS:
            for word in command.words[1:]:
                if re.fullmatch(r"[A-Za-z_]\w*", word.text):
                    self._set(word, False)
        return command.state

    def operands(self, words: Sequence[Token], state: State) -> None:
        """Files that are tested or opened."""
        self._read(words)

    def output(self, command: Invocation[State]) -> None:
        """What is shown."""
        self._read(command.words[1:], shown=True)

    def input(self, words: Sequence[Token], text: Word, state: State, label: str) -> None:
        """A here-document gets the values of variables, and so does a here-string in its quotes."""
        if isinstance(text, Token) and text.raw:
            self._read([text])
            return
        self._add(reads(text.text, text.start, _PATTERNS[self._language]))

    def _of_word(self, word: Token, begin: int) -> None:
        if match := _ASSIGNED.match(word.text, begin):
            name = Word(match["name"], word.start + match.start("name"))
            self._set(name, True)

    def _set(self, name: Word, exported: bool, value: Token | None = None) -> None:
        place = name.span
        text = None if value is None else value.text
        held = None if value is None else value.span
        self._add([assigned(name.text, place, text, held, exported)])

    def _read(self, words: Sequence[Token], *, shown: bool = False) -> None:
        for word in words:
            raw = word.raw or word.text
            start = word.start - max(0, raw.find(word.text))
            for piece in _PIECES[self._language].finditer(raw):
                if piece[0][0] != "'" or self._language == "batch":
                    uses = reads(piece[0], start + piece.start(), _PATTERNS[self._language])
                    self._add(uses, shown=shown)

    def _add(self, uses: Iterator[VariableUse] | list[VariableUse], *, shown: bool = False) -> None:
        for use in uses:
            before = self.uses.get(use.span)
            both = shown and (before is None or before.shown)
            self.uses[use.span] = replace(use, shown=both)
