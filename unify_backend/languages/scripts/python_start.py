"""What an argument vector starts: servers, workers and modules, known by the program's name."""

import re
from collections.abc import Callable, Sequence

from unify_backend.languages.scripts.command_line import bare_name, past_runner
from unify_backend.model.entrypoints import Kind, Start

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_DOTTED = re.compile(_NAME)
_APPLICATION = re.compile(rf"(?P<module>{_NAME}):(?P<attribute>{_NAME})(?:\(\))?")
_PYTHON = re.compile(r"python[\d.]*w?|py|pypy3?")
_FLAGS = {  # options that stand alone; every other one with a dash takes the next word
    "uvicorn": "--reload --no-access-log --access-log --use-colors --no-use-colors --factory "
    "--proxy-headers --no-proxy-headers --server-header --no-server-header --date-header "
    "--no-date-header --version --help --no-reload",
    "gunicorn": "--reload --preload --daemon -D --check-config --print-config --no-sendfile",
    "hypercorn": "--reload --debug",
    "arq": "--burst --check -v --verbose",
    "daphne": "--proxy-headers",
    "granian": "--reload --no-reload --ws --no-ws --access-log",
}
_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve"})
_APP_OPTIONS = {"celery": ("-A", "--app"), "flask": ("-A", "--app")}
_APP_DIRS = {"uvicorn": ("--app-dir",), "gunicorn": ("--chdir", "--pythonpath")}
_PYTHON_VALUES = frozenset({"-X", "-W", "--check-hash-based-pycs"})


def start_of(argv: Sequence[str]) -> tuple[Start, tuple[str, ...]] | None:
    """What `argv` (from the program on) starts, and its words from the program on; `uv run` and the
    like are passed over. None for what starts no Python module by name."""
    words = list(argv[past_runner(argv, 0) :])
    if not words:
        return None
    name = bare_name(words[0]).removesuffix(".py") if words[0].count(".") < 2 else words[0]
    if _PYTHON.fullmatch(bare_name(words[0])):
        found = _python(words)
    elif re.match(r"(?:\.{1,2}[/\\]|/|\{repository\}).*\.pyw?$", words[0]):
        found = Start("python", Kind.SCRIPT, script=words[0].replace("\\", "/"))
    else:
        found = _program(name, words)
    return None if found is None else (found, tuple(words))


def _python(words: Sequence[str]) -> Start | None:
    n = 1
    while n < len(words):
        word = words[n]
        if word == "-m" and n + 1 < len(words):
            inner = words[n + 1 :]
            if found := _program(inner[0], inner):
                return found
            if _DOTTED.fullmatch(inner[0]):
                return Start("python -m", Kind.SCRIPT, module=inner[0])
            return None
        if word in {"-c", "-"} or word.startswith("-c"):
            return None
        if word.startswith("-"):
            n += 2 if word in _PYTHON_VALUES else 1
            continue
        script = word.replace("\\", "/")
        return Start("python", Kind.SCRIPT, script=script) if script.endswith(".py") else None
    return None


def _program(name: str, words: Sequence[str]) -> Start | None:
    if name in _SERVERS:
        return _server(name, words)
    worker = _WORKERS.get(name)
    return worker(words) if worker else None


def _server(name: str, words: Sequence[str]) -> Start | None:
    flags = _FLAGS.get(name, "").split()
    folder = _option(words, _APP_DIRS.get(name, ()))
    for word in _plain(words[1:], flags):
        if found := _APPLICATION.fullmatch(word):
            return Start(name, Kind.SERVER, found["module"], found["attribute"], app_dir=folder)
        if name in {"gunicorn", "hypercorn"} and _DOTTED.fullmatch(word):
            return Start(name, Kind.SERVER, word, "application" if name == "gunicorn" else "app")
    return None


def _arq(words: Sequence[str]) -> Start | None:
    for word in _plain(words[1:], _FLAGS["arq"].split()):
        module, dot, attribute = word.rpartition(".")
        if dot and _DOTTED.fullmatch(word):
            return Start("arq", Kind.WORKER, module, attribute)
    return None


def _celery(words: Sequence[str]) -> Start | None:
    app = _option(words, _APP_OPTIONS["celery"])
    module, _, attribute = app.partition(":")
    if not _DOTTED.fullmatch(module) or not {"worker", "beat"} & set(words):
        return None
    return Start("celery", Kind.WORKER, module, attribute)


def _flask(words: Sequence[str]) -> Start | None:
    app = _option(words, _APP_OPTIONS["flask"])
    module, _, attribute = app.partition(":")
    if "run" not in words or not _DOTTED.fullmatch(module):
        return None
    return Start("flask", Kind.SERVER, module, attribute)


def _fastapi(words: Sequence[str]) -> Start | None:
    if len(words) < 2 or words[1] not in {"run", "dev"}:
        return None
    script = next((one for one in words[2:] if one.endswith(".py")), "")
    if not script:
        return None
    return Start("fastapi", Kind.SERVER, script=script.replace("\\", "/"))


def _of_module(tool: str) -> Callable[[Sequence[str]], Start | None]:
    """Programs whose first plain word is `module` or `module:attribute`."""

    def read(words: Sequence[str]) -> Start | None:
        for word in words[1:]:
            if word in {"worker", "scheduler"} or word.startswith("-"):
                continue
            if found := _APPLICATION.fullmatch(word):
                return Start(tool, Kind.WORKER, found["module"], found["attribute"])
            if tool == "huey_consumer" and "." in word and _DOTTED.fullmatch(word):
                module, _, attribute = word.rpartition(".")
                return Start(tool, Kind.WORKER, module, attribute)
            return Start(tool, Kind.WORKER, word) if _DOTTED.fullmatch(word) else None
        return None

    return read


_WORKERS: dict[str, Callable[[Sequence[str]], Start | None]] = {
    "arq": _arq,
    "celery": _celery,
    "flask": _flask,
    "fastapi": _fastapi,
    "dramatiq": _of_module("dramatiq"),
    "taskiq": _of_module("taskiq"),
    "huey_consumer": _of_module("huey_consumer"),
}


def _plain(words: Sequence[str], flags: Sequence[str]) -> list[str]:
    """The words that are neither options nor their values."""
    found: list[str] = []
    n = 0
    while n < len(words):
        word = words[n]
        if word.startswith("-") and len(word) > 1:
            n += 1 if "=" in word or word in flags else 2
            continue
        found.append(word)
        n += 1
    return found


def _option(words: Sequence[str], names: Sequence[str]) -> str:
    for n, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in names:
            return value if equals else next(iter(words[n + 1 : n + 2]), "")
        for name in names:
            if len(name) == 2 and word.startswith(name) and len(word) > 2:
                return word[2:]
    return ""
