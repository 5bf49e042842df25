"""Compiled code of the state, kept in a temporary folder: compiled once for all children, and
nothing is written beside the sources."""

# ruff: noqa: PTH100, PTH105, PTH118, PTH123

from __future__ import annotations

import hashlib
import marshal
import os
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any, cast


def keep(root: str, folder: str) -> None:
    """From now on, code of files below `root` is taken from `folder`, and put there."""
    original = SourceFileLoader.get_code
    start = os.path.normcase(root) + os.sep

    def get_code(self: Any, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        normal = os.path.normcase(os.path.abspath(path))
        if not normal.startswith(start) or "site-packages" in normal:
            return original(self, fullname)
        cached = os.path.join(folder, hashlib.sha1(normal.encode("utf-8", "replace")).hexdigest())
        try:
            with open(cached, "rb") as stream:
                return cast(CodeType, marshal.loads(stream.read()))
        except (OSError, ValueError, EOFError, TypeError):
            pass
        compiled = self.source_to_code(self.get_data(path), path)
        store(cached, marshal.dumps(compiled))
        return cast(CodeType, compiled)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def store(file: str, data: bytes) -> None:
    """Writes a temporary file and renames it, because several children may write it at once."""
    draft = f"{file}.{os.getpid()}"
    try:
        with open(draft, "wb") as stream:
            stream.write(data)
        os.replace(draft, file)
    except OSError:  # on Windows while another has it open: that one is as good
        pass
