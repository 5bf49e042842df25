"""flit ships one module, `[tool.flit.module] name` or the project's name, at the top or in src.

https://flit.pypa.io/en/stable/pyproject_toml.html#module-section: a dotted name is a package in a
namespace; only its own folder is shipped. Version and description come from that module, where
they are dynamic.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import at, table, texts
from unify_backend.model.shims import Advice
from unify_backend.model.text import SOURCE
from unify_backend.packaging.addition import Addition, by_hand
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_MODULE, _OLD_MODULE = ("tool", "flit", "module", "name"), ("tool", "flit", "metadata", "module")


def follow_flit(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Names the module where the project's name, or the setting, leads nowhere any more."""
    for move in moves:
        _keep_distribution(project, move)
        current = _current(project)
        shipped = _places(current, project.after)
        if any(is_below(move.file, place) for place in shipped):
            continue  # it names the package, or one above it
        if shipped:
            if any(is_below(move.legacy_file, place) for place in _places(current, project.before)):
                _left_out(project, move, f"flit ships one module, {current!r}")
        elif move.root not in {"", "src"}:
            _left_out(project, move, "flit looks for modules at the top and in src only")
        else:
            _name(project, move)


def _keep_distribution(project: Project, move: Relocation) -> None:
    """In settings of before 2021 the distribution is called like the module unless `dist-name`
    says otherwise: users go on installing it by the name that it has."""
    metadata = at(project.data, *_OLD_MODULE[:-1])
    if not isinstance(metadata, dict) or "dist-name" in metadata:
        return
    if metadata.get("module") not in {move.legacy, move.name}:
        return

    def change(document: "TOMLDocument") -> None:
        table(document, *_OLD_MODULE[:-1])["dist-name"] = move.legacy

    project.edit_toml(change)


def _name(project: Project, move: Relocation) -> None:
    name = move.name
    if above := project.inits_above(move):
        top = join(move.root or "", move.top)
        dynamic = texts(at(project.data, "project", "dynamic"))
        static = "project" in project.data and not {"version", "description"} & {*dynamic}
        if static and project.exclusive(top, [move]):
            name = move.top
        else:
            project.advise(
                PYPROJECT,
                f"the wheel will not hold {', '.join(above)}: flit ships the folder of the one "
                f"module that it is given, {name!r}",
                f"Remove __init__.py from the folders above {name!r}, or let flit ship "
                f"{move.top!r} as a whole.",
            )
    old = at(project.data, *_MODULE) is None and at(project.data, *_OLD_MODULE) is not None

    def change(document: "TOMLDocument") -> None:
        keys = _OLD_MODULE if old else _MODULE
        table(document, *keys[:-1])[keys[-1]] = name

    project.edit_toml(change)


def _current(project: Project) -> str:
    data = project.data
    for keys in (_MODULE, _OLD_MODULE):
        if isinstance(name := at(data, *keys), str):
            return name
    return project.name.replace("-", "_")


def _places(module: str, tree: Tree) -> list[str]:
    """Where flit finds a module: its folder or its file."""
    path = module.replace(".", "/")
    if not path:
        return []
    candidates = (path, f"{path}{SOURCE}", f"src/{path}", f"src/{path}{SOURCE}")
    return [candidate for candidate in candidates if tree.has(candidate)]


def _left_out(project: Project, move: Relocation, why: str) -> None:
    project.advise(
        PYPROJECT,
        f"the wheel will not hold {move.name} any more: {why}",
        f"Choose what is shipped under [tool.flit.module], or move {move.file} there.",
    )


def add_flit(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    yield by_hand(
        PYPROJECT,
        wanted,
        "flit ships one module, and that is the canonical package",
        f"Ship {wanted.folder} as a distribution of its own, or build with a back end that ships "
        "several packages.",
    )
