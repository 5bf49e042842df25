"""Edits of the setuptools settings that select packages."""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from unify_backend.languages.ini.setup_cfg import newline_of, with_items, with_lines
from unify_backend.languages.python.setup_py import SetupPy, added, keyword, span_of
from unify_backend.languages.python.source import called
from unify_backend.languages.toml.document import append, table
from unify_backend.model.spans import Edit, Span
from unify_backend.packaging.backends.setuptools_selection import Selection
from unify_backend.packaging.project import PYPROJECT, SETUP_CFG, SETUP_PY, Project

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_SETUPTOOLS = ("tool", "setuptools")
_FINDER = "options.packages.find"


def list_packages(
    project: Project,
    selection: Selection,
    names: tuple[str, ...],
    folders: Mapping[str, str] | None = None,
) -> None:
    """Adds packages to the list, and `folders` to the mapping of packages to folders."""
    folders = folders or {}
    file = selection.file or selection.modules_file
    if folders and file != PYPROJECT:
        for name, folder in folders.items():
            project.advise(
                file,
                f"it is not sure that the wheel holds {name}: package_dir leads to "
                f"{selection.folder_of(name)}",
                f"Map {name!r} to {folder!r} in package_dir.",
            )
    if file == PYPROJECT:

        def change(document: "TOMLDocument") -> None:
            place = table(document, *_SETUPTOOLS)
            append(place, "packages", names)
            for name, folder in folders.items():
                table(document, *_SETUPTOOLS, "package-dir")[name] = folder

        project.edit_toml(change)
    elif not names:
        return
    elif file == SETUP_CFG and (value := project.cfg.values.get(("options", "packages"))):
        newline = newline_of(project.text(SETUP_CFG) or "")
        project.edit_text(SETUP_CFG, [with_items(value, names, newline)])
    elif file == SETUP_PY and (edits := _in_list(project.setup, names)):
        project.edit_text(SETUP_PY, edits)
    else:
        project.advise(
            file,
            f"the wheel will not hold {', '.join(names)}",
            f"List {', '.join(names)} in `packages`.",
        )


def _in_list(setup: SetupPy | None, names: tuple[str, ...]) -> list[Edit]:
    listed = setup.argument("packages") if setup is not None else None
    if setup is None or not isinstance(listed, ast.List | ast.Tuple):
        return []
    return [added(setup.text, listed, listed.elts, [f'"{name}"' for name in names])]


def list_modules(project: Project, names: tuple[str, ...]) -> None:
    """Lists single modules, where setuptools does not find them by itself."""
    if PYPROJECT not in project.after.files:
        project.advise(
            SETUP_PY,
            f"setuptools does not find {', '.join(names)} by itself",
            "Give setup() the argument py_modules.",
        )
        return

    def change(document: "TOMLDocument") -> None:
        table(document, *_SETUPTOOLS)["py-modules"] = list(names)

    project.edit_toml(change)


def write_finder(project: Project, old: Selection, new: Selection) -> None:
    """Changes the finder `old` into `new`; adds advice where that cannot be done safely."""
    match new.file:
        case "pyproject.toml":
            _in_toml(project, old, new)
        case "setup.cfg" if new.where == old.where:
            _in_cfg(project, old, new)
        case "setup.py" if new.where == old.where and (edits := _in_call(project.setup, old, new)):
            project.edit_text(SETUP_PY, edits)
        case _:
            project.advise(
                new.file,
                "its finder does not find the package at its new place",
                f"Look for packages in {', '.join(folder or '.' for folder in new.where)}"
                f"{', in namespaces too' if new.namespaces else ''}, and include "
                f"{', '.join(new.include)}.",
            )


def _in_toml(project: Project, old: Selection, new: Selection) -> None:
    if PYPROJECT not in project.after.files:
        project.advise(
            old.file or SETUP_PY,
            "setuptools does not find the package at its new place",
            f"Give setup() the packages {', '.join(new.include)}.",
        )
        return

    def change(document: "TOMLDocument") -> None:
        find = table(document, *_SETUPTOOLS, "packages", "find")
        if new.where != old.where or new.how is not old.how:
            where = [folder or "." for folder in new.where]
            if where != ["."] or "where" in find:
                find["where"] = where
        if new.include != old.include:
            append(
                find, "include", [pattern for pattern in new.include if pattern not in old.include]
            )
        if new.namespaces and not old.namespaces and "namespaces" in find:
            find["namespaces"] = True

    project.edit_toml(change)


def _in_cfg(project: Project, old: Selection, new: Selection) -> None:
    text, cfg = project.text(SETUP_CFG) or "", project.cfg
    edits = []
    if new.namespaces != old.namespaces:
        value = cfg.values["options", "packages"].span
        start = text.index("find:", value.start)
        edits.append(Edit(Span(start, start + len("find:")), "find_namespace:"))
    if new.include != old.include:
        names = [pattern for pattern in new.include if pattern not in old.include]
        if listed := cfg.values.get((_FINDER, "include")):
            edits.append(with_items(listed, names, newline_of(text)))
        else:
            lines = ["include =", *(f"    {name}" for name in names)]
            edits.append(with_lines(text, cfg, _FINDER, lines))
    project.edit_text(SETUP_CFG, edits)


def _in_call(setup: SetupPy | None, old: Selection, new: Selection) -> list[Edit]:
    call = setup.argument("packages") if setup is not None else None
    if setup is None or not isinstance(call, ast.Call):
        return []
    edits = []
    if new.namespaces != old.namespaces:
        edits = _renamed_finder(setup, call)
        if not edits:
            return []
    if new.include != old.include:
        names = [f'"{pattern}"' for pattern in new.include if pattern not in old.include]
        include = keyword(call, "include")
        if include is None and len(call.args) < 3:
            parts = [*call.args, *(keyword.value for keyword in call.keywords)]
            argument = f"include=[{', '.join(names)}]"
            edits.append(added(setup.text, call, parts, [argument]))
        elif isinstance(include, ast.List | ast.Tuple):
            edits.append(added(setup.text, include, include.elts, names))
        else:
            return []
    return edits


def _renamed_finder(setup: SetupPy, call: ast.Call) -> list[Edit]:
    """find_packages becomes find_namespace_packages, in the call and in its import."""
    text, old, new = setup.text, "find_packages", "find_namespace_packages"
    function = span_of(text, call.func)
    edits = [Edit(Span(function.end - len(old), function.end), new)]
    if isinstance(call.func, ast.Attribute):
        return edits
    if [call for call in setup.calls(old) if called(call) == old] != [call]:
        return []
    for node in ast.walk(setup.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == old and alias.asname is None:
                    return [*edits, Edit(span_of(text, alias), new)]
    return []
