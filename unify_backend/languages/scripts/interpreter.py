"""The one interpreter of scripts: in which folder, and with which variables, each command runs.

It knows what commands do to the shell (`cd`, `pushd`, `export`, `exit`, functions, subshells,
branches), the same for shell, batch and PowerShell. What a folder *is* it leaves to an `Evaluator`:
a path in the repository (what does a script start), steps before and after a package's move (what
changes its meaning), levels above the script (what breaks when the script moves).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from unify_backend.languages.scripts.command_line import (
    Word,
    arguments,
    bare_name,
    past_prefixes,
    split_commands,
)
from unify_backend.languages.scripts.programs import Group, WordUse, find, shows
from unify_backend.languages.scripts.shell_state import Flow, ShellState
from unify_backend.languages.scripts.statements import (
    AndList,
    Assignment,
    Block,
    Bound,
    Branches,
    Dialect,
    Either,
    Function,
    Label,
    Loop,
    Operands,
    Pipeline,
    Redirected,
    Redirection,
    Script,
    Simple,
    Statement,
    Subshell,
    Token,
    commands_only,
    simple,
    token,
    written,
)

S = TypeVar("S", bound=ShellState[Any])

CHANGES = frozenset({"cd", "chdir", "pushd", "set-location", "sl", "push-location"})
_PUSHES = frozenset({"pushd", "push-location"})
_POPS = frozenset({"popd", "pop-location"})
_SCRIPTS = {WordUse.SHELL: "shell", WordUse.BATCH: "batch", WordUse.POWERSHELL: "powershell"}
AWAY = frozenset({Group.REMOTE, Group.CONTAINER})  # their commands run on other machines
_SETS = frozenset({"export", "set", "declare", "local", "readonly", "setx", "typeset"})
_EXPORTS = _SETS - {"set", "local", "typeset"}
_ENDS = {
    "exit": Flow.EXITED,
    "goto": Flow.JUMPED,
    "return": Flow.RETURNED,
    **dict.fromkeys(("break", "continue"), Flow.BROKE),
}
_RETURNS = frozenset({":eof", "/b"})  # batch: `goto :eof`, `exit /b`
_OPTION = re.compile(r"-[A-Za-z]\w*|--|/d", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=(?P<value>.*)", re.DOTALL)
_ALIAS = re.compile(r"(?P<name>[\w-]+)=(?P<quote>[\"']?)(?P<code>.*?)(?P=quote)", re.DOTALL)
_CALLED = re.compile(r"[A-Za-z]+(?P<noun>-[A-Za-z]+)?[\w.-]*")
_JOINED_CD = re.compile(r"(?i)(cd|chdir)(?=[.\\])")
_PARAMETERS = {  # of Start-Process, by their first letter
    "-filepath": "f",
    "-argumentlist": "a",
    "-args": "a",
    "-workingdirectory": "w",
}
_SWITCHES = frozenset({"-passthru", "-nonewwindow", "-wait", "-usenewenvironment"})
_DEEPEST = 40  # statements in statements; below, nothing is followed any more
_NESTED_CALLS = 8
_MOST_CALLS = 500  # functions that call functions: a text could ask for any number


@dataclass(frozen=True, slots=True)
class Invocation(Generic[S]):
    """A command that runs. `words` begin with its name; `prefixes` are assignments and programs
    such as `sudo` in front of it. `state` is that of the shell that runs it, `label` the function
    or the place in the file to which it belongs. `sources` are the commands whose output it reads,
    `files` those that it reads or writes."""

    words: tuple[Token, ...]
    prefixes: tuple[Token, ...]
    state: S
    label: str = ""
    sources: tuple[Invocation[S], ...] = ()
    files: tuple[Redirection, ...] = ()

    @property
    def name(self) -> str:
        """The program, without folder and letter case."""
        return command_name(self.words[0].text)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A script in an argument: `bash -c "…"`. `words` are the command's around it."""

    language: str
    text: Word
    words: tuple[Token, ...]


