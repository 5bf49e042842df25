"""pdm-backend ships every package at the top or in src, or what `includes` lists.

https://backend.pdm-project.org/build_config/#include-or-exclude-files: without `includes`, the
folders with an __init__.py directly below `package-dir` (src where there is one), and the modules
where there is none. It says nothing where it finds nothing.
"""

from typing import TYPE_CHECKING

from unify_backend.languages.toml.document import at, entries, replace_items, table, texts
from unify_backend.packaging.backends.pathlists import add_inits, lists, ways_to_list
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_BUILD = ("tool", "pdm", "build")


def follow_pdm(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """Lists in `includes` what the rule for packages at the top does not find any more."""
    settings = entries(at(project.data, *_BUILD))
    includes = texts(settings.get("includes"))
    if not includes:
        _implied(project, relocations, settings.get("package-dir"))
        return
    for one in relocations:
        listed = texts(at(project.data, *_BUILD, "includes"))
        if any(lists(entry, one.file) for entry in listed):
            if new := add_inits(listed, project, one):
                _write(project, [*listed, *new])
        elif any(lists(entry, one.legacy_file) for entry in listed):
            kept = [entry for entry in listed if clean(entry) != one.legacy_file]
            _write(project, [*kept, *ways_to_list(project, relocations, one)])


def _implied(project: Project, relocations: tuple[Relocation, ...], given: object) -> None:
    before, after = _found(project.before, given), _found(project.after, given)
    moved = [one for one in relocations if any(is_below(one.legacy_file, top) for top in before)]
    lost = [one for one in moved if not any(is_below(one.file, top) for top in after)]
    if not lost:
        return
    root = _package_dir(project.after, given)
    stay = [
        top for top in before if project.after.has(top) and not any(one.owned(top) for one in moved)
    ]
    if any(one.root is None or one.root not in {root, ""} for one in lost):
        for one in lost:
            project.advise(
                PYPROJECT,
                f"the wheel will not hold {one.name} any more: pdm-backend takes packages "
                f"from {root or 'the top'}",
                f"List {one.file} under `includes` of [tool.pdm.build], and set `package-dir`.",
            )
        return
    listed = [path for one in moved for path in ways_to_list(project, relocations, one)]
    _write(project, sorted({*stay, *listed}))


def _package_dir(tree: Tree, given: object) -> str:
    return clean(given) if given is not None else "src" if tree.is_folder("src") else ""


def _found(tree: Tree, given: object) -> list[str]:
    """The packages, or else the modules, that are shipped where nothing is listed."""
    root = _package_dir(tree, given)
    folders = [join(root, name) for name in tree.folders.get(root, ())]
    packages = [one for one in folders if tree.regular(one)]
    modules = (one for one in tree.files if one.endswith(".py") and _folder(one) == root)
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
