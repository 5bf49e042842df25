"""Which language a file or a block of code is in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from unify_backend.languages.definition import Comparison, Language
from unify_backend.languages.registry import TEXT, languages

# What is put behind the name of a copy: `main.py.bak`, `.env.example`.
_COPY = re.compile(
    r"(?i)(?:\.(?:backup|bak|bkp|orig|old|save|saved|example|sample|template|tmpl|tpl|dist|disabled|"
    r"local|j2|jinja2?|in|rej|txt)|~)$"
)
# Languages whose suffix says it, whatever the rest of the name says.
_CERTAIN = frozenset({"python", "markdown", "restructuredtext"})
_TEMPLATE = re.compile(r"(?i)\.(?:j2|jinja2?|tpl|tmpl|mako)$")


# How statements of SQL begin; the words of each are all small or all large letters, as nobody
# begins a sentence
_SQL = (
    r"select\b.*?\bfrom\s+[\w\"`\[{(]|select\s+\w+\(|insert\s+(?:or\s+\w+\s+)?into\s|"
    r"update\s+\S+\s+(?:\w+\s+)?set\s.*?=|delete\s+from\s|truncate\s+table\s|"
    r"(?:create|alter|drop)\s+(?:(?:or\s+replace|temp\w*|unique|materialized|external|global)\s+)*"
    r"(?:table|view|index|schema|database|type|sequence|function|trigger|role|policy)\s|"
    r"grant\s+[\w,\s]+\son\s|revoke\s+[\w,\s]+\son\s|lock\s+table\s|"
    r"copy\s+\S+\s+(?:\([^)]*\)\s*)?(?:from|to)\s|refresh\s+materialized\s+view\s|"
    r"with\s+(?:recursive\s+)?\w+\s+as\s*\(|merge\s+into\s|comment\s+on\s|explain\s+select\s|"
    r"analyze\s+table\s|vacuum\s+\w|attach\s+(?:database\s+)?\S+\s+as\s"
)
_BEGINS = re.compile(rf"\s*(?:--[^\n]*\n\s*)*(?:{_SQL})", re.IGNORECASE | re.DOTALL)
_FIRST_WORD = re.compile(r"\s*(?:--[^\n]*\n\s*)*([A-Za-z]+)")


def begins_as_sql(text: str) -> bool:
    """Whether a text begins as a statement of SQL does."""
    word = _FIRST_WORD.match(text)
    if word is None or not (word[1].islower() or word[1].isupper()):
        return False
    return _BEGINS.match(text) is not None


@dataclass(frozen=True, slots=True)
class _Table:
    """What all languages claim, ready to be looked up."""

    names: Mapping[str, str]
    suffixes: Mapping[str, str]
    fences: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    paths: tuple[tuple[re.Pattern[str], str], ...]
    first_lines: tuple[tuple[re.Pattern[str], str], ...]
    dialects: tuple[tuple[re.Pattern[str], Language], ...]


@cache
def _table() -> _Table:
    every = tuple(languages().values())

    def first(claims: Iterator[tuple[str, str]]) -> dict[str, str]:
        by_claim: dict[str, str] = {}
        for claim, name in claims:
            by_claim.setdefault(claim, name)
        return by_claim

    def compiled(part: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(
            (re.compile(pattern), language.name)
            for language in every
            for pattern in getattr(language.files, part)
        )

    return _Table(
        first((name, language.name) for language in every for name in language.files.names),
        first((suffix, language.name) for language in every for suffix in language.files.suffixes),
        first((label, language.name) for language in every for label in language.fences),
        compiled("patterns"),
        compiled("paths"),
        compiled("first_lines"),
        tuple(
            (re.compile(rf"^[ \t]*(?:{language.dialect.lines})", re.MULTILINE), language)
            for language in every
            if language.dialect
        ),
    )


def language_of(path: str, text_head: str) -> str:
    """The name of the language of a file; "text" where no language claims it.

    `path` is POSIX. `text_head` is the beginning of the content; its first line decides where the
    name does not. A copy kept under a suffix (`main.py.bak`, `.env.example`) is what its name
    without the suffix says.
    """
    name = path.rsplit("/", 1)[-1]
    folder = path[: len(path) - len(name)].lower()
    while name:
        if named := _by_path(folder + name) or _by_name(name):
            return named
        shorter = _COPY.sub("", name)
        if shorter in {name, ""}:
            break
        name = shorter
    return language_of_first_line(text_head.lstrip("\ufeff").split("\n", 1)[0]) or TEXT


def language_of_first_line(line: str) -> str | None:
    """The language that the first line of a script names (`#!/bin/sh`); None where it names none
    that is known."""
    return next((name for pattern, name in _table().first_lines if pattern.match(line)), None)


def language_under(path: str) -> str:
    """The language of what a template makes; "text" where its name does not say."""
    name = path.rsplit("/", 1)[-1]
    below = _TEMPLATE.sub("", name)
    if below == name and not _by_path(path):
        return TEXT
    language = language_of(below, "")
    return language if language != "template" else TEXT


def language_called(label: str) -> str | None:
    """The language of a block of code that a document labels `label`; None where the label is
    unknown."""
    return _table().fences.get(label.strip().lower())


def language_of_code(label: str, code: str) -> str | None:
    """The language of a block of code that a document labels `label` ("" for no label): what the
    label says, or the dialect of it that the lines show; None where neither is known."""
    language = language_called(label)
    return dialect_of(language, code) if language or not label else None


def dialect_of(language: str | None, code: str) -> str | None:
    """The dialect of a language that a block of code is in, else the language itself. Of None, a
    block about which nothing is said, it is what the first line shows."""
    if language is None:
        code = code.lstrip().split("\n", 1)[0]
    for pattern, other in _table().dialects:
        dialect = other.dialect
        if dialect and (language is None or language in dialect.of) and pattern.search(code):
            return other.name
    return language


def language_of_shell(name: str) -> str:
    """The language of what a program runs: `pwsh`, `cmd`, `python3`, `bash`. One that is unknown,
    and none at all (""), is a shell."""
    return language_called(name) or "shell"


@lru_cache(maxsize=8192)
def definition_of(path: str) -> Language:
    """The definition of the language that a file's name belongs to."""
    return languages()[language_of(path, "")]


def comparison_of(path: str) -> Comparison:
    """How two files of that name are compared; their content is not looked at."""
    language = definition_of(path)
    if language.name == TEXT and path.lower().endswith(".txt"):
        return Comparison.LINES
    return language.comparison


def _by_path(path: str) -> str | None:
    return next((name for pattern, name in _table().paths if pattern.fullmatch(path)), None)


def _by_name(name: str) -> str | None:
    table = _table()
    if named := table.names.get(name.lower()):
        return named
    stem, _, suffix = name.rpartition(".")
    by_suffix = table.suffixes.get(suffix.lower()) if stem or suffix == "env" else None
    if by_suffix in _CERTAIN:
        return by_suffix  # `makefile.py` is a module, and `Dockerfile.md` speaks of one
    for pattern, language in table.patterns:
        if pattern.fullmatch(name):
            return language
    return by_suffix
