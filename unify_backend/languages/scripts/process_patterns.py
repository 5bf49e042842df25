"""What the words in front of a name say about processes: who starts one, and who looks for one."""

import re
from enum import StrEnum

from unify_backend.languages.scripts.command_line import arguments, split_commands
from unify_backend.languages.scripts.programs import ENGLISH, Group, WordUse, pattern, starting

_HERE = r"[^|;&\n]*$"
_LISTING = (
    r"(?:(?<!docker )(?<!compose )(?<![\w-])ps|pgrep|tasklist|wmic|Get-Process|Get-CimInstance|"
    r"Get-WmiObject)\b"
)


class Search(StrEnum):
    """How the command lines of processes are searched."""

    EXPRESSION = "regular expression"
    TEXT = "text"
    WILDCARD = "wildcards"  # PowerShell's -like: `?` stands for any character


_SEARCHES = (
    (Search.EXPRESSION, re.compile(r"\b(?:pkill|pgrep)\b" + _HERE)),
    (Search.TEXT, re.compile(r"\bkillall\b" + _HERE)),
    (
        Search.TEXT,
        re.compile(
            _LISTING + r"[^;\n]*\|\s*(?:fgrep|grep\s+-\w*F\w*|find|findstr\s[^|\n]*/[CL])\b" + _HERE
        ),
    ),
    (
        Search.EXPRESSION,
        re.compile(_LISTING + r"[^;\n]*\|\s*(?:e?grep|rg|ack|awk|sed|findstr|sls)\b" + _HERE),
    ),
    (Search.EXPRESSION, re.compile(_LISTING + r"[^;\n]*\|\s*Select-String\b" + _HERE)),
    (Search.WILDCARD, re.compile(r"(?i)\bcommandline\b[\s)]*-[ic]?like\s[^\n|;]*$")),
    (Search.TEXT, re.compile(r"(?i)\bcommandline\b[\s)]*(?:like|-?eq)\s[^\n|;]*$")),
    (Search.EXPRESSION, re.compile(r"(?i)\bcommandline\b[\s)]*-[ic]?match\s[^\n|;]*$")),
    (Search.TEXT, re.compile(r"(?i)\bcommandline\.contains\(\s*[\"'][^\"'\n]*$")),
    (
        Search.TEXT,
        re.compile(
            r"(?i)\b(?:process|proc|cmd_?line|command_?line|kill|pkill|pgrep|pid)_?"
            r"(?:pattern|match|matcher|filter|grep|search|marker|signature|needle)s?"
            r"[\"']?\]?\s*(?::\s*[\w\[\]]+\s*)?[:=]\s*\[?[^\n{}]*$"
        ),
    ),
)
_RUNNERS = rf"{starting()}|nohup|exec|Start-Process"
_STARTS = re.compile(
    rf"(?:^|[\s;&|(\"'`=@{{}}/\\])(?:{_RUNNERS})(?:\.exe)?(?=[\s\"',]|$){_HERE}"
    rf"|(?:^|[\s\"',])-m[\"',\s]+{_HERE}"
    r"|(?i:\b(?:command|cmd|args|argv|exec\w*|start\w*|module|app|entry_?point|program|script|web|"
    r"worker)[\"']?\s*[:=]\s*[\[(]?[^\]\n|;&]*$)"
)
_CHECKERS = pattern(Group.CHECKER, Group.INSTALLER, but=ENGLISH - {"build"})
_NO_SERVER = re.compile(
    rf"(?:-m[\s\"',]+|\s)(?:{_CHECKERS}|pdb|cProfile|timeit|tests?)\b|"
    r"\s-c[\s\"',]|(?<!-)[12]?>\s*[^&\s]*$|\brequirements\b"
)


def search_of(before: str) -> Search | None:
    """How a pattern behind `before` is searched for among the processes; None if it is none."""
    search = next((kind for kind, pattern in _SEARCHES if pattern.search(before)), None)
    return None if search and _is_setting(before) else search


def _is_setting(before: str) -> bool:
    """Whether what follows is the value of an option that is no pattern: `pkill -u user`."""
    *_, words = split_commands(f"{before}x")
    last = [word for word in arguments([word.text for word in words]) if word.option]
    return any(word.index == len(words) - 1 and word.value.use is WordUse.VALUE for word in last)


def starts_process(before: str) -> bool:
    """Whether a command starts the name behind `before`."""
    match = _STARTS.search(before)
    return match is not None and not _NO_SERVER.search(before, match.start())


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
