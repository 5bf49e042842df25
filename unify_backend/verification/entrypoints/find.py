"""All the ways in which a repository starts its backend."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.compose_files import is_compose
from unify_backend.languages.detect import language_of
from unify_backend.languages.language import FormError
from unify_backend.languages.python.module_tree import Read
from unify_backend.languages.registry import answer, languages, read_commands
from unify_backend.languages.scripts.programs import starting
from unify_backend.languages.scripts.python_start import start_of
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Command, CommandCollector
from unify_backend.model.entrypoints import (
    COMMAND,
    REPOSITORY,
    EntryPoint,
    Kind,
    Platform,
    Source,
    Start,
    Tree,
)
from unify_backend.model.package_move import PackageMove, is_under, joined
from unify_backend.model.settings import EntryPoint as Configured
from unify_backend.model.shims import is_generated
from unify_backend.model.text import PACKAGE_FILE, SOURCE, is_collected
from unify_backend.verification.entrypoints.containers import container_commands
from unify_backend.verification.entrypoints.files import Files, find_module
from unify_backend.verification.entrypoints.kinds import program
from unify_backend.verification.entrypoints.resolve import import_roots, installed, session_of

CONFIGURED = "the configuration"
_WORTH = re.compile(rf"\b(?:{starting()}|module|scripts|console_scripts)\b")
_TESTS = re.compile(r"(?:.*/)?tests?/.*\.py")
_SKIPPED = re.compile(r"(?:.*/)?(?:[^/]*lock[^/]*\.(?:json|ya?ml|toml)|node_modules/.*|\.git/.*)")
_CONSOLE = re.compile(r"^\s*[\"']?(?P<name>[\w.-]+)\s*=\s*(?P<target>[\w.]+:[\w.]+)", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\[.*|.*\]|<.*>|\.{3}|…")  # `[options]`, as manuals write it
_LARGEST = 1_000_000  # characters; what is longer is data
_PLAIN_VARIABLES = re.compile(
    r"PYTHON(?:UNBUFFERED|UTF8|IOENCODING|DONTWRITEBYTECODE)|.*_?(?:PORT|HOST)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    command: Command
    source: Source
    start: Start
    tree: Tree
    words: tuple[str, ...]


def find_entry_points(
    read_text: Read,
    paths: Iterable[str],
    moves: Sequence[PackageMove],
    configured: Sequence[Configured] = (),
) -> tuple[EntryPoint, ...]:
    """Every command in the files `paths` (POSIX) that starts one of the packages, and the
    configured ones; equal ones once, with all their sources. `read_text` gives a file's text or
    None. Those that something runs come first, then those that documents show; sorted by name.
    """
    files = Files(paths, read_text)
    commands: list[_Found] = []
    for entry in configured:
        commands += _configured(entry, files, moves)
    for path, command in _of_files(files):
        placed = _placed(command, path, files, moves)
        if placed is not None:
            commands.append(placed)
    return tuple(_merged(commands, files, moves))


def _configured(entry: Configured, files: Files, moves: Sequence[PackageMove]) -> Iterator[_Found]:
    """A command that a person wants to be run, whatever it starts."""
    sink = CommandCollector(read_commands, Platform.ANY, entry.name)
    sink.inside("shell", entry.command, Session(".", files, CONFIGURED))
    for command in sink.commands:
        source = Source(CONFIGURED, command.line, entry.name)
        start = Start(COMMAND, Kind.SERVER)
        placed = _placed(command, CONFIGURED, files, moves)
        yield placed or _Found(command, source, start, Tree.RELATIVE, command.argv)


def _of_files(files: Files) -> Iterator[tuple[str, Command]]:
    for path, service in container_commands(files):
        yield path, service
    for path in sorted(files.paths):
        if _SKIPPED.fullmatch(path) or _TESTS.fullmatch(path) or is_collected(path):
            continue
        text = files.read(path)
        if text is None or len(text) > _LARGEST or not _WORTH.search(text):
            continue
        if posixpath.basename(path) in {"setup.py", "setup.cfg"}:
            yield from ((path, command) for command in _console_scripts(text))
        language = language_of(path, text)
        if not answer(language, "commands") or (language == "yaml" and is_compose(path)):
            continue
        sink = CommandCollector(read_commands, languages()[language].platform)
        try:
            read_commands(language, text.replace("\r\n", "\n"), Session(".", files, path), sink)
        except FormError:
            continue  # the inventory lists it as a finding
        yield from ((path, command) for command in sink.commands)


def _console_scripts(text: str) -> Iterator[Command]:
    """`name = module:function` as setuptools writes it."""
    if "console_scripts" not in text:
        return
    for match in _CONSOLE.finditer(text, text.index("console_scripts")):
        line = text.count("\n", 0, match.start("name")) + 1
        argv = (match["name"], match["target"])
        yield Command(argv, ".", (), line, match["name"], Platform.ANY)


def entry_of(
    command: Command, path: str, files: Files, moves: Sequence[PackageMove]
) -> EntryPoint | None:
    """The command of a container as an entry point, whatever package it starts; None where it
    starts no Python module."""
    started = start_of(command.argv)
    if started is None:
        return None
    start, words = started
    placed = _placed(command, path, files, moves)
    located = placed or _Found(
        command, Source(path, command.line, command.label), start, Tree.RELATIVE, words
    )
    return EntryPoint(
        name=_name(located),
        sources=(located.source,),
        folder=located.command.folder,
        env=located.command.env,
        argv=located.words,
        start=located.start,
        tree=located.tree,
        platform=located.command.platform,
        notes=located.command.notes,
    )


def _placed(
    command: Command, path: str, files: Files, moves: Sequence[PackageMove]
) -> _Found | None:
    """The command, if it starts one of the packages."""
    started = start_of(command.argv)
    if started is None and len(command.argv) == 2 and command.label == command.argv[0]:
        module, colon, attribute = command.argv[1].partition(":")
        if colon:
            started = Start("entry point", Kind.SCRIPT, module, attribute), command.argv
    if started is None:
        return None
    start, words = started
    if start.tool == "arq" and start.attribute.islower():
        return None  # what a running worker is found by: `arq shop.workers`
    if command.shown:
        words = tuple(word for word in words if not _PLACEHOLDER.fullmatch(word))
    source = Source(path, command.line, command.label)
    guesses = [command.folder, *_guesses(command, path)]
    for folder in sorted(dict.fromkeys(guesses), key=lambda guess: not _there(guess, start, files)):
        candidate = replace(command, folder=folder)
        tree, file, note = _tree(candidate, start, files, moves)
        if tree is not None:
            notes = [*command.notes, *([note] if note else [])]
            if folder != command.folder and folder != ".":
                notes.append(f"taken to run in {folder}, where {path} lies")
            kinded = _with_kind(start, file, files, moves)
            candidate, more = _inheriting(candidate, path, kinded, files, moves)
            notes += more
            noted = replace(candidate, notes=tuple(dict.fromkeys(notes)))
            return _Found(noted, source, kinded, tree, words)
    return None


def _inheriting(
    command: Command, path: str, start: Start, files: Files, moves: Sequence[PackageMove]
) -> tuple[Command, list[str]]:
    """What the running application starts inherits the environment in which that was importable."""
    inside = any(is_under(path, folder) for folder in _folders(moves)) and path.endswith(SOURCE)
    if command.shown or not inside or "PYTHONPATH" in dict(command.env):
        return command, []
    session = session_of(command.folder, files)
    if "." in import_roots(start, session, dict(command.env)):
        return command, []
    env = tuple(sorted({**dict(command.env), "PYTHONPATH": REPOSITORY}.items()))
    return replace(command, env=env), ["inherits the import path of the process that starts it"]


def _guesses(command: Command, path: str) -> list[str]:
    """Where a command may be meant to run whose folder is not sure: `/opt/shop` may be the
    repository or its folder `shop`; without any folder it may be the file's own."""
    if command.platform is Platform.CONTAINER:
        return []
    if command.relocated:
        return ["."]
    return [posixpath.dirname(path) or "."] if command.folder == "." else []


