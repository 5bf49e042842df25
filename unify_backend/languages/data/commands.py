"""Commands in configuration: a mapping with a program, a module or a command, its folder and its
environment, whatever the file calls them; and strings that hold a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from unify_backend.languages.data.json_parser import parse_json
from unify_backend.languages.data.toml_parser import parse_toml
from unify_backend.languages.data.tree import Node
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.expansion import expand
from unify_backend.languages.scripts.import_path import imported_by
from unify_backend.languages.scripts.programs import starting
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Command, Sink, run
from unify_backend.languages.scripts.statements import dialect
from unify_backend.model.entrypoints import Platform

_PROGRAMS = ("program", "command", "cmd", "exec", "executable", "run", "script", "shell", "entry")
_ARGUMENTS = ("args", "arguments", "argv", "params", "cmdargs")
_FOLDERS = ("cwd", "workingdir", "workingdirectory", "workdir", "directory", "dir", "chdir")
_ENVIRONMENTS = ("env", "environment", "envoverrides", "envs", "environ")
_NAMES = ("id", "key", "name", "title", "label")
_APPLICATION = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")
LIKELY = re.compile(rf"(?:^|[\s/\\\"'&;|(])(?:{starting()})(?:\.exe)?[\"']?\s")
_BATCH = re.compile(r"(?i)\bcmd(?:\.exe)? /[ck]|^start \"|\bset \w+=|%\w+%")
_EXPRESSION = re.compile(r"\$\{\{\s*([^{}\n]*?)\s*\}\}")
_DEEPEST = 40
_NESTED = 6  # texts in texts


def read_yaml(text: str, session: Session, sink: Sink) -> Session:
    """Workflows, pipelines, hooks and launcher configuration. Raises FormError."""
    for node in parse_yaml(text).roots:
        pods = {"apiVersion", "kind"} <= node.mapping.keys()
        inside = replace(session, contained=True, folder="/") if pods else session
        read_node(node, (), inside, sink)
    return session


def read_json(text: str, session: Session, sink: Sink) -> Session:
    """package.json, editors' launch files, launcher configuration. Raises FormError."""
    document = parse_json(text)
    if document.problem:
        raise FormError(document.problem)
    for node in document.roots:
        read_node(node, (), session, sink)
    return session


def read_toml(text: str, session: Session, sink: Sink) -> Session:
    """Task tables and the scripts of a distribution. Raises FormError."""
    node = parse_toml(text).root
    for table in _script_tables(node):
        _scripts(table, session, sink)
    read_node(node, (), session, sink)
    return session


def read_node(node: Node, path: tuple[str, ...], session: Session, sink: Sink) -> None:
    """Gathers the commands in a node; `path` are the keys that lead to it."""
    if len(path) > _DEEPEST:
        return
    if node.text:
        _string(node, path, session, sink)
        return
    if node.items:
        if not _argument_vector(node, path, session, sink):
            for one in node.items:
                read_node(one, (*path, "-"), session, sink)
        return
    consumed = _launcher(node, path, session, sink)
    inner = _inherited(node, session)
    for key, value in node.mapping.items():
        if key not in consumed:
            read_node(value, (*path, key), inner, sink)


def _inherited(node: Node, session: Session) -> Session:
    """What workflows and jobs set for the steps below them."""
    told = node.get("env", "variables")
    if told is not None and told.mapping:
        session = replace(session, env={**session.env, **_environment([told], session)})
    defaults = node.get("defaults")
    inner = defaults.get("run") if defaults else None
    folder = inner.get("working-directory") if inner else None
    return session.entered(folder.text) if folder and folder.text else session


def _plain(key: str) -> str:
    return re.sub(r"[-_.]", "", key).lower()


def _of(mapping: Mapping[str, Node], names: Iterable[str]) -> dict[str, Node]:
    known = {_plain(key): key for key in mapping}
    return {known[one]: mapping[known[one]] for one in names if one in known}


def _launcher(node: Node, path: tuple[str, ...], session: Session, sink: Sink) -> set[str]:
    """Reads a mapping that describes a process; the keys that were used up."""
    mapping = node.mapping
    programs = _of(mapping, _PROGRAMS)
    arguments = _of(mapping, _ARGUMENTS)
    modules = _of(mapping, ("module",))
    folders = _of(mapping, _FOLDERS)
    environments = _of(mapping, _ENVIRONMENTS)
    here = session
    for one in folders.values():
        if one.text:
            here = here.entered(_known(one.text, here))
    here = replace(here, env={**here.env, **_environment(environments.values(), here)})
    called = next((one.text for one in _of(mapping, _NAMES).values() if one.text), "")
    label, sink.label = sink.label, called or _label(path)
    used: set[str] = set()
    for key, program in programs.items():
        given = next(iter(arguments.values()), None)
        if program.items and re.search(r"\s", program.items[0].text):
            for one in program.items:  # a script, line by line
                here = _string(one, (*path, key), here, sink)
            used.add(key)
        elif program.items or (given is not None and program.text):
            words = [program.text] if program.text else [one.text for one in program.items]
            words += [one.text for one in given.items] if given else []
            words += given.text.split() if given else []
            _start([one for one in words if one], program, here, sink)
            used |= {key, *arguments}
        elif program.text and "\n" not in program.text and _script(program.text):
            _start(["python", program.text], program, here, sink)
            used.add(key)
        elif program.text:
            _string(program, (*path, key), here, sink)
            used.add(key)
        if used:
            break
    for key, module in modules.items() if not used else ():
        given = next(iter(arguments.values()), None)
        words = [one.text for one in given.items] if given else []
        words += given.text.split() if given else []
        lead = (
            ["python", "-m", "uvicorn"] if _APPLICATION.fullmatch(module.text) else ["python", "-m"]
        )
        _start([*lead, module.text, *[one for one in words if one]], module, here, sink)
        used |= {key, *arguments}
    if not used and arguments:
        # A fragment of a description: `args=["-m", "uvicorn", …]`
        for key, given in arguments.items():
            if given.items and given.items[0].text == "-m":
                _start(["python", *[one.text for one in given.items]], given, here, sink)
                used.add(key)
    sink.label = label
    return used if used else set()


