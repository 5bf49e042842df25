"""Dockerfiles as stages of instructions (Dockerfile reference, syntax 1)."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\A(?:[ \t]*#[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*(\S)", re.IGNORECASE)
_NAME = re.compile(r"[ \t]*([A-Za-z]+)(?:[ \t]+|$)")
_FLAG = re.compile(r"--(?P<name>[\w-]+)(?:=(?P<value>\"[^\"]*\"|\S+))?\s*")
_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_VARIABLE = re.compile(
    r"\\\$|\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?::?(?P<op>[-+?])(?P<word>[^}]*))?\})"
)
_PAIR = re.compile(r"([\w.-]+)=((?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:[^\s\\\"']|\\.))*)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: `name` in capitals, its `flags`, its text after them, the JSON form as
    `words` (None in shell form), and the names of here-documents with their texts."""

    name: str
    text: str
    line: int
    flags: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] | None = None
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands behind one `FROM`. `base` is an image or an earlier stage's name; `arguments` are
    what `ARG` gave before the first stage."""

    base: str
    name: str
    line: int
    instructions: tuple[Instruction, ...]
    arguments: Mapping[str, str]


def stages(text: str, given: Mapping[str, str] | None = None) -> list[Stage]:
    """The stages of a Dockerfile; `given` are build arguments. A text without FROM has none."""
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    held: list[Instruction] = []
    opened: tuple[str, str, int] | None = None
    for one in instructions(text):
        if one.name == "FROM":
            if opened:
                found.append(Stage(*opened, tuple(held), arguments))
            words = substituted(one.text, arguments).split()
            named = len(words) > 2 and words[1].lower() == "as"
            opened = (words[0] if words else "", words[2] if named else "", one.line)
            held = []
        elif opened:
            held.append(one)
        elif one.name == "ARG":
            name, _, value = one.text.partition("=")
            arguments[name.strip()] = (given or {}).get(name.strip(), value.strip().strip("\"'"))
    if opened:
        found.append(Stage(*opened, tuple(held), arguments))
    return found


def instructions(text: str) -> Iterator[Instruction]:
    """Every instruction, continued lines joined and comment lines left out."""
    chosen = _ESCAPE.match(text)
    escape = chosen[1] if chosen else "\\"
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        start, line = at, lines[at]
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [line]
        while parts[-1].rstrip().endswith(escape) and at < len(lines):
            parts[-1] = parts[-1].rstrip()[: -len(escape)]
            while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
                at += 1
            if at < len(lines):
                parts.append(lines[at])
                at += 1
        whole = "".join(parts)
        documents: list[tuple[str, str]] = []
        for mark in _HEREDOC.findall(whole):
            body: list[str] = []
            while at < len(lines) and lines[at].strip() != mark:
                body.append(lines[at])
                at += 1
            at += 1
            documents.append((mark, "\n".join(body) + "\n"))
        head = _NAME.match(whole)
        if head:
            yield _instruction(head[1].upper(), whole[head.end() :], start + 1, tuple(documents))


def _instruction(
    name: str, text: str, line: int, documents: tuple[tuple[str, str], ...]
) -> Instruction:
    flags: dict[str, str] = {}
    while found := _FLAG.match(text):
        if name not in {"COPY", "ADD", "RUN", "FROM", "HEALTHCHECK"}:
            break
        flags[found["name"]] = (found["value"] or "").strip('"')
        text = text[found.end() :]
    if name == "HEALTHCHECK":
        text = re.sub(r"(?i)^\s*CMD\s+", "", text)
    return Instruction(name, text.strip(), line, flags, _json(text), documents)


def _json(text: str) -> tuple[str, ...] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        words = json.loads(text.strip())
    except ValueError:
        return None
    texts = [one for one in words if isinstance(one, str)] if isinstance(words, list) else []
    return tuple(texts) if isinstance(words, list) and len(texts) == len(words) else None


def substituted(text: str, variables: Mapping[str, str]) -> str:
    """With `$name`, `${name}`, `${name:-word}` and `${name:+word}` put in; unknown ones are empty,
    as the builder has it."""

    def value(found: re.Match[str]) -> str:
        name = found["plain"] or found["name"]
        if name is None:
            return "$"
        known = variables.get(name, "")
        if found["op"] == "-":
            return known or substituted(found["word"], variables)
        if found["op"] == "+":
            return substituted(found["word"], variables) if known else ""
        return known

    return _VARIABLE.sub(value, text)


def pairs(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What `ENV` (or `ARG`) sets: `a=1 b="2 3"`, or the old form `a 1`."""
    if not re.match(r"[\w.-]+=", text):
        name, _, value = text.partition(" ")
        return {name: substituted(value.strip(), variables)} if value else {}
    return {name: substituted(_unquoted(value), variables) for name, value in _PAIR.findall(text)}


def _unquoted(value: str) -> str:
    try:
        return " ".join(shlex.split(value)) if re.search(r"[\"'\\]", value) else value
    except ValueError:
        return value.strip("\"'")