def _there(folder: str, start: Start, files: Files) -> bool:
    """Whether what is started can be found from the folder."""
    session = session_of(folder, files)
    if start.script:
        return files.is_file(session.located(start.script)[0])
    return find_module(start.module, [folder], files) is not None


def _tree(
    command: Command, start: Start, files: Files, moves: Sequence[PackageMove]
) -> tuple[Tree | None, str | None, str]:
    """By which name the command reaches a package, the file it starts, and what was assumed."""
    session = session_of(command.folder, files, command.platform)
    if start.script:
        there, note = session.located(start.script)
        for move in moves:
            relative = _inside(command.folder, move) and not start.script.startswith(("/", "{"))
            if move.owns_legacy(there):
                return (Tree.RELATIVE if relative else Tree.LEGACY), there, note
            if move.owns_canonical(there):
                return (Tree.RELATIVE if relative else Tree.CANONICAL), there, note
        return None, None, ""
    named = [
        (tree, name)
        for move in moves
        for tree, name in ((Tree.LEGACY, move.legacy), (Tree.CANONICAL, move.canonical))
        if start.module == name or start.module.startswith(name + ".")
    ]
    roots = [*import_roots(start, session, dict(command.env)), *installed(files, moves)]
    module = find_module(start.module, roots, files)
    path = module.path if module else None
    if named:
        best, name = max(named, key=lambda pair: len(pair[1]))
        of_one_name = [move for move in moves if move.same_name and move.legacy == name]
        if of_one_name:  # the folder in which it is found tells
            old = any(move.owns_legacy(path or "") for move in of_one_name)
            best = Tree.LEGACY if old else Tree.CANONICAL
        return best, path, ""
    if path is not None and any(is_under(path, folder) for folder in _folders(moves)):
        return Tree.RELATIVE, path, ""
    return None, None, ""


