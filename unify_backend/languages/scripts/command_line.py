"""Command lines as words, for every place that no grammar reads, and what is said about them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.language import Context


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line without its quotes; `start` is where its text begins."""

    text: str
    start: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What word number `index` is, from `begin` to `end` in its text (None: all of it).

    With `language` the word holds text in that language.
    """

    index: int
    context: Context
    note: str = ""
    begin: int = 0
    end: int | None = None
    language: str | None = None


_PREFIXES = frozenset(
    "sudo exec nohup time env command builtin call then do else if while until ! ( { @ eval "
    "xargs nice ionice watch not timeout doas setsid stdbuf unbuffer chronic "
    "tini dumb-init catatonit gosu su-exec".split()
)
_PREFIX_VALUES = {  # options of those commands, the listed ones with a value behind
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-r", "-t"}),
    "doas": frozenset({"-u", "-C"}),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "time": frozenset({"-f", "-o"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n", "-p"}),
    "timeout": frozenset({"-k", "-s"}),
    "xargs": frozenset({"-n", "-I", "-P", "-L", "-d", "-E", "-a", "-s"}),
    "watch": frozenset({"-n", "-d"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "exec": frozenset({"-a"}),
    "tini": frozenset({"-e", "-p"}),
    "dumb-init": frozenset({"-r"}),
    "catatonit": frozenset({"-P"}),
}
_PLACED = frozenset(
    {"timeout", "gosu", "su-exec"}
)  # a duration or a user stands before the command
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "conda", "pnpm", "rye"})
_RUNNER_VALUES = frozenset(
    "--directory --project --python --with --with-editable --with-requirements --extra --group "
    "--env-file --index --index-url --package --refresh-package -C -p -n --name -e --env "
    "--config-file --cache-dir".split()
)


def past_prefixes(words: Sequence[str]) -> int:
    """The number of the word that is the command: behind assignments, `sudo -u x`, `timeout 5`."""
    at = 0
    while at < len(words) and (bare_name(words[at]) in _PREFIXES or _is_assignment(words[at])):
        valued = _PREFIX_VALUES.get(bare_name(words[at]), frozenset())
        placed = bare_name(words[at]) in _PLACED
        at += 1
        while at < len(words) and valued and words[at].startswith("-") and words[at] != "-":
            at += 2 if words[at] in valued else 1
        if placed and at < len(words):
            at += 1
    return min(at, len(words))


def past_runner(words: Sequence[str], at: int) -> int:
    """The number of the command that `uv run`, `poetry run` and the like at number `at` start."""
    if at >= len(words) or bare_name(words[at]) not in _RUNNERS:
        return at
    n, run = at + 1, False
    while n < len(words):
        if words[n].startswith("-"):
            n += 2 if words[n] in _RUNNER_VALUES else 1
        elif words[n] == "run" and not run:
            n, run = n + 1, True
        else:
            break
    return n if run and n < len(words) else at


def _is_assignment(word: str) -> bool:
    return re.match(r"[A-Za-z_]\w*=", word) is not None


def bare_name(word: str) -> str:
    """A command's name without folder, extension and letter case."""
    return re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe") or word


def plain(words: Sequence[str]) -> Iterator[int]:
    """Words after the command's name that stand for themselves: no options, no paths."""
    for n, word in enumerate(words[1:], 1):
        if not word.startswith(("-", "/")) and not re.search(r"[/\\=<>|]", word):
            yield n


_SPLIT = re.compile(
    r"""(?P<end>\^?(?:&&|\|\||[;|&])\^?|\n)|(?P<word>(?:"[^"\n]*"?|'[^'\n]*'?|[^\s;&|"'^]|\^[^&|\n]|\^(?=\s|$))+)""",
    re.VERBOSE,
)


def split_commands(text: str, start: int = 0) -> Iterator[list[Word]]:
    """The commands on a line, as words, for places that no shell grammar can read.

    Positions count from `start`. A word that is quoted as a whole comes without its quotes.
    """
    words: list[Word] = []
    for found in _SPLIT.finditer(text):
        if found["end"]:
            if words:
                yield words
            words = []
            continue
        word, at = found["word"], start + found.start()
        if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
            words.append(Word(word[1:-1], at + 1, quoted=True))
        else:
            words.append(Word(word, at))
    if words:
        yield words


def unjoined(text: str, joint: str) -> str:
    """`text` with spaces in place of continued line ends, so that positions stay."""
    return re.sub(rf"{re.escape(joint)}\r?\n", lambda found: " " * len(found[0]), text)
