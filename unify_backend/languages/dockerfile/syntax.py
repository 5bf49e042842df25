"""Dockerfiles as instructions with their places, and as stages (Dockerfile reference, syntax 1)."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from unify_backend.model.package_move import joined
from unify_backend.model.spans import Span

_DOCKERFILE = re.compile(r"(?i)(?:docker|container)file(?:[.-].*)?|.*\.(?:docker|container)file")
_NO_DOCKERFILE = re.compile(r"(?i)\.(?:dockerignore|j2|jinja2?|tmpl|tpl|template|md|bak|orig)$")
_DIRECTIVE = r"[ \t]*#[ \t]*{}[ \t]*=[ \t]*"
_ESCAPE = re.compile(
    rf"\ufeff?(?:{_DIRECTIVE.format('(?:syntax|check)')}[^\n]*\n)*"
    rf"{_DIRECTIVE.format('escape')}(?P<escape>[\\`])",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_NAME = re.compile(r"\ufeff?[ \t]*(?P<name>[A-Za-z]+)(?=\s|\Z)")
_FLAG = re.compile(r"--(?P<name>[\w-]+)(?:=(?P<value>\"[^\"\n]*\"|\S+))?(?=\s|\Z)")
_WORD = re.compile(r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|\\.|[^\s\"'\\])+", re.DOTALL)
_HEREDOC = re.compile(r"\d*<<(?P<dash>-?)(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)(?P=quote)")
_HEALTH = re.compile(r"CMD(?=\s|\Z)", re.IGNORECASE)
_STAGE = re.compile(r"(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?", re.IGNORECASE)
_VARIABLE = re.compile(
    r"\\\$|\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?::?(?P<op>[-+?])(?P<word>[^}]*))?\})"
)
_PAIR = re.compile(
    r"(?P<name>[\w.-]+)=(?P<value>(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:[^\s\\\"']|\\[^\r\n]))*)",
    re.DOTALL,
)
_OLD_PAIR = re.compile(r"(?P<name>[\w.-]+)[ \t]+(?P<value>\S.*?)\s*\Z", re.DOTALL)
_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value` in front of the arguments; `span` is the value's, without quotes."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class HereDocument:
    """The lines between `<<NAME` and `NAME`; `text` has no leading tabs behind `<<-`."""

    name: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One variable that `ENV`, `ARG` or `LABEL` sets: `value` without quotes, variables not yet put
    in; its span covers the quotes."""

    name: str
    value: str
    name_span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `name` is in capitals. `span` covers its arguments as they are written, here
    documents included; of `HEALTHCHECK` what stands behind `CMD`. `text` is the same with continued
    lines joined, without comment lines and here-documents. `words` are those of the JSON form, None
    in shell form. `pairs` are what `ENV`, `ARG` and `LABEL` set, `trigger` is what `ONBUILD` holds.
    """

    name: str
    line: int
    span: Span
    text: str
    options: Span
    flags: tuple[Flag, ...] = ()
    words: tuple[str, ...] | None = None
    documents: tuple[HereDocument, ...] = ()
    comments: tuple[Span, ...] = ()
    pairs: tuple[Pair, ...] = ()
    trigger: Instruction | None = None

    @property
    def arguments(self) -> list[str]:
        """The words of either form, quotes left out."""
        return list(self.words) if self.words is not None else split_words(self.text)

    def flag(self, name: str) -> str | None:
        """The value of the last flag of that name, None where there is none."""
        return next((flag.value for flag in reversed(self.flags) if flag.name == name), None)


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands behind one `FROM`. `base` is an image or an earlier stage's name; `arguments` are
    what `ARG` gave before the first stage."""

    base: str
    name: str
    line: int
    instructions: tuple[Instruction, ...]
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The instructions of a file, and the comments between them."""

    text: str
    instructions: tuple[Instruction, ...]
    comments: tuple[Span, ...]


def is_dockerfile(path: str) -> bool:
    """Whether the file's name is one that Dockerfiles have."""
    name = posixpath.basename(path)
    return _DOCKERFILE.fullmatch(name) is not None and not _NO_DOCKERFILE.search(name)


