"""pdm-backend ships every package at the top or in src, or what `includes` lists.

https://backend.pdm-project.org/build_config/#include-or-exclude-files: without `includes`, the
folders with an __init__.py directly below `package-dir` (src where there is one), and the modules
where there is none. It says nothing where it finds nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import at, entries, replace_items, table, texts
from unify_backend.model.shims import Advice
from unify_backend.model.text import SOURCE
from unify_backend.packaging.addition import Addition, by_hand
from unify_backend.packaging.project import PYPROJECT, Project, add_inits, lists, ways_to_list
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_BUILD = ("tool", "pdm", "build")


def follow_pdm(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Lists in `includes` what the rule for packages at the top does not find any more."""
    settings = entries(at(project.data, *_BUILD))
    includes = texts(settings.get("includes"))
    if not includes:
        _implied(project, moves, settings.get("package-dir"))
        return
    for move in moves:
        listed = texts(at(project.data, *_BUILD, "includes"))
        if any(lists(entry, move.file) for entry in listed):
            if new := add_inits(listed, project, move):
                _write(project, [*listed, *new])
        elif any(lists(entry, move.legacy_file) for entry in listed):
            remaining = [entry for entry in listed if clean(entry) != move.legacy_file]
            _write(project, [*remaining, *ways_to_list(project, moves, move)])


def _implied(project: Project, moves: tuple[Relocation, ...], package_dir: object) -> None:
    before, after = _found(project.before, package_dir), _found(project.after, package_dir)
    moved = [move for move in moves if any(is_below(move.legacy_file, top) for top in before)]
    lost = [move for move in moved if not any(is_below(move.file, top) for top in after)]
    if not lost:
        return
    root = _package_dir(project.after, package_dir)
    stay = [
        top
        for top in before
        if project.after.has(top) and not any(move.owned(top) for move in moved)
    ]
    if any(move.root is None or move.root not in {root, ""} for move in lost):
        for move in lost:
            project.advise(
                PYPROJECT,
                f"the wheel will not hold {move.name} any more: pdm-backend takes packages "
                f"from {root or 'the top'}",
                f"List {move.file} under `includes` of [tool.pdm.build], and set `package-dir`.",
            )
        return
    listed = [path for move in moved for path in ways_to_list(project, moves, move)]
    _write(project, sorted({*stay, *listed}))


def _package_dir(tree: Tree, package_dir: object) -> str:
    return clean(package_dir) if package_dir is not None else "src" if tree.is_folder("src") else ""


def _found(tree: Tree, package_dir: object) -> list[str]:
    """The packages, or else the modules, that are shipped where nothing is listed."""
    root = _package_dir(tree, package_dir)
    folders = [join(root, name) for name in tree.folders.get(root, ())]
    packages = [folder for folder in folders if tree.regular(folder)]
    modules = (file for file in tree.files if file.endswith(SOURCE) and _folder(file) == root)
    return packages or sorted(modules)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _write(project: Project, includes: list[str]) -> None:
    def change(document: "TOMLDocument") -> None:
        settings = table(document, *_BUILD)
        if "includes" not in settings:
            settings["includes"] = includes
            return
        replace_items(settings, "includes", includes)

    project.edit_toml(change)


def add_pdm(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    includes = at(data, "tool", "pdm", "build", "includes")
    if includes is None:
        if wanted.root not in (".", "src"):
            yield by_hand(PYPROJECT, wanted, "PDM looks for packages at the top and in src only")
    elif not any(lists(entry, wanted.folder) for entry in includes):
        table(document, "tool", "pdm", "build")["includes"].append(wanted.folder)