class Evaluator(ABC, Generic[S]):
    """What folders and values are to one consumer, and what it does with each command."""

    @abstractmethod
    def entered(self, state: S, target: Token) -> S:
        """After `cd target`."""

    @abstractmethod
    def assigned(self, state: S, name: Word, values: Sequence[Token], exported: bool) -> S:
        """After a variable was set to `values`: as they are written, those without `raw` as
        programs get them."""

    @abstractmethod
    def joined(self, ways: Sequence[S], otherwise: S) -> S:
        """After branches; `otherwise` is the likeliest where they do not agree."""

    @abstractmethod
    def command(self, command: Invocation[S]) -> S:
        """A command runs; gives the state after it."""

    def expanded(self, words: Sequence[Token], state: S) -> Sequence[Token]:
        """The words of a command as the program gets them."""
        return words

    def bound(self, state: S, name: Word) -> S:
        """After a variable got a value that only the run tells."""
        return state

    def exported(self, state: S, name: str) -> S:
        """After a variable that was set before is handed on to programs."""
        return state

    def elsewhere(self, state: S) -> S:
        """From here on the shell may as well be in another folder."""
        return state

    def unknown(self, state: S) -> S:
        """In an unknown folder."""
        return self.elsewhere(state)

    def operands(self, words: Sequence[Token], state: S) -> None:
        """Words that name files without running anything."""

    def output(self, command: Invocation[S]) -> None:
        """A command that shows its words."""

    def launched(self, command: Invocation[S]) -> None:
        """A command that starts another one, which comes next, in a window or process of its
        own."""

    def captured(self, command: Invocation[S]) -> None:
        """A command whose output a variable gets."""

    def embedded(self, script: Embedded, state: S, label: str) -> Script | None:
        """A script in an argument: the statements to follow in a shell of its own, if any."""
        return Script(script.text.text, commands_only(script.text.text, script.text.start))

    def input(self, words: Sequence[Token], text: Word, state: S, label: str) -> None:
        """Text that a command reads."""


