"""The table of programs: what each option and each position of a command line takes.

`programs.txt` holds it. One line is one program, or one verb of it: `names ; positions ; options`.
Names with commas between are several programs, or several verbs of one. What a position or an
option takes is a `Use` or a word of `_LABELS`; the last position may end in `*` and then takes all
further words. `verb` looks up `program verb` in the table; where that is not listed, the positions
behind it count. `--=use` says what stands behind `--`, `&name` adds the options of another line,
and `+` says that an option which is not listed takes the next word, unless it is a `flag`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from unify_backend.model.evidence import Label
from unify_backend.model.text import SOURCE


class WordUse(StrEnum):
    """What a word of a command line is."""

    MODULE = "module"  # a module or a package
    APPLICATION = "app"  # the same, imported from the working folder: `module:attribute` as well
    RUN = "run"  # a module that is run; what follows are its arguments
    SCRIPT = "script"  # a file or folder that is run; what follows are its arguments
    PATH = "path"  # a file, a folder or a pattern of files
    FOLDER = "folder"  # a folder in which the command works
    SEARCH = "search"  # a folder in which modules are looked for
    PATTERN = "pattern"  # a text that is looked for in others
    NAMES = "names"  # a pattern for the names of files, tests, …
    EXPRESSION = "expression"  # an expression whose slashes join no folders
    SHELL = "shell"  # a whole command line in one word
    BATCH = "batch"
    POWERSHELL = "powershell"
    CODE = "code"  # Python in one word
    COMMAND = "command"  # the words from here on are a command
    VERB = "verb"  # the program's own verb
    VOLUME = "volume"  # `name:/folder` or `folder:/folder`
    COPIED = "copied"  # `container:/folder`, `host:folder` or a path
    VARIABLE = "variable"  # NAME=value
    FILTER = "filter"  # `name=value`, by which a program chooses
    LABEL = "label"  # a name of something else, the note says of what
    DISTRIBUTION = "distribution"  # a distribution's name, or a folder that holds one
    LISTEN = "listen"  # an address on which a server listens, or how many processes do
    TEXT = "text"  # a text that is shown, in which a command may be named
    ALIAS = "alias"  # name=command line
    VALUE = "value"  # anything else
    FLAG = "flag"  # an option without a value
    RELOAD = "reload"  # the same: it makes a server start itself again or in the background


class Group(StrEnum):
    """What a program is for."""

    SERVER = "server"
    WORKER = "worker"
    PYTHON = "python"  # runs what it is given as Python does
    CHECKER = "checker"  # tests, linters and other tools that read source files
    PREFIX = "prefix"  # runs the command behind it, in the same folder
    RUNNER = "runner"  # the same in an environment of its own
    SHELL = "shell"
    WATCHER = "watcher"
    CONTAINER = "container"
    INSTALLER = "installer"
    FILES = "files"
    SEARCH = "search"  # looks for texts
    PROCESS = "process"  # lists processes, or looks for them by their command lines
    OUTPUT = "output"  # shows its arguments
    REMOTE = "remote"  # works on another machine
    OTHER = "other"


_LABELS = {
    "user": Label.USER,
    "service": Label.UNIT,
    "database": Label.DATABASE_OR_USER,
    "kubernetes": Label.KUBERNETES,
    "process": Label.PROCESS,
    "session": Label.SESSION,
    "log": Label.LOG_TAG,
    "bucket": Label.CLOUD,
    "host": Label.HOST,
    "queue": Label.QUEUE,
    "node": Label.NODE,
    "title": Label.PROCESS_TITLE,
    "environment": Label.ENVIRONMENT,
    "section": Label.SECTION,
    "branch": Label.BRANCH,
    "target": Label.TARGET,
    "container": Label.CONTAINER,
    "image": Label.IMAGE,
    "network": Label.NETWORK,
    "volume-name": Label.VOLUME,
    "project": Label.COMPOSE_PROJECT,
    "compose": Label.COMPOSE_SERVICE,
    "made": Label.MADE,
}
_NOTES = {Label.UNIT: "a service's name"}  # of systemd, and of what was there before it
# Modules of other distributions and of tools, beside those of the table and the standard library,
# that people run with `-m`; what else stands there may be the repository's own
_MODULES = frozenset(
    "sphinx notebook http ensurepip ipykernel IPython pre_commit playwright spacy nltk torch "
    "grpc_tools pylsp timeit memory_profiler line_profiler zipapp pip_audit piptools safety "
    "locust ptvsd django watchdog pytest_watch accelerate vllm".split()
)
# Programs whose names are words that begin or stand in a sentence
ENGLISH = frozenset(
    "air black build builtin call cat code command copy cut date do else erase eval exec exit "
    "export false file find head id if install invoke join just kill less make more move net not "
    "open profile read rename return say scalene service set sleep sort source split start "
    "stat task test then time title touch trace trap tree true type until wait watch where which "
    "while".split()
)
EVERYWHERE = "(any)"  # options that mean the same in every program
UNKNOWN = "(unknown)"
_PYTHON = re.compile(r"python[\d.]*w?|py|pypy[\d.]*|pythonw")
_PIP = re.compile(r"pip[\d.]*")


@dataclass(frozen=True, slots=True)
class Value:
    """What a word is; `label` says what a label is the name of, `note` the same in words for
    people."""

    use: WordUse
    note: str = ""
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """One line of the table. `rest` is true where the last position takes all further words;
    `valued` where an option that is not listed takes the next word; `behind` is what stands behind
    `--`, where the table says so."""

    name: str
    group: Group
    positions: tuple[Value, ...]
    rest: bool
    options: Mapping[str, Value]
    valued: bool
    behind: Value | None


def bare_name(word: str) -> str:
    """A command's name without folder, extension and letter case."""
    return re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe") or word


