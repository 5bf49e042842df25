"""A script as statements: what every dialect's parser makes of its text, and the interpreter walks.

Positions are offsets in the script's own text. Words keep how they were written (`raw`), because
only the dialect knows what quotes and variables in them mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from unify_backend.languages.scripts.command_line import Word, split_commands

if TYPE_CHECKING:
    from unify_backend.languages.scripts.shell_state import Session


@dataclass(frozen=True, slots=True)
class Token(Word):
    """A word and how it was written, quotes included."""

    raw: str = ""


@dataclass(frozen=True, slots=True)
class Simple:
    """One command with the assignments in front of it."""

    words: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable gets a value: several words where it is a list. `exported`: programs see it."""

    name: Word
    values: tuple[Token, ...]
    exported: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable gets a value that only the run tells: the next of a loop, an answer."""

    name: Word


@dataclass(frozen=True, slots=True)
class Operands:
    """Words that name files without running anything: tests, the list of a loop."""

    words: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that always run, in the same shell."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Subshell:
    """Statements whose changes of folder and variables end with them."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Statements that run any number of times, perhaps never."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """`condition` runs, then one of `arms`; none of them where these are not `complete`."""

    condition: tuple[Statement, ...]
    arms: tuple[tuple[Statement, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class AndList:
    """Each part runs where the one in front of it succeeded: `a && b && c`."""

    parts: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`first`; where that fails, `second`."""

    first: tuple[Statement, ...]
    second: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function; it runs where it is called."""

    name: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a batch file to which other lines jump."""

    name: str


@dataclass(frozen=True, slots=True)
class Redirection:
    """A file that commands read (`<`), write (`>`) or add to (`>>`); `operator` is one of these."""

    operator: str
    target: Token


@dataclass(frozen=True, slots=True)
class Redirected:
    """Statements with the files that they read and write, opened before any of them runs, and the
    texts that they are given to read: here-documents, and here-strings as words."""

    body: tuple[Statement, ...]
    files: tuple[Redirection, ...] = ()
    inputs: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Each part reads what the one in front of it prints. Where a part runs in a shell of its own
    (shell, batch), it is a Subshell."""

    parts: tuple[tuple[Statement, ...], ...]


Statement = (
    Simple
    | Assignment
    | Bound
    | Operands
    | Block
    | Subshell
    | Loop
    | Branches
    | AndList
    | Either
    | Function
    | Label
    | Redirected
    | Pipeline
)


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of `text`. `ordered` is false where the text could not be read as its
    language, so that only single commands are known and not which of them run in which order."""

    text: str
    statements: tuple[Statement, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language of scripts: how its text becomes statements, and its words what programs see.

    `expand` takes a word as it was written and gives the words that it becomes. `homing` is true
    where `cd` alone leads to the user's home.
    """

    name: str
    parse: Callable[[str], Script]
    expand: Callable[[str, Session], list[str]]
    separator: str = "/"
    homing: bool = True


def flattened(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement | None]]:
    """All statements, those in blocks included, each with the one that follows it there."""
    for statement, following in zip(statements, (*statements[1:], None), strict=False):
        yield statement, following
        match statement:
            case Block(body) | Loop(body) | Subshell(body) | Function(_, body) | Redirected(body):
                yield from flattened(body)
            case Pipeline(parts) | AndList(parts):
                for part in parts:
                    yield from flattened(part)
            case Branches(condition, arms):
                for part in (condition, *arms):
                    yield from flattened(part)
            case Either(first, second):
                yield from flattened(first)
                yield from flattened(second)
            case _:
                pass


def listed(
    statements: Sequence[Sequence[Statement]], joints: Sequence[str]
) -> tuple[Statement, ...]:
    """Statements with `|`, `&&` or `||` between them, one joint fewer than statements: pipelines
    bind most, both kinds of lists alike, from the left."""
    piped = [tuple(statements[0])]
    done: tuple[Statement, ...] = ()
    before = ""
    for joint, part in zip((*joints, ""), (*statements[1:], ()), strict=True):
        if joint.startswith("|") and joint != "||":
            piped.append(tuple(part))
            continue
        following = piped[0] if len(piped) == 1 else (Pipeline(tuple(piped)),)
        done = _behind(done, before, following) if before else following
        before, piped = joint, [tuple(part)]
    return done


def _behind(
    done: tuple[Statement, ...], joint: str, following: tuple[Statement, ...]
) -> tuple[Statement, ...]:
    if joint == "||":
        return (Either(done, following),)
    match done:
        case (AndList(parts),):
            return (AndList((*parts, following)),)
        case _:
            return (AndList((done, following)),)


def simple(words: Iterable[Word]) -> Simple:
    """A command of words that no grammar read."""
    return Simple(tuple(token(word) for word in words))


def token(word: Word) -> Token:
    """The word, written as it is."""
    if isinstance(word, Token):
        return word
    return Token(word.text, word.start, word.quoted, f'"{word.text}"' if word.quoted else word.text)


def commands_only(text: str, start: int = 0) -> tuple[Statement, ...]:
    """The commands of text that no grammar reads, one after the other."""
    return tuple(simple(words) for words in split_commands(text, start))


_QUOTES = re.compile(r"\$?[\"']")


def written(text: str, start: int) -> Token:
    """The word `text` at `start`, without its quotes where these hold all of it."""
    opening = _QUOTES.match(text)
    if opening and len(text) > opening.end() and text[-1] == text[opening.end() - 1]:
        inner = text[opening.end() : -1]
        return Token(inner, start + opening.end(), True, text)
    return Token(text, start, False, text)


def joined_text(words: Sequence[Word]) -> str:
    """The words with a space between each two."""
    return " ".join(word.text for word in words)


@cache
def dialect(name: str) -> Dialect:
    """The dialect `name` ("shell", "batch", "powershell"), from `languages/<name>/syntax.py`.

    By name, because Dockerfiles, units and pipelines hold shell, and a language knows no other.
    """
    return cast(Dialect, import_module(f"unify_backend.languages.{name}.syntax").DIALECT)
