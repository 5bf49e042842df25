"""Paths in the sources that only lead somewhere from the right working directory."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.model.boots import Place
from unify_backend.verification.environment import Site, python_files
from unify_backend.verification.source_index import parsed

_PATH = re.compile(r"[\w.\-]+(?:[/\\][\w.\-]+)+/?")


@dataclass(frozen=True, slots=True)
class LostFolder:
    """A folder named by a relative path: there from the top, not there from the working
    directory."""

    text: str
    place: Place


def lost_folders(where: Site) -> tuple[LostFolder, ...]:
    """The relative folders named in the package that exist below the state's folder and not below
    the working directory, by file and line."""
    found: list[LostFolder] = []
    for file in python_files(where.folder):
        tree = parsed(file)
        for text, line in _texts(tree) if tree else ():
            if (where.root / text).is_dir() and not (where.cwd / text).is_dir():
                path = file.relative_to(where.root).as_posix()
                found.append(LostFolder(text, Place(path, line)))
    return tuple(found)


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in described
            and _PATH.fullmatch(node.value)
        ):
            yield node.value, node.lineno
