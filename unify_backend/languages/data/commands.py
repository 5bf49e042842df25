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
from unify_backend.languages.scripts.started import Command, CommandCollector, run
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
_NESTED = 6  # levels of texts in texts


def read_yaml(text: str, session: Session, sink: CommandCollector) -> Session:
    """Workflows, pipelines, hooks and launcher configuration. Raises FormError."""
    for node in parse_yaml(text).roots:
        pods = {"apiVersion", "kind"} <= node.mapping.keys()
        inside = replace(session, contained=True, folder="/") if pods else session
        read_node(node, (), inside, sink)
    return session


def read_json(text: str, session: Session, sink: CommandCollector) -> Session:
    """package.json, editors' launch files, launcher configuration. Raises FormError."""
    document = parse_json(text)
    if document.problem:
        raise FormError(document.problem)
    for node in document.roots:
        read_node(node, (), session, sink)
    return session


def read_toml(text: str, session: Session, sink: CommandCollector) -> Session:
    """Task tables and the scripts of a distribution. Raises FormError."""
    node = parse_toml(text).root
    for table in _script_tables(node):
        _scripts(table, session, sink)
    read_node(node, (), session, sink)
    return session


def read_node(node: Node, path: tuple[str, ...], session: Session, sink: CommandCollector) -> None:
    """Gathers the commands in a node; `path` are the keys that lead to it."""
    if len(path) > _DEEPEST:
        return
    if node.text:
        _string(node, path, session, sink)
        return
    if node.items:
        if not _argument_vector(node, path, session, sink):
            for element in node.items:
                read_node(element, (*path, "-"), session, sink)
        return
    consumed = _launcher(node, path, session, sink)
    inner = _inherited(node, session)
    for key, value in node.mapping.items():
        if key not in consumed:
            read_node(value, (*path, key), inner, sink)


def _inherited(node: Node, session: Session) -> Session:
    """What workflows and jobs set for the steps below them."""
    environment = node.get("env", "variables")
    if environment is not None and environment.mapping:
        session = replace(session, env={**session.env, **_environment([environment], session)})
    defaults = node.get("defaults")
    inner = defaults.get("run") if defaults else None
    folder = inner.get("working-directory") if inner else None
    return session.entered(folder.text) if folder and folder.text else session


def _plain(key: str) -> str:
    return re.sub(r"[-_.]", "", key).lower()


def _of(mapping: Mapping[str, Node], names: Iterable[str]) -> dict[str, Node]:
    known = {_plain(key): key for key in mapping}
    return {known[name]: mapping[known[name]] for name in names if name in known}


def _launcher(
    node: Node, path: tuple[str, ...], session: Session, sink: CommandCollector
) -> set[str]:
    """Reads a mapping that describes a process; the keys that were used up."""
    mapping = node.mapping
    programs = _of(mapping, _PROGRAMS)
    arguments = _of(mapping, _ARGUMENTS)
    modules = _of(mapping, ("module",))
    folders = _of(mapping, _FOLDERS)
    environments = _of(mapping, _ENVIRONMENTS)
    inner_session = session
    for folder in folders.values():
        if folder.text:
            inner_session = inner_session.entered(_known(folder.text, inner_session))
    inner_session = replace(
        inner_session,
        env={**inner_session.env, **_environment(environments.values(), inner_session)},
    )
    called = next((name.text for name in _of(mapping, _NAMES).values() if name.text), "")
    label, sink.label = sink.label, called or _label(path)
    used: set[str] = set()
    for key, program in programs.items():
        argument_node = next(iter(arguments.values()), None)
        if program.items and re.search(r"\s", program.items[0].text):
            for line in program.items:  # a script, line by line
                inner_session = _string(line, (*path, key), inner_session, sink)
            used.add(key)
        elif program.items or (argument_node is not None and program.text):
            words = [program.text] if program.text else [element.text for element in program.items]
            words += [element.text for element in argument_node.items] if argument_node else []
            words += argument_node.text.split() if argument_node else []
            _start([word for word in words if word], program, inner_session, sink)
            used |= {key, *arguments}
        elif program.text and "\n" not in program.text and _script(program.text):
            _start(["python", program.text], program, inner_session, sink)
            used.add(key)
        elif program.text:
            _string(program, (*path, key), inner_session, sink)
            used.add(key)
        if used:
            break
    for key, module in modules.items() if not used else ():
        argument_node = next(iter(arguments.values()), None)
        words = [element.text for element in argument_node.items] if argument_node else []
        words += argument_node.text.split() if argument_node else []
        lead = (
            ["python", "-m", "uvicorn"] if _APPLICATION.fullmatch(module.text) else ["python", "-m"]
        )
        _start([*lead, module.text, *[word for word in words if word]], module, inner_session, sink)
        used |= {key, *arguments}
    if not used and arguments:
        # A fragment of a description: `args=["-m", "uvicorn", …]`
        for key, argument_node in arguments.items():
            if argument_node.items and argument_node.items[0].text == "-m":
                _start(
                    ["python", *[element.text for element in argument_node.items]],
                    argument_node,
                    inner_session,
                    sink,
                )
                used.add(key)
    sink.label = label
    return used if used else set()


