"""One simple command: what it changes for those behind it, or what it starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from unify_backend.languages.scripts.command_line import bare_name, folder_word, past_prefixes
from unify_backend.model.entrypoints import Platform
from unify_backend.verification.entrypoints.session import Command, Session

_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<plus>\+?)=(?P<value>.*)", re.DOTALL)
_CHANGES = frozenset({"cd", "chdir", "pushd", "set-location", "sl", "push-location"})
_POPS = frozenset({"popd", "pop-location"})
_EXPORTS = frozenset({"export", "declare", "typeset", "local", "readonly"})
_SAYS = frozenset({"echo", "printf", "write-host", "write-output"})
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh"})
_MANY = frozenset({"concurrently", "npm-run-all", "run-p"})
_DEEPEST = 6
_SPOKEN = re.compile(
    r"(?:(?:cd|set|export)\s+\S+\s*(?:&&|;)\s*|[A-Z_]\w*=\S+\s+|\$env:\w+\s*=\s*\S+\s*;\s*)*"
    r"(?<![\w./-])(?:[\w./\\~-]*[/\\])?"
    r"(?:python[\d.]*|py|uvicorn|gunicorn|hypercorn|arq|celery|uv run|poetry run)\s+[^`\r\n]+"
)


@dataclass
class Sink:
    """Where commands are gathered while a text is read. `read` reads text in another language;
    `line` is that of the command at hand, `label` what it belongs to (a function, a service)."""

    read: Callable[[str, str, Session, Sink], Session]
    platform: Platform
    label: str = ""
    line: int = 1
    shown: bool = False
    depth: int = 0
    found: list[Command] = field(default_factory=list)

    def add(self, argv: Sequence[str], session: Session, env: dict[str, str]) -> None:
        """Keeps a command."""
        variables = tuple(sorted({**session.env, **env}.items()))
        self.found.append(
            Command(
                tuple(argv),
                session.folder,
                variables,
                self.line,
                self.label,
                Platform.CONTAINER if session.contained else self.platform,
                session.notes,
                self.shown,
            )
        )

    def inside(self, language: str, text: str, session: Session, shown: bool = False) -> Session:
        """Reads a text within the text; its commands get this one's line."""
        if self.depth >= _DEEPEST:
            return session
        inner = Sink(self.read, self.platform, self.label, 1, shown or self.shown, self.depth + 1)
        ended = self.read(language, text, session, inner)
        self.found += [replace(one, line=self.line) for one in inner.found]
        return ended


def spoken(text: str, language: str, session: Session, sink: Sink) -> None:
    """Commands in a text for people: `echo "start it by: python app.py"`."""
    for line in text.split("\n"):
        if found := _SPOKEN.search(line):
            command = re.split(r"\s{2,}#|\s+(?:<-|->|→)\s", found.group())[0].rstrip(" .\"')")
            sink.inside(language, command, replace(session, lenient=True), shown=True)


def continued(text: str, mark: re.Pattern[str], joint: str) -> Iterator[tuple[int, str]]:
    """Lines, those joined by `joint` that `mark` at their end continues, and how many came
    before."""
    held, start = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        if not held:
            start = number
        if mark.search(line):
            held += mark.sub(joint, line)
            continue
        yield start, held + line
        held = ""


def run(words: Sequence[str], session: Session, sink: Sink, language: str = "shell") -> Session:
    """The session after the command `words`; what it starts goes to `sink`."""
    at = past_prefixes(words)
    env: dict[str, str] = {}
    for word in words[:at]:
        if found := _ASSIGNED.fullmatch(word):
            env[found["name"]] = found["value"]
    rest = [one for one in words[at:] if one]
    if not rest:
        for name, value in env.items():
            session = session.assigned(name, value)
        return session
    name = bare_name(rest[0])
    if name in _CHANGES:
        return _changed(name, rest[1:], session)
    if name in _POPS:
        if not session.stack:
            return session
        return replace(session, folder=session.stack[-1], stack=session.stack[:-1])
    if name in _EXPORTS:
        return _exported(rest[1:], session)
    if name == "git" and "clone" in rest[:3]:
        return replace(session, clone=_clone(rest))
    if name in _SAYS:
        spoken(" ".join(rest[1:]), language, session, sink)
        return session
    here = replace(session, env={**session.env, **env})
    if not _nested(name, rest, here, sink):
        told = folder_word(rest)
        if told is not None and name not in {"uvicorn", "gunicorn"}:
            here = here.entered(rest[told.index][told.begin :])
        sink.add(rest, here, {})
    return session


def _changed(name: str, words: Sequence[str], session: Session) -> Session:
    target = next(
        (one for one in words if not re.fullmatch(r"-[A-Za-z]+|/d|--", one, re.IGNORECASE)), ""
    )
    if target == "-":
        return session
    there = session.entered(target)
    if name.startswith("push"):
        return replace(there, stack=(*session.stack, session.folder))
    return there


def _exported(words: Sequence[str], session: Session) -> Session:
    for word in words:
        if found := _ASSIGNED.fullmatch(word):
            session = session.assigned(found["name"], found["value"], exported=True)
        elif not word.startswith("-"):
            session = session.exported(word)
    return session


def _clone(words: Sequence[str]) -> str:
    plain = [one for one in words[words.index("clone") + 1 :] if not one.startswith("-")]
    return plain[-1].rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") if plain else ""


def _nested(name: str, words: Sequence[str], session: Session, sink: Sink) -> bool:
    """Reads the script that the command is given, if it is given one."""
    lowered = [one.lower() for one in words]
    if name in _SHELLS:
        for n, word in enumerate(words[1:-1], 1):
            if re.fullmatch(r"-[a-z]*c", word):
                sink.inside("shell", words[n + 1], session)
                return True
        return False
    if name == "cmd":
        at = next((n for n, one in enumerate(lowered) if one in {"/c", "/k"}), None)
        if at is not None:
            sink.inside("batch", " ".join(words[at + 1 :]), session)
        return at is not None
    if name in {"powershell", "pwsh"}:
        at = next((n for n, one in enumerate(lowered) if one in {"-command", "-c"}), None)
        if at is not None:
            sink.inside("powershell", " ".join(words[at + 1 :]), session)
        return at is not None
    if name in _MANY:
        for word in words[1:]:
            if " " in word:
                sink.inside("shell", word, session)
        return True
    return name in {"docker", "podman", "docker-compose", "ssh", "kubectl"}
