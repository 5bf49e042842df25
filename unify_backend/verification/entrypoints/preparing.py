"""From an entry point to a program that can be started here: the interpreter, the port, the
environment, the bootstrap."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from unify_backend.languages.scripts.programs import WordUse, bare_name, options
from unify_backend.model.entrypoints import COMMAND, REPOSITORY, EntryPoint, Kind, Platform
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.processes import Program, clean_env
from unify_backend.verification.entrypoints.bootstrap import VARIABLE
from unify_backend.verification.entrypoints.files import Files
from unify_backend.verification.entrypoints.resolve import session_of
from unify_backend.verification.environment import interpreter
from unify_backend.verification.serving import free_port

_HERE = "127.0.0.1"
_UNKNOWN = re.compile(r"\$[\w{(]|%\w+%|\{\w*\}|![A-Za-z_]\w*!")
_PORT = re.compile(r"\{(?:port|PORT)\}|\$\{?PORT\}?(?!\w)|%PORT%")
_LISTEN = {
    "gunicorn": ("--bind", "{host}:{port}"),
    "hypercorn": ("--bind", "{host}:{port}"),
    "daphne": ("-b", "{host}", "-p", "{port}"),
    "waitress-serve": ("--listen={host}:{port}",),
}


@dataclass(frozen=True, slots=True)
class PreparedProgram:
    """A program and the port on which it is to be asked; `unknown` are words of it that only the
    one who runs it knows."""

    program: Program
    port: int
    unknown: tuple[str, ...] = ()


@contextmanager
def prepared(
    entry: EntryPoint, root: Path, files: Files, settings: VerifySettings
) -> Iterator[PreparedProgram]:
    """What starting the entry point in the folder `root` comes to; the bootstrap's folder is
    removed when the block is left."""
    with TemporaryDirectory(prefix="unify-backend-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = Path(__file__).with_name("bootstrap.py")
        shutil.copyfile(source, folder / "sitecustomize.py")
        port = free_port() if entry.kind is Kind.SERVER else 0
        python = interpreter(settings.python, root)
        words = _words(entry, root, python, port)
        request = {"stubs": list(settings.stubs), "port": port}
        env = {
            **{key: _inner(value, entry, root) for key, value in entry.env},
            **dict(settings.env),
            VARIABLE: json.dumps(request),
            "PYTHONPATH": os.pathsep.join([str(folder), *_import_path(entry, root, files)]),
        }
        path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")])
        if port:
            env |= {key: str(port) for key in {"PORT", *env} if re.fullmatch(r"(?:\w+_)?PORT", key)
                    and (key == "PORT" or key in dict(entry.env))}  # fmt: skip
        program = Program(tuple(words), place_of(entry, root), clean_env({**env, "PATH": path}))
        unknown = tuple(word for word in words[1:] if _UNKNOWN.search(word))
        yield PreparedProgram(program, port, unknown)


def place_of(entry: EntryPoint, root: Path) -> Path:
    """The folder on this machine in which the entry point runs."""
    return root / entry.folder.lstrip("/")


def _inner(text: str, entry: EntryPoint, root: Path) -> str:
    """A word or value with the top folder put in; a container's own paths lead into its layout."""
    if entry.platform is Platform.CONTAINER:
        inner = text.startswith("/") and len(text) > 1 and (root / text[1:]).exists()
        return str(root / text[1:]) if inner else text
    return text.replace(REPOSITORY, str(root))


def _import_path(entry: EntryPoint, root: Path, files: Files) -> list[str]:
    """The entry's PYTHONPATH in this repository; a folder of somebody's machine is taken for it."""
    import_path = dict(entry.env).get("PYTHONPATH", "")
    session = session_of(entry.folder, files, entry.platform)
    drive = re.match(r"[A-Za-z]:", import_path)
    folders: list[str] = []
    for part in import_path.split(";" if ";" in import_path or drive else ":"):
        if not part.strip() or _UNKNOWN.search(part.replace(REPOSITORY, "")):
            continue
        there, assumed = session.located(part)
        folders.append(str(root / there.lstrip("/")))
        if assumed:
            folders.append(str(root))
    return list(dict.fromkeys(folders))


def _words(entry: EntryPoint, root: Path, python: str, port: int) -> list[str]:
    words = [_inner(word, entry, root) for word in entry.argv]
    if port:
        words = [_PORT.sub(str(port), word) for word in words]
    start, tool = entry.start, entry.start.tool
    if tool == COMMAND:
        return words
    if tool == "entry point":
        module, function = start.module, start.attribute
        code = f"import sys; from {module} import {function.split('.')[0]}; sys.exit({function}())"
        return [python, "-c", code]
    by_module = re.fullmatch(r"python[\d.]*w?|py|pypy3?", bare_name(words[0])) is not None
    if by_module:
        at = next((n for n, word in enumerate(words) if word == "-m"), None)
        lead, rest = [python], words[1:]
        if tool not in {"python", "python -m"} and at is not None:
            lead, rest = [python, *words[1 : at + 2]], words[at + 2 :]
        elif tool == "python":
            rest = _script(
                entry, root, [word for word in rest if not re.fullmatch(r"-\d[\d.]*", word)]
            )
    elif tool == "python":
        lead, rest = [python], _script(entry, root, words)
    else:
        beside = Path(python).with_name(tool + Path(python).suffix)
        lead = [str(beside)] if beside.exists() else [python, "-m", tool.replace("-", "_")]
        rest = words[1:]
    return [*lead, *(_listening(tool, rest, port) if entry.kind is Kind.SERVER else rest)]


def _script(entry: EntryPoint, root: Path, words: list[str]) -> list[str]:
    """The words with the script as it is found here, where it is written for another machine."""
    written = entry.start.script
    if written.startswith(REPOSITORY) or not re.match(r"/|[A-Za-z]:|[$%]", written):
        return [
            word.replace("\\", "/") if word.replace("\\", "/") == written else word
            for word in words
        ]
    parts = written.split("/")
    for n in range(len(parts)):
        there = root / "/".join(parts[n:])
        if parts[n] and there.is_file():
            return [str(there) if word.replace("\\", "/") == written else word for word in words]
    return words


def _listening(tool: str, words: Sequence[str], port: int) -> list[str]:
    """The server's words, told to listen on the loopback port alone and not to reload."""
    dropped, flags = options(tool, WordUse.LISTEN), options(tool, WordUse.RELOAD)
    if not dropped:
        return list(words)
    remaining: list[str] = []
    n = 0
    while n < len(words):
        option, equals, _ = words[n].partition("=")
        if option in flags:
            n += 1
            continue
        if option in dropped or option.startswith("--reload-"):
            n += 1 if equals else 2
            continue
        remaining.append(words[n])
        n += 1
    if tool == "fastapi" and remaining[:1] == ["dev"]:
        remaining[0] = "run"
    template = _LISTEN.get(tool, ("--host", "{host}", "--port", "{port}"))
    return [*remaining, *(word.format(host=_HERE, port=port) for word in template)]
