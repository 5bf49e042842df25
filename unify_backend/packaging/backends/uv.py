"""uv_build ships the modules of `module-name`, or the project's name, below `module-root` (src).

https://docs.astral.sh/uv/concepts/build-backend/#modules: each module is a folder with an
__init__.py; a dotted name is a package in a namespace, and no folder above it may hold one.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import at, entries, table, texts
from unify_backend.model.shims import Advice
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.packaging.addition import Addition, by_hand
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_SETTINGS = ("tool", "uv", "build-backend")


def follow_uv(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Names the module, and the folder that holds it, where the old layout was implied."""
    for move in moves:
        name = move.name
        settings = entries(at(project.data, *_SETTINGS))
        root = clean(settings.get("module-root", "src"))
        named = settings.get("module-name")
        modules = texts(named) or [_implied(project, move)]
        folders = {module: join(root, module.replace(".", "/")) for module in modules}
        if any(is_below(move.path, folder) for folder in folders.values()):
            if any(is_below(move.path, folders[module]) for module in modules if module != name):
                if name in modules:  # the package above is shipped as a whole
                    _write(project, [module for module in modules if module != name], root, root)
            elif name in modules:
                _check_parents(project, move)
            continue
        old = [
            module
            for module, folder in folders.items()
            if move.renamed(module) == move.name
            or folder == move.legacy_path
            or not project.after.is_folder(folder)
        ]
        if not old and not any(is_below(move.legacy_path, folder) for folder in folders.values()):
            continue  # it was not shipped
        several = len(modules) > 1 or not old
        if move.root is None or (several and move.root != root):
            project.advise(
                PYPROJECT,
                f"the wheel will not hold {name} any more: uv_build ships "
                f"{', '.join(modules)} from {root or 'the top'}",
                f"Name {name!r} in `module-name` of [tool.uv.build-backend].",
            )
            continue
        module_name = _check_parents(project, move)
        names = [module_name if module in old[:1] else module for module in modules]
        if not old:
            names.append(module_name)
        single = len(names) == 1 and not isinstance(named, list)
        _write(project, module_name if single else names, move.root, root)


def _write(project: Project, name: str | list[str], root: str, old_root: str) -> None:
    def change(document: "TOMLDocument") -> None:
        settings = table(document, *_SETTINGS)
        settings["module-name"] = name
        if root != old_root:
            settings["module-root"] = root

    project.edit_toml(change)


def _implied(project: Project, move: Relocation) -> str:
    """The project's name as a module, in the letter case of the folder that it meets."""
    name = re.sub(r"[-_.]+", "_", project.name)
    return move.legacy if move.legacy.lower() == name.lower() else name


def _check_parents(project: Project, move: Relocation) -> str:
    """The name to give: the package's, or that of the regular package in which it lies."""
    above = project.inits_above(move)
    if not above:
        return move.name
    top = join(move.root or "", move.top)
    if above[0] == f"{top}/{PACKAGE_FILE}" and project.exclusive(top, [move]):
        return move.top
    project.advise(
        PYPROJECT,
        f"uv_build refuses the module name {move.name!r}: {above[0]} is there",
        "Remove that __init__.py, or ship the package above as a whole.",
    )
    return move.name


def add_uv(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    settings = at(data, "tool", "uv", "build-backend") or {}
    root = str(settings.get("module-root", "src")) or "."
    names = settings.get("module-name")
    if names is None or wanted.root != root:
        yield by_hand(
            PYPROJECT,
            wanted,
            "uv_build ships what `module-name` lists below `module-root`",
            f"List {wanted.name!r} and the canonical package in [tool.uv.build-backend] "
            "module-name.",
        )
        return
    listed = [names] if isinstance(names, str) else names
    if wanted.name not in listed:
        table(document, "tool", "uv", "build-backend")["module-name"] = [*listed, wanted.name]
