"""Makefiles, justfiles, Procfiles, systemd units and supervisor's programs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from unify_backend.verification.entrypoints.commands import Sink
from unify_backend.verification.entrypoints.session import Session

_VARIABLE = re.compile(
    r"(?:export\s+|override\s+)*(?P<name>[\w.-]+)\s*(?P<op>[:?+]{0,3}=)\s*(?P<value>.*)"
)
_RULE = re.compile(r"(?P<targets>[^\s:#=][^:=#]*?)\s*::?(?!=)(?P<rest>.*)")
_USED = re.compile(r"\$\((?P<round>[\w.-]+)\)|\$\{(?P<curly>[\w.-]+)\}|\$(?P<short>[A-Za-z@<^*])")
_JUST_VARIABLE = re.compile(r"(?:export\s+)?(?P<name>\w+)\s*:=\s*(?P<value>.+)")
_JUST_RULE = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<parameters>[^:=]*):(?!=).*")
_PROCESS = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<command>.+)")


def read_makefile(text: str, session: Session, sink: Sink) -> Session:
    """Recipes, one shell for each line (one for all with `.ONESHELL`)."""
    session = _in_own_folder(session)
    variables: dict[str, str] = {}
    target, held, oneshell = "", list[tuple[int, str]](), ".ONESHELL" in text
    recipes: list[tuple[str, list[tuple[int, str]]]] = []
    for number, line in _joined_lines(text):
        if line.startswith("\t") and recipes:
            held.append((number, line.strip().lstrip("@-+")))
        elif found := _VARIABLE.fullmatch(line.split(" #")[0].strip()):
            if found["op"] != "?=" or found["name"] not in variables:
                known = variables.get(found["name"], "") + " " if found["op"] == "+=" else ""
                variables[found["name"]] = known + found["value"]
        elif (rule := _RULE.match(line)) and not line.startswith(("\t", " ", "#", ".")):
            target, held = rule["targets"].split()[0], []
            recipes.append((target, held))
    for target, lines in recipes:
        blocks = (
            [(lines[0][0], "\n".join(one for _, one in lines))] if oneshell and lines else lines
        )
        for number, line in blocks:
            _read(_made(line, variables), number, target, session, sink)
    return session


def _made(line: str, variables: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found["round"] or found["curly"] or ""
        if name == "CURDIR":
            return "$PWD"
        if name == "MAKE":
            return "make"
        return variables.get(name, f"${name}" if name else "")

    marked = line.replace("$$", "\0")
    for _ in range(8):
        again = _USED.sub(value, marked)
        if again == marked:
            break
        marked = again
        if not any(name in marked for name in variables):
            break
    return marked.replace("\0", "$")


def read_justfile(text: str, session: Session, sink: Sink) -> Session:
    """Recipes: one shell for each line, one for all under a shebang."""
    session = _in_own_folder(session)
    variables: dict[str, str] = {}
    name, body = "", list[tuple[int, str]]()
    recipes: list[tuple[str, list[tuple[int, str]]]] = []
    for number, line in _joined_lines(text):
        if line[:1] in {" ", "\t"} and recipes:
            body.append((number, line.strip()))
        elif found := _JUST_VARIABLE.fullmatch(line.strip()):
            variables[found["name"]] = found["value"].strip().strip("\"'")
        elif rule := _JUST_RULE.fullmatch(line.rstrip()):
            name, body = rule["name"], []
            recipes.append((name, body))
            for given in re.finditer(r"(\w+)\s*=\s*[\"']?([^\s\"']+)", rule["parameters"]):
                variables.setdefault(given[1], given[2])
    for name, lines in recipes:
        shebang = bool(lines) and lines[0][1].startswith("#!")
        blocks = [(lines[0][0], "\n".join(one for _, one in lines))] if shebang else lines
        for number, line in blocks:
            put = re.sub(
                r"\{\{\s*(\w+)\s*\}\}", lambda one: variables.get(one[1], f"${one[1]}"), line
            )
            _read(put.lstrip("@-"), number, name, session, sink)
    return session


def read_procfile(text: str, session: Session, sink: Sink) -> Session:
    """`name: command`, run in the file's folder."""
    session = _in_own_folder(session)
    for number, line in enumerate(text.split("\n"), 1):
        if found := _PROCESS.match(line.strip()):
            _read(found["command"], number, found["name"], session, sink)
    return session


def read_systemd(text: str, session: Session, sink: Sink) -> Session:
    """`ExecStart=` in `WorkingDirectory=` with `Environment=`."""
    settings = list(_settings(text))
    session = _with_settings(
        session,
        next((value for _, key, value in settings if key == "workingdirectory"), ""),
        [one for _, key, value in settings if key == "environment" for one in _pairs(value)],
    )
    for number, key, value in settings:
        if key in {"execstart", "exec"}:
            _read(value.lstrip("@-:+!"), number, "", session, sink)
    return session


def read_supervisor(text: str, session: Session, sink: Sink) -> Session:
    """`command=` in `directory=` with `environment=`, section by section."""
    sections = re.split(r"(?m)^(?=\[)", text)
    line = 1
    for section in sections:
        name = re.match(r"\[(?:program|eventlistener|fcgi-program):([^\]]+)\]", section)
        settings = list(_settings(section))
        folder = next((value for _, key, value in settings if key == "directory"), "")
        env = [
            (one[1], one[2].strip("\"'"))
            for _, key, value in settings
            if key == "environment"
            for one in re.finditer(r"(\w+)=(\"[^\"]*\"|'[^']*'|[^,]*)", value)
        ]
        for number, key, value in settings if name else ():
            if key == "command" and name:
                here = _with_settings(session, folder, env)
                _read(value, line + number - 1, name[1], here, sink)
        line += section.count("\n")
    return session


def _settings(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in _joined_lines(text):
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith(("#", ";")):
            yield number, key.strip().lower(), value.strip()


def _pairs(value: str) -> list[tuple[str, str]]:
    found = re.finditer(r"\"(\w+)=([^\"]*)\"|'(\w+)=([^']*)'|(\w+)=(\S*)", value)
    return [(one[1] or one[3] or one[5], one[2] or one[4] or one[6] or "") for one in found]


def _with_settings(session: Session, folder: str, env: list[tuple[str, str]]) -> Session:
    here = session.entered(folder.strip("\"'").lstrip("-")) if folder else session
    return replace(here, env={**here.env, **dict(env)})


def _in_own_folder(session: Session) -> Session:
    return replace(session, folder=posixpath.dirname(session.path) or ".")


def _read(line: str, number: int, label: str, session: Session, sink: Sink) -> None:
    sink.line, sink.label = number, label
    sink.inside("shell", line, session)


def _joined_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continued ones joined, by the number of the first."""
    held, start = "", 1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not held:
            start = number
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        yield start, held + (line.lstrip() if held else line)
        held = ""
    if held:
        yield start, held


Reader = Callable[[str, Session, Sink], Session]
