"""Climbs from a script's own folder: `$(dirname "$0")/../..`, `%~dp0..`, `$PSScriptRoot\\..`.

The evaluator of scripts that move: a folder is a `BasePath`, levels above the script, and None
where nothing tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.language import FormError
from unify_backend.languages.relocation import BasePath, Relocation, depth_use
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.folders import climbs_in
from unify_backend.languages.scripts.interpreter import Evaluator, Invocation, ScriptInterpreter
from unify_backend.languages.scripts.shell_state import ShellState
from unify_backend.languages.scripts.statements import (
    Dialect,
    Operands,
    Script,
    Token,
)
from unify_backend.model.checks import DepthKind, DepthUse, Review
from unify_backend.model.spans import LineIndex, Span

Base = BasePath | None
State = ShellState[Base]

_SELF = r"\"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?(?::-\$\{?0\}?)?\})\"?"
_REAL = rf"(?:\"?\$\((?:readlink\s+-f|realpath)(?:\s+--)?\s+{_SELF}\)\"?|{_SELF})"
_OWN = {
    "shell": rf"\$\(\s*dirname(?:\s+--)?\s+{_REAL}\s*\)|`\s*dirname(?:\s+--)?\s+{_SELF}\s*`"
    r"|\$\{(?:0|BASH_SOURCE\[0\])%/\*\}",
    "batch": r"%~dp0",
    "powershell": r"(?i:\$PSScriptRoot)\b",
}
_VARIABLE = {
    "shell": r"\$\{{0}\}|\${0}\b",
    "batch": r"(?i:[%!]{0}[%!])",
    "powershell": r"(?i:\${0})\b",
}
_ENDS = re.compile(r"[\\/]?\"?\s*")
_INSIDE_CD = re.compile(r"\"?(?:\$\(\s*(?:CDPATH=\s*)?cd\s+(?:--\s+|-P\s+)*\"?)?")
_UP = re.compile(r"\"?((?:[\\/]?\.\.(?![.\w]))+)[\\/]?")
_DIRNAME = re.compile(r"\$\(\s*dirname(?:\s+--)?\s+\"?$")
_CLOSING = re.compile(r"\"?\s*\)")
_PWD = re.compile(
    r"[\\/]?\"?(?:\s*>\s*/dev/null(?:\s+2>&1)?)?(?:\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\))?\"?\s*"
)


def script_climbs(language: Dialect, text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The climbs in a script that moves, by place.

    A variable that is set to the script's folder, and a `cd` into it, are remembered. Where the
    text cannot be read as its language, only climbs that name the script itself are known.
    """
    if ".." not in text and "dirname" not in text:
        return ()
    try:
        script = language.parse(text.replace("\r\n", " \n"))
    except FormError:
        script = Script(text, (), ordered=False)
    if not script.ordered:
        lines = re.finditer(r"[^\n]+", text)
        words = tuple(Token(line[0], line.start(), False, line[0]) for line in lines)
        script = Script(text, (Operands(words),))
    evaluator = _Climbs(text, language, where)
    start: State = ShellState(None)
    ScriptInterpreter(language, evaluator).run(script, start)
    return tuple(evaluator.outermost())


@dataclass(frozen=True, slots=True)
class _Path:
    """A path in a word that begins at a known folder: the offsets of all of it, where it leads."""

    start: int
    end: int
    leads: BasePath


