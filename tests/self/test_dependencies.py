"""What the package imports is what it declares: a fresh install has nothing else."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "unify_backend"
# Programs that run in the application's interpreter or in the repository, with what is there.
ELSEWHERE = ("verification/programs", "shim/template", "shim/probes", "bundled")
FILES = sorted(
    file
    for file in PACKAGE.rglob("*.py")
    if not file.relative_to(PACKAGE).as_posix().startswith(ELSEWHERE)
)


def imported(source: str) -> Iterator[str]:
    """The top-level modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def undeclared(source: str) -> set[str]:
    """Those that neither Python, nor the package, nor a declared dependency has."""
    installed = _installed()
    return {
        name
        for name in imported(source)
        if name not in sys.stdlib_module_names
        and name != "unify_backend"
        and not _declared() & {_normal(requirement) for requirement in installed.get(name, ())}
    }


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


@cache
def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        _normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in project["dependencies"]
    }


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_every_import_is_declared(file: Path) -> None:
    assert undeclared(file.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("import click", {"click"}),
        ("def f():\n    from click.testing import CliRunner", {"click"}),
        ("import pytest, os", {"pytest"}),
        ("import git, yaml, tree_sitter_bash, msvcrt, termios", set()),
        ("from . import x", set()),
    ],
)
def test_an_undeclared_import_is_noticed(source: str, missing: set[str]) -> None:
    assert undeclared(source) == missing
