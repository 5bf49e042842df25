"""Batch files: line by line, labels as functions, windows that `start` opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.languages.scripts.command_line import bare_name
from unify_backend.model.entrypoints import REPOSITORY
from unify_backend.verification.entrypoints.commands import Sink, continued, run, spoken
from unify_backend.verification.entrypoints.session import Session

_VARIABLE = re.compile(r"%(?P<name>[A-Za-z_]\w*)(?::[^%\n]*)?%|!(?P<late>[A-Za-z_]\w*)!")
_HERE = re.compile(r"%~d?p?n?x?0")
_LEAD = re.compile(
    r"[@\s(]*(?:\)\s*else\s*(?:\(|(?=if\b))?\s*)?"
    r"(?:(?:if\s+(?:/i\s+)?(?:not\s+)?(?:exist\s+(?:\"[^\"]*\"|\S+)|defined\s+\S+|errorlevel\s+\d+|"
    r"(?:\"[^\"]*\"|[^\s=]+)\s*(?:==|equ|neq|lss|leq|gtr|geq)\s*(?:\"[^\"]*\"|[^\s(]+)))\s*[(@]*\s*)*",
    re.IGNORECASE,
)
_SET = re.compile(r"set\s+(?:/[ap]\s+)?(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>.*))\s*", re.IGNORECASE)
_START = re.compile(
    r"start\s+(?:\"[^\"]*\"\s*)?(?P<options>(?:/\w+(?:\s+\"[^\"]*\"|\s+(?=/)|\s))*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FOLDER = re.compile(r"/d\s*(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
_WORD = re.compile(r"(?:\"[^\"]*\"?|[^\s\"])+")
_MARK = re.compile(r"(?<!\^)\^\Z")
_OUTPUT = re.compile(r"\s*\d?>{1,2}\s*(?:&\d|\S+)|\s*<\s*\S+")


def read_batch(text: str, session: Session, sink: Sink) -> Session:
    """Gathers the commands of batch text; the session at its end."""
    first = sink.line
    for number, line in continued(text, _MARK, ""):
        sink.line = first + number
        body = _LEAD.sub("", line, count=1).strip()
        if body.startswith(":"):
            if re.match(r":\w", body):
                sink.label = body[1:].split()[0]
            continue
        if not body or re.match(r"(?i)rem\b|goto\b|exit\b|setlocal|endlocal|for\b", body):
            continue
        if re.match(r"(?i)echo\b", body):
            said = re.sub(r"\^(.)", r"\1", body[4:])
            spoken(_expanded(said, session), "batch", session, sink)
            continue
        for command in _commands(body):
            session = _one(command, session, sink)
    return session


def _commands(line: str) -> Iterator[str]:
    """The commands of a line; what is quoted or escaped belongs to the one that it stands in."""
    part, quoted, at = "", False, 0
    while at < len(line):
        char = line[at]
        if char == '"':
            quoted = not quoted
        if char == "^" and not quoted and at + 1 < len(line):
            part += line[at : at + 2]
            at += 2
            continue
        if char in "&|" and not quoted and not part.rstrip().endswith(">"):
            yield part
            part = ""
        else:
            part += char
        at += 1
    yield part


def _one(command: str, session: Session, sink: Sink) -> Session:
    command = _LEAD.sub("", command, count=1).strip().rstrip(")") if command.strip() else ""
    if not command:
        return session
    if found := _SET.fullmatch(command):
        name, equals, value = (found["quoted"] or found["plain"] or "").partition("=")
        if not equals or re.match(r"(?i)set\s+/[ap]", command):
            return session
        value = _expanded(value.rstrip() if found["plain"] else value, session)
        # Every variable of a batch file is handed on to the programs it starts.
        return session.assigned(name.strip(), value.replace("\\", "/"), exported=True)
    if re.match(r"(?i)start\b", command):
        _started(command, session, sink)
        return session
    command = re.sub(r"(?i)^call\s+", "", command)
    words = _words(command, session)
    if words and re.search(r"(?i)\.(?:bat|cmd|ps1)$", words[0]):
        return session
    if words and bare_name(words[0]) in {"python", "py", "pythonw"} and words[0].startswith("%"):
        words[0] = "python"
    return run(words, session, sink, "batch") if words else session


def _started(command: str, session: Session, sink: Sink) -> None:
    found = _START.fullmatch(command)
    if found is None:
        return
    options, rest = found["options"], found["rest"]
    if folder := _FOLDER.search(options):
        session = session.entered(_expanded(folder[1] or folder[2], session))
    # The title's window may run `cmd /c "a && b"`, or `cmd /c a ^&^& b` without quotes.
    if inner := re.match(r"(?i)(?:%comspec%|cmd(?:\.exe)?)\s+/[ck]\s+(.*)", rest, re.DOTALL):
        script = inner[1].strip()
        if script.startswith('"') and script.endswith('"') and len(script) > 1:
            script = script[1:-1]
        sink.inside("batch", script.replace("^&", "&").replace("^|", "|"), session)
    elif rest:
        run(_words(rest, session), session, sink, "batch")


def _words(command: str, session: Session) -> list[str]:
    stripped = _OUTPUT.sub("", command)
    found = [
        word.replace('"', "").replace("^", "")
        for word in _WORD.findall(_expanded(stripped, session))
    ]
    return [re.sub(r"\\(?!\\)", "/", one) for one in found]


def _expanded(text: str, session: Session) -> str:
    folder = session.path.rpartition("/")[0]
    here = f"{REPOSITORY}/{folder}/" if folder else f"{REPOSITORY}/"
    text = _HERE.sub(lambda found: here, text)

    def value(found: re.Match[str]) -> str:
        name = found["name"] or found["late"]
        if name.upper() == "CD":
            return session.place
        known = {**session.env, **session.variables}
        return next((v for k, v in known.items() if k.upper() == name.upper()), found.group())

    return re.sub(r"%[1-9*]", "", _VARIABLE.sub(value, text))