@lru_cache(maxsize=16)
def parse_dockerfile(text: str) -> Dockerfile:
    """Every instruction of a Dockerfile. Any text is read: a line that begins with no word is
    neither an instruction nor a comment."""
    reader = _Reader(text)
    instructions = tuple(reader.instructions())
    return Dockerfile(text, instructions, tuple(reader.comments))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [Span(*match.span()) for match in _LINE.finditer(text)]
        chosen = _ESCAPE.match(text)
        escape = re.escape(chosen["escape"] if chosen else "\\")
        self._goes_on = re.compile(rf"(?:^|(?<!{escape})){escape}[ \t]*\r?\n?\Z")
        self._joint = re.compile(rf"(?:\s|{escape}[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*)*")
        self.comments: list[Span] = []

    def instructions(self) -> Iterator[Instruction]:
        """One after the other; fills `comments` on the way."""
        text, lines, at = self._text, self._lines, 0
        while at < len(lines):
            first, begin = lines[at], at
            at += 1
            head = _NAME.match(text, first.start, first.end)
            if head is None:
                if text[first.start : first.end].lstrip("\ufeff \t").startswith("#"):
                    self.comments.append(first)
                continue
            comments: list[Span] = []
            parts, open_line = [first], self._continued(first)
            while open_line and at < len(lines):
                line = lines[at]
                at += 1
                body = text[line.start : line.end].strip()
                if body.startswith("#"):
                    comments.append(line)
                elif body:
                    parts.append(line)
                    open_line = self._continued(line)
            own = Span(head.start("name"), lines[at - 1].end)
            documents, at = self._documents(head["name"].upper(), parts, at)
            instruction = self._instruction(own, begin + 1, parts, documents, tuple(comments))
            end = max(instruction.span.end, lines[at - 1].end)
            yield replace(instruction, span=Span(instruction.span.start, end))

    def _continued(self, line: Span) -> bool:
        return self._goes_on.search(self._text[line.start : line.end]) is not None

    def _documents(
        self, name: str, parts: list[Span], at: int
    ) -> tuple[tuple[HereDocument, ...], int]:
        """The here-documents of an instruction whose own lines are `parts`, and the line behind."""
        documents: list[HereDocument] = []
        text, lines = self._text, self._lines
        whole = "".join(text[part.start : part.end] for part in parts)
        words = whole.split(None, 2)
        taker = words[1].upper() if name == "ONBUILD" and len(words) > 1 else name
        if "<<" not in whole or taker not in _HEREDOCS:
            return (), at
        for word in _WORD.finditer(whole):
            mark = _HEREDOC.fullmatch(word[0])
            if mark is None:
                continue
            begin, content = at, list[str]()
            while at < len(lines):
                line = text[lines[at].start : lines[at].end].rstrip("\r\n")
                line = line.lstrip("\t") if mark["dash"] else line
                at += 1
                if line == mark["name"]:
                    break
                content.append(line)
            place = Span(parts[-1].end, parts[-1].end)
            if content:
                place = Span(lines[begin].start, lines[begin + len(content) - 1].end)
            documents.append(HereDocument(mark["name"], place, "\n".join(content) + "\n"))
        return tuple(documents), at

    def _instruction(
        self,
        span: Span,
        number: int,
        parts: list[Span],
        documents: tuple[HereDocument, ...],
        comments: tuple[Span, ...],
    ) -> Instruction:
        """The instruction whose own lines are `span`; `parts` are those that are no comments."""
        text = self._text
        head = _NAME.match(text, span.start, span.end)
        assert head is not None
        name = head["name"].upper()
        options_start = at = self._blanks(head.end(), span.end)
        flags: list[Flag] = []
        options_end = at
        while match := _FLAG.match(text, at, span.end):
            value = match["value"] or ""
            quoted = len(value) > 1 and value[0] == value[-1] == '"'
            place = Span(match.end() - len(value) + quoted, match.end() - quoted)
            flags.append(Flag(match["name"], text[place.start : place.end], place))
            options_end = match.end()
            at = self._blanks(match.end(), span.end)
        if name == "HEALTHCHECK" and (lead := _HEALTH.match(text, at, span.end)):
            at = self._blanks(lead.end(), span.end)
        arguments = self._joined(at, parts)
        trigger = None
        if name == "ONBUILD" and _NAME.match(text, at, span.end):
            trigger = self._instruction(Span(at, span.end), number, parts, documents, ())
        end = max([span.end, at, *(document.span.end for document in documents)])
        return Instruction(
            name=name,
            line=number,
            span=Span(at, end),
            text=arguments,
            options=Span(options_start, max(options_start, options_end)),
            flags=tuple(flags),
            words=_json_words(arguments),
            documents=documents,
            comments=comments,
            pairs=tuple(
                pair
                for pair in self._pairs(name, Span(at, end))
                if not any(comment.holds(pair.name_span) for comment in comments)
            ),
            trigger=trigger,
        )

    def _pairs(self, name: str, span: Span) -> Iterator[Pair]:
        if name not in {"ENV", "ARG", "LABEL"}:
            return
        old = _OLD_PAIR.match(self._text, span.start, span.end) if name != "ARG" else None
        for match in [old] if old else _PAIR.finditer(self._text, span.start, span.end):
            value = self._joined_value(match["value"])
            yield Pair(match["name"], value, Span(*match.span("name")), Span(*match.span("value")))

    def _joined_value(self, written: str) -> str:
        lines = written.splitlines(keepends=True)
        value = "".join(self._goes_on.sub("", line) for line in lines[:-1]) + "".join(lines[-1:])
        try:
            return " ".join(shlex.split(value)) if re.search(r"[\"'\\]", value) else value
        except ValueError:
            return value.strip("\"'")

    def _blanks(self, at: int, end: int) -> int:
        match = self._joint.match(self._text, at, end)
        return match.end() if match else at

    def _joined(self, at: int, parts: list[Span]) -> str:
        """The text from `at` on, continued lines joined."""
        pieces: list[str] = []
        for part in parts:
            if part.end > at:
                line = self._text[max(at, part.start) : part.end]
                mark = self._goes_on.search(line)
                pieces.append(line[: mark.start()] if mark else line.rstrip("\r\n"))
        return "".join(pieces).strip()


