"""Finds settings (version files, package data) that still point to the old path or name."""

import ast
from collections.abc import Iterator

from unify_backend.languages.python.setup_py import keyword
from unify_backend.languages.toml.document import at, entries, texts
from unify_backend.model.package_move import is_within
from unify_backend.packaging.project import PYPROJECT, SETUP_CFG, SETUP_PY, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_below

_TOML_PATHS = (
    ("tool", "setuptools_scm", "write_to"),
    ("tool", "setuptools_scm", "version_file"),
    ("tool", "hatch", "version", "path"),
    ("tool", "hatch", "build", "hooks", "vcs", "version-file"),
    ("tool", "hatch", "build", "hooks", "version", "path"),
    ("tool", "pdm", "version", "path"),
    ("tool", "pdm", "version", "write_to"),
    ("tool", "versioneer", "versionfile_source"),
    ("tool", "versioneer", "versionfile_build"),
    ("tool", "scikit-build", "metadata", "version", "input"),
    ("tool", "poetry-dynamic-versioning", "substitution", "files"),
)
_TOML_NAMES = (("tool", "setuptools", "dynamic", "version", "attr"),)
_TOML_TABLES = (
    ("tool", "setuptools", "package-data"),
    ("tool", "setuptools", "exclude-package-data"),
    ("tool", "setuptools", "package-dir"),
)
_CFG_PATHS = (("versioneer", "versionfile_source"), ("versioneer", "versionfile_build"))


def check_paths(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Adds advice for each setting that still points to a moved path or package."""
    for move in moves:
        if any(True for _ in project.after.under(move.legacy_file)):
            continue
        for file, setting, value in (*_in_toml(project), *_in_cfg(project), *_in_setup(project)):
            if _is_old(value, move):
                project.advise(
                    file,
                    f"{setting} = {value!r} leads to the old place of {move.name}",
                    f"Let it lead to {move.file} ({move.name}).",
                )


def _is_old(value: str, move: Relocation) -> bool:
    old_places = {move.legacy_file, move.legacy.replace(".", "/")}
    new_places = (move.file, move.name.replace(".", "/"), move.name)
    if any(is_below(clean(value), place) or is_within(value, place) for place in new_places):
        return False
    return any(is_below(clean(value), place) for place in old_places) or is_within(
        value, move.legacy
    )


def _in_toml(project: Project) -> Iterator[tuple[str, str, str]]:
    data = project.data
    for keys in (*_TOML_PATHS, *_TOML_NAMES):
        value = at(data, *keys)
        for text in texts(value):
            yield PYPROJECT, ".".join(keys), text
    for keys in _TOML_TABLES:
        for name in entries(at(data, *keys)):
            yield PYPROJECT, ".".join(keys), name


def _in_cfg(project: Project) -> Iterator[tuple[str, str, str]]:
    cfg = project.cfg
    for section, key in _CFG_PATHS:
        for item in cfg.items(section, key) or ():
            yield SETUP_CFG, f"[{section}] {key}", item
    for item in cfg.items("metadata", "version") or ():
        if item.startswith("attr:"):
            yield SETUP_CFG, "[metadata] version", item.removeprefix("attr:").strip()
    for section, key in cfg.values:
        if section == "options.package_data":
            yield SETUP_CFG, f"[{section}]", key


def _in_setup(project: Project) -> Iterator[tuple[str, str, str]]:
    """The names of extension modules, which say where the compiled file goes."""
    setup = project.setup
    for call in setup.calls("Extension") if setup is not None else ():
        name = call.args[0] if call.args else keyword(call, "name")
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield SETUP_PY, "Extension", name.value
