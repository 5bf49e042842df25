"""Command lines: their words, and the kind of each word, from the table of programs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.scripts.programs import (
    ENGLISH,
    Group,
    Program,
    Value,
    WordUse,
    bare_name,
    find,
    option_everywhere,
    pattern,
    verb_of,
)
from unify_backend.model.spans import Span

__all__ = [
    "Argument",
    "Word",
    "arguments",
    "bare_name",
    "folder_word",
    "past_prefixes",
    "past_runner",
    "says_where_modules_are",
    "split_commands",
    "unjoined",
    "words_at",
]

_NOTHING = frozenset({WordUse.FLAG, WordUse.RELOAD})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_DEEPEST = 20  # commands that run commands
_REDIRECTION = re.compile(r"(?:\d|&)?(?:>>?|<)$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line without its quotes; `start` is where its text begins."""

    text: str
    start: int
    quoted: bool = False

    @property
    def span(self) -> Span:
        """Where its text stands."""
        return Span(self.start, self.start + len(self.text))


def words_at(text: str, spans: Iterable[Span]) -> list[Word]:
    """The words of a command in a list of strings, whose contents are at `spans`."""
    return [Word(text[span.start : span.end], span.start, True) for span in spans]


@dataclass(frozen=True, slots=True)
class Argument:
    """What word number `index` is, from `begin` to its end. `program` is the line of the table that
    takes it (a verb's own, for a verb), `option` whether as an option's value; `inner` is true in a
    command that another one runs."""

    index: int
    value: Value
    begin: int = 0
    program: Program | None = None
    option: bool = False
    inner: bool = False


def arguments(words: Sequence[str]) -> Iterator[Argument]:
    """What the words of one command (no `&&`, no pipes) are, as far as the table knows its program;
    commands that it runs itself included."""
    yield from _command(words, 0, inner=False)


def folder_word(words: Sequence[str]) -> Argument | None:
    """The word that names the folder in which the command runs: `make -C old`."""
    named = (
        word for word in arguments(words) if word.value.use is WordUse.FOLDER and not word.inner
    )
    return next(named, None)


def says_where_modules_are(words: Sequence[str]) -> bool:
    """Whether the command names a folder itself, in which its modules are found."""
    return any(word.value.use in {WordUse.FOLDER, WordUse.SEARCH} for word in arguments(words))


def past_prefixes(words: Sequence[str]) -> int:
    """The number of the word that is the command: behind assignments, `sudo -u x`, `timeout 5`."""
    called = [word for word in arguments(words) if word.value.use is WordUse.COMMAND]
    for word in called:
        if word.program is None or word.program.group is not Group.PREFIX:
            return word.index
    return len(words)


def past_runner(words: Sequence[str], at: int) -> int:
    """The number of the command that `uv run`, `poetry run` and the like at number `at` start."""
    if at >= len(words):
        return at
    called = (word for word in arguments(words[at:]) if word.value.use is WordUse.COMMAND)
    runner = next(called)
    if runner.program is None or runner.program.group is not Group.RUNNER:
        return at
    return at + next((word.index for word in called), 0)


def _command(words: Sequence[str], at: int, *, inner: bool, depth: int = 0) -> Iterator[Argument]:
    while at < len(words) and _ASSIGNMENT.match(words[at]):
        yield Argument(at, Value(WordUse.VARIABLE), inner=inner)
        at += 1
    if at < len(words) and depth < _DEEPEST:
        program = find(words[at])
        yield Argument(at, Value(WordUse.COMMAND), program=program, inner=inner)
        yield from _arguments(words, at, program, inner, depth + 1)


def _arguments(
    words: Sequence[str], at: int, program: Program | None, inner: bool, depth: int
) -> Iterator[Argument]:
    """The arguments behind word number `at`, which calls `program`."""
    n, position, ended = at + 1, 0, False
    while n < len(words):
        word = words[n]
        option = None if ended else _option(words, n, program)
        if word == "--" and not ended:
            ended = True
            if program and program.behind:
                if program.behind.use is WordUse.COMMAND:
                    yield from _command(words, n + 1, inner=True, depth=depth)
                    return
                behind = range(n + 1, len(words))
                yield from (Argument(m, program.behind, 0, program, False, inner) for m in behind)
                return
            n += 1
        elif option is not None:
            index, begin, value = option
            if value is not None and index < len(words):
                if value.use is WordUse.COMMAND:
                    yield from _command(words, index, inner=True, depth=depth)
                    return
                yield Argument(index, value, begin, program, True, inner)
                if value.use is WordUse.RUN:
                    yield from _arguments(words, index, find(words[index]), inner, depth + 1)
                    return
                if position == 0 and program and value == next(iter(program.positions), None):
                    position = 1  # `grep -e text folder`
            n = max(n, index) + 1
        else:
            value = _positional(program, position)
            position += 1
            if value is None:
                pass
            elif value.use is WordUse.VERB:
                if verb := verb_of(program, word) if program else None:
                    program, position = verb, 0
                    yield Argument(n, value, 0, program, False, inner)
            elif value.use is WordUse.TEXT:
                yield from _shown(words, n, depth)
                return
            elif value.use is WordUse.COMMAND and _is_title(words, n, program):
                position -= 1
            elif value.use is WordUse.COMMAND and not re.search(r"\s", word):
                yield from _command(words, n, inner=True, depth=depth)
                return
            else:
                shell = value.use is WordUse.COMMAND  # the whole command in one word
                argument_value = Value(WordUse.SHELL) if shell else value
                yield Argument(n, argument_value, 0, program, False, inner)
                if value.use in {WordUse.SCRIPT, WordUse.RUN}:
                    program = find(word) if value.use is WordUse.RUN else None
            n += 1