def split_words(text: str) -> list[str]:
    """The words of a shell's line; where quotes do not close, what stands between blanks."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _json_words(text: str) -> tuple[str, ...] | None:
    if not text.startswith("["):
        return None
    try:
        words = json.loads(text)
    except ValueError:
        return None
    texts = [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
    return tuple(texts) if isinstance(words, list) and len(texts) == len(words) else None


def stages(text: str, arguments: Mapping[str, str] | None = None) -> list[Stage]:
    """The stages of a Dockerfile; `arguments` are build arguments. A text without FROM has none."""
    before = StageState()
    finished: list[Stage] = []
    held: list[Instruction] = []
    opened: tuple[str, str, int] | None = None
    for instruction in parse_dockerfile(text).instructions:
        if instruction.name == "FROM":
            if opened:
                finished.append(Stage(*opened, tuple(held), before.arguments))
            base, name = stage_names(substituted(instruction.text, before.arguments))
            opened, held = (base, name, instruction.line), []
        elif opened:
            held.append(instruction)
        else:
            before.apply(instruction, arguments or {})
    if opened:
        finished.append(Stage(*opened, tuple(held), before.arguments))
    return finished


def stage_names(text: str) -> tuple[str, str]:
    """The base and the name that the arguments of a `FROM` give a stage, "" for none."""
    match = _STAGE.match(text)
    return (match["base"], match["name"] or "") if match else ("", "")


@dataclass
class StageState:
    """What the instructions up to some point set an image to: folder and environment of what it
    runs, the command, and the line that names that. `arguments` are those of the build."""

    folder: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    line: int = 1
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The values of variables in the next instruction."""
        return {**self.arguments, **self.env}

    def copy(self) -> StageState:
        """The state that a stage begins with which is built on this one."""
        return replace(self, env=dict(self.env), arguments=dict(self.arguments))

    def apply(self, instruction: Instruction, arguments: Mapping[str, str]) -> None:
        """Carries out an instruction, as far as it is of this kind; `arguments` are the build's."""
        words = instruction.words or (
            ("/bin/sh", "-c", instruction.text) if instruction.text else ()
        )
        match instruction.name:
            case "WORKDIR":
                path = substituted(instruction.text.strip("\"'"), self.variables)
                self.folder = joined(self.folder, path)
            case "ENV":
                self.env |= environment(instruction, self.variables)
            case "ARG":
                defaults = environment(instruction, self.variables)
                for name in declared(instruction):
                    default = defaults.get(name) or self.arguments.get(name, "")
                    self.arguments[name] = arguments.get(name, default)
            case "ENTRYPOINT":
                self.entrypoint, self.command, self.line = words, (), instruction.line
            case "CMD":
                self.command, self.line = words, instruction.line
            case _:
                pass


def declared(instruction: Instruction) -> list[str]:
    """The names of the variables that an `ARG` declares, with a default or without."""
    names = (word.partition("=")[0] for word in instruction.text.split())
    return [name for name in names if re.fullmatch(r"[\w.-]+", name)]


def environment(instruction: Instruction, variables: Mapping[str, str]) -> dict[str, str]:
    """What an `ENV` sets, variables put in."""
    return {pair.name: substituted(pair.value, variables) for pair in instruction.pairs}


def substituted(text: str, variables: Mapping[str, str]) -> str:
    """With `$name`, `${name}`, `${name:-word}` and `${name:+word}` put in; unknown ones are empty,
    as the builder has it."""

    def value(match: re.Match[str]) -> str:
        name = match["plain"] or match["name"]
        if name is None:
            return "$"
        known = variables.get(name, "")
        if match["op"] == "-":
            return known or substituted(match["word"], variables)
        if match["op"] == "+":
            return substituted(match["word"], variables) if known else ""
        return known

    return _VARIABLE.sub(value, text)
