"""An exception as plain values: its class, its message, the line of the package that led to it."""

# ruff: noqa: PTH100, PTH206

from __future__ import annotations

import os
import traceback
from typing import Any

MOST = 600  # characters of a message


def cause(error: BaseException, root: str, folder: str) -> dict[str, Any]:
    """The root cause of `error` as plain values. `root` is the folder of the state, `folder` the
    package's in it (both absolute); the place is the innermost line in the package, else in the
    state."""
    while error.__cause__ is not None:
        error = error.__cause__
    location = place(error, folder) or place(error, root)
    return {
        "error": type(error).__name__,
        "message": words(error).replace(root + os.sep, "")[:MOST],
        "path": relative(location[0], root) if location else None,
        "line": location[1] if location else None,
        "missing": error.name if isinstance(error, ModuleNotFoundError) else None,
    }


def words(error: BaseException) -> str:
    """The message; SyntaxError repeats its file there, with the machine's own path."""
    if isinstance(error, SyntaxError):
        return str(error.msg)
    try:
        return str(error)
    except Exception:  # an exception of the application may fail to describe itself
        return ""


def place(error: BaseException, folder: str) -> tuple[str, int] | None:
    """The innermost (file, line) below `folder`."""
    if isinstance(error, SyntaxError) and error.filename and below(error.filename, folder):
        return error.filename, error.lineno or 1
    innermost = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if below(name, folder):
            innermost = name, line
    return innermost


def below(file: str, folder: str) -> bool:
    """Whether `file` lies in `folder` and belongs to it: no environment or dependency inside."""
    if file.startswith("<"):  # code that came from a string
        return False
    full = os.path.normcase(os.path.abspath(file))
    start = os.path.normcase(folder) + os.sep
    inner = full[len(start) :] if full.startswith(start) else ""
    return bool(inner) and "site-packages" not in inner.split(os.sep)


def relative(file: str, root: str) -> str:
    """POSIX, below the folder of the state."""
    return os.path.relpath(os.path.abspath(file), root).replace(os.sep, "/")
