"""Adds missing __init__.py files to the packages above the new path.

`lib` that becomes `acme.lib` lies in a folder `acme/` that was not there. Without an __init__.py
`acme` is a namespace package: setuptools' find_packages(), PDM and hatchling's rules do not look
into it, and pytest imports the package a second time as `lib` when tests lie inside.
"""

import re
from collections.abc import Iterator

from unify_backend.languages.toml.document import at, entries, texts
from unify_backend.model.text import PACKAGE_FILE, SOURCE, is_collected
from unify_backend.packaging.project import Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import join

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def add_missing_parents(project: Project, move: Relocation, namespaces: bool) -> None:
    """Adds an __init__.py to the new folders above the new path of a regular package. `namespaces`:
    the back end treats a dotted name as one in a namespace, and either refuses an __init__.py
    above it or leaves it out of the wheel.
    """
    if move.root is None or not (move.module or project.after.regular(move.path)):
        return
    new = [parent for parent in move.parents if _is_new(project, move.folder_of(parent))]
    if not new:
        return
    others = _foreign(project, move, new[0])
    if namespaces or others:
        _advise_about_tests(project, move, new[0])
        return
    for parent in new:
        project.add_init(move.folder_of(parent))
    if shared := _sharing(project, new[0]):
        project.advise(
            join(move.folder_of(new[0]), PACKAGE_FILE),
            f"it makes {new[0]!r} a regular package, and the project depends on {shared}",
            f"Remove the file if {shared} installs modules into {new[0]!r} as well: a namespace "
            "that distributions share has no __init__.py.",
        )


def _is_new(project: Project, folder: str) -> bool:
    """Whether the folder is neither a package nor a namespace in use."""
    if project.after.regular(folder):
        return False
    return project.before.regular(folder) or not project.before.is_folder(folder)


def _foreign(project: Project, move: Relocation, parent: str) -> str | None:
    """A module of `parent` that the project imports and does not have: others own a part of it."""
    pattern = re.compile(
        rb"^[ \t]*(?:from|import)[ \t]+" + re.escape(parent.encode()) + rb"\.(\w+)", re.MULTILINE
    )
    named = parent.encode() + b"."
    folder = move.folder_of(parent)
    for path in sorted(project.after.files):
        if not path.endswith(SOURCE) or path in project.created:
            continue
        content = project.content(path)
        for match in pattern.finditer(content) if named in content else ():
            place = join(folder, match[1].decode(errors="replace"))
            if not (project.after.has(place) or _is_module(project, place)):
                return place
    return None


def _is_module(project: Project, place: str) -> bool:
    """Whether the place is a module of some kind: Python, a stub, or what is compiled."""
    return any(path.startswith(place + ".") for path in project.after.files)


def _advise_about_tests(project: Project, move: Relocation, parent: str) -> None:
    if move.module or _imports_namespaces(project):
        return
    if any(map(is_collected, project.after.under(move.path))):
        project.advise(
            move.path,
            f"tests lie inside the package, and {parent!r} is a namespace package: pytest's "
            f"default import mode imports it a second time, as {move.name.split('.')[-1]!r}",
            "Set `consider_namespace_packages = true` or `--import-mode=importlib` for pytest.",
        )


def _imports_namespaces(project: Project) -> bool:
    options = entries(at(project.data, "tool", "pytest", "ini_options"))
    return bool(options.get("consider_namespace_packages")) or "importlib" in str(
        options.get("addopts", "")
    )


def _sharing(project: Project, parent: str) -> str | None:
    """A dependency whose name begins like the package: `acme-core` beside `acme`."""
    top = parent.partition(".")[0].lower().replace("_", "-")
    own = _normal(project.name)
    for name in _dependencies(project):
        if name != own and (name == top or name.startswith(f"{top}-")):
            return name
    return None


def _dependencies(project: Project) -> Iterator[str]:
    data = project.data
    listed = [
        *texts(at(data, "project", "dependencies")),
        *entries(at(data, "tool", "poetry", "dependencies")),
        *(project.cfg.items("options", "install_requires") or ()),
    ]
    for group in entries(at(data, "project", "optional-dependencies")).values():
        listed += texts(group)
    for requirement in listed:
        if match := _REQUIREMENT.match(requirement):
            yield _normal(match[1])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
