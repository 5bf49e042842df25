"""PowerShell as statements: pipelines, assignments, blocks in braces and what runs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from unify_backend.languages.relocation import Relocation
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.relative_paths import script_climbs
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, read_script
from unify_backend.languages.scripts.statements import (
    Assignment,
    Block,
    Bound,
    Branches,
    Dialect,
    Function,
    Loop,
    Operands,
    Redirected,
    Redirection,
    Script,
    Simple,
    Statement,
    Subshell,
    Token,
    flattened,
    listed,
    written,
)
from unify_backend.languages.scripts.variable_uses import POWERSHELL
from unify_backend.model.checks import DepthUse
from unify_backend.model.spans import Span

_COMMENT = r"<\#.*?(?:\#>|\Z)|(?<![\w`$])\#[^\r\n]*"
_HERE = r"""@"[ \t]*\r?\n.*?(?:^"@|\Z)|@'[ \t]*\r?\n.*?(?:^'@|\Z)"""
_QUOTED = r""""(?:[^"`]|`.|"")*"|'(?:[^']|'')*'"""
_STRETCH = re.compile(
    rf"(?P<comment>{_COMMENT})|(?P<here>{_HERE})|(?P<string>{_QUOTED})|`.",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# Quoted text, comments, here-strings, and what ends a word.
_TOKEN = re.compile(
    rf"""(?P<space>(?:[ \t\r]|`\r?\n|{_COMMENT})+)
    |(?P<here>{_HERE})
    |(?P<call>\((?=[ \t]*(?i:Join-Path|Split-Path|Resolve-Path|Get-Location|Convert-Path)\b)
        (?:[^()\n]|\([^()\n]*\))*\)?)
    |(?P<end>\r?\n|;|&&|\|\|?)
    |(?P<open>@?\{{|\$\{{(?![\w:]+\}}))|(?P<close>\}})
    |(?P<mark>@?\(|\)|,|&(?=[ \t]))
    |(?P<word>(?:\$\{{[\w:]+\}}|\$\((?:[^()\n]|\([^()\n]*\))*\)
        |"(?:[^"`]|`.|"")*"?|'[^']*'?|`.|[^\s"'`;|(){{}},&<]|&(?![ \t&])|<(?!\#))+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_PROMPT = re.compile(r"^[ \t]*PS(?:[ \t][^\n>]*)?>[ \t]*", re.MULTILINE)
_ASSIGNED = re.compile(r"(?i)(?:\[[\w.\[\]]+\])?\$\{?(?:(?P<env>env:)|\w+:)?(?P<name>\w+)\}?")
_GLUED = re.compile(
    r"(?P<name>[$A-Za-z_][\w.:-]*)(?P<operator>\+?=)(?P<value>\"[^\"]*\"|'[^']*')", re.DOTALL
)
_KEY = re.compile(r"[\w-]+")
_JOIN = re.compile(
    r"(?i)\(?\s*Join-Path\s+(?:-Path\s+)?(?P<base>\"[^\"]*\"|'[^']*'|\S+)\s+(?:-ChildPath\s+)?"
    r"(?P<path>\"[^\"]*\"|'[^']*'|[^\s)]+)\s*\)?"
)
_LOCATION = re.compile(r"(?i)\(?\s*(?:Get-Location\b|Resolve-Path\s+\.).*")
_PARENT = re.compile(r"(?i)\(?\s*Split-Path\s+(?:-(?:Parent|Path)\s+)*(\S+?)(?:\s+-Parent)?\s*\)?")
_REDIRECTED = re.compile(r"(?:[1-6*])?(?P<operator>>>?)(?P<target>[^&=].*|&[1-6]|)", re.DOTALL)
_JOINTS = frozenset({"|", "&&", "||"})
_ALWAYS = frozenset({"try", "finally", "do", "begin", "process", "end", "&", "."})
_LATER = frozenset({"function", "filter", "workflow"})
_APART = frozenset({"start-job", "start-threadjob", "invoke-command", "icm"})
_VALUES = frozenset({"join-path", "split-path", "resolve-path", "get-location", "convert-path"})
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    token: Token


def parse_powershell(text: str) -> Script:
    """The statements of PowerShell text; any text has some. Comments and here-strings run
    nothing."""
    bare = _PROMPT.sub(lambda prompt: " " * len(prompt[0]), text)
    return Script(text, _Reader(bare, list(_parts(bare))).block(0))


def _parts(text: str) -> Iterator[_Part]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind != "space":
            yield _Part(kind, written(match[0], match.start()))


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand together. `called`: they are a command; else values, a condition, or the
    like. `variable` is the one that gets them."""

    words: tuple[Token, ...] = ()
    called: bool = False
    variable: str = ""

    def number(self, hit: Span) -> int | None:
        """The number of the word that holds a place."""
        for n, word in enumerate(self.words):
            if word.span.holds(hit):
                return n
        return None

    def setting(self, n: int) -> tuple[str, bool]:
        """What word number `n` is the value of, alone or in a list, and whether that is a variable:
        `$name = "…"`, `key = @("…", "…")`; "" where it is not such a value."""
        before = n
        while before and self.words[before - 1].quoted:
            before -= 1
        if before == 0:
            return self.variable, True
        if before < 2 or self.words[before - 1].text not in {"=", "+="}:
            return "", False
        name = self.words[before - 2].text
        if variable := _ASSIGNED.fullmatch(name):
            return variable["name"], True
        return (name, False) if _KEY.fullmatch(name) else ("", False)


def commands(script: Script, start: int = 0) -> Iterator[Words]:
    """The words of every statement in a script at `start`, calls in brackets included."""
    for statement, _ in flattened(script.statements):
        match statement:
            case Simple(words):
                yield Words(_moved(words, start), True)
            case Redirected(files=files):
                words = tuple(file.target for file in files)
                yield Words(_moved(words, start))
            case Assignment(name, words):
                called = len(words) > 1 and not words[0].quoted
                yield Words(_moved(words, start), called, name.text)
            case Operands(words):
                yield Words(_moved(words, start))
            case _:
                continue
        for word in words:
            text = word.raw.strip("(")
            first, _, rest = text.partition(" ")
            if word.raw.startswith("(") or (rest and first.lower() in _VALUES):
                inner = word.start + len(word.raw) - len(text)
                yield from commands(parse_powershell(text.removesuffix(")")), start + inner)


def _moved(words: Iterable[Token], start: int) -> tuple[Token, ...]:
    return tuple(replace(word, start=word.start + start) for word in words)


class StretchKind(StrEnum):
    """What a stretch of the text is that holds no command."""

    COMMENT = "comment"
    HERE = "here"  # a here-string
    STRING = "string"


def stretches(text: str) -> list[tuple[StretchKind, Span]]:
    """The comments and the quoted texts, quotes included, in order."""
    return [
        (StretchKind(match.lastgroup), Span(*match.span()))
        for match in _STRETCH.finditer(text)
        if match.lastgroup
    ]


class _Reader:
    def __init__(self, text: str, parts: list[_Part]) -> None:
        self._text, self._parts, self._at = text, parts, 0

    def block(self, depth: int) -> tuple[Statement, ...]:
        """Statements up to the brace that ends the block."""
        done: list[Statement] = []
        joined: list[tuple[Statement, ...]] = []  # statements with an operator behind each
        joints: list[str] = []
        while self._at < len(self._parts):
            kind = self._parts[self._at].kind
            if kind == "close":
                self._at += 1
                if depth:
                    break
            elif kind == "end":
                self._at += 1
            else:
                begin = len(done)
                self._statement(done, depth)
                joint = self._joint() if len(done) > begin else ""
                if joint or joined:
                    joined.append(tuple(done[begin:]))
                    del done[begin:]
                    joints.append(joint)
                if joined and not joint:
                    done.extend(listed(joined, joints[:-1]))
                    joined, joints = [], []
        return (*done, *(listed(joined, joints[:-1]) if joined else ()))

    def _joint(self) -> str:
        """The operator that ended the statement just read; it goes on on the next line."""
        operator = self._parts[self._at - 1].token.raw
        if operator not in _JOINTS or self._parts[self._at - 1].kind != "end":
            return ""
        while self._at < len(self._parts) and self._parts[self._at].token.text.strip() == "":
            self._at += 1
        return operator if self._at < len(self._parts) else ""

    def _statement(self, done: list[Statement], depth: int) -> None:
        words: list[Token] = []
        blocks: list[Statement] = []
        name = ""
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part.kind == "close":
                break
            self._at += 1
            if part.kind == "end":
                line_end = part.token.text.strip() == ""
                if not (line_end and words and (self._goes_on(words) or self._is_listed(words))):
                    break
            elif part.kind == "open":
                body = self.block(depth + 1) if depth < _DEEPEST else ()
                if part.token.raw.startswith("@"):  # a table of keys and values
                    done.append(Operands(tuple(_words(body))))
                    continue
                name = name or (words[0].text.lower() if words else "")
                if name in _LATER | {
                    "if",
                    "elseif",
                    "else",
                    "while",
                    "for",
                    "foreach",
                    "switch",
                } | (_ALWAYS | {"catch", "trap", "until"}):
                    self._own_block(done, name, words, body)
                    return
                blocks.append(Subshell(body) if name in _APART else Loop(body))
            elif part.kind in {"word", "call", "here"}:
                words.append(part.token)
            elif part.kind == "mark" and part.token.raw == "&":
                if words and words[-1].text == "=":  # `$process = & python …`
                    words = []
                name = name or "&"
        words, files = _without_files(words)
        command = (self._command(words),) if words else ()
        if files:
            done.append(Redirected((*command, *blocks), files))
        else:
            done += [*command, *blocks]

    def _goes_on(self, words: list[Token]) -> bool:
        """Whether a block on the next line belongs to the words so far: `if (…)`, then `{`."""
        keyword = words[0].text.lower() in {"if", "elseif", "else", "try", "catch", "finally"} | (
            _LATER | {"while", "for", "foreach", "switch", "do"}
        )
        following = self._parts[self._at] if self._at < len(self._parts) else None
        return keyword and following is not None and following.kind == "open"

    def _is_listed(self, words: list[Token]) -> bool:
        """Whether the line that ended goes on as a list does: behind `(` or a comma. Parameters of
        a function stand for themselves."""
        before = self._parts[self._at - 2].token.raw if self._at > 1 else ""
        following = self._parts[self._at].token.raw if self._at < len(self._parts) else "$"
        is_list = before in {"(", "@(", ","} and words[0].text.lower() != "param"
        return is_list and following[:1] not in {"$", "["}

    def _own_block(
        self, done: list[Statement], name: str, words: list[Token], body: tuple[Statement, ...]
    ) -> None:
        before = done[-1] if done else None
        variable = _ASSIGNED.fullmatch(words[1].text) if len(words) > 1 else None
        if name == "foreach" and variable:
            done.append(Bound(Word(variable["name"], words[1].start + variable.start("name"))))
        if name not in {"if", "elseif"} and len(words) > 1:
            done.append(Operands(tuple(words[1:])))
        if name in _LATER:
            done.append(Function(words[1].text if len(words) > 1 else "", body))
        elif name == "if":
            condition = (Simple(tuple(words[1:])),) if len(words) > 1 else ()
            done.append(Branches(condition, (body,), complete=False))
        elif name in {"elseif", "else"} and isinstance(before, Branches):
            arms = (*before.arms, body)
            done[-1] = Branches(before.condition, arms, complete=name == "else")
        elif name in _ALWAYS:
            done.append(Block(body))
        else:
            done.append(Loop(body))

    def _command(self, words: list[Token]) -> Statement:
        """A command, or a variable that is set: `$x = …`, `$env:X=…`."""
        first = words[0]
        target, equals, value = first.text.partition("=") if not first.quoted else ("", "", "")
        target = target.removesuffix("+")
        match = _ASSIGNED.fullmatch(target)
        if match is None:
            return Simple((*_unglued(first), *words[1:]))
        rest = words[1:]
        if equals:
            at = first.start + len(first.text) - len(value)
            rest = [written(value, at), *rest] if value else rest
        elif rest and (operator := re.match(r"\+?=", rest[0].text)):
            value = rest[0].text[operator.end() :]
            lead = [written(value, rest[0].start + operator.end())] if value else []
            rest = [*lead, *rest[1:]]
        else:
            return Simple(tuple(words))
        if rest and rest[0].text.lower() in {"start-process", "saps"}:
            return Simple(tuple(rest))
        if rest and rest[0].text.lower() in _VALUES:  # a call without brackets
            last = rest[-1].start - rest[-1].quoted + len(rest[-1].raw)
            rest = [written(self._text[rest[0].start : last], rest[0].start)]
        name = Word(match["name"], first.start + match.start("name"))
        return Assignment(name, tuple(rest), exported=bool(match["env"]))


def _unglued(word: Token) -> Iterator[Token]:
    """`key="value"` in front of a statement as three words."""
    if match := _GLUED.fullmatch(word.raw):
        for group in ("name", "operator", "value"):
            yield written(match[group], word.start + match.start(group))
    else:
        yield word


def _without_files(words: list[Token]) -> tuple[list[Token], tuple[Redirection, ...]]:
    """The words of a command, and the files that it writes; a stream that goes into another one
    is no file. PowerShell reads none by `<`."""
    rest: list[Token] = []
    files: list[Redirection] = []
    at = 0
    while at < len(words):
        word = words[at]
        match = None if word.quoted else _REDIRECTED.fullmatch(word.raw)
        at += 1
        if match is None:
            rest.append(word)
        elif match["target"] and not match["target"].startswith("&"):
            target = written(match["target"], word.start + match.start("target"))
            files.append(Redirection(match["operator"], target))
        elif not match["target"] and at < len(words):
            files.append(Redirection(match["operator"], words[at]))
            at += 1
    return rest, tuple(files)


def _words(body: Iterable[Statement]) -> Iterator[Token]:
    for statement in body:
        match statement:
            case Simple(words) | Operands(words):
                yield from words
            case Assignment(values=values):
                yield from values
            case _:
                pass


def expand_powershell(raw: str, state: Session) -> list[str]:
    """The word that a written word becomes."""
    return [_value(raw, state)]


def _value(raw: str, state: Session) -> str:
    text = raw.strip()
    if match := _JOIN.fullmatch(text):
        return f"{_value(match['base'], state)}/{_value(match['path'], state)}"
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("\\", "/")
    if _LOCATION.fullmatch(text):
        return state.place
    if match := _PARENT.fullmatch(text):
        return _value(match[1], state).rpartition("/")[0]
    text = text.strip('"')

    def value(match: re.Match[str]) -> str:
        own = {
            "pwd": state.place,
            "psscriptroot": state.own_folder,
            "pscommandpath": state.own_path,
        }
        name = (match["name"] or "").lower()
        known = own.get(name) or state.value_of_any_case(name)
        return match.group() if known is None else known

    return POWERSHELL.sub(value, text).replace("\\", "/")


DIALECT = Dialect("powershell", parse_powershell, expand_powershell)


def read_powershell(text: str, session: Session, sink: CommandCollector) -> Session:
    """Gathers the commands of PowerShell text; the session at its end."""
    return read_script(DIALECT, text, session, sink)


def powershell_climbs(text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The climbs from the folder of a script that moves, by place."""
    return script_climbs(DIALECT, text, where)
