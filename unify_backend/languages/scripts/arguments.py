"""What the words of a command line are: modules, paths, containers, services, other languages.

Only what the command itself tells is said here, and `programs.py` knows it. Shell, batch,
PowerShell, Docker, compose, CI, documents, npm scripts and Python's argument lists all ask here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.key_values import DISTRIBUTION, Place, of_key
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.scripts.command_line import (
    Argument,
    Word,
    arguments,
    split_commands,
)
from unify_backend.languages.scripts.programs import Group, WordUse
from unify_backend.model.evidence import Evidence, Label, NameKind
from unify_backend.model.spans import Span

_MODULES = frozenset({WordUse.MODULE, WordUse.APPLICATION, WordUse.RUN})
_PATHS = frozenset({WordUse.PATH, WordUse.FOLDER, WordUse.SEARCH, WordUse.SCRIPT})
_LANGUAGES = {
    WordUse.SHELL: "shell",
    WordUse.BATCH: "batch",
    WordUse.POWERSHELL: "powershell",
    WordUse.CODE: "python",
}
_NAMES_NOTE = "a pattern for names: it has to match what is there after the move"
_EXPRESSION_NOTE = "in an expression whose slashes are no folders"
_SUBSTITUTION = re.compile(r"(?:\d+|/[^/]*/)?,?(?:\d+|\$)?[sy]/|/[^/\n]*/(?:[dpacix!{]|$)")
_PATHLIKE = re.compile(r"\.{0,2}/|.*/.*\.\w+$")
_NO_PLAIN_WORD = re.compile(r"^/|[/\\=<>|]")
_CALLED = re.compile(r"[\w-]+(?::[\w-]+)?")
_ALIAS = re.compile(r"[\w.-]+=(?P<quote>[\"']?)(?P<line>.*)(?P=quote)", re.DOTALL)
_NAMED_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*(?=:[/$\\])")
_COPIED = re.compile(r"(?:[\w.-]+@)?(?P<name>[A-Za-z0-9][\w.-]+):(?!\\)")


@dataclass(frozen=True, slots=True)
class Role:
    """What word number `index` is, from `begin` to `end` in its text (None: all of it).

    With `language` the word holds text in that language. `label` says what a label is the name
    of.
    """

    index: int
    context: ContextKind
    note: str = ""
    begin: int = 0
    end: int | None = None
    language: str | None = None
    kind: NameKind | None = None
    label: Label | None = None


def roles(words: Sequence[str]) -> Iterator[Role]:
    """What the words of one command (no `&&`, no pipes) are, as far as its name tells.

    Words that get no role are ordinary parts of a command line.
    """
    for argument in arguments(words):
        yield from _roles(argument, words[argument.index])


def takes_path(words: Sequence[str], number: int) -> bool:
    """Whether the command takes a word for a path, whatever the word looks like."""
    return any(
        argument.index == number and argument.value.use in _PATHS for argument in arguments(words)
    )


def _is_called(words: Sequence[str]) -> bool:
    """Whether the first word is the name of a program, and not all there is, or a key."""
    return len(words) > 1 and words[1] != "="


def _roles(argument: Argument, word: str) -> Iterator[Role]:
    use, n, begin = argument.value.use, argument.index, argument.begin
    text = word[begin:]
    if use in _MODULES:
        yield Role(n, ContextKind.MODULE_STRING, begin=begin)
    elif use in _PATHS:
        # The folders in front of the name show that a word is a path.
        if argument.option or not _NO_PLAIN_WORD.search(word):
            yield Role(n, ContextKind.PATH_STRING, begin=begin)
    elif use is WordUse.COMMAND:
        if argument.program is None and _CALLED.fullmatch(word):
            yield Role(n, ContextKind.LABEL, "a command that is called like this")
    elif use is WordUse.ALIAS:
        if alias := _ALIAS.fullmatch(word):
            yield Role(n, ContextKind.COMMAND, "", *alias.span("line"), language="shell")
    elif use in _LANGUAGES:
        yield Role(n, ContextKind.COMMAND, begin=begin, language=_LANGUAGES[use])
    elif use is WordUse.PATTERN:
        yield Role(n, ContextKind.PATTERN, begin=begin)
    elif use is WordUse.NAMES:
        if not _NO_PLAIN_WORD.search(text):
            yield Role(n, ContextKind.CONFLICT, _NAMES_NOTE, begin)
    elif use is WordUse.EXPRESSION:
        if _SUBSTITUTION.match(text):
            yield Role(n, ContextKind.CONFLICT, _EXPRESSION_NOTE, begin)
        else:
            yield Role(n, ContextKind.PATTERN, begin=begin)
    elif use is WordUse.VOLUME:
        if named := _NAMED_VOLUME.match(text):
            end = begin + named.end()
            yield Role(n, ContextKind.LABEL, "a volume's name", begin, end, label=Label.VOLUME)
    elif use is WordUse.COPIED:
        yield from _copied(argument, text)
    elif use is WordUse.VARIABLE:
        name, equals, _ = text.partition("=")
        if equals:
            place = of_key(name.rstrip("+"))
            yield _placed(n, place, begin + len(name) + 1)
    elif use is WordUse.FILTER:
        yield Role(n, ContextKind.LABEL, "a filter on names", begin, label=Label.FILTER)
    elif use is WordUse.DISTRIBUTION:
        if not _NO_PLAIN_WORD.search(word):
            yield _placed(n, DISTRIBUTION, begin)
    elif use in {WordUse.LABEL, WordUse.LISTEN}:
        one_word = not re.search(r"\s", text) or "eq" in text.split()
        if one_word and (argument.option or not _PATHLIKE.match(text)):
            value = argument.value
            yield Role(n, ContextKind.LABEL, value.note or "an address", begin, label=value.label)


def _placed(index: int, place: Place, begin: int) -> Role:
    return Role(index, place.context, place.note, begin, kind=place.kind, label=place.label)


def _copied(argument: Argument, text: str) -> Iterator[Role]:
    """`host:folder` or `container:folder`: what stands in front is a name."""
    n, begin = argument.index, argument.begin
    if match := _COPIED.match(text):
        container = argument.program and argument.program.group is Group.CONTAINER
        note = "a container's name" if container else "a host's name"
        name, label = match.span("name"), Label.CONTAINER if container else Label.HOST
        yield Role(n, ContextKind.LABEL, note, begin + name[0], begin + name[1], label=label)
        if not container:
            note = "a folder of another machine"
            yield Role(n, ContextKind.CONFLICT, note, begin + match.end())
        else:
            yield Role(n, ContextKind.PATH_STRING, begin=begin + match.end())
    elif argument.option or not _NO_PLAIN_WORD.search(text):
        yield Role(n, ContextKind.PATH_STRING, begin=begin)


def contexts_within(
    text: str, span: Span, hits: Sequence[Span], form: str, program: str = ""
) -> Iterator[SyntaxContext]:
    """Zones for the words of arguments that stand in one text; `program` takes them, if known."""
    for words in split_commands(text[span.start : span.end], span.start):
        yield from contexts_of([Word(program, span.start), *words], hits, form)


def contexts_of(
    words: Sequence[Word], hits: Sequence[Span], form: str, *, arguments_only: bool = False
) -> Iterator[SyntaxContext]:
    """Zones for those words of one command that have a role and hold a name. With `arguments_only`
    the first word need not be a program: an image's entry point may take it as its argument."""
    texts = [word.text for word in words]
    called = _is_called(texts) and not arguments_only
    for role in roles(texts):
        word = words[role.index]
        if role.index == 0 and role.context is ContextKind.LABEL and not called:
            continue
        end = len(word.text) if role.end is None else min(role.end, len(word.text))
        if role.begin >= end:
            continue
        span = Span(word.start + role.begin, word.start + end)
        if any(span.holds(hit) for hit in hits):
            yield SyntaxContext(
                span,
                form,
                role.context,
                role.language,
                note=role.note,
                kind=role.kind,
                label=role.label,
                evidence=Evidence.PROGRAM_OPTION,
            )
