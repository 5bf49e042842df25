"""Plans `shim`: the legacy tree is replaced by a forwarding package."""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from unify_backend.languages.detect import definition_of
from unify_backend.model.changes import Change, ChangeSet, Create, Delete, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.file_source import Contents
from unify_backend.model.globs import Globs
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.shims import (
    MARK,
    Advice,
    DataFile,
    MissingFromCanonical,
    PackageShim,
    ShimPlan,
    ShimRequest,
    is_generated,
)
from unify_backend.model.spans import splice
from unify_backend.model.text import MODULE_FILES, PYTHON_FILES, Binary, decode_file
from unify_backend.packaging.addition import Addition
from unify_backend.packaging.additions import ADJUSTMENTS
from unify_backend.shim.generating import GeneratedFile, Package, generate
from unify_backend.shim.writing import is_facade

Lacks = Callable[[PackageMove, str, bytes], str | None]
"""The move, a legacy path and its content → what the canonical tree lacks of it, or None."""


_MODULES = (*PYTHON_FILES, ".pyc")


def plan_shim(contents: Contents, settings: Settings, wish: ShimRequest, lacks: Lacks) -> ShimPlan:
    """The forwarding packages for all moves of `settings`, as one change set.

    `contents` is the repository after merge and rewrite. `lacks` says what the canonical tree
    lacks of a legacy file; while it finds anything, nothing is planned to be written. Files that
    an earlier run generated are replaced without asking. Pure: nothing is written here.

    Raises ConfigurationError where a canonical package lies inside another move's legacy package,
    which would vanish from under it, and where a canonical tree is missing.
    """
    state = _State(contents, settings, wish)
    _check(state)
    packages = [_package(state, move, lacks) for move in settings.moves]
    advice = (*_links(state), *_packaging(state))
    names = ", ".join(f"{move.legacy} → {move.canonical}" for move in settings.moves)
    lacking = tuple(sorted(state.lacking, key=lambda entry: entry.path))
    changes = () if lacking else tuple(sorted(_changes(state), key=lambda change: change.path))
    return ShimPlan(
        tuple(shim for shim, _ in packages),
        lacking,
        tuple(sorted({*state.advice, *advice}, key=lambda note: (note.path, note.fact))),
        tuple(finding for _, package in packages for finding in package.findings),
        ChangeSet(f"shim: {names}", changes),
    )


