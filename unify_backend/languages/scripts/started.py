"""Which commands a script runs, as they would be started: words, folder, environment.

The evaluator of entry points: a folder is a path in the repository, a value what a program sees.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from unify_backend.languages.scripts.command_line import Word, bare_name, folder_word
from unify_backend.languages.scripts.interpreter import (
    AWAY,
    Embedded,
    Evaluator,
    Invocation,
    ScriptInterpreter,
    embedded_scripts,
)
from unify_backend.languages.scripts.programs import find, starting
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.statements import Dialect, Script, Token, joined_text
from unify_backend.model.entrypoints import Platform
from unify_backend.model.spans import LineIndex

_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=(?P<value>.*)", re.DOTALL)
_READS_SCRIPTS = frozenset({"bash", "sh"})
_PRINTS_INPUT = frozenset({"cat", "tee"})
_DEEPEST = 6
_SPOKEN = re.compile(
    r"(?:(?:cd|set|export)\s+\S+\s*(?:&&|;)\s*|[A-Z_]\w*=\S+\s+|\$env:\w+\s*=\s*\S+\s*;\s*)*"
    r"(?<![\w./-])(?:[\w./\\~-]*[/\\])?"
    rf"(?:{starting()}|uv run|poetry run)\s+[^`\r\n]+"
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its arguments, folder and environment; what it starts is not resolved yet.

    `relocated` is true where a folder of somebody's machine was taken for the repository, so that
    its folder is not sure.
    """

    argv: tuple[str, ...]
    folder: str
    env: tuple[tuple[str, str], ...]
    line: int
    label: str
    platform: Platform
    notes: tuple[str, ...] = ()
    shown: bool = False
    relocated: bool = False


Read = Callable[[str, str, Session, "CommandCollector"], Session]


@dataclass
class CommandCollector:
    """Where commands are gathered while a text is read. `read` reads text in another language;
    `line` is that of the command at hand, `label` what it belongs to (a function, a service)."""

    read: Read
    platform: Platform
    label: str = ""
    line: int = 1
    shown: bool = False
    depth: int = 0
    commands: list[Command] = field(default_factory=list)

    def add(self, argv: Sequence[str], session: Session, env: Mapping[str, str]) -> None:
        """Keeps a command."""
        variables = tuple(sorted({**session.env, **env}.items()))
        self.commands.append(
            Command(
                tuple(argv),
                session.folder,
                variables,
                self.line,
                self.label,
                Platform.CONTAINER if session.contained else self.platform,
                session.notes,
                self.shown,
                session.relocated,
            )
        )

    def inside(self, language: str, text: str, session: Session, shown: bool = False) -> Session:
        """Reads a text within the text; its commands get this one's line."""
        if self.depth >= _DEEPEST:
            return session
        inner = CommandCollector(
            self.read, self.platform, self.label, 1, shown or self.shown, self.depth + 1
        )
        ended = self.read(language, text, session, inner)
        self.commands += [replace(command, line=self.line) for command in inner.commands]
        return ended


def read_script(dialect: Dialect, text: str, session: Session, sink: CommandCollector) -> Session:
    """Gathers the commands of a script; the session at its end."""
    evaluator = _Collector(dialect, sink, text)
    return ScriptInterpreter(dialect, evaluator).run(dialect.parse(text), session)


def run(
    dialect: Dialect, words: Sequence[str], session: Session, sink: CommandCollector
) -> Session:
    """The session after the command `words`, which need no expansion; what it starts goes to
    `sink`."""
    tokens: list[Token] = []
    at = 0
    for word in words:
        tokens.append(Token(word, at, False, word))
        at += len(word) + 1
    evaluator = _Collector(replace(dialect, expand=lambda raw, _: [raw]), sink)
    return ScriptInterpreter(dialect, evaluator).simple(tokens, session)


def spoken(text: str, language: str, session: Session, sink: CommandCollector) -> None:
    """Commands in a text for people: `echo "start it by: python app.py"`."""
    for line in text.split("\n"):
        if match := _SPOKEN.search(line):
            command = re.split(r"\s{2,}#|\s+(?:<-|->|→)\s", match.group())[0].rstrip(" .\"')")
            sink.inside(language, command, replace(session, lenient=True), shown=True)


def recipe(
    code: str,
    number: int,
    label: str,
    session: Session,
    sink: CommandCollector,
    language: str | None = "shell",
) -> None:
    """Reads a command that another format holds on line `number`; nothing where its language is
    not known."""
    sink.line, sink.label = number, label
    if language is not None:
        sink.inside(language, code, session)


def in_own_folder(session: Session) -> Session:
    """The session in the folder of the file that is read."""
    return replace(session, folder=posixpath.dirname(session.path) or ".")