class _Climbs(Evaluator[State]):
    """The evaluator; `uses` are the climbs by their spans."""

    def __init__(self, text: str, language: Dialect, where: Relocation) -> None:
        self.uses: dict[Span, DepthUse] = {}
        self._text, self._dialect, self._where = text, language, where
        self._lines = LineIndex(text)

    def outermost(self) -> Iterator[DepthUse]:
        """What was found, by place; of `$(dirname "$(dirname "$0")")` the whole."""
        end = 0
        for span in sorted(self.uses, key=lambda span: (span.start, -span.end)):
            if span.start >= end:
                end = span.end
                yield self.uses[span]

    def entered(self, state: State, target: Token) -> State:
        """After a change of folder; None where the target begins at no known folder."""
        paths = self._paths(target, state)
        known = paths[0] if paths and paths[0].start == 0 else None
        if known and _ENDS.fullmatch(target.text, known.end):
            return state.went(known.leads)
        return state.went(self._relative(target, state))

    def _relative(self, target: Token, state: State) -> Base:
        """Where `cd ..` leads from a known folder."""
        up = _UP.match(target.text)
        whole = up is not None and _ENDS.fullmatch(target.text, up.end())
        if up is None or not whole or state.folder is None:
            return None
        span = Span(*up.span(1)).shift(target.start)
        return self._add(span, state.folder, up[1].count(".."))

    def assigned(self, state: State, name: Word, values: Sequence[Token], exported: bool) -> State:
        """After a variable was set; known where its value is a path from a known folder."""
        paths = [path for value in values for path in self._paths(value, state)]
        variables = {key: value for key, value in state.variables.items() if key != name.text}
        if len(paths) == 1 == len(values):
            text, path = values[0].text, paths[0]
            whole = _INSIDE_CD.fullmatch(text, 0, path.start) and _PWD.fullmatch(text, path.end)
            if whole:
                variables[name.text] = path.leads
        return replace(state, variables=variables)

    def joined(self, ways: Sequence[State], otherwise: State) -> State:
        """Where all ways lead; variables that no two of them set to different folders, because a
        default for an empty one is a way, too."""
        first = ways[0]
        same = all(way.folder == first.folder for way in ways)
        names = list(dict.fromkeys(name for way in ways for name in way.variables))
        values = {
            name: {way.variables[name] for way in ways if name in way.variables} for name in names
        }
        variables = {name: known.pop() for name, known in values.items() if len(known) == 1}
        return replace(otherwise, folder=first.folder if same else None, variables=variables)

    def elsewhere(self, state: State) -> State:
        """In an unknown folder."""
        return state.went(None)

    def command(self, command: Invocation[State]) -> State:
        """The climbs in a command, from the script's folder or from the one in which it runs."""
        for word in (*command.prefixes, *command.words):
            self._word(word, command.state, command.name)
        return command.state

    def operands(self, words: Sequence[Token], state: State) -> None:
        """Files that are tested or opened."""
        for word in words:
            self._word(word, state)

    def output(self, command: Invocation[State]) -> None:
        """What is printed may be a path, too."""
        for word in command.words[1:]:
            self._paths(word, command.state)

    def input(self, words: Sequence[Token], text: Word, state: State, label: str) -> None:
        """Variables in a here-document get their values."""
        self._paths(text, state)

    def _word(self, word: Word, state: State, name: str = "") -> None:
        self._paths(word, state)
        if state.folder is not None:
            for span in climbs_in(word, name):
                levels = self._text[span.start : span.end].count("..")
                self._add(span, state.folder, levels)

    def _paths(self, word: Word, state: State) -> list[_Path]:
        """The paths in a word that begin at a known folder."""
        return [self._path(word, *begin) for begin in self._bases(word.text, state)]

    def _bases(self, text: str, state: State) -> Iterator[tuple[int, int, BasePath]]:
        name = self._dialect.name
        patterns: list[tuple[str, BasePath]] = [(_OWN[name], BasePath(1, 1))]
        for variable, standing in state.variables.items():
            if standing is not None:
                written = _VARIABLE[name].replace("{0}", re.escape(variable))
                patterns.append((written, standing))
        taken: list[Span] = []
        for pattern, standing in patterns:
            for match in re.finditer(pattern, text):
                span = Span(*match.span())
                if not any(span.overlaps(other) for other in taken):
                    taken.append(span)
                    yield span.start, span.end, standing

    def _path(self, word: Word, start: int, end: int, base: BasePath) -> _Path:
        """The whole path that begins at `base`, and where it leads."""
        text, levels = word.text, 0
        while self._dialect.name == "shell" and (outer := _DIRNAME.search(text, 0, start)):
            closing = _CLOSING.match(text, end)
            if closing is None:
                break
            start, end, levels = outer.start(), closing.end(), levels + 1
        up = _UP.match(text, end)
        # `x..` joins the dots to a name, but for a folder that already ends in a separator.
        if up and not up[1].startswith(("/", "\\")) and self._dialect.name != "batch":
            up = None
        if up:
            end, levels = up.end(1), levels + up[1].count("..")
        if not levels:
            return _Path(start, end, base)
        return _Path(start, end, self._add(Span(start, end).shift(word.start), base, levels))

    def _add(self, span: Span, base: BasePath, climbed: int) -> BasePath:
        use, standing = depth_use(
            self._text[span.start : span.end],
            span,
            self._lines.position(span.start).line,
            DepthKind.SCRIPT,
            self._where,
            base,
            climbed,
            self._dialect.separator,
        )
        before = self.uses.setdefault(span, use)
        if before.was != use.was:  # a function that runs in two folders
            self.uses[span] = replace(before, answer=Review("it counts from more than one folder"))
        return standing