class ScriptInterpreter(Generic[S]):
    """Walks the statements of one script in the order in which they run."""

    def __init__(self, dialect: Dialect, evaluator: Evaluator[S]) -> None:
        self._dialect, self._evaluator = dialect, evaluator
        self._functions: dict[str, Function] = {}
        self._called: set[str] = set()
        self._calls: list[str] = []
        self._budget = _MOST_CALLS
        self._label = ""
        self._depth = 0
        self._files: tuple[Redirection, ...] = ()
        self._sources: tuple[Invocation[S], ...] = ()
        self._ran: list[Invocation[S]] = []

    def run(self, script: Script, state: S) -> S:
        """The state after the whole script. Functions that nothing in it calls are followed at its
        end: others may call them, from anywhere."""
        state = self._block(script.statements, state)
        for name in [function for function in self._functions if function not in self._called]:
            self._call(name, self._evaluator.unknown(state))
        return state

    def _block(self, statements: Sequence[Statement], state: S) -> S:
        """The state after the statements. What stands behind an `exit` is followed too, but leads
        nowhere; a label of a batch file is where other lines jump to."""
        ended: S | None = None
        for statement in statements:
            if isinstance(statement, Label):
                ended = None
            elif ended is None and state.flow is not Flow.RUNS:
                ended, state = state, replace(state, flow=Flow.RUNS)
            self._depth += 1
            deep = self._depth > _DEEPEST
            state = self._evaluator.unknown(state) if deep else self._statement(statement, state)
            self._depth -= 1
        return state if ended is None else ended

    def _statement(self, statement: Statement, state: S) -> S:
        evaluator = self._evaluator
        match statement:
            case Simple(words):
                return self.simple(words, state)
            case Assignment(name, values, exported):
                if self._dialect.name == "powershell" and _is_call(values):
                    self._heard(evaluator.captured, tuple(evaluator.expanded(values, state)), state)
                return evaluator.assigned(state, name, values, exported)
            case Bound(name):
                return evaluator.bound(state, name)
            case Operands(words):
                evaluator.operands(words, state)
            case Block(body):
                return self._block(body, state)
            case Subshell(body):
                self._block(body, state)
            case Loop(body):
                ended = self._block(body, state)
                if ended.flow is Flow.BROKE:
                    ended = replace(ended, flow=state.flow)
                return self._joined([state, ended], state)
            case Branches(condition, arms, complete):
                tested = self._block(condition, state)
                ways = [self._block(arm, tested) for arm in arms]
                return self._joined(ways if complete and ways else [tested, *ways], tested)
            case AndList(parts):
                for part in parts:
                    done = self._block(part, state)
                    if done.flow is not Flow.RUNS and part is not parts[0]:
                        return state  # what ends the script may not have run: it goes on
                    state = done
            case Either(first, second):
                done = self._block(first, state)
                other = self._block(second, state)
                same = other.folder == state.folder or other.flow is not Flow.RUNS
                return done if same else self._joined([done, other], done)
            case Function(name):
                self._functions[name.lower()] = statement
                self._called.discard(name.lower())
            case Label(name):
                self._label = name
                return replace(evaluator.elsewhere(state), flow=Flow.RUNS)
            case Redirected():
                return self._redirected(statement, state)
            case Pipeline(parts):
                return self._pipeline(parts, state)
        return state

    def _redirected(self, statement: Redirected, state: S) -> S:
        evaluator = self._evaluator
        if statement.files:
            evaluator.operands([file.target for file in statement.files], state)
        for reader in statement.body if statement.inputs else ():
            if isinstance(reader, Simple):
                for text in statement.inputs:
                    words = evaluator.expanded(reader.words, state)
                    evaluator.input(words, text, state, self._label)
        files, self._files = self._files, (*self._files, *statement.files)
        state = self._block(statement.body, state)
        self._files = files
        return state

    def _pipeline(self, parts: Sequence[tuple[Statement, ...]], state: S) -> S:
        sources, files, ran = self._sources, self._files, self._ran
        for n, part in enumerate(parts):
            last = n == len(parts) - 1
            self._ran, self._files = [], files if last else ()
            state = self._block(part, state)
            self._sources = tuple(self._ran)
        self._sources, self._files, self._ran = sources, files, [*ran, *self._ran]
        return state

    def _joined(self, ways: Sequence[S], otherwise: S) -> S:
        going_on = [way for way in ways if way.flow is Flow.RUNS] or ways
        first, *others = going_on
        if not others:
            return first
        joined = self._evaluator.joined(going_on, otherwise)
        same_stack = all(way.stack == first.stack for way in others)
        same_left = all(way.left == first.left for way in others)
        return replace(
            joined,
            stack=first.stack if same_stack else otherwise.stack,
            left=first.left if same_left else None,
            flow=first.flow,
        )

    def _heard(
        self, hear: Callable[[Invocation[S]], None], words: tuple[Token, ...], state: S
    ) -> None:
        command = Invocation(words, (), state, self._label, self._sources, self._files)
        self._ran.append(command)
        hear(command)

    def simple(self, words: Sequence[Token], state: S) -> S:
        """The state after one command."""
        return self._command(tuple(self._evaluator.expanded(words, state)), state)

    def _command(self, words: tuple[Token, ...], state: S) -> S:
        evaluator = self._evaluator
        at = past_prefixes([word.text for word in words])
        prefixes, words = words[:at], words[at:]
        if not words:
            return self._assignments(prefixes, state, exported=False)
        name, words = _named(words)
        if name in _POPS:
            return self._popped(state)
        if name in CHANGES:
            return self._changed(name, words[1:], state)
        if name in self._functions:
            return self._call(name, state)
        if name in _ENDS and len(words) <= 3:
            returns = {word.text.lower() for word in words[1:2]} & _RETURNS
            return replace(state, flow=Flow.RETURNED if returns else _ENDS[name])
        if name == "setlocal":
            return replace(state, saved=(*state.saved, state.folder))
        if name == "endlocal":
            if not state.saved:
                return evaluator.elsewhere(state)
            return replace(state.went(state.saved[-1]), saved=state.saved[:-1])
        if name in _SETS:
            return self._assignments(words[1:], state, exported=name in _EXPORTS)
        if name == "alias":
            for word in words[1:]:
                self._alias(word)
            return state
        command = Invocation(words, prefixes, state, self._label, self._sources, self._files)
        self._ran.append(command)
        if shows(find(name)):
            evaluator.output(command)
            return state
        if started := self._started(name, words):
            evaluator.launched(command)
            program, folder = started
            inside = evaluator.entered(state, folder) if folder else state
            self._depth += 1
            if self._depth <= _DEEPEST:
                self._command(tuple(program), inside)
            self._depth -= 1
            return state
        for script in embedded_scripts(words):
            inner = evaluator.embedded(script, state, self._label)
            if inner is not None:
                self._block(inner.statements, state)
        return evaluator.command(command)

    def _started(
        self, name: str, words: Sequence[Token]
    ) -> tuple[list[Token], Token | None] | None:
        """The command that runs in a window or process of its own, and the folder that it is
        given; None where the command starts none."""
        match self._dialect.name, name:
            case "batch", "start":
                return of_start(words)
            case "powershell", "start" | "saps" | "start-process":
                return _of_start_process(words)
            case _:
                return None

    def _assignments(self, words: Sequence[Token], state: S, exported: bool) -> S:
        for word in words:
            if match := _ASSIGNED.fullmatch(word.text):
                at = word.start + match.start("value")
                value = _unquoted(Token(match["value"], at, word.quoted))
                name = Word(match["name"], word.start)
                state = self._evaluator.assigned(state, name, [value], exported)
            elif exported and not word.text.startswith("-"):
                state = self._evaluator.exported(state, word.text)
        return state

    def _alias(self, word: Token) -> None:
        """`alias go='cd old && …'`: a function in other words."""
        if match := _ALIAS.fullmatch(word.text):
            code = split_commands(match["code"], word.start + match.start("code"))
            body = tuple(simple(words) for words in code)
            self._functions[match["name"].lower()] = Function(match["name"], body)
            self._called.discard(match["name"].lower())

    def _call(self, name: str, state: S) -> S:
        self._called.add(name)
        if name in self._calls or len(self._calls) >= _NESTED_CALLS or not self._budget:
            return self._evaluator.elsewhere(state)
        self._budget -= 1
        function = self._functions[name]
        label, self._label = self._label, function.name.removeprefix(":")
        self._calls.append(name)
        ended = self._block(function.body, state)
        self._calls.pop()
        self._label = label
        if ended.flow is Flow.EXITED:
            return ended
        if ended.flow is Flow.JUMPED:  # nobody knows where that ends
            ended = self._evaluator.elsewhere(ended)
        if len(ended.saved) > len(state.saved):  # batch ends a `setlocal` with the call
            ended = replace(ended.went(ended.saved[len(state.saved)]), saved=state.saved)
        return replace(ended, flow=state.flow)

    def _popped(self, state: S) -> S:
        if not state.stack:
            return self._evaluator.elsewhere(state)
        return replace(state.went(state.stack[-1]), stack=state.stack[:-1])

    def _changed(self, name: str, words: Sequence[Token], state: S) -> S:
        target = next((word for word in words if not _OPTION.fullmatch(word.text)), None)
        if target is None or not target.text:
            if name in _PUSHES and state.stack:  # the two change places
                swapped = (*state.stack[:-1], state.folder)
                return replace(state.went(state.stack[-1]), stack=swapped)
            return self._evaluator.unknown(state) if self._dialect.homing else state
        if name in _PUSHES:
            state = replace(state, stack=(*state.stack, state.folder))
        if target.text == "-":
            return self._evaluator.unknown(state) if state.left is None else state.went(state.left)
        return self._evaluator.entered(state, target)


