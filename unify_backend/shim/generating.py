"""Generates the files of a forwarding package, as a value."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.python.module_symbols import ModuleSymbols, symbols_of_file
from unify_backend.model.package_move import PackageMove, inside
from unify_backend.model.references import Finding
from unify_backend.model.shims import MARK, Notice, Script
from unify_backend.model.text import PACKAGE_FILE, PACKAGE_FILES, SOURCE, STUB, is_collected
from unify_backend.shim.writing import (
    module_name,
    module_text,
    not_forwarded,
    package_text,
    script_text,
    stub_path,
    stub_text,
)

_UNPARSABLE = "it does not parse, so its stub has only what a star import carries"


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A generated file. `module`: it only stands for a module, and starts nothing."""

    data: bytes
    executable: bool = False
    module: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """The generated files by path, with scripts, findings and names that cannot be forwarded."""

    files: Mapping[str, GeneratedFile]
    scripts: tuple[Script, ...]
    modules: int
    findings: tuple[Finding, ...]
    shadowed: tuple[str, ...]  # modules whose old name the canonical package owns


def generate(
    move: PackageMove,
    moves: Sequence[PackageMove],
    sources: Mapping[str, bool],
    read: Callable[[str], bytes],
    started: Collection[str],
    notice: Notice,
) -> Package:
    """The forwarding package of `move`.

    `sources` are the canonical tree's Python files and whether each is executable; `read` gives
    their content; `started` are legacy paths that something starts although their module has no
    code for it. Nothing is generated inside a canonical tree.
    """
    files: dict[str, GeneratedFile] = {}
    scripts: list[Script] = []
    findings: list[Finding] = []
    shadowed: set[str] = set()
    named = {path.rpartition(".")[0] for path in sources if path.endswith(STUB)}
    for path, executable in sources.items():
        stub = stub_path(move, path)
        data = read(path)
        facts = symbols_of_file(data)
        new = module_name(move.canonical, path, move.canonical_path)
        inner = new[len(move.canonical) + 1 :]
        if inner and not_forwarded(move, inner):
            shadowed.add(inner)
        if facts is None:
            findings.append(Finding(path, _UNPARSABLE))
        twin = path.endswith(SOURCE) and path.rpartition(".")[0] in named
        if stub is not None and not twin and not _owned(stub, moves):
            old = move.legacy + new[len(move.canonical) :]
            files[stub] = GeneratedFile(stub_text(old, new, facts).encode())
            if inner and not is_collected(stub[:-1]) and not not_forwarded(move, inner):
                files[stub[:-1]] = GeneratedFile(module_text(move, old, new).encode(), module=True)
        place = move.at_legacy(inside(path, move.canonical_path))
        if path.endswith(SOURCE) and _starts(place, facts, started) and not _owned(place, moves):
            scripts.append(Script(place, path, new))
            relative = facts is not None and facts.relative
            text = script_text(scripts[-1], move, moves, relative, _shebang(data))
            files[place] = GeneratedFile(text.encode(), executable)
    for folder in _namespaces(move, files):
        inner = folder[len(move.legacy_path) + 1 :].replace("/", ".")
        if not not_forwarded(move, inner):
            names = (f"{move.legacy}.{inner}", f"{move.canonical}.{inner}")
            files[f"{folder}/{PACKAGE_FILE}"] = GeneratedFile(
                module_text(move, *names).encode(), module=True
            )
    top, stub = map(move.at_legacy, PACKAGE_FILES)
    modules = sum(path.endswith(STUB) for path in files)
    if stub not in files:
        files[stub] = GeneratedFile(stub_text(move.legacy, move.canonical, None, False).encode())
    if "." not in move.legacy and not move.module:
        files[f"{move.legacy_path}/py.typed"] = GeneratedFile(f"# {MARK}\n".encode())
    files[top] = GeneratedFile(package_text(move, moves, notice).encode())
    return Package(files, tuple(scripts), modules, tuple(findings), tuple(sorted(shadowed)))


def _owned(path: str, moves: Sequence[PackageMove]) -> bool:
    return any(move.owns_canonical(path) for move in moves)


def _starts(place: str, facts: ModuleSymbols | None, started: Collection[str]) -> bool:
    name = place.rpartition("/")[2]
    if name == PACKAGE_FILE:
        return False
    if name == "__main__.py" or place in started:
        return True
    return facts is not None and facts.script and not is_collected(name)


def _namespaces(move: PackageMove, files: Mapping[str, GeneratedFile]) -> list[str]:
    """The folders below the legacy package that hold a module and are no package by a file."""
    folders: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while len(folder) > len(move.legacy_path):
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(folder for folder in folders if f"{folder}/{PACKAGE_FILE}" not in files)


def _shebang(data: bytes) -> str:
    first = data.split(b"\n", 1)[0].rstrip()
    return first.decode("utf-8", "replace") + "\n" if first.startswith(b"#!") else ""
