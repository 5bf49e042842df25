"""CMake: files, folders and commands by the command and the keyword; targets and variables stay.

The words are those of CMake's manual (cmake-language(7), cmake-commands(7)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.code.reader import comment_of
from unify_backend.languages.key_values import (
    INSTALLED_FOLDER,
    Place,
    addresses,
    holding,
    of_key,
    outside,
)
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"(?P<comment>\#\[\[.*?(?:\]\]|\Z)|\#[^\n]*)"
    r"|\[=*\[(?P<bracket>(?:[^\]]|\](?!=*\]))*+)(?:\]=*\]|\Z)"
    r"|\"(?P<quoted>(?:[^\"\\]|\\.)*+)(?:\"|\Z)"
    r"|(?P<sign>[()])|(?P<word>[^\s()#\"]+)",
    re.DOTALL,
)
_KEYWORD = re.compile(r"[A-Z][A-Z_]+")
_PATH_CALLS = frozenset(
    "add_subdirectory include configure_file include_directories link_directories file "
    "aux_source_directory target_include_directories target_link_directories find_file find_path "
    "cmake_path get_filename_component subdirs load_cache".split()
)
_PATHS = frozenset(
    "FILES DIRECTORY PROGRAMS DESTINATION WORKING_DIRECTORY SOURCE_DIR BINARY_DIR DEPENDS OUTPUT "
    "MAIN_DEPENDENCY BYPRODUCTS GLOB GLOB_RECURSE PATHS HINTS SCRIPT SUBDIR INPUT_FILE OUTPUT_FILE "
    "LIBRARY_OUTPUT_DIRECTORY RUNTIME_OUTPUT_DIRECTORY ARCHIVE_OUTPUT_DIRECTORY SOURCES "
    "PY_FULL_PATH INSTALL_DIR CODE_FILE RELATIVE FILE_SET BASE_DIRS".split()
)
_LABELS = frozenset("TARGETS TARGET NAME NAMESPACE EXPORT COMPONENT PROPERTIES PROJECT".split())
_COMMAND_ENDS = frozenset(
    "WORKING_DIRECTORY DEPENDS OUTPUT COMMENT VERBATIM RESULT_VARIABLE OUTPUT_VARIABLE "
    "MAIN_DEPENDENCY ERROR_VARIABLE BYPRODUCTS SOURCES USES_TERMINAL OUTPUT_QUIET ERROR_QUIET "
    "TIMEOUT COMMAND ALL PRE_BUILD POST_BUILD PRE_LINK COMMAND_ERROR_IS_FATAL "
    "OUTPUT_STRIP_TRAILING_WHITESPACE".split()
)
_VARIABLE = re.compile(r"\$\{(?:\w*Python3?\w*_EXECUTABLE|PYTHON\w*|Python\w*)\}|Python3?::\w+")
_EXPRESSION = re.compile(r"\$<[A-Z_]+:[\w,]*\Z")  # `$<TARGET_FILE:old>`
_NAME = "a target or a variable of CMake"


@dataclass(frozen=True, slots=True)
class _Word:
    """One argument. `call` is the command in lower case, `keyword` the last keyword in front of it,
    `position` its number in the call, `first` the call's first argument: the variable that `set`
    sets. `run` is the number of the command line that it is a word of, 0 for none."""

    text: str
    span: Span
    quoted: bool
    call: str
    keyword: str
    position: int
    run: int
    first: str


class CmakeReferences:
    """Commands with their arguments, and comments."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        comments: list[Span] = []
        words = list(_words(text, comments))
        for comment in comments:
            if holding(hits, comment):
                yield comment_of(comment, "cmake")
        spans = [*comments, *(word.span for word in words)]
        for hit in outside(hits, spans):  # the name of a command, a broken file
            yield SyntaxContext(hit, "cmake-value", ContextKind.OTHER_NAME, note=_NAME)
        for word in words:
            for hit in holding(hits, word.span):
                yield from _argument(word, words, text, hit)
        yield from addresses(text, hits, "cmake-address")


def _argument(word: _Word, words: Sequence[_Word], text: str, hit: Span) -> Iterator[SyntaxContext]:
    if _EXPRESSION.search(text[word.span.start : hit.start]):
        yield SyntaxContext(hit, "cmake-value", ContextKind.OTHER_NAME, note=_NAME)
        return
    if word.run:
        line = [other for other in words if other.run == word.run]
        yield SyntaxContext(word.span, "cmake-command", ContextKind.COMMAND, escapes=word.quoted)
        named = [Word(_plain(other.text), other.span.start, other.quoted) for other in line]
        yield from contexts_of(named, [hit], "cmake-command")
        return
    place = _place(word, text, hit)
    if word.call == "install" and word.keyword == "DIRECTORY" and word.span.end == hit.end:
        place = INSTALLED_FOLDER
    yield context_of(word.span, hit, place, text, "cmake-value", escapes=word.quoted)


def _place(word: _Word, text: str, hit: Span) -> Place:
    path = "/" in word.text
    if word.keyword in _LABELS and not path:
        return Place(ContextKind.OTHER_NAME, _NAME)
    if word.keyword in _PATHS or (word.call in _PATH_CALLS and (word.position or not path)):
        if word.call == "include" and not path:
            return Place(ContextKind.OTHER_NAME, "a module of CMake")
        if word.call.startswith("target_") and not word.position:
            return Place(ContextKind.OTHER_NAME, _NAME)
        return Place(ContextKind.PATH_VALUE)
    if path:
        return Place(ContextKind.PATH_VALUE)
    if word.call == "option" and word.position == 1:
        return Place(ContextKind.LABEL, "shown to people")
    if word.call in {"set", "option"} and word.position:
        return of_key(word.first, text, hit)
    if word.quoted and word.call not in {"project"}:
        return Place(ContextKind.VALUE)
    return Place(ContextKind.OTHER_NAME, _NAME)


def _plain(text: str) -> str:
    """A word as a shell would get it; the interpreter that CMake found is Python."""
    return _VARIABLE.sub("python", text)


def _words(text: str, comments: list[Span]) -> Iterator[_Word]:
    """The arguments of all commands in order; comments go into `comments`."""
    call = first = last = keyword = ""
    depth = position = run = runs = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "comment":
            comments.append(Span(*token.span()))
        elif kind == "sign":
            depth = max(0, depth + (1 if token[0] == "(" else -1))
            if depth == 1 and token[0] == "(":
                call, first, keyword, position, run = last.lower(), "", "", 0, 0
        elif not depth:
            last = token[0]
        else:
            word = token[kind or "word"]
            if kind == "word" and _KEYWORD.fullmatch(word):
                keyword = word
                if word in {"COMMAND", "ARGS"}:
                    runs += word == "COMMAND"
                    run = runs
                    continue
                if word in _COMMAND_ENDS:
                    run = 0
            span = Span(*token.span(kind or "word"))
            first = first or word
            yield _Word(word, span, kind == "quoted", call, keyword, position, run, first)
            position += 1