@dataclass
class _State:
    contents: Contents
    settings: Settings
    wish: ShimRequest
    generated: dict[str, GeneratedFile] = field(default_factory=dict)
    gone: dict[str, bytes] = field(default_factory=dict)
    edited: dict[str, bytes] = field(default_factory=dict)
    lacking: list[MissingFromCanonical] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    files: dict[str, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.files = {file.path: file.executable for file in self.contents.listing().files}

    def legacy(self, move: PackageMove) -> Iterator[str]:
        """The files of one legacy tree; one inside another belongs to the inner."""
        for path in self.files:
            if move.owns_legacy(path) and self.owner(path) == move:
                yield path

    def owner(self, path: str) -> PackageMove | None:
        """The move whose legacy folder is the innermost around a path outside canonical trees."""
        if any(move.owns_canonical(path) for move in self.settings.moves):
            return None
        around = [move for move in self.settings.moves if move.owns_legacy(path)]
        return max(around, key=lambda move: len(move.legacy_path), default=None)


def _check(state: _State) -> None:
    for move in state.settings.moves:
        for other in state.settings.moves:
            if other != move and move.canonical.startswith(other.legacy + "."):
                raise ConfigurationError(
                    f"{move.canonical} lies inside {other.legacy}",
                    f"which forwards to {other.canonical}, so that it would be hidden",
                    "Move in two runs, or give the package a name outside.",
                )
        if not any(move.owns_canonical(path) for path in state.files):
            raise ConfigurationError(
                f"{move.canonical_shown} holds no file",
                f"there is nothing that {move.legacy} could forward to",
                "Run `unify-backend merge` first.",
            )


def _package(state: _State, move: PackageMove, lacks: Lacks) -> tuple[PackageShim, Package]:
    sources = {
        path: executable
        for path, executable in state.files.items()
        if move.owns_canonical(path) and path.endswith(MODULE_FILES)
    }
    package = generate(
        move,
        state.settings.moves,
        sources,
        state.contents.read,
        state.wish.started,
        state.wish.notice,
    )
    for module in package.shadowed:
        state.advice.append(
            Advice(
                move.canonical_path,
                f"{move.legacy}.{module} cannot be forwarded: the canonical package owns that name",
                f"Change the imports of the old {move.legacy}.{module} at once.",
            )
        )
    for path, generated in package.files.items():  # a package nested in this one has its own files
        owner = state.owner(path)
        if owner == move or owner is None:
            state.generated[path] = generated
    data, removed = _leave(state, move, lacks)
    return PackageShim(
        move, is_facade(move), package.modules, removed, package.scripts, data
    ), package


def _leave(state: _State, move: PackageMove, lacks: Lacks) -> tuple[tuple[DataFile, ...], int]:
    """Removes the legacy files, except generated ones that stay the same."""
    keep = Globs(state.wish.keep)
    data: list[DataFile] = []
    removed = 0
    for path in state.legacy(move):
        content = state.contents.read(path)
        canonical = move.target(path)
        ours = is_generated(content)
        if not ours and (reason := lacks(move, path, content)):
            state.lacking.append(MissingFromCanonical(path, canonical, reason))
        pointed = keep.match(path) and path not in state.generated and canonical in state.files
        if pointed:
            _point(state, path, canonical)
        generated = state.generated.get(path)
        removed += not ours and (generated is None or generated.module)
        if generated is None:
            state.gone[path] = content
        if not ours and not path.endswith(_MODULES):
            readers = sorted({read for read in state.wish.reads if read.target == path})
            data.append(DataFile(path, canonical, tuple(readers), pointed))
    return tuple(data), removed


def _point(state: _State, path: str, canonical: str) -> None:
    content = pointer(path, canonical)
    state.generated[path] = GeneratedFile(content.text.encode(), state.files.get(path, False))
    if not content.works:
        state.advice.append(
            Advice(
                path,
                f"its pointer file tells people of {canonical}, and programs nothing",
                "Change what reads it; the format has no way to include another file.",
            )
        )


def _links(state: _State) -> Iterator[Advice]:
    for skipped in state.contents.listing().skipped:
        if state.owner(skipped.path) is not None:
            yield Advice(skipped.path, f"it stays: {skipped.why.value}", "Remove it by hand.")


def _packaging(state: _State) -> Iterable[Advice]:
    wanted = [Addition.of(move) for move in state.settings.moves]
    for name, adjust in ADJUSTMENTS.items():
        if name not in state.files:
            continue
        before = state.contents.read(name)
        text = decode_file(name, before)
        if isinstance(text, Binary):
            continue
        adjusted = adjust(name, text.text, wanted)
        yield from adjusted.advice
        if adjusted.edits:
            state.edited[name] = text.encode(splice(text.text, adjusted.edits))


def _changes(state: _State) -> Iterator[Change]:
    for path, generated in state.generated.items():
        if path not in state.files:
            yield Create(path, generated.data, generated.executable)
        elif (before := state.contents.read(path)) != generated.data:
            yield Replace(path, digest(before), generated.data)
    for path, content in state.gone.items():
        yield Delete(path, digest(content))
    for path, after in state.edited.items():
        yield Replace(path, digest(state.contents.read(path)), after)


_COMMENTED = frozenset(
    "ini toml yaml env systemd supervisor logrotate nginx webserver crontab dockerfile "
    "makefile".split()
)


@dataclass(frozen=True, slots=True)
class _Pointer:
    """The text of a pointer file. `works`: a program that reads it reaches the new file; otherwise
    it only tells people where the file is."""

    text: str
    works: bool


def pointer(path: str, target: str) -> _Pointer:
    """A pointer file at `path` for what is now at `target` (both POSIX, in the repository)."""
    way = posixpath.relpath(target, posixpath.dirname(path))
    note = f"{MARK}: this file is now {target}"
    language = definition_of(path).name
    if language == "requirements":
        constraints = posixpath.basename(path).lower().startswith("constraints")
        return _Pointer(f"# {note}\n{'-c' if constraints else '-r'} {way}\n", True)
    # `.profile`, `PKGBUILD`: another shell reads them into itself, and `exec` would end that one.
    sourced = language == "shell" and not posixpath.splitext(posixpath.basename(path))[1]
    if language in _COMMENTED or sourced or path.endswith(".conf"):
        return _Pointer(f"# {note}\n", False)
    make = _BY_LANGUAGE.get(language)
    return make(note, way) if make is not None else _Pointer(f"{note}\n", False)


def _shell(note: str, way: str) -> _Pointer:
    return _Pointer(f'#!/bin/sh\n# {note}\nexec "$(dirname -- "$0")/{way}" "$@"\n', True)


def _batch(note: str, way: str) -> _Pointer:
    back = way.replace("/", "\\")
    text = f'@echo off\nrem {note}\ncall "%~dp0{back}" %*\nexit /b %ERRORLEVEL%\n'
    return _Pointer(text.replace("\n", "\r\n"), True)


def _powershell(note: str, way: str) -> _Pointer:
    return _Pointer(
        f'# {note}\n& (Join-Path $PSScriptRoot "{way}") @args\nexit $LASTEXITCODE\n', True
    )


def _markdown(note: str, way: str) -> _Pointer:
    return _Pointer(f"<!-- {note} -->\n\nMoved to [{way}]({way.replace(' ', '%20')}).\n", True)


def _json(note: str, way: str) -> _Pointer:
    return _Pointer(f'{{"moved": "{way}", "note": "{note}"}}\n', False)


_BY_LANGUAGE: dict[str, Callable[[str, str], _Pointer]] = {
    "shell": _shell,
    "batch": _batch,
    "powershell": _powershell,
    "markdown": _markdown,
    "json": _json,
}
