"""scikit-build-core copies `wheel.packages`, or the package called like the project.

https://scikit-build-core.readthedocs.io/en/latest/configuration/index.html#customizing-the-built-wheel:
an entry of a list is shipped under its last folder's name; a table maps the path in the wheel to
the folder. Without either: src/NAME, python/NAME or NAME.
"""

import re
from typing import TYPE_CHECKING

from unify_backend.languages.toml.document import at, table, texts
from unify_backend.model.text import SOURCE
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_WHEEL = ("tool", "scikit-build", "wheel")


def follow_scikit_build(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Lists the package by the folder of its top name, or maps it where others lie in there."""
    for move in moves:
        packages = at(project.data, *_WHEEL, "packages")
        if isinstance(packages, dict):
            _mapped(project, move, packages)
        elif isinstance(packages, list):
            _listed(project, moves, move, [clean(entry) for entry in texts(packages)])
        elif (
            _implied(project, project.before) == move.legacy_file
            and _implied(project, project.after) != move.file
        ):
            _put(project, moves, move, [])


def _listed(
    project: Project, moves: tuple[Relocation, ...], move: Relocation, packages: list[str]
) -> None:
    old = [entry for entry in packages if entry in {move.file, move.legacy_file}]
    rest = [entry for entry in packages if entry not in old]
    if move.parents and move.root is not None and join(move.root, move.top) in packages:
        if old:
            _set(project, rest)
    elif old and (move.parents or move.file not in old):
        _put(project, moves, move, rest)
    elif not old and any(is_below(move.legacy_file, entry) for entry in packages):
        _put(project, moves, move, [entry for entry in rest if project.after.has(entry)])


def _mapped(project: Project, move: Relocation, packages: dict[str, str]) -> None:
    tail = move.name.replace(".", "/") + (SOURCE if move.module else "")
    for target, source in packages.items():
        if clean(source) in {move.file, move.legacy_file} and clean(target) != tail:
            rest = {key: value for key, value in packages.items() if key != target}
            _set(project, {**rest, tail: move.file, **_inits(project, move)})


def _put(
    project: Project, moves: tuple[Relocation, ...], move: Relocation, rest: list[str]
) -> None:
    if move.root is None:
        project.advise(
            PYPROJECT,
            f"it is not sure that the wheel holds {move.name}: no folder spells the whole name",
            f"Map {move.name.replace('.', '/')!r} to {move.file!r} in `wheel.packages`.",
        )
        return
    top = join(move.root, move.top)
    if not move.parents:
        _set(project, [*rest, move.file])
    elif project.exclusive(top, moves):
        _set(project, [*rest, top])
    else:
        tail = move.name.replace(".", "/") + (SOURCE if move.module else "")
        mapping = {entry.rpartition("/")[2]: entry for entry in rest}
        _set(project, {**mapping, tail: move.file, **_inits(project, move)})


def _inits(project: Project, move: Relocation) -> dict[str, str]:
    strip = len(move.root) + 1 if move.root else 0
    return {path[strip:]: path for path in project.inits_above(move)}


def _set(project: Project, packages: list[str] | dict[str, str]) -> None:
    def change(document: "TOMLDocument") -> None:
        import tomlkit

        if isinstance(packages, dict):
            value = tomlkit.inline_table()
            value.update(packages)
            table(document, *_WHEEL)["packages"] = value
        else:
            table(document, *_WHEEL)["packages"] = packages

    project.edit_toml(change)


def _implied(project: Project, tree: Tree) -> str | None:
    """The package of the project's name, where the wheel takes it from."""
    name = re.sub(r"[-.]", "_", project.name)
    for path in (f"src/{name}", f"python/{name}", name):
        if name and tree.is_folder(path):
            return path
    return None