def of_start(words: Sequence[Token]) -> tuple[list[Token], Token | None] | None:
    """Batch's `start "title" /min /d folder program …`."""
    rest, folder = list(words[1:]), None
    if rest and rest[0].quoted:
        del rest[0]
    while rest and rest[0].text.startswith("/"):
        option = rest.pop(0)
        if option.text.lower() == "/d" and rest:
            folder = rest.pop(0)
        elif option.text.lower().startswith("/d"):
            folder = written(option.text[2:], option.start + 2)
    return (rest, folder) if rest else None


def _of_start_process(words: Sequence[Token]) -> tuple[list[Token], Token | None] | None:
    """PowerShell's `Start-Process program -ArgumentList 'a', 'b' -WorkingDirectory folder`."""
    programs: list[Token] = []
    arguments: list[Token] = []
    folders: list[Token] = []
    into = programs
    for word in words[1:]:
        option = word.text.lower() if not word.quoted else ""
        if option in _PARAMETERS:
            into = {"a": arguments, "w": folders}.get(_PARAMETERS[option], programs)
        elif option in _SWITCHES:
            into = arguments if programs else programs
        elif re.fullmatch(r"-[a-z]+", option) and into is not arguments:
            into = []
        elif into is arguments:
            arguments += [
                Token(part[0], word.start + part.start(), False, part[0])
                for part in re.finditer(r"\S+", word.text)
            ]
        else:
            into.append(word)
            into = arguments
    if not programs:
        return None
    return [programs[0], *arguments], next(iter(folders), None)