def _folders(moves: Sequence[PackageMove]) -> list[str]:
    return [folder for move in moves for folder in (move.legacy_path, move.canonical_path)]


def _inside(folder: str, move: PackageMove) -> bool:
    return is_under(folder, move.legacy_path) or is_under(folder, move.canonical_path)


def _with_kind(start: Start, file: str | None, files: Files, moves: Sequence[PackageMove]) -> Start:
    """Sets the kind of a script by what its file, or the file it forwards to, does; by its name
    where the file does not exist."""
    if start.tool not in {"python", "python -m", "entry point"}:
        return start
    path = file or joined(".", start.script or start.module.replace(".", "/") + SOURCE)
    if start.tool == "python -m" and path.endswith(f"/{PACKAGE_FILE}"):
        path = posixpath.join(posixpath.dirname(path), "__main__.py")
    path = _forwarded(path, files, moves)
    text = files.read(path) if files.is_file(path) else None
    if text is None:
        stem = posixpath.basename(path).removesuffix(SOURCE)
        served = stem in {"main", "app", "server", "asgi", "wsgi"}
        return replace(start, kind=Kind.SERVER if served else Kind.SCRIPT)
    return replace(start, kind=program(path, text).kind)


def _forwarded(path: str, files: Files, moves: Sequence[PackageMove]) -> str:
    """The canonical file of a script that a forwarding package has in its place, else `path`."""
    if not files.is_file(path) or not is_generated((files.read(path) or "").encode()):
        return path
    for move in moves:
        canonical = move.target(path)
        if move.owns_legacy(path) and files.is_file(canonical):
            return canonical
    return path


def _merged(
    commands: Sequence[_Found], files: Files, moves: Sequence[PackageMove]
) -> Iterator[EntryPoint]:
    groups: dict[object, list[_Found]] = {}
    for placed in commands:
        groups.setdefault(_key(placed, files), []).append(placed)
    entries: list[EntryPoint] = []
    for group in groups.values():
        ordered = sorted(group, key=_rank)
        first = ordered[0]
        entries.append(
            EntryPoint(
                name=_name(first),
                sources=tuple(dict.fromkeys(placed.source for placed in ordered)),
                folder=first.command.folder,
                env=tuple((name, _tidy(value)) for name, value in first.command.env),
                argv=first.words,
                start=first.start,
                tree=first.tree,
                platform=first.command.platform,
                notes=first.command.notes,
                shown=all(placed.command.shown for placed in group),
            )
        )
    yield from _distinct(sorted(entries, key=lambda entry: (entry.shown, entry.name, entry.argv)))


def _rank(placed: _Found) -> tuple[object, ...]:
    """Which source names the entry point: what people run, then code, editors, documents."""
    path = placed.source.path
    quiet = 2 if path.startswith(".") else 1 if path.endswith(SOURCE) else 0
    return path != CONFIGURED, placed.command.shown, quiet, placed.source


def _tidy(value: str) -> str:
    """Without detours: `{repository}/scripts/..` is the top folder."""
    if not value.startswith(REPOSITORY) or ":" in value or ";" in value:
        return value
    return posixpath.normpath(value)


def _distinct(entries: Iterable[EntryPoint]) -> Iterator[EntryPoint]:
    """Two commands of one function get the line into their names."""
    listed = list(entries)
    names = [entry.name for entry in listed]
    for entry in listed:
        if names.count(entry.name) > 1:
            yield replace(
                entry, name=f"{entry.name} ({entry.kind.value}, line {entry.sources[0].line})"
            )
        else:
            yield entry


def _name(placed: _Found) -> str:
    if placed.source.path == CONFIGURED:
        return placed.source.label
    return (
        f"{placed.source.path} {placed.source.label}" if placed.source.label else str(placed.source)
    )


def _key(placed: _Found, files: Files) -> object:
    """What makes two commands the same way to start: ports, hosts and verbosity do not count."""
    command = placed.command
    session = session_of(command.folder, files, command.platform)
    roots = tuple(import_roots(placed.start, session, dict(command.env)))
    script = session.located(placed.start.script)[0] if placed.start.script else ""
    env = tuple(
        (name, value)
        for name, value in command.env
        if name != "PYTHONPATH" and not _PLAIN_VARIABLES.fullmatch(name)
    )
    place = placed.source if command.platform is Platform.CONTAINER else None
    platform = command.platform if command.platform in _APART else Platform.ANY
    launched = placed.words[0].rsplit("/", 1)[-1].startswith("py") and placed.start.tool != "python"
    rest = placed.words if placed.start.kind is Kind.SCRIPT else ()
    return (
        platform, placed.tree, replace(placed.start, script=script), command.folder, roots, env,
        place, launched, rest,
    )  # fmt: skip


_APART = frozenset({Platform.WINDOWS, Platform.CONTAINER})
