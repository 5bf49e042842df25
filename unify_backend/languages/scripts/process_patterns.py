"""What a word of a command is to processes: what starts one, or the text that one is found by."""

import re
from collections.abc import Iterator
from enum import StrEnum

from unify_backend.languages.scripts.command_line import arguments
from unify_backend.languages.scripts.programs import (
    ENGLISH,
    Group,
    Program,
    WordUse,
    bare_name,
    find,
    pattern,
)
from unify_backend.languages.scripts.script_commands import ScriptCommand, commands_beside
from unify_backend.model.spans import Span


class Search(StrEnum):
    """How the command lines of processes are searched."""

    EXPRESSION = "regular expression"
    TEXT = "text"
    WILDCARD = "wildcards"  # PowerShell's -like: `?` stands for any character


_COMPARES = {  # PowerShell, with or without a letter for the case
    "like": Search.WILDCARD,
    "match": Search.EXPRESSION,
    "eq": Search.TEXT,
    "contains": Search.TEXT,
}
_OPERATOR = re.compile(r"(?i)-[ic]?(?P<name>like|match|eq|contains)")
_COMMAND_LINE = re.compile(r"(?i)\bcommandline\)*$")
_CONTAINS = re.compile(r"(?i)\bcommandline\.contains\(?$")
_QUERY = re.compile(r"(?i)\bcommandline\b[\s)]*(?:like|=)\s*[^\n|;]*$")  # of WMI
_KILLERS = {
    "pgrep": Search.EXPRESSION,
    "pkill": Search.EXPRESSION,
    "killall": Search.TEXT,
}
_LITERAL_SEARCH = {  # options by which a program looks for a plain text
    "grep": re.compile(r"-\w*F\w*|--fixed-strings"),
    "findstr": re.compile(r"(?i)/[cl](?::.*)?"),
    "select-string": re.compile(r"(?i)-simplematch"),
    "sls": re.compile(r"(?i)-simplematch"),
}
_LITERAL = frozenset({"fgrep", "find"})
_BEHIND = frozenset({"nohup", "exec", "setsid", "start-process"})
_STARTING = frozenset({Group.SERVER, Group.WORKER, Group.PYTHON})
_NEVER = frozenset({Group.CHECKER, Group.INSTALLER})
_NO_SERVERS = frozenset("pdb cProfile timeit test tests".split())
# A text without a match looks for no process by its command line
MAY_SEARCH = re.compile(rf"(?i)\b(?:{pattern(Group.PROCESS)}|killall|commandline)\b")
_FILE = re.compile(r"[/\\][\w-]+$|\.(?:py|sh|bat|cmd|ps1|exe)$")  # that is run as a program
_CALLED = re.compile(
    r"(?i)\b(?:process|proc|cmd_?line|command_?line|kill|pkill|pgrep|pid)_?"
    r"(?:pattern|match|matcher|filter|grep|search|marker|signature|needle)s?"
    r"[\"']?\]?\s*(?::\s*[\w\[\]]+\s*)?[:=]\s*\[?[^\n{}]*$"
)
_JOINTS = frozenset({"&&", "&", "||", "|", ";"})
_KEYS = re.compile(
    r"(?i:\b(?:command|cmd|args|argv|exec\w*|start\w*|module|app|entry_?point|program|script|web|"
    r"worker)[\"']?\s*[:=]\s*[\[(]?[^\]\n|;&]*$)"
)


def search_of(command: ScriptCommand, span: Span) -> Search | None:
    """How the text at `span` is looked for among the command lines of processes by the command that
    holds it; None if it is not."""
    n = command.number(span)
    if n is None or command.shown:
        return None
    return _compared(command, n) or _queried(command, span) or _sought(command, n)


def starts_process(command: ScriptCommand, span: Span) -> bool:
    """Whether the command starts what is named at `span`."""
    n = command.number(span)
    if n is None or command.shown:
        return False
    texts = command.texts
    joints = [at for at, word in enumerate(texts[:n]) if word.replace("^", "") in _JOINTS]
    if joints:  # `cmd /c call activate ^&^& python old\\main.py`: a list in the words of another
        n -= joints[-1] + 1
        texts = texts[joints[-1] + 1 :]
    if n == 0:
        started = {bare_name(word.text) for word in command.prefixes} & _BEHIND
        return bool(started) or _FILE.search(texts[0]) is not None
    starts = bare_name(texts[0]) in _BEHIND
    for argument in arguments(texts):
        word = texts[argument.index][argument.begin :]
        if argument.index > n or (argument.index == n and argument.value.use is WordUse.COMMAND):
            break
        if argument.value.use is WordUse.CODE or _is_never(word, argument.value.use):
            return False
        if argument.value.use is WordUse.RUN:
            starts = True
        elif argument.value.use is WordUse.COMMAND:
            starts = starts or _group(find(word)) in _STARTING
    return starts and not any(re.search(r"\brequirements\b", word) for word in texts[:n])