def _is_call(words: Sequence[Token]) -> bool:
    """Whether PowerShell runs a command for a value: `$list = Get-Process -Name x`."""
    if not words or words[0].quoted:
        return False
    called = _CALLED.fullmatch(words[0].text)
    return called is not None and (len(words) > 1 or called["noun"] is not None)


def command_name(word: str) -> str:
    """The name of a command, without folder, extension and letter case; a Makefile's `$(MAKE)` is
    one too."""
    return word.lower() if word.startswith("$(") else bare_name(word)


def embedded_scripts(words: Sequence[Token]) -> list[Embedded]:
    """The scripts that the command `words` is given as arguments and runs on this machine."""
    scripts: list[Embedded] = []
    for argument in arguments([word.text for word in words]):
        language = _SCRIPTS.get(argument.value.use)
        away = argument.program is not None and argument.program.group in AWAY
        if language is None or argument.inner or away:
            continue
        word = words[argument.index]
        text = Word(word.text[argument.begin :], word.start + argument.begin)
        if language != "shell":  # these take the rest of the line
            text = _spanning(words[argument.index :])
        if language == "batch":
            text = Word(re.sub(r"\^([&|<>])", r" \1", text.text), text.start)
        scripts.append(Embedded(language, text, tuple(words)))
    return scripts


def _spanning(words: Sequence[Token]) -> Word:
    """The text from the first to the last of the words, every offset as it was; without the quotes
    around all of it, which a command that takes the rest of its line passes over."""
    text, first = "", words[0].start - words[0].quoted
    for word in words:
        text = text.ljust(word.start - word.quoted - first) + word.raw
    if len(text) > 1 and text[0] == text[-1] == '"':
        return Word(text[1:-1], first + 1)
    return Word(text, first)


def _named(words: tuple[Token, ...]) -> tuple[str, tuple[Token, ...]]:
    """The command's name and its words; batch's `cd..` and `cd\\` are two words."""
    first = words[0]
    if joined := _JOINED_CD.match(first.text):
        at = joined.end()
        rest = first.text[at:]
        both = (token(Word(joined[1], first.start)), token(Word(rest, first.start + at)))
        return joined[1].lower(), (*both, *words[1:])
    return command_name(first.text), words


def _unquoted(word: Token) -> Token:
    text = word.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return Token(text[1:-1], word.start + 1, True, word.raw or text)
    return word