def _script(text: str) -> bool:
    return re.fullmatch(r"[^\s\"']*[\w-]+\.py", text) is not None


def _label(path: tuple[str, ...]) -> str:
    told = [one for one in path if one != "-" and one not in {*_PROGRAMS, "steps", "scripts"}]
    return told[-1] if told else ""


def _argument_vector(node: Node, path: tuple[str, ...], session: Session, sink: Sink) -> bool:
    """Whether the list was a command word by word; then it is read."""
    words = [one.text for one in node.items]
    if len(words) < 2 or not all(words) or any(" " in one for one in words[:2]):
        return False
    if words[0] == "-m":
        words.insert(0, "python")
    if not any(True for _ in imported_by(words)) and not (
        words[0].endswith("python") and _script(words[1])
    ):
        return False
    _start(words, node, session, sink)
    return True


def _string(node: Node, path: tuple[str, ...], session: Session, sink: Sink) -> Session:
    """A scalar that may be a script; the session after it."""
    text = f" {node.text}\n"
    if not LIKELY.search(text) and not re.search(r"\s(?:cd|export)\s", text):
        return session
    label = sink.label
    sink.label = label or _label(path)
    first = node.line + node.is_block
    language = "batch" if _BATCH.search(node.text) else "shell"
    inner = Sink(sink.read, sink.platform, sink.label, 1, sink.shown, sink.depth + 1)
    if inner.depth < _NESTED:
        # `${{ matrix.os }}` is one word, whatever stands in it.
        told = _EXPRESSION.sub(r"${{\1}}", node.text)
        session = sink.read(language, told, session, inner)
    many = node.is_block or node.end_line - node.line == node.text.count("\n")
    for one in inner.found:
        line = first + (one.line - 1 if many else 0)
        sink.found.append(replace(one, line=line))
    sink.label = label
    return session


def _start(words: list[str], node: Node, session: Session, sink: Sink) -> None:
    first = len(sink.found)
    sink.line = node.line
    platform, sink.platform = sink.platform, Platform.ANY
    known = [_known(one, session) for one in words]
    if len(known) > 1 and known[0] in {"bash", "sh", "cmd", "powershell", "/bin/sh", "/bin/bash"}:
        sink.platform = Platform.WINDOWS if known[0] in {"cmd", "powershell"} else Platform.POSIX
    run(dialect("shell"), known, session, sink)
    sink.platform = platform
    sink.found[first:] = [replace(one, line=node.line) for one in sink.found[first:]]


def _known(text: str, session: Session) -> str:
    """With what editors and launchers call the top folder put in."""
    text = re.sub(
        r"\$\{(?:workspaceFolder|workspaceRoot|env:PWD)\}|\$\{\{\s*github\.workspace\s*\}\}"
        r"|\$GITHUB_WORKSPACE|\$CI_PROJECT_DIR",
        "{repository}",
        text,
    )
    return expand(text.replace("\\", "/"), session)


def _environment(nodes: Iterable[Node], session: Session) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        for key, value in node.mapping.items():
            if not value.items and not value.mapping and not key.startswith("#"):
                found[key] = _known(value.text, session)
        for item in node.items:
            name, equals, text = item.text.partition("=")
            if equals:
                found[name] = _known(text, session)
            elif (named := item.get("name")) and (given := item.get("value")):
                found[named.text] = _known(given.text, session)
    return found


def _script_tables(node: Node) -> Iterable[Node]:
    project, tool = node.get("project"), node.get("tool")
    for holder in (project, tool.get("poetry") if tool else None):
        for key in ("scripts", "gui-scripts"):
            table = holder.get(key) if holder is not None else None
            if table is not None:
                yield table


def _scripts(table: Node, session: Session, sink: Sink) -> None:
    """`name = "module:function"`: a program that the installed distribution brings."""
    for name, value in table.mapping.items():
        if _APPLICATION.fullmatch(value.text):
            env = tuple(sorted(session.env.items()))
            argv = (name, value.text)
            sink.found.append(Command(argv, session.folder, env, value.line, name, Platform.ANY))
