"""Follows the working folder through a script, and finds what a moved folder changes unseen.

One `Trail` is asked command by command, in the order in which they run; shell, batch, PowerShell
and Dockerfiles differ only in how commands follow each other.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from unify_backend.languages.key_values import holding
from unify_backend.languages.language import Split
from unify_backend.languages.scripts.command_line import (
    Word,
    bare_name,
    past_prefixes,
    split_commands,
)
from unify_backend.languages.scripts.directory_options import (
    Told,
    folder_word,
    says_where_modules_are,
)
from unify_backend.languages.scripts.folders import (
    SOMEWHERE,
    Standing,
    climbed,
    enter,
    leaves,
    meeting,
)
from unify_backend.languages.scripts.import_path import Imported, imported_by
from unify_backend.languages.scripts.machines import is_clone
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

_CHANGES = frozenset({"cd", "chdir", "pushd", "set-location", "sl", "push-location"})
_PUSHES = frozenset({"pushd", "push-location"})
_POPS = frozenset({"popd", "pop-location"})
_RESTORES = frozenset({"endlocal"})
_SAYS = frozenset({"echo", "printf", "rem", "write-host", "write-output", ":"})
_SEARCHES = frozenset({"grep", "egrep", "rg", "ag", "ack", "sed", "awk", "perl", "findstr", "expr"})
_REMOTE = frozenset({"scp", "rsync", "ssh", "sftp"})
_SETS = frozenset({"export", "set", "declare", "local", "readonly", "setx", "typeset"})
_SCRIPT_BEHIND = frozenset({"-c", "-lc", "-ec", "/c", "/k", "-command"})
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=(?P<quote>[\"']?)(?P<value>[^\"']*)(?P=quote)")
_VARIABLE = r"(?:\$[{(]?(?:env:)?(?P<name>[A-Za-z_]\w*)[})]?|[%!](?P<percent>[A-Za-z_]\w*)[%!])"
_USED = re.compile(rf"\"?{_VARIABLE}\"?(?=[/\\]|$)")
_FROM_VARIABLE = re.compile(rf"{_VARIABLE}\"?[/\\](?P<climb>\.\.(?:[/\\]\.\.)*)(?![.\w])")
# A folder of a machine, or below another folder: the name may be that of something else
_ELSEWHERE = re.compile(
    r"(?:/|[A-Za-z]:[/\\])(?:var|etc|tmp|opt|srv|usr|run|Temp)\b|(?:\.{1,2}[/\\])*\w[\w.-]*[/\\]|/$"
)
_CLIMB = re.compile(
    r"(?:^|(?<=[=:;,<>@\"'(])|(?<=^-[rILc]))"
    r"(?:(?:%cd%|\$pwd|\$\{pwd\}|\$\(pwd(?: -P)?\)|`pwd`|\$\(curdir\))[/\\])?(?:\.[/\\])*"
    r"(?P<climb>\.\.(?:[/\\]\.\.)*)(?=$|[/\\:;,\"')])",
    re.IGNORECASE,
)


class Trail:
    """The way through one text. `hits` are the names in it; `form` names the form that asks.

    Scripts in quotes that hold one of `handed` (all hits, unless given) are read by a form of
    their own. `found` are the places that change their meaning without naming the package.
    """

    def __init__(
        self,
        text: str,
        hits: Sequence[Span],
        moves: Sequence[PackageMove],
        form: str,
        start: Standing = SOMEWHERE,
        separator: str = "/",
        handed: Sequence[Span] | None = None,
    ) -> None:
        self.here = start
        self.found: list[Split] = []
        self._text, self._hits, self._moves, self._form = text, hits, moves, form
        self._separator = separator
        self._handed = hits if handed is None else handed
        self._lines = {line.strip() for line in text.split("\n")}
        self._seen: set[Span] = set()
        self._left = SOMEWHERE
        self._stack: list[Standing] = []
        self._assigned: list[int] = []  # variables among `found` that no command has used yet
        self._functions: dict[str, Standing] = {}
        self._variables: dict[str, Standing] = {}

    def aside(self, run: Callable[[], None]) -> Standing:
        """Runs what cannot change the folder of what follows (a subshell); where that ended up."""
        here, left, stack = self.here, self._left, list(self._stack)
        run()
        ended = self.here
        self.here, self._left, self._stack = here, left, stack
        return ended

    def function(self, name: str, ended: Standing) -> None:
        """A function or alias of that name leads to `ended`."""
        if ended != SOMEWHERE:
            self._functions[name] = ended

    def doubt(self) -> None:
        """From here on one may as well be somewhere else."""
        self._go(meeting([self.here, SOMEWHERE]))

    def command(self, words: Sequence[Word]) -> None:
        """One simple command with the assignments in front of it."""
        at = past_prefixes([word.text for word in words])
        for word in words[:at]:
            self.paths(word)
        rest = list(words[at:])
        if not rest:
            for word in words:
                self.assignment(word)
            return
        name, rest = _named(rest)
        if name in _POPS:
            self._go(self._stack.pop() if self._stack else SOMEWHERE)
        elif name in _CHANGES:
            self._change(name, rest[1:])
        elif name in self._functions:
            self._go(meeting([self.here, self._functions[name]]))
        elif name in _RESTORES:
            self.doubt()
        elif name in _SETS:
            for word in rest[1:]:
                self.assignment(word)
        elif name == "alias":
            for word in rest[1:]:
                self._alias(word)
        elif name not in _SAYS:
            self._assigned = []  # what was set is used here, in the folder it was written for
            self._run(name, rest)

    def assignment(self, word: Word) -> None:
        """A variable that is set for later; a change of folder before its use makes it doubtful."""
        if found := _ASSIGNED.fullmatch(word.text):
            value = Word(found["value"], word.start + found.start("value"))
            self.name(found["name"], value)
        count = len(self.found)
        self.paths(word)
        self._assigned += range(count, len(self.found))

    def name(self, variable: str, value: Word) -> None:
        """The variable holds a path, into which a `cd` may lead."""
        there = self._target(value)
        before = self._variables.get(variable.lower(), there)
        self._variables[variable.lower()] = meeting([before, there])

    def paths(self, word: Word, name: str = "") -> None:
        """The climbs in one word of the command `name`."""
        if ".." not in word.text:
            return
        for found in _FROM_VARIABLE.finditer(word.text):
            named = self._variables.get((found["name"] or found["percent"]).lower(), SOMEWHERE)
            self._climb(named, found["climb"], Span(*found.span("climb")).shift(word.start))
        if self.here.move is None:
            return
        if re.search(r"\s(?:cd|pushd)\s", f" {word.text} ") and " " in word.text:
            return
        if (name in _SEARCHES and word.quoted) or (name in _REMOTE and ":" in word.text):
            return
        for found in _CLIMB.finditer(word.text):
            if found.start() and word.text[found.start() - 1] in ":;":
                listed = "=" in word.text[: found.start()] or word.text.startswith("..")
                if not listed:
                    continue
            self._climb(self.here, found["climb"], Span(*found.span("climb")).shift(word.start))

    def _climb(self, here: Standing, climb: str, span: Span) -> None:
        new = climbed(here, climb)
        move = here.move
        if new is None or move is None:
            return
        back = "\\" in climb or self._text[span.end : span.end + 1] == "\\"
        if back or ("/" not in climb and self._separator == "\\" and not self._slash(span)):
            new = new.replace("/", "\\")
        if_there = ", if that is where it runs" if here.doubt else ""
        note = f"counts from {move.legacy_path}, which becomes {move.canonical_path}{if_there}"
        self._add(span, "folder", here, new, note, here.doubt)

    def _slash(self, span: Span) -> bool:
        return self._text[span.end : span.end + 1] == "/"

    def _run(self, name: str, words: list[Word]) -> None:
        texts = [word.text for word in words]
        outside = self.here
        told = self._told(words, folder_word(texts))
        if told is not None:
            self.here = told
        for n, word in enumerate(words):
            if n and texts[n - 1].lower() in _SCRIPT_BEHIND and " " in word.text:
                self._nested(word)
            else:
                self.paths(word, name)
        self.here = outside
        if not says_where_modules_are(texts):
            for one in imported_by(texts):
                self._import(words[one.index], one)

    def _alias(self, word: Word) -> None:
        """`alias go='cd old && …'`: a script that runs anywhere, and may change the folder."""
        found = re.fullmatch(r"([\w-]+)=([\"']?)(.*?)\2", word.text, re.DOTALL)
        if found is None:
            return

        def run() -> None:
            self.here = SOMEWHERE
            self._commands(list(split_commands(found[3], word.start + found.start(3))))

        self.function(found[1].lower(), self.aside(run))

    def _nested(self, word: Word) -> None:
        """A script in an argument; one that names the package is read by a form of its own."""
        span = Span(word.start, word.start + len(word.text))
        if not holding(self._handed, span):
            inner = list(split_commands(word.text, word.start))
            self.aside(lambda: self._commands(inner))

    def _commands(self, commands: Sequence[Sequence[Word]]) -> None:
        for words in commands:
            self.command(words)

    def _told(self, words: list[Word], told: Told | None) -> Standing | None:
        """The folder that an option names."""
        if told is None:
            return None
        word = words[told.index]
        return self._target(Word(word.text[told.begin :], word.start + told.begin))

    def _import(self, word: Word, one: Imported) -> None:
        move, inner = self.here.move, self.here.inner
        if move is None or not all(step.isidentifier() for step in inner):
            return
        span = Span(one.begin, one.end).shift(word.start)
        if any(span.overlaps(hit) for hit in self._hits):
            return
        module = ".".join([move.canonical, *inner, word.text[one.begin : one.end]])
        note = (
            f"found only from within {move.legacy_path}, and still found where that moves; "
            f"from the repository's folder it is {module}"
        )
        self._add(span, "module", self.here, module, note, review=False)

    def _change(self, name: str, words: list[Word]) -> None:
        target = next(
            (
                word
                for word in words
                if word.text == "-" or not re.match(r"-\w*|/d$", word.text, re.IGNORECASE)
            ),
            None,
        )
        if name in _PUSHES and target is not None:
            self._stack.append(self.here)
        if target is None:
            self._go(SOMEWHERE)
        elif target.text == "-":
            self._go(self._left)
        else:
            self._go_to(target)

    def _go_to(self, target: Word) -> None:
        if re.match(r"(?:\.[/\\])*\.\.", target.text):
            self.paths(target)
        elif ".." in target.text and leaves(self.here, target.text) and self.here.move:
            note = f"leads out of {self.here.move.legacy_path}: count the steps anew"
            span = Span(target.start, target.start + len(target.text))
            self._add(span, "folder", self.here, None, note, review=True)
        self._go(self._target(target))

    def _target(self, word: Word) -> Standing:
        span = Span(word.start, word.start + len(word.text))
        if used := _USED.match(word.text):
            named = self._variables.get((used["name"] or used["percent"]).lower())
            if named is not None and named.move is not None:
                return enter(named, word.text[used.end() :].lstrip("/\\") or ".", None, self._moves)
        inside = holding(self._hits, span)
        hit = Span(inside[0].start - word.start, inside[0].end - word.start) if inside else None
        there = enter(self.here, word.text, hit, self._moves)
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

        The judge keeps what states the rename.
        """
        start = self._text.rfind("\n", 0, hit.start) + 1
        end = self._text.find("\n", hit.end)
        line = Span(start, len(self._text) if end < 0 else end)
        mine = self._text[hit.start : hit.end]
        written = {self._text[one.start : one.end] for one in holding(self._hits, line)}
        beside = written - {mine, move.legacy, move.legacy_path}
        renamed = self._text[line.start : line.end].replace(mine, move.canonical_path).strip()
        return bool(beside) or renamed in self._lines

    def _go(self, there: Standing) -> None:
        for n in self._assigned:
            self.found[n] = replace(self.found[n], review=True)
        self._assigned = []
        self._left, self.here = self.here, there

    def _add(
        self, span: Span, kind: str, here: Standing, new: str | None, note: str, review: bool
    ) -> None:
        form, module = f"{self._form}-{kind}", kind == "module"
        if span not in self._seen and here.move is not None:
            self._seen.add(span)
            self.found.append(
                Split(
                    span,
                    form,
                    here.move,
                    new,
                    note,
                    Names.IMPLIED,
                    review,
                    here.name,
                    stays=module,
                    reason=Reason.MOVES_ALONG if module else Reason.WORKING_FOLDER,
                    kind=NameKind.MODULE if module else NameKind.RELATIVE_PATH,
                    evidence=Evidence.WORKING_FOLDER,
                )
            )


def _named(words: list[Word]) -> tuple[str, list[Word]]:
    """The command's name and its words; batch's `cd..` and `cd\\` are two words."""
    first = words[0]
    if joined := re.match(r"(?i)(cd|chdir)(?=[.\\])", first.text):
        at = joined.end()
        rest = Word(first.text[at:], first.start + at)
        return joined[1].lower(), [Word(joined[1], first.start), rest, *words[1:]]
    text = first.text.lower()
    return (text if text.startswith("$(") else bare_name(first.text)), words