def with_settings(session: Session, folder: str, env: Iterable[tuple[str, str]]) -> Session:
    """The session in the folder and with the variables that a unit sets."""
    unit_session = session.entered(folder.strip("\"'").lstrip("-")) if folder else session
    return replace(unit_session, env={**unit_session.env, **dict(env)})


def joined_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continued ones joined, by the number of the first."""
    held, start = "", 1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not held:
            start = number
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        yield start, held + (line.lstrip() if held else line)
        held = ""
    if held:
        yield start, held


class _Collector(Evaluator[Session]):
    """The evaluator: folders are paths, values are text."""

    def __init__(self, dialect: Dialect, sink: CommandCollector, text: str = "") -> None:
        self._dialect, self._sink = dialect, sink
        self._lines = LineIndex(text)
        self._first, self._outer = sink.line, sink.label

    def expanded(self, words: Sequence[Token], state: Session) -> Sequence[Token]:
        """The words with values put in; several where a variable holds several."""
        tokens: list[Token] = []
        for word in words:
            parts = self._dialect.expand(word.raw, state)
            raws = [word.raw, *[""] * len(parts)]
            tokens += [
                Token(part, word.start, word.quoted, raw)
                for part, raw in zip(parts, raws, strict=False)
                if part
            ]
        return tokens

    def _text_of(self, words: Sequence[Token], state: Session) -> str:
        """The value of words: those without `raw` are expanded already."""
        return " ".join(
            part
            for word in words
            for part in (self._dialect.expand(word.raw, state) if word.raw else [word.text])
        )

    def entered(self, state: Session, target: Token) -> Session:
        """After `cd`."""
        return state.entered(target.text)

    def assigned(
        self, state: Session, name: Word, values: Sequence[Token], exported: bool
    ) -> Session:
        """After a variable is set."""
        return state.assigned(name.text, self._text_of(values, state), exported)

    def exported(self, state: Session, name: str) -> Session:
        """After a variable is handed on."""
        return state.exported(name)

    def joined(self, ways: Sequence[Session], otherwise: Session) -> Session:
        """Variables that any of the ways sets are taken; the folder only where all agree."""
        folders = {way.folder for way in ways}
        return replace(
            otherwise,
            folder=ways[0].folder if len(folders) == 1 else otherwise.folder,
            variables={name: value for way in ways for name, value in way.variables.items()},
            env={name: value for way in ways for name, value in way.env.items()},
        )

    def command(self, command: Invocation[Session]) -> Session:
        """Keeps a command that starts something here."""
        state, words = command.state, [word.text for word in command.words]
        if command.name == "git" and "clone" in words[:3]:
            return replace(state, clone=_clone(words))
        if _is_away(command.name) or embedded_scripts(command.words):
            return state
        self._at(command.words[0].start, command.label)
        env = dict(state.env)
        for word in command.prefixes:
            if match := _ASSIGNED.fullmatch(word.text):
                env[match["name"]] = match["value"]
        session = replace(state, env=env)
        option = folder_word(words)
        if option is not None and command.name not in {"uvicorn", "gunicorn"}:
            session = session.entered(words[option.index][option.begin :])
        if words[0].startswith("%") and bare_name(words[0]) in {"python", "py", "pythonw"}:
            words[0] = "python"
        self._sink.add(words, session, {})
        return state

    def output(self, command: Invocation[Session]) -> None:
        """What is printed may tell people what to start."""
        if words := command.words[1:]:
            self._at(words[0].start, command.label)
            spoken(joined_text(words), self._dialect.name, command.state, self._sink)

    def embedded(self, script: Embedded, state: Session, label: str) -> Script | None:
        """Reads a script in an argument."""
        self._at(script.words[0].start, label)
        self._sink.inside(script.language, script.text.text, state)
        return None

    def input(self, words: Sequence[Token], text: Word, state: Session, label: str) -> None:
        """What `cat <<EOF` prints is for people; what `bash <<EOF` gets is a script."""
        self._at(text.start, label)
        name = words[0].text if words else ""
        if name in _PRINTS_INPUT:
            spoken(text.text, self._dialect.name, state, self._sink)
        elif name in _READS_SCRIPTS:
            self._sink.inside("shell", text.text, state)

    def _at(self, start: int, label: str) -> None:
        self._sink.line = self._first + self._lines.position(start).line - 1
        self._sink.label = label or self._outer


def _clone(words: Sequence[str]) -> str:
    plain = [word for word in words[words.index("clone") + 1 :] if not word.startswith("-")]
    return plain[-1].rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") if plain else ""


def _is_away(name: str) -> bool:
    """Whether a program runs its commands on another machine, or in a container."""
    program = find(name)
    return program is not None and program.group in AWAY
