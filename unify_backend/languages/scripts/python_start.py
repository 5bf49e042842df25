"""What an argument vector starts: servers, workers and modules, known by the program's name."""

import re
from collections.abc import Sequence

from unify_backend.languages.scripts.command_line import arguments, past_runner
from unify_backend.languages.scripts.programs import Group, Program, WordUse, find, options
from unify_backend.model.entrypoints import Kind, Start
from unify_backend.model.text import SOURCE

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_DOTTED = re.compile(_NAME)
_APPLICATION = re.compile(rf"(?P<module>{_NAME}):(?P<attribute>{_NAME})(?:\(\))?")
_DEFAULTS = {"gunicorn": "application", "hypercorn": "app"}  # the attribute, where none is named
_BY_DOT = frozenset({"arq", "huey_consumer"})  # write `module.attribute`
_KINDS = {Group.SERVER: Kind.SERVER, Group.WORKER: Kind.WORKER}


def start_of(argv: Sequence[str]) -> tuple[Start, tuple[str, ...]] | None:
    """What `argv` (from the program on) starts, and its words from the program on; `uv run` and the
    like are passed over. None for what starts no Python module by name."""
    words = tuple(argv[past_runner(argv, 0) :])
    if not words:
        return None
    if re.match(r"(?:\.{1,2}[/\\]|/|\{repository\}).*\.pyw?$", words[0]):
        return Start("python", Kind.SCRIPT, script=words[0].replace("\\", "/")), words
    start = _start(words)
    return None if start is None else (start, words)


def _start(words: Sequence[str]) -> Start | None:
    verb: Program | None = None
    applications: list[tuple[Program, str]] = []
    module = folder = ""
    for argument in arguments(words):
        program, text = argument.program, words[argument.index][argument.begin :]
        if argument.inner or program is None:
            continue
        match argument.value.use:
            case WordUse.VERB:
                verb = program
            case WordUse.APPLICATION:
                applications.append((program, text))
            case WordUse.FOLDER | WordUse.SEARCH:
                folder = text
            case WordUse.RUN:
                module = text
            case WordUse.SCRIPT:
                return _script(program, text)
            case _:
                pass
    if applications:
        starts = (_application(*application, verb, folder) for application in applications)
        return next(filter(None, starts), None)
    by_name = module and not find(module) and _DOTTED.fullmatch(module)
    return Start("python -m", Kind.SCRIPT, module=module) if by_name else None


def _script(program: Program, text: str) -> Start | None:
    script, tool = text.replace("\\", "/"), program.name.split(" ")[0]
    if not script.endswith(SOURCE) or tool not in {"python", "fastapi"}:
        return None
    return Start(tool, _KINDS.get(program.group, Kind.SCRIPT), script=script)


def _application(program: Program, text: str, verb: Program | None, folder: str) -> Start | None:
    """The start of a server or worker, where its command does start one."""
    tool = program.name.split(" ")[0]
    kind, whole = _KINDS.get(program.group), find(tool)
    listens = kind is Kind.WORKER or options(tool, WordUse.LISTEN)
    starts = verb or not whole or WordUse.VERB not in {place.use for place in whole.positions}
    if kind is None or not listens or not starts:
        return None
    if tool in _BY_DOT and ":" not in text:
        module, dot, attribute = text.rpartition(".")
        text = f"{module}:{attribute}" if dot else ""
    folder = folder if kind is Kind.SERVER else ""
    if match := _APPLICATION.fullmatch(text):
        return Start(tool, kind, match["module"], match["attribute"], app_dir=folder)
    server = kind is Kind.SERVER and tool != "flask"
    if not _DOTTED.fullmatch(text) or (server and tool not in _DEFAULTS):
        return None
    return Start(tool, kind, text, _DEFAULTS.get(tool, ""), app_dir=folder)
