"""Which words of a command name a module that is looked for in the working folder."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.scripts.command_line import bare_name, past_prefixes, past_runner

_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve"})
_APPLICATION = re.compile(r"(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*):[^\W\d]\w*(?:\(\))?")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_APP_OPTIONS = {
    "celery": ("-A", "--app"),
    "flask": ("--app",),
    "faststream": (),
    "dramatiq": (),
    "taskiq": (),
}
# Programs of other distributions that people run with -m; what else stands there may be ours
_TOOLS = frozenset(
    "pip venv pytest uvicorn gunicorn hypercorn alembic celery flask django black ruff mypy flake8 "
    "isort pylint coverage build twine virtualenv pipx uv poetry tox nox sphinx mkdocs http "
    "ensurepip ipykernel jupyter notebook IPython pyright bandit pre_commit debugpy streamlit "
    "arq rq dramatiq granian daphne playwright spacy nltk torch grpc_tools pylsp pdb cProfile "
    "timeit unittest doctest json compileall zipapp memory_profiler line_profiler scalene "
    "setuptools hatch hatchling flit maturin pdoc pydoc safety pip_audit piptools locust ptvsd "
    "faststream taskiq watchdog watchfiles pytest_watch aerich yoyo fastapi accelerate vllm".split()
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A module's name in word number `index`, from `begin` to `end` of it."""

    index: int
    begin: int
    end: int


def imported_by(words: Sequence[str]) -> Iterator[Imported]:
    """The modules that a command imports from its working folder: `uvicorn main:app`.

    Modules of the standard library and of well-known tools are none.
    """
    at = past_runner(words, past_prefixes(words))
    if at >= len(words):
        return
    name = bare_name(words[at])
    if re.fullmatch(r"python[\d.]*w?|py|pypy3?", name):
        yield from _python(words, at)
    else:
        yield from _program(words, at, name)


def _python(words: Sequence[str], at: int) -> Iterator[Imported]:
    for n in range(at + 1, len(words) - 1):
        if words[n] == "-m":
            name = words[n + 1]
            yield from _program(words, n + 1, name)
            if _ours(name):
                yield Imported(n + 1, 0, len(name))
            return
        if not words[n].startswith("-"):
            return


def _program(words: Sequence[str], at: int, name: str) -> Iterator[Imported]:
    if name in _SERVERS:
        for n in range(at + 1, len(words)):
            if found := _APPLICATION.fullmatch(words[n]):
                yield Imported(n, 0, found.end("module"))
                return
    elif name == "arq" or name in {"dramatiq", "huey_consumer"}:
        for n in range(at + 1, len(words)):
            if not words[n].startswith("-") and _DOTTED.fullmatch(words[n]):
                yield Imported(n, 0, len(words[n]))
                return
    elif name in _APP_OPTIONS:
        yield from _application(words, at, _APP_OPTIONS[name])


def _application(words: Sequence[str], at: int, options: Sequence[str]) -> Iterator[Imported]:
    for n in range(at + 1, len(words)):
        option, equals, value = words[n].partition("=")
        index, begin = (n, len(option) + 1) if equals else (n + 1, 0)
        if option not in options or index >= len(words):
            continue
        found = _DOTTED.match(value if equals else words[index])
        if found:
            yield Imported(index, begin, begin + found.end())
        return


def _ours(name: str) -> bool:
    if not _DOTTED.fullmatch(name):
        return False
    first = name.split(".", 1)[0]
    return first not in _TOOLS and first not in sys.stdlib_module_names
