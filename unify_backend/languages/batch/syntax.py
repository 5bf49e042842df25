"""Batch files as statements: logical lines, blocks in brackets, `if`, `for`, labels, `start`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
    Label,
    Loop,
    Operands,
    Redirected,
    Redirection,
    Script,
    Simple,
    Statement,
    Subshell,
    flattened,
    listed,
    written,
)
from unify_backend.languages.scripts.variable_uses import BATCH
from unify_backend.model.checks import DepthUse

_PROMPT = re.compile(r"[ \t]*@?[ \t]*(?:[A-Za-z]:\\[^\n>]*>[ \t]*)?")
REMARK = re.compile(r"(?i)(?:rem\b|::)")
LABEL = re.compile(r":[ \t]*(?P<name>[^\s:]+)")
_LEAD = re.compile(r"[ \t@]*")
_IF = re.compile(
    r"(?i)if[ \t]+(?:/i[ \t]+)?(?:not[ \t]+)?"
    r"(?:exist[ \t]+(?P<path>\"[^\"\n]*\"|[^\s(]+)"
    r"|(?:defined|errorlevel|cmdextversion)[ \t]+\S+"
    r"|(?:\"[^\"\n]*\"|[^\s\"=]+)[ \t]*(?:==|[a-z]{3}[ \t])[ \t]*(?:\"[^\"\n]*\"|[^\s(]+))"
)
_FOR = re.compile(
    r"(?i)for[ \t]+(?:/[rd][ \t]+(?P<folder>\"[^\"\n]*\"|[^\s%(]+)|(?P<output>/f\b))?"
    r"[^\n(]*\((?P<list>.*?)\)[ \t]*do\b"
)
_LISTED = re.compile(r"[\"'][^\"'\n]*[\"']|[^\s,;]+")
_ELSE = re.compile(r"(?i)else\b")
_SET = re.compile(r"(?i)set[ \t]+(?P<option>/[ap][ \t]+)?(?:\"(?P<quoted>[^\"]*)\"?|(?P<plain>.*))")
_WORD = re.compile(r"(?:\"[^\"\n]*\"?|\^.|[^\s\"&|^()]|[()]|\^)+", re.DOTALL)
_OUTPUT = re.compile(
    r"\"[^\"\n]*(?:\"|\Z)|\d?(?P<operator>>{1,2}|<)[ \t]*"
    r"(?:&\d|(?P<file>\"[^\"\n]*\"|[^\s&|<>)]+))"
)
_JOINT = re.compile(r"&&?|\|\|?")
_COMMAND_LIST = re.compile(r"[ \t]*(?P<quote>['`])(?P<code>.*)(?P=quote)[ \t]*")
_ESCAPED = re.compile(r"\^(?=[&|<>()=])")
_DEEPEST = 60  # blocks in blocks
_OWN = re.compile(r"(?i)%~d?p?n?x?0")
_PART = re.compile(r"(?:\"[^\"]*\"?|[^\s\"])+")


_ENDS = frozenset({"goto", "exit"})
_JOINED = re.compile(r"(?i)(?:call|goto)(?=:)")


def parse_batch(text: str) -> Script:
    """The statements of a batch file; any text has some."""
    return Script(text, tuple(_with_subroutines(_Reader(text).statements())))


def _with_subroutines(statements: list[Statement]) -> Iterator[Statement]:
    """The statements with a function for each label that is called, in front. It is left out of
    its place where nothing else leads there: no `goto`, no line above that goes on."""
    commands = [
        [word.text.lower() for word in statement.words]
        for statement, _ in flattened(statements)
        if isinstance(statement, Simple)
    ]
    called = {words[0] for words in commands if words[0].startswith(":")}
    jumps = {f":{words[1].lstrip(':')}" for words in commands if words[0] == "goto" and words[1:]}
    main: list[Statement] = []
    known: set[str] = set()
    reached, skipping = True, False
    for n, statement in enumerate(statements):
        if isinstance(statement, Label):
            name = f":{statement.name.lower()}"
            skipping = not reached and name not in jumps and (name in called or skipping)
            reached = not skipping
            if name in called - known:
                known.add(name)
                yield Function(name, tuple(_up_to_end(statements[n + 1 :])))
        if not skipping:
            main.append(statement)
        if _is_end(statement):
            reached = skipping = False
    yield from main


def _up_to_end(statements: list[Statement]) -> Iterator[Statement]:
    """The statements up to the first that returns or jumps whatever happens."""
    for statement in statements:
        yield statement
        if _is_end(statement):
            return


def _is_end(statement: Statement) -> bool:
    return isinstance(statement, Simple) and statement.words[0].text.lower() in _ENDS


@dataclass
class _Open:
    """A block that is open: what runs in it, and what opened it (`if`, `else`, `for`, none).
    `joints` are the operators on the line at hand, each with the number of the statement that
    stands in front of it."""

    opener: str
    body: list[Statement] = field(default_factory=list)
    joints: list[tuple[int, str]] = field(default_factory=list)

    def join(self) -> None:
        """Puts statements with `|`, `&&` and `||` between them together."""
        joints, self.joints = self.joints, []
        for operator in ("|", "&&", "||"):  # in the order in which they bind
            at = 0
            while at < len(joints):
                place, joint = joints[at]
                if joint != operator:
                    at += 1
                    continue
                parts, n = [place], at
                while n < len(joints) and joints[n] == (parts[-1], operator):
                    parts.append(parts[-1] + 1)
                    n += 1
                if parts[-1] >= len(self.body):
                    return
                statements: list[list[Statement]] = [[self.body[part]] for part in parts]
                if operator == "|":
                    statements = [[Subshell(tuple(statement))] for statement in statements]
                done = listed(statements, [operator] * (len(parts) - 1))
                self.body[place : parts[-1] + 1] = done
                shift = len(parts) - 1
                joints[at:n] = []
                joints = [(m - shift if m >= parts[-1] else m, other) for m, other in joints]


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open = [_Open("")]

    def statements(self) -> list[Statement]:
        for start, line in _logical_lines(self._text):
            self._line(start, line)
            self._open[-1].join()
        while len(self._open) > 1:
            self._close()
        return self._open[0].body

    def command(self, code: str, start: int) -> tuple[Statement, ...]:
        """The statements of one line at `start`."""
        self._line(start, code)
        while len(self._open) > 1:
            self._close()
        self._open[0].join()
        return tuple(self._open[0].body)

    def _line(self, start: int, line: str) -> None:
        prompt = _PROMPT.match(line)
        at = prompt.end() if prompt else 0
        if REMARK.match(line, at):
            return
        if match := LABEL.match(line, at):
            if not line[at:].startswith("::"):
                self._open[-1].body.append(Label(match["name"]))
            return
        self._commands(line, at, start)

    def _commands(self, line: str, at: int, start: int) -> None:
        """Everything on one line from `at`; commands follow each other, `&&` or not."""
        while at < len(line):
            lead = _LEAD.match(line, at)
            at = lead.end() if lead else at
            if at >= len(line):
                return
            if line[at] == ")":
                self._close()
                at += 1
            elif line[at] == "(":
                if len(self._open) <= _DEEPEST:
                    self._open.append(_Open("group"))
                at += 1
            elif joint := _JOINT.match(line, at):
                block = self._open[-1]
                if block.body and joint[0] != "&":
                    block.joints.append((len(block.body) - 1, joint[0]))
                at = joint.end()
            elif REMARK.match(line, at):
                return
            elif match := _ELSE.match(line, at):
                at = self._behind(line, match.end(), start, "else")
            elif match := _IF.match(line, at):
                if match["path"]:
                    path = written(match["path"], start + match.start("path"))
                    self._open[-1].body.append(Operands((path,)))
                at = self._behind(line, match.end(), start, "if")
            elif match := _FOR.match(line, at):
                if match["folder"]:
                    folder = written(match["folder"], start + match.start("folder"))
                    self._open[-1].body.append(Operands((folder,)))
                self._open[-1].body.append(self._list(match, start + match.start("list")))
                at = self._behind(line, match.end(), start, "for")
            else:
                end = _end_of_command(line, at, len(self._open) > 1)
                self._simple(line[at:end], start + at)
                at = end

    def _list(self, loop: re.Match[str], start: int) -> Statement:
        """What a loop goes through: words, or what the command in quotes of `for /f` prints."""
        command = _COMMAND_LIST.fullmatch(loop["list"]) if loop["output"] else None
        back = command is not None and command["quote"] == "`"
        if command and back == ("usebackq" in loop[0].lower()) and len(self._open) <= _DEEPEST:
            code = _ESCAPED.sub(" ", command["code"])
            return Subshell(_Reader("").command(code, start + command.start("code")))
        words = _LISTED.finditer(loop["list"])
        return Operands(tuple(written(word[0], start + word.start()) for word in words))

    def _behind(self, line: str, at: int, start: int, opener: str) -> int:
        """What runs if a condition holds: a block, or the rest of the line."""
        lead = _LEAD.match(line, at)
        at = lead.end() if lead else at
        if len(self._open) > _DEEPEST:
            return len(line)
        self._open.append(_Open(opener))
        if line[at : at + 1] == "(":
            return at + 1
        depth = len(self._open)
        self._commands(line, at, start)
        while len(self._open) >= depth:
            self._close()
        return len(line)

    def _close(self) -> None:
        if len(self._open) == 1:
            return
        block = self._open.pop()
        block.join()
        outer, body = self._open[-1].body, tuple(block.body)
        before = outer[-1] if outer else None
        match block.opener:
            case "if":
                outer.append(Branches((), (body,), complete=False))
            case "else" if isinstance(before, Branches):
                outer[-1] = Branches((), (*before.arms, body), complete=True)
            case "for" | "else":
                outer.append(Loop(body))
            case _:
                outer.append(Block(body))

    def _simple(self, code: str, start: int) -> None:
        out = self._open[-1].body
        code = code.rstrip()
        redirected = [match for match in _OUTPUT.finditer(code) if not match[0].startswith('"')]
        files = tuple(
            Redirection(output["operator"], written(output["file"], start + output.start("file")))
            for output in redirected
            if output["file"]
        )
        for output in redirected:
            code = code[: output.start()] + " " * len(output[0]) + code[output.end() :]
        command = self._assignment(code, start) or self._command(code, start)
        out.append(Redirected((command,), files) if files else command)

    def _assignment(self, code: str, start: int) -> Statement | None:
        match = _SET.fullmatch(code)
        if match is None:
            return None
        group = "plain" if match["plain"] is not None else "quoted"
        name, equals, value = match[group].rstrip().partition("=")
        if not equals:
            return None
        at = start + match.start(group)
        variable = Word(name.strip(), at + len(name) - len(name.lstrip()))
        if match["option"]:
            return Bound(variable)
        return Assignment(variable, (written(value, at + len(name) + 1),), exported=True)

    def _command(self, code: str, start: int) -> Statement:
        words = [written(match[0], start + match.start()) for match in _WORD.finditer(code)]
        if words and (joined := _JOINED.match(words[0].text)):  # `call:label`, `goto:eof`
            at, whole = joined.end(), words[0]
            both = (whole.text[:at], whole.start), (whole.text[at:], whole.start + at)
            words = [*(written(*part) for part in both), *words[1:]]
        while words and words[0].text.lower() == "call" and len(words) > 1:
            words = words[1:]
        return Simple(tuple(words)) if words else Block(())


def _end_of_command(line: str, at: int, inside: bool) -> int:
    """Where the command at `at` ends: at an operator, or at the bracket that ends its block."""
    quoted, depth = False, 0
    while at < len(line):
        char = line[at]
        if char == '"':
            quoted = not quoted
        elif char == "^" and not quoted:
            at += 1
        elif not quoted and char in "&|" and line[at - 1] != ">":
            return at
        elif not quoted and char == "(":
            depth += 1
        elif not quoted and char == ")":
            if inside and not depth:
                return at
            depth -= 1
        at += 1
    return len(line)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their starts; `^` at a line's end joins it to the next, and both become spaces so
    that offsets stay."""
    at = 0
    for match in re.finditer(r"(?:[^\n^]|\^[^\n]?\n?)*\n?", text):
        if match.group():
            line = match.group().rstrip("\r\n")
            yield at, re.sub(r"\^\r?\n", lambda joint: " " * len(joint[0]), line)
            at = match.end()


def expand_batch(raw: str, state: Session) -> list[str]:
    """The words that one written word becomes; a variable without quotes may hold several."""

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        if name.upper() == "CD":
            return state.place
        known = state.value_of_any_case(name)
        return match.group() if known is None else known

    text = _OWN.sub(lambda _: f"{state.own_folder}/", raw)
    text = re.sub(r"%[1-9*]", "", BATCH.sub(value, text))
    parts = _PART.findall(text) if text != raw else [text]
    return [re.sub(r"\\(?!\\)", "/", re.sub(r"\^(.)|\"", r"\1", part)) for part in parts]


DIALECT = Dialect("batch", parse_batch, expand_batch, separator="\\", homing=False)


def read_batch(text: str, session: Session, sink: CommandCollector) -> Session:
    """Gathers the commands of batch text; the session at its end."""
    return read_script(DIALECT, text, session, sink)


def batch_climbs(text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The climbs from the folder of a script that moves, by place."""
    return script_climbs(DIALECT, text, where)
