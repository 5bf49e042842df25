"""What counts from a folder that moves without naming it: the `..` behind `cd old`.

The evaluator of references: a folder is a `Standing`, its steps before and after the move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.key_values import holding
from unify_backend.languages.language import Fragment, SplitReference
from unify_backend.languages.scripts.command_line import (
    Word,
    arguments,
    folder_word,
    says_where_modules_are,
    split_commands,
)
from unify_backend.languages.scripts.folders import (
    SOMEWHERE,
    WorkingFolder,
    climbed,
    climbs_in,
    enter,
    leaves,
    meeting,
)
from unify_backend.languages.scripts.import_path import Imported, imported_by
from unify_backend.languages.scripts.interpreter import (
    Embedded,
    Evaluator,
    Invocation,
    ScriptInterpreter,
    embedded_scripts,
)
from unify_backend.languages.scripts.machines import MACHINE_FOLDERS, is_clone
from unify_backend.languages.scripts.programs import WordUse
from unify_backend.languages.scripts.shell_state import ShellState
from unify_backend.languages.scripts.statements import (
    Dialect,
    Script,
    Token,
    commands_only,
    dialect,
)
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

State = ShellState[WorkingFolder]

_WORTH = re.compile(
    r"(?i)\b(?:cd|chdir|pushd|sl|(?:set|push)-location|start)\b|-C\b"
    r"|--(?:directory|chdir|cwd|dir|app-dir|workdir|working-directory)\b|[\w}%!]\"?[/\\]\.\."
)
_VARIABLE = r"(?:\$[{(]?(?:env:)?(?P<name>[A-Za-z_]\w*)[})]?|[%!](?P<percent>[A-Za-z_]\w*)[%!])"
_USED = re.compile(rf"\"?{_VARIABLE}\"?(?=[/\\]|$)")
_FROM_VARIABLE = re.compile(rf"{_VARIABLE}\"?[/\\](?P<climb>\.\.(?:[/\\]\.\.)*)(?![.\w])")
# A folder of a machine, or below another folder: the name may be that of something else
_ELSEWHERE = re.compile(
    rf"(?:/|[A-Za-z]:[/\\])(?:{MACHINE_FOLDERS})\b|(?:\.{1, 2}[/\\])*\w[\w.-]*[/\\]|/$"
)
_JOIN = re.compile(
    r"(?i)\(?[ \t]*Join-Path[ \t]+(?:-Path[ \t]+)?\S+[ \t]+(?:-ChildPath[ \t]+)?"
    r"[\"']?(?P<path>[^\s\"')]+)[\"']?[ \t]*\)?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The names in a script and what asks: `hits` are the names, `form` the form that asks.

    Scripts in arguments that hold one of `handed` (all hits, unless given) are read by a form of
    their own.
    """

    hits: Sequence[Span]
    moves: Sequence[PackageMove]
    form: str
    handed: Sequence[Span] | None = None


def implied_paths(
    script: Script, language: Dialect, place: Place, start: WorkingFolder = SOMEWHERE
) -> list[SplitReference]:
    """What counts from the legacy folder in a script that runs in `start`, by place.

    Nothing where the script's language could not be read: there no order is sure.
    """
    if not place.moves or not script.ordered:
        return []
    if start.move is None and not _WORTH.search(script.text):
        return []
    evaluator = ImpliedPaths(script.text, language, place)
    ended = ScriptInterpreter(language, evaluator).run(script, ShellState(start))
    return evaluator.finished(ended)


def implied_from(
    text: str, hits: Sequence[Span], moves: Sequence[PackageMove], folder: WorkingFolder, form: str
) -> list[SplitReference]:
    """What counts from `folder` in shell text that starts there, beyond what the text itself tells.

    `folder` comes from `starting_folder`. Positions are in `text`. For formats that say elsewhere
    where commands run: `WORKDIR`, `working-directory:`, `WorkingDirectory=`.
    """
    if folder.move is None:
        return []
    shell = dialect("shell")
    script, place = shell.parse(text), Place(hits, moves, form)
    known = {split.span for split in implied_paths(script, shell, place)}
    splits = implied_paths(script, shell, place, folder)
    return [split for split in splits if split.span not in known]


def implied_between(
    fragment: Fragment, folder: Span, code: Span, form: str
) -> Iterator[SplitReference]:
    """What the shell text at `code` counts from the folder that a setting at `folder` names, beyond
    what the text itself tells."""
    named = holding(fragment.hits, folder)
    if not named or not fragment.moves:
        return
    path = fragment.text[folder.start : folder.end]
    start = starting_folder(path, [hit.shift(-folder.start) for hit in named], fragment.moves)
    inside = [hit.shift(-code.start) for hit in holding(fragment.hits, code)]
    text = fragment.text[code.start : code.end]
    for split in implied_from(text, inside, fragment.moves, start, form):
        yield replace(split, span=split.span.shift(code.start))