def _shown(words: Sequence[str], at: int, depth: int) -> Iterator[Argument]:
    """The commands in a text that is shown from word number `at` on."""
    for n in range(at, len(words)):
        if find(words[n]) and bare_name(words[n]) not in ENGLISH:
            yield from _command(words, n, inner=True, depth=depth)
            return
        if match := re.search(rf"(?<!\S)(?:{pattern(but=ENGLISH)})(?=\s+\S)", words[n]):
            yield Argument(n, Value(WordUse.SHELL), match.start(), inner=True)


def _is_title(words: Sequence[str], n: int, program: Program | None) -> bool:
    """Whether a word is a window's title: options of `start` follow it."""
    following = words[n + 1] if n + 1 < len(words) else ""
    return program is not None and "/d" in program.options and following.startswith("/")


def _positional(program: Program | None, position: int) -> Value | None:
    if program is None or not program.positions:
        return None
    if position < len(program.positions):
        return program.positions[position]
    return program.positions[-1] if program.rest else None


def _option(
    words: Sequence[str], n: int, program: Program | None
) -> tuple[int, int, Value | None] | None:
    """The word that holds the value of the option at number `n`, where it begins there, and what it
    is (None where it is not known); None for what is no option."""
    word = words[n]
    if _REDIRECTION.match(word):
        return n + 1, 0, Value(WordUse.PATH)
    name, equals, _ = word.partition("=")
    listed: Mapping[str, Value] = program.options if program else {}
    value = listed.get(name) or (listed.get(name.lower()) if len(name) > 2 else None)
    windows = word.startswith("/") and any(name.startswith("/") for name in listed)
    if not value and not (word.startswith("-") and len(word) > 1) and not windows:
        return None
    if not value and (joined := _joined(word, listed)):
        begin, value = joined
        return (n, begin, value) if begin < len(word) else (n + 1, 0, value)
    value = value or option_everywhere(name.lower(), known=program is not None)
    value = value or option_everywhere(name, known=program is not None)
    if value and value.use in _NOTHING:
        return n, 0, None
    if equals:
        return n, len(name) + 1, value
    if value:
        return n + 1, 0, value
    takes = program is not None and program.valued and n + 1 < len(words)
    return n + (takes and not words[n + 1].startswith("-")), 0, None


def _joined(word: str, listed: Mapping[str, Value]) -> tuple[int, Value] | None:
    """Short options in one word, the last of which takes a value: `-xzf`, `-Aname`."""
    letters = re.match(r"-[A-Za-z]{2,}|-[A-Za-z](?=.)", word)
    if letters is None or word.startswith("--"):
        return None
    for at in range(1, letters.end()):
        value = listed.get(f"-{word[at]}")
        if value and value.use not in _NOTHING:
            return at + 1, value
    return None


_SPLIT = re.compile(
    r"""(?P<end>\^?(?:&&|\|\||[;|&])\^?|\n)|(?P<word>(?:"[^"\n]*"?|'[^'\n]*'?|[^\s;&|"'^]|\^[^&|\n]|\^(?=\s|$))+)""",
    re.VERBOSE,
)


def split_commands(text: str, start: int = 0) -> Iterator[list[Word]]:
    """The commands on a line, as words, for places that no shell grammar can read.

    Positions count from `start`. A word that is quoted as a whole comes without its quotes.
    """
    words: list[Word] = []
    for match in _SPLIT.finditer(text):
        if match["end"]:
            if words:
                yield words
            words = []
            continue
        word, at = match["word"], start + match.start()
        if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
            words.append(Word(word[1:-1], at + 1, quoted=True))
        else:
            words.append(Word(word, at))
    if words:
        yield words


def unjoined(text: str, joint: str) -> str:
    """`text` with spaces in place of continued line ends, so that positions stay."""
    return re.sub(rf"{re.escape(joint)}\r?\n", lambda line_end: " " * len(line_end[0]), text)