def _script(text: str) -> bool:
    return re.fullmatch(r"[^\s\"']*[\w-]+\.py", text) is not None


def _label(path: tuple[str, ...]) -> str:
    keys = [key for key in path if key != "-" and key not in {*_PROGRAMS, "steps", "scripts"}]
    return keys[-1] if keys else ""


def _argument_vector(
    node: Node, path: tuple[str, ...], session: Session, sink: CommandCollector
) -> bool:
    """Whether the list was a command word by word; then it is read."""
    words = [element.text for element in node.items]
    if len(words) < 2 or not all(words) or any(" " in word for word in words[:2]):
        return False
    if words[0] == "-m":
        words.insert(0, "python")
    if not any(True for _ in imported_by(words)) and not (
        words[0].endswith("python") and _script(words[1])
    ):
        return False
    _start(words, node, session, sink)
    return True


def _string(node: Node, path: tuple[str, ...], session: Session, sink: CommandCollector) -> Session:
    """A scalar that may be a script; the session after it."""
    text = f" {node.text}\n"
    if not LIKELY.search(text) and not re.search(r"\s(?:cd|export)\s", text):
        return session
    label = sink.label
    sink.label = label or _label(path)
    first = node.line + node.is_block
    language = "batch" if _BATCH.search(node.text) else "shell"
    inner = CommandCollector(sink.read, sink.platform, sink.label, 1, sink.shown, sink.depth + 1)
    if inner.depth < _NESTED:
        # `${{ matrix.os }}` is one word, with any content.
        script = _EXPRESSION.sub(r"${{\1}}", node.text)
        session = sink.read(language, script, session, inner)
    many = node.is_block or node.end_line - node.line == node.text.count("\n")
    for command in inner.commands:
        line = first + (command.line - 1 if many else 0)
        sink.commands.append(replace(command, line=line))
    sink.label = label
    return session


def _start(words: list[str], node: Node, session: Session, sink: CommandCollector) -> None:
    first = len(sink.commands)
    sink.line = node.line
    platform, sink.platform = sink.platform, Platform.ANY
    known = [_known(word, session) for word in words]
    if len(known) > 1 and known[0] in {"bash", "sh", "cmd", "powershell", "/bin/sh", "/bin/bash"}:
        sink.platform = Platform.WINDOWS if known[0] in {"cmd", "powershell"} else Platform.POSIX
    run(dialect("shell"), known, session, sink)
    sink.platform = platform
    sink.commands[first:] = [replace(command, line=node.line) for command in sink.commands[first:]]


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
    environment: dict[str, str] = {}
    for node in nodes:
        for key, value in node.mapping.items():
            if not value.items and not value.mapping and not key.startswith("#"):
                environment[key] = _known(value.text, session)
        for item in node.items:
            name, equals, text = item.text.partition("=")
            if equals:
                environment[name] = _known(text, session)
            elif (named := item.get("name")) and (assigned := item.get("value")):
                environment[named.text] = _known(assigned.text, session)
    return environment


def _script_tables(node: Node) -> Iterable[Node]:
    project, tool = node.get("project"), node.get("tool")
    for holder in (project, tool.get("poetry") if tool else None):
        for key in ("scripts", "gui-scripts"):
            table = holder.get(key) if holder is not None else None
            if table is not None:
                yield table


def _scripts(table: Node, session: Session, sink: CommandCollector) -> None:
    """`name = "module:function"`: a program that the installed distribution brings."""
    for name, value in table.mapping.items():
        if _APPLICATION.fullmatch(value.text):
            env = tuple(sorted(session.env.items()))
            argv = (name, value.text)
            sink.commands.append(Command(argv, session.folder, env, value.line, name, Platform.ANY))