def starting_folder(path: str, hits: Sequence[Span], moves: Sequence[PackageMove]) -> WorkingFolder:
    """The folder that a setting names: `path` is its text and `hits` are the names in it.

    Its `move` is None outside legacy folders.
    """
    return enter(SOMEWHERE, path, hits[0] if hits else None, moves)


class ImpliedPaths(Evaluator[State]):
    """Collects in one text what a moved folder changes unseen."""

    def __init__(self, text: str, language: Dialect, place: Place) -> None:
        self._text, self._dialect = text, language
        self._hits, self._moves, self._form = place.hits, place.moves, place.form
        self._handed = place.hits if place.handed is None else place.handed
        self._lines = {line.strip() for line in text.split("\n")}
        self._found: dict[Span, SplitReference] = {}
        self._elsewhere: set[Span] = set()  # climbs that also run outside the legacy folder
        self._waiting: list[tuple[Span, WorkingFolder]] = []  # climbs in variables not used yet

    def finished(self, state: State) -> list[SplitReference]:
        """What was found, after the script ended in `state`."""
        self._use_variables(state)
        return [
            replace(split, review=True) if span in self._elsewhere else split
            for span, split in self._found.items()
        ]

    # The evaluator

    def expanded(self, words: Sequence[Token], state: State) -> Sequence[Token]:
        """The words as written, because their spans are rewritten."""
        return [_from_join(word) for word in words if word.raw not in {"(", ")"}]

    def entered(self, state: State, target: Token) -> State:
        """After a change of folder, whose own steps may change their meaning too."""
        standing = state.folder
        if re.match(r"(?:\.[/\\])*\.\.", target.text):
            self._paths(target, state)
        elif ".." in target.text and leaves(standing, target.text) and standing.move:
            note = f"leads out of {standing.move.legacy_path}: needs review of its steps"
            span = target.span
            self._add(span, "folder", standing, None, note, review=True)
        return state.went(self._target(target, state))

    def assigned(self, state: State, name: Word, values: Sequence[Token], exported: bool) -> State:
        """After a variable was set to a path."""
        for value in values:
            known = set(self._found)
            self._paths(value, state)
            self._waiting += [(span, state.folder) for span in self._found if span not in known]
        if len(values) != 1:
            return state
        there = self._target(_from_join(values[0]), state)
        return replace(state, variables={**state.variables, name.text.lower(): there})

    def joined(self, ways: Sequence[State], otherwise: State) -> State:
        """Where the ways meet, else in doubt; variables as all ways set them."""
        names = list(dict.fromkeys(name for way in ways for name in way.variables))
        variables = {
            name: meeting(way.variables[name] for way in ways if name in way.variables)
            for name in names
        }
        folder = meeting(way.folder for way in ways)
        return replace(otherwise, folder=folder, variables=variables)

    def elsewhere(self, state: State) -> State:
        """The folder in doubt."""
        return state.went(meeting([state.folder, SOMEWHERE]))

    def unknown(self, state: State) -> State:
        """An unknown folder."""
        return state.went(SOMEWHERE)

    def command(self, command: Invocation[State]) -> State:
        """What the command's words lead to from the folder in which it runs."""
        state = command.state
        self._use_variables(state)
        for word in command.prefixes:
            self._paths(word, state)
        texts = [word.text for word in command.words]
        option = folder_word(texts)
        inside = state
        if option is not None:
            word = command.words[option.index]
            target = Word(word.text[option.begin :], word.start + option.begin)
            inside = replace(state, folder=self._target(target, state))
        scripts = _scripts(texts)
        code = scripts and not embedded_scripts(command.words)  # `python -c "…"`
        for n, word in enumerate(command.words):
            if n not in scripts:
                self._paths(word, inside, command.name)
            elif code:
                self._code(word, inside)
        if not says_where_modules_are(texts):
            for imported in imported_by(texts):
                self._import(command.words[imported.index], imported, state.folder)
        return state

    def _code(self, code: Word, state: State) -> None:
        """The words of code in a language other than a shell's."""
        if not holding(self._handed, code.span):
            for words in split_commands(code.text, code.start):
                for word in words:
                    self._paths(word, state)

    def operands(self, words: Sequence[Token], state: State) -> None:
        """Files that are tested or opened."""
        for word in words:
            self._paths(word, state)

    def embedded(self, script: Embedded, state: State, label: str) -> Script | None:
        """A script that names the package is read by a form of its own; others are followed."""
        span = script.text.span
        if holding(self._handed, span):
            return None
        return Script(script.text.text, commands_only(script.text.text, script.text.start))

    # Paths

    def _use_variables(self, state: State) -> None:
        """What was set for later is used; in another folder than it was set in, it is doubtful."""
        for span, folder in self._waiting:
            if folder != state.folder:
                self._found[span] = replace(self._found[span], review=True)
        self._waiting = []

    def _paths(self, word: Word, state: State, name: str = "") -> None:
        """The climbs in one word of the command `name`."""
        if ".." not in word.text:
            return
        for match in _FROM_VARIABLE.finditer(word.text):
            known = state.variables.get((match["name"] or match["percent"]).lower())
            if known is not None:
                self._climb(known, match["climb"], Span(*match.span("climb")).shift(word.start))
        for span in climbs_in(word, name):
            self._climb(state.folder, self._text[span.start : span.end], span)

    def _climb(self, standing: WorkingFolder, climb: str, span: Span) -> None:
        new = climbed(standing, climb)
        move = standing.move
        if new is None or move is None:
            self._elsewhere.add(span)
            return
        back = "\\" in climb or self._text[span.end : span.end + 1] == "\\"
        slash = self._text[span.end : span.end + 1] == "/"
        if back or ("/" not in climb and self._dialect.separator == "\\" and not slash):
            new = new.replace("/", "\\")
        if_there = ", if that is where it runs" if standing.doubt else ""
        note = f"counts from {move.legacy_path}, which becomes {move.canonical_path}{if_there}"
        self._add(span, "folder", standing, new, note, standing.doubt)

    def _import(self, word: Word, imported: Imported, folder: WorkingFolder) -> None:
        move, inner = folder.move, folder.inner
        if move is None or not all(step.isidentifier() for step in inner):
            return
        span = Span(imported.begin, imported.end).shift(word.start)
        if any(span.overlaps(hit) for hit in self._hits):
            return
        module = ".".join([move.canonical, *inner, word.text[imported.begin : imported.end]])
        note = (
            f"found only from within {move.legacy_path}, and still found where that moves; "
            f"from the repository's folder it is {module}"
        )
        self._add(span, "module", folder, module, note, review=False)

    def _target(self, word: Word, state: State) -> WorkingFolder:
        """The folder that a word leads to."""
        span = word.span
        if used := _USED.match(word.text):
            known = state.variables.get((used["name"] or used["percent"]).lower())
            if known is not None and known.move is not None:
                rest = word.text[used.end() :].lstrip("/\\") or "."
                return enter(known, rest, None, self._moves)
        inside = holding(self._hits, span)
        hit = Span(inside[0].start - word.start, inside[0].end - word.start) if inside else None
        there = enter(state.folder, word.text, hit, self._moves)
        if hit is None or there.move is None:
            return there
        if is_clone(self._text, inside[0]):
            return SOMEWHERE
        elsewhere = _ELSEWHERE.match(word.text[: hit.start]) is not None
        doubt = there.doubt or elsewhere or self._doubtful(inside[0], there.move)
        name = inside[0] if holding(self._handed, span) else None
        return replace(there, doubt=doubt, name=name)

    def _doubtful(self, hit: Span, move: PackageMove) -> bool:
        """Whether the name at `hit` may stay: beside the new one, or on a line whose like names it.

        The classifier keeps what states the rename.
        """
        start = self._text.rfind("\n", 0, hit.start) + 1
        end = self._text.find("\n", hit.end)
        line = Span(start, len(self._text) if end < 0 else end)
        mine = self._text[hit.start : hit.end]
        named = {self._text[other.start : other.end] for other in holding(self._hits, line)}
        beside = named - {mine, move.legacy, move.legacy_path}
        renamed = self._text[line.start : line.end].replace(mine, move.canonical_path).strip()
        return bool(beside) or renamed in self._lines

    def _add(
        self,
        span: Span,
        kind: str,
        standing: WorkingFolder,
        new: str | None,
        note: str,
        review: bool,
    ) -> None:
        if standing.move is None:
            return
        module = kind == "module"
        split = SplitReference(
            span,
            f"{self._form}-{kind}",
            standing.move,
            new,
            note,
            Names.IMPLIED,
            review,
            standing.name,
            stays=module,
            reason=Reason.MOVES_ALONG if module else Reason.WORKING_FOLDER,
            kind=NameKind.MODULE if module else NameKind.RELATIVE_PATH,
            evidence=Evidence.WORKING_FOLDER,
        )
        before = self._found.setdefault(span, split)
        if before.replacement != new or review:  # the same words run in two folders
            self._found[span] = replace(before, review=True)


_SCRIPTS = frozenset({WordUse.SHELL, WordUse.BATCH, WordUse.POWERSHELL, WordUse.CODE})


def _scripts(texts: Sequence[str]) -> set[int]:
    """The numbers of the words that are scripts of their own."""
    return {
        argument.index
        for argument in arguments(texts)
        if argument.value.use in _SCRIPTS and " " in texts[argument.index]
    }


def _from_join(word: Token) -> Token:
    """`(Join-Path $PSScriptRoot "old")` as `$/old`: what is joined in front cannot be known."""
    match = _JOIN.fullmatch(word.text)
    if match is None:
        return word
    return Token(f"$/{match['path']}", word.start + match.start("path") - 2, False, word.raw)
