"""scikit-build-core copies `wheel.packages`, or the package called like the project.

https://scikit-build-core.readthedocs.io/en/latest/configuration/index.html#customizing-the-built-wheel:
an entry of a list is shipped under its last folder's name; a table maps the path in the wheel to
the folder. Without either: src/NAME, python/NAME or NAME.
"""

import re
from typing import TYPE_CHECKING

from unify_backend.languages.toml.document import at, table, texts
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_WHEEL = ("tool", "scikit-build", "wheel")


def follow_scikit_build(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """Lists the package by the folder of its top name, or maps it where others lie in there."""
    for one in relocations:
        packages = at(project.data, *_WHEEL, "packages")
        if isinstance(packages, dict):
            _mapped(project, one, packages)
        elif isinstance(packages, list):
            _listed(project, relocations, one, [clean(entry) for entry in texts(packages)])
        elif (
            _implied(project, project.before) == one.legacy_file
            and _implied(project, project.after) != one.file
        ):
            _put(project, relocations, one, [])


def _listed(
    project: Project, relocations: tuple[Relocation, ...], one: Relocation, packages: list[str]
) -> None:
    old = [entry for entry in packages if entry in {one.file, one.legacy_file}]
    rest = [entry for entry in packages if entry not in old]
    if one.parents and one.root is not None and join(one.root, one.top) in packages:
        if old:
            _set(project, rest)
    elif old and (one.parents or one.file not in old):
        _put(project, relocations, one, rest)
    elif not old and any(is_below(one.legacy_file, entry) for entry in packages):
        _put(project, relocations, one, [entry for entry in rest if project.after.has(entry)])


def _mapped(project: Project, one: Relocation, packages: dict[str, str]) -> None:
    tail = one.name.replace(".", "/") + (".py" if one.module else "")
    for target, source in packages.items():
        if clean(source) in {one.file, one.legacy_file} and clean(target) != tail:
            rest = {key: value for key, value in packages.items() if key != target}
            _set(project, {**rest, tail: one.file, **_inits(project, one)})


def _put(
    project: Project, relocations: tuple[Relocation, ...], one: Relocation, rest: list[str]
) -> None:
    if one.root is None:
        project.advise(
            PYPROJECT,
            f"it is not sure that the wheel holds {one.name}: no folder spells the whole name",
            f"Map {one.name.replace('.', '/')!r} to {one.file!r} in `wheel.packages`.",
        )
        return
    top = join(one.root, one.top)
    if not one.parents:
        _set(project, [*rest, one.file])
    elif project.exclusive(top, relocations):
        _set(project, [*rest, top])
    else:
        tail = one.name.replace(".", "/") + (".py" if one.module else "")
        kept = {entry.rpartition("/")[2]: entry for entry in rest}
        _set(project, {**kept, tail: one.file, **_inits(project, one)})


def _inits(project: Project, one: Relocation) -> dict[str, str]:
    strip = len(one.root) + 1 if one.root else 0
    return {path[strip:]: path for path in project.inits_above(one)}


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