def find(word: str) -> Program | None:
    """The program that is called by `word`, with or without its folder; None for any other."""
    lowered = word.lower()
    if lowered.startswith("$"):
        return _table().get(lowered)
    name = bare_name(word)
    if _PYTHON.fullmatch(name):
        name = "python"
    elif _PIP.fullmatch(name):
        name = "pip"
    return _table().get(name) or _table().get(name.removesuffix(SOURCE))


def verb_of(program: Program, verb: str) -> Program | None:
    """The line of a program's verb; None where the table has none of its own."""
    return _table().get(f"{program.name} {verb}")


def option_everywhere(option: str, *, known: bool) -> Value | None:
    """What an option takes that means the same in every program; more for unknown programs."""
    value = _table()[EVERYWHERE].options.get(option)
    return value if value or known else _table()[UNKNOWN].options.get(option)


@cache
def names(*groups: Group) -> frozenset[str]:
    """The names of all programs of these groups; of all groups where none is given."""
    return frozenset(
        name
        for name, program in _table().items()
        if " " not in name and not name.startswith("(") and (not groups or program.group in groups)
    )


@cache
def options(name: str, use: WordUse) -> frozenset[str]:
    """The options of a program and of its verbs that take this."""
    return frozenset(
        option
        for line, program in _table().items()
        for option, value in program.options.items()
        if value.use is use and line.split(" ")[0] == name
    )


def starting(but: frozenset[str] = ENGLISH) -> str:
    """An expression that matches the name of a program that starts Python modules."""
    return pattern(Group.SERVER, Group.WORKER, Group.PYTHON, but=but)


@cache
def pattern(*groups: Group, but: frozenset[str] = frozenset()) -> str:
    """An expression that matches the name of a program of these groups, longest names first;
    `but` are names that are left out."""
    words = [name for name in names(*groups) - but if re.fullmatch(r"[A-Za-z][\w.-]+", name)]
    chosen = sorted(words, key=lambda name: (-len(name), name))
    python = r"python[\d.]*w?|py|pypy3?|" if not groups or Group.PYTHON in groups else ""
    return python + "|".join(re.escape(name) for name in chosen)


@cache
def showing() -> str:
    """An expression that matches the name of a program that only shows its arguments."""
    names = (name for name, program in _table().items() if shows(program))
    return "|".join(name for name in names if re.fullmatch(r"[a-z][\w-]+", name))


def shows(program: Program | None) -> bool:
    """Whether a program only shows its arguments."""
    return program is not None and any(value.use is WordUse.TEXT for value in program.positions)


def is_foreign(module: str) -> bool:
    """Whether people run this module with `python -m` and it belongs to another distribution."""
    return module in _MODULES or module in _table() or module.replace("_", "-") in _table()


@cache
def _table() -> dict[str, Program]:
    table: dict[str, Program] = {}
    group = Group.OTHER
    text = Path(__file__).with_name("programs.txt").read_text("utf-8")
    for line in re.sub(r"\n +", " ", text).split("\n"):
        if heading := re.fullmatch(r"\[(\w{2,})\]", line):
            group = Group(heading[1])
        elif line and not line.startswith("#"):
            table |= {program.name: program for program in _programs(line, group, table)}
    for name in [name for name in table if name == "docker" or name.startswith("docker ")]:
        for alias in ("podman", "nerdctl"):
            other = name.replace("docker", alias, 1)
            table[other] = replace(table[name], name=other)
    return table


def _programs(line: str, group: Group, table: Mapping[str, Program]) -> Iterator[Program]:
    """The programs of one line; `table` holds the lines above it."""
    called, positions, written_options = (part.strip() for part in line.split(" ;", 2))
    program, _, verbs = called.replace(", ", ",").rpartition(" ")
    options: dict[str, Value] = {}
    valued = False
    for word in written_options.split():
        if word == "+":
            valued = True
        elif word.startswith("&"):
            options |= table[_called(word[1:], table)].options
        else:
            written, _, use = word.rpartition("=")
            options |= dict.fromkeys(written.split(","), _value(use))
    behind = options.pop("--", None)
    places = [_value(place.removesuffix("*")) for place in positions.split() if place != "-"]
    for name in verbs.split(","):
        whole = f"{program} {name}".strip()
        rest = positions.endswith("*")
        yield Program(whole, group, tuple(places), rest, options, valued, behind)


def _called(name: str, table: Mapping[str, Program]) -> str:
    return name if name in table else name.replace("_", " ")


def _value(word: str) -> Value:
    """A word of the table: a use, or what a label is the name of."""
    if word in _LABELS:
        label = _LABELS[word]
        return Value(WordUse.LABEL, _NOTES.get(label, label.value), label)
    return Value(WordUse(word.removesuffix("*")))