def search_beside(line: str, span: Span) -> Search | None:
    """The same for a stretch of a line in a language without commands of its own."""
    commands = commands_beside(line, span)
    searches = (search for command in commands if (search := search_of(command, span)))
    return next(searches, None)


def starts_beside(line: str, span: Span) -> bool:
    """Whether a line in a language without commands of its own starts what stands at `span`."""
    known = list(_holding(line, span))
    if known:
        return any(starts_process(command, span) for command in known)
    return _KEYS.search(line, 0, span.start) is not None


def is_called_pattern(before: str) -> bool:
    """Whether what stands in front of a text gives it the name of a pattern for processes."""
    return _CALLED.search(before) is not None


def matches(search: Search, pattern: str, command: str) -> bool:
    """Whether looking for `pattern` finds a process that runs `command`, both as written in their
    files: a backslash may stand there twice."""
    command = command.replace("\\\\", "\\")
    if pattern.strip("%*").replace("\\\\", "\\") in command:  # wildcards of `like` and filters
        return True
    if search is Search.WILDCARD:
        wild = ".".join(re.escape(part) for part in pattern.strip("%*").split("?"))
        return re.search(wild, command, re.IGNORECASE) is not None
    try:
        return search is Search.EXPRESSION and re.search(pattern, command) is not None
    except re.error:
        return False


def _compared(command: ScriptCommand, n: int) -> Search | None:
    """By a condition of PowerShell: `$_.CommandLine -like '*old*'`."""
    before = [word.text for word in command.words[max(0, n - 2) : n]]
    if before and _CONTAINS.search(before[-1]):
        return Search.TEXT
    operator = _OPERATOR.fullmatch(before[-1]) if len(before) == 2 else None
    if operator and _COMMAND_LINE.search(before[0]):
        return _COMPARES[operator["name"].lower()]
    return None


def _queried(command: ScriptCommand, span: Span) -> Search | None:
    """By a query of WMI: `where "CommandLine like '%old%'"`."""
    if _group(find(command.words[0].text)) is not Group.PROCESS:
        return None
    written = command.text[command.words[0].start : span.start]
    return Search.TEXT if _QUERY.search(written) else None


def _sought(command: ScriptCommand, n: int) -> Search | None:
    """By a program that looks for processes, or one that looks for texts in a list of them."""
    texts = command.texts
    at = next((a for a in arguments(texts) if a.index == n), None)
    for m, text in enumerate(texts[:n]):
        if killer := _KILLERS.get(bare_name(text)) if _is_command(texts, m) else None:
            return None if at and at.option and at.value.use is WordUse.VALUE else killer
    name = command.name
    if not any(_group(find(source.words[0].text)) is Group.PROCESS for source in command.feeding()):
        return None
    if name == "find":  # of Windows: the other one reads no input
        return Search.TEXT
    if at is None or at.value.use not in {WordUse.PATTERN, WordUse.EXPRESSION}:
        return None
    literal = _LITERAL_SEARCH.get(name)
    plain = name in _LITERAL or (literal and any(map(literal.fullmatch, texts[1:])))
    return Search.TEXT if plain else Search.EXPRESSION


def _is_command(texts: list[str], n: int) -> bool:
    return any(a.index == n and a.value.use is WordUse.COMMAND for a in arguments(texts))


def _holding(line: str, span: Span) -> Iterator[ScriptCommand]:
    return (c for c in commands_beside(line, span) if c.number(span) is not None)


def _group(program: Program | None) -> Group | None:
    return program.group if program else None


def _is_never(word: str, use: WordUse) -> bool:
    """Whether a program that is called by `word` reads sources, and starts nothing."""
    if use is WordUse.VALUE or use is WordUse.FLAG:
        return False
    if word in _NO_SERVERS:
        return True
    called = use in {WordUse.COMMAND, WordUse.RUN, WordUse.VERB}
    name = bare_name(word)
    return called and _group(find(word)) in _NEVER and (name not in ENGLISH or name == "build")
