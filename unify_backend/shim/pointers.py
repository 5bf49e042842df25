"""Pointer files: small files that stay in the legacy tree and lead to where a file is now."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from unify_backend.model.shims import MARK

_REQUIREMENTS = re.compile(
    r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)", re.I
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The text of a pointer file. `works` is whether a program that reads it gets what it wants;
    else it only tells people where to look."""

    text: str
    works: bool


def pointer(path: str, target: str) -> Pointer:
    """A pointer file at `path` for what is now at `target` (both POSIX, in the repository)."""
    way = posixpath.relpath(target, posixpath.dirname(path))
    note = f"{MARK}: this file is now {target}"
    name = posixpath.basename(path)
    if _REQUIREMENTS.fullmatch(name):
        option = "-c" if name.lower().startswith("constraints") else "-r"
        return Pointer(f"# {note}\n{option} {way}\n", True)
    suffix = posixpath.splitext(name)[1].lower()
    make = _BY_SUFFIX.get(suffix)
    if make is not None:
        return make(note, way)
    return Pointer(f"{note}\n", False)


def _shell(note: str, way: str) -> Pointer:
    return Pointer(f'#!/bin/sh\n# {note}\nexec "$(dirname -- "$0")/{way}" "$@"\n', True)


def _batch(note: str, way: str) -> Pointer:
    back = way.replace("/", "\\")
    text = f'@echo off\nrem {note}\ncall "%~dp0{back}" %*\nexit /b %ERRORLEVEL%\n'
    return Pointer(text.replace("\n", "\r\n"), True)


def _powershell(note: str, way: str) -> Pointer:
    return Pointer(
        f'# {note}\n& (Join-Path $PSScriptRoot "{way}") @args\nexit $LASTEXITCODE\n', True
    )


def _markdown(note: str, way: str) -> Pointer:
    return Pointer(f"<!-- {note} -->\n\nMoved to [{way}]({way.replace(' ', '%20')}).\n", True)


def _commented(note: str, way: str) -> Pointer:
    return Pointer(f"# {note}\n", False)


def _json(note: str, way: str) -> Pointer:
    return Pointer(f'{{"moved": "{way}", "note": "{note}"}}\n', False)


_BY_SUFFIX: dict[str, Callable[[str, str], Pointer]] = {
    ".sh": _shell,
    ".bat": _batch,
    ".cmd": _batch,
    ".ps1": _powershell,
    ".md": _markdown,
    ".json": _json,
    **dict.fromkeys((".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".conf"), _commented),
}
