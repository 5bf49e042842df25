"""`"main:app"` handed to a server: a sibling module named without its package.

It works only where the file's own folder is on Python's search path, that is when the file is run
as a script; `python -m package.main` imports it under its full name and then finds no `main`.
"""

import ast
import re
from collections.abc import Collection, Iterator

from unify_backend.languages.python.source import PythonSource
from unify_backend.languages.relocation import Relocation
from unify_backend.languages.scripts.programs import Group, names
from unify_backend.model.checks import DepthAnswer, DepthKind, DepthUse, RepairedPath, Review
from unify_backend.model.package_move import inside
from unify_backend.model.spans import LineIndex
from unify_backend.model.text import PACKAGE_FILE, SOURCE

SERVERS = names(Group.SERVER)
_CALLS = frozenset({"uvicorn.run", "uvicorn.Config", "uvicorn.main", "granian.Granian"})
_TARGET = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):[^\W\d]\w*(?:\.\w+)*(?:\(\))?")
_QUOTED = re.compile(r"[\"'](?:" + "|".join(map(re.escape, sorted(SERVERS))) + r")[\"']")
_PACKAGES = frozenset(call.partition(".")[0] for call in _CALLS)


def may_start_server(text: str) -> bool:
    """A quick look: false where no server is called and none is a word of a command."""
    return any(package in text for package in _PACKAGES) or _QUOTED.search(text) is not None


def siblings(
    source: PythonSource, where: Relocation, files: Collection[str]
) -> tuple[DepthUse, ...]:
    """The strings of that kind; `files` are the paths of the repository, by which a module of
    another name than the file's own is known to be its sibling."""
    lines = LineIndex(source.text)
    uses = []
    for literal, in_command in _handed_to_servers(source):
        target = _TARGET.fullmatch(str(literal.value))
        beside = _beside(target.group(1), where.old, files) if target else None
        if target is None or beside is None:
            continue
        span = source.span(literal)
        text = source.text_of(literal)
        folder = where.new.rpartition("/")[0]
        now = f"{folder}/{beside}".strip("/")
        answer = _answer(source, text, target.group(1), now, where, in_command)
        was = f"{where.old.rpartition('/')[0]}/{beside}".strip("/")
        uses.append(
            DepthUse(
                where.new,
                span,
                lines.position(span.start).line,
                text,
                DepthKind.MODULE,
                was,
                now,
                answer,
            )
        )
    return tuple(uses)


def _handed_to_servers(source: PythonSource) -> Iterator[tuple[ast.Constant, bool]]:
    """The texts, and whether they are part of a command."""
    for node in source.nodes:
        match node:
            case ast.Call(func=function, args=args, keywords=keywords):
                if source.dotted(function) in _CALLS:
                    named = [
                        keyword.value for keyword in keywords if keyword.arg in {"app", "target"}
                    ]
                    for argument in [*args[:1], *named]:
                        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                            yield argument, False
            case ast.List(elts=items) | ast.Tuple(elts=items):
                texts = [
                    element
                    for element in items
                    if isinstance(element, ast.Constant) and isinstance(element.value, str)
                ]
                if any(text.value in SERVERS for text in texts):
                    yield from ((text, True) for text in texts)
            case _:
                pass


def _beside(module: str, path: str, files: Collection[str]) -> str | None:
    """The sibling's path from the file's folder, or None if the module is no sibling."""
    folder, _, name = path.rpartition("/")
    inner = module.replace(".", "/")
    if f"{inner}{SOURCE}" == name:
        return name
    for candidate in (f"{inner}{SOURCE}", f"{inner}/{PACKAGE_FILE}"):
        if folder and f"{folder}/{candidate}" in files and candidate not in files:
            return candidate
    return None


def _answer(
    source: PythonSource, text: str, module: str, now: str, where: Relocation, in_command: bool
) -> DepthAnswer:
    if in_command:
        return Review("the command's working directory must be the folder of the file")
    for move in where.moves:
        if not move.owns_canonical(now):
            continue
        if not _imports(source, (move.canonical, move.legacy)):
            return Review("the file never imports its own package by name, so it may not be there")
        inner = f"/{inside(now, move.canonical_path)}".removesuffix(SOURCE).removesuffix(
            "/__init__"
        )
        full = move.canonical + inner.replace("/", ".")
        return RepairedPath(text.replace(f"{module}:", f"{full}:", 1))
    return Review("found only where the file is run as a script; its package is not known")


def _imports(source: PythonSource, packages: tuple[str, ...]) -> bool:
    """Whether the module cannot be run without the package being importable by its full name."""
    for node in source.tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        if any(f"{name}.".startswith(f"{package}.") for name in names for package in packages):
            return True
    return False
