"""PowerShell scripts, as far as starting programs goes: variables, folders, `Start-Process`."""

from __future__ import annotations

import re

from unify_backend.languages.scripts.command_line import bare_name
from unify_backend.model.entrypoints import REPOSITORY
from unify_backend.verification.entrypoints.commands import Sink, continued, run, spoken
from unify_backend.verification.entrypoints.session import Session

_COMMENT = re.compile(r"<#.*?#>|(?<![\w`])#[^\n]*", re.DOTALL)
_SET = re.compile(
    r"(?:\[\w+\])?\$(?P<env>env:)?(?P<name>\w+)\s*=\s*(?P<value>.+)", re.IGNORECASE | re.DOTALL
)
_VARIABLE = re.compile(r"\$\{?(?P<env>env:)?(?P<name>[A-Za-z_]\w*)\}?", re.IGNORECASE)
_FUNCTION = re.compile(r"function\s+([\w-]+)", re.IGNORECASE)
_WORD = re.compile(r"@\(|[()]|,|(?:\"(?:[^\"`]|`.)*\"|'[^']*'|[^\s,()\"'])+")
_JOIN = re.compile(r"\(?\s*Join-Path\s+(\S+)\s+(\"[^\"]*\"|'[^']*'|\S+?)\s*\)?", re.IGNORECASE)
_MARK = re.compile(r"`\s*\Z")
_PARAMETERS = {"filepath", "argumentlist", "workingdirectory"}


def read_powershell(text: str, session: Session, sink: Sink) -> Session:
    """Gathers the commands of PowerShell text; the session at its end."""
    first = sink.line
    text = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    for number, line in continued(text, _MARK, " "):
        sink.line = first + number
        if found := _FUNCTION.match(line.strip()):
            sink.label = found[1]
        for command in re.split(r";|\|(?!\|)|&&|(?<=[\s{])\{|\}", line):
            session = _one(command.strip().lstrip("{").strip(), session, sink)
    return session


def _one(command: str, session: Session, sink: Sink) -> Session:
    command = re.sub(r"^(?:PS [^>]*>|&|\.)\s+", "", command)
    if not command:
        return session
    if found := _SET.fullmatch(command):
        written = found["value"].strip()
        if re.match(r"(?i)start-process\b", written):
            return _one(written, session, sink)
        value = _value(written, session)
        return session.assigned(found["name"], value, exported=bool(found["env"]))
    if re.match(r"(?i)(?:write-host|write-output|echo)\b", command):
        spoken(_value(command.split(None, 1)[-1], session), "powershell", session, sink)
        return session
    words = [_value(one, session) for one in _WORD.findall(_joins(command, session))]
    words = [one for one in words if one not in {"(", ")", "@(", ","}]
    if not words:
        return session
    name = bare_name(words[0])
    if name in {"start-process", "saps", "start"}:
        _process(words[1:], session, sink)
        return session
    return run(words, session, sink, "powershell")


def _process(words: list[str], session: Session, sink: Sink) -> None:
    """`Start-Process program -ArgumentList 'a', 'b' -WorkingDirectory folder`."""
    program, folder, arguments, into = "", "", list[str](), "filepath"
    for word in words:
        if word.startswith("-") and word[1:].lower() in _PARAMETERS:
            into = word[1:].lower()
        elif re.fullmatch(r"-(?:PassThru|NoNewWindow|Wait|WindowStyle|Verb|Redirect\w+)", word):
            into = "other"
        elif into == "filepath":
            program, into = word, "argumentlist"
        elif into == "argumentlist":
            arguments += word.split() if " " in word else [word]
        elif into == "workingdirectory":
            folder = word
    here = session.entered(folder) if folder else session
    if program:
        run([program, *arguments], here, sink, "powershell")


def _joins(text: str, session: Session) -> str:
    return _JOIN.sub(lambda found: f"{_value(found[1], session)}/{_value(found[2], session)}", text)


def _value(written: str, session: Session) -> str:
    text = _joins(written.strip(), session).strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("\\", "/")
    text = text.strip('"')

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if name.lower() == "pwd":
            return session.place
        if name.lower() == "psscriptroot":
            folder = session.path.rpartition("/")[0]
            return f"{REPOSITORY}/{folder}" if folder else REPOSITORY
        known = {**session.env, **session.variables}
        return next((v for k, v in known.items() if k.lower() == name.lower()), found.group())

    text = _VARIABLE.sub(value, text)
    if re.match(r"(?i)\(?(?:Get-Location\b|Resolve-Path\s+\.)", text):
        return session.place
    if found := re.fullmatch(r"(?i)\(?Split-Path (?:-Parent )?(\S+?)(?: -Parent)?\)?", text):
        return found[1].rpartition("/")[0]
    return text.replace("\\", "/")
