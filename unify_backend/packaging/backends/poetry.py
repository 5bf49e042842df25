"""poetry-core ships the `packages` that it is given, or the one called like the project.

https://python-poetry.org/docs/pyproject/#packages: `include` is a path or glob below `from`, and
is the path in the wheel too; without `packages`, the folder or module of the project's name, at
the top or in src.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import at, table
from unify_backend.model.shims import Advice
from unify_backend.model.text import SOURCE
from unify_backend.packaging.addition import Addition, by_hand
from unify_backend.packaging.project import PYPROJECT, Project, lists, ways_to_list
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_POETRY = ("tool", "poetry")


def follow_poetry(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Corrects the entries of `packages` that lead nowhere any more, and writes the implied one."""
    for move in moves:
        packages = at(project.data, *_POETRY, "packages")
        if isinstance(packages, list):
            if all(isinstance(entry, dict) for entry in packages):
                _listed(project, moves, move, packages)
        elif move.legacy_file in _implied(project, project.before) and move.file not in _implied(
            project, project.after
        ):
            _put(project, move, ways_to_list(project, moves, move), None)


def _listed(
    project: Project, moves: tuple[Relocation, ...], move: Relocation, packages: list[Table]
) -> None:
    for n, entry in enumerate(packages):
        source, include = clean(entry.get("from", "")), clean(entry.get("include", ""))
        whole = join(source, include)
        right = move.root is not None and source == move.root and "to" not in entry
        if lists(whole, move.file):
            if right or clean(entry.get("to", "")):
                _put_inits(project, moves, move, packages, n)
                return
            break
        if lists(whole, move.legacy_file) or join(source, include.replace(".", "/")) == move.file:
            rest = [other for other in packages if other is not entry]
            if any(lists(_path(other), move.file) for other in rest):
                return
            if move.root is not None and move.legacy_file.startswith(f"{whole}/"):  # out of it
                _put(project, move, ways_to_list(project, moves, move), None)
                return
            if (
                move.root is None
                or "*" in include
                or (whole != move.legacy_file and "." not in include)
            ):
                break
            _put(project, move, ways_to_list(project, moves, move), n)
            return
    else:
        return
    project.advise(
        PYPROJECT,
        f"it is not sure that the wheel holds {move.name}: `packages` takes {whole}",
        f"Let an entry of `packages` in [tool.poetry] include {move.file} under its whole name.",
    )


def _put_inits(
    project: Project, moves: tuple[Relocation, ...], move: Relocation, packages: list[Table], n: int
) -> None:
    """Ships the __init__.py files that were made above a package as well."""
    missing = [
        path
        for path in project.inits_above(move)
        if path in project.created and not any(lists(_path(entry), path) for entry in packages)
    ]
    if not missing:
        return
    ways = ways_to_list(project, moves, move)
    exact = _path(packages[n]) == move.file
    _put(project, move, ways if exact else missing, n if exact else None)


def _put(project: Project, move: Relocation, paths: list[str], n: int | None) -> None:
    """Writes entries for paths below the package's root: in the place of entry `n`, or as new."""
    import tomlkit

    root = move.root or ""

    def change(document: "TOMLDocument") -> None:
        poetry = table(document, *_POETRY)
        rest = list(paths)
        if "packages" not in poetry:
            poetry["packages"] = tomlkit.array()
        elif n is not None:
            place = poetry["packages"][n]
            first = rest.pop(0)
            place["include"] = first[len(root) + 1 :] if root else first
            if root:
                place["from"] = root
            elif "from" in place:
                del place["from"]
        for path in rest:
            poetry["packages"].append(_entry(path, root))

    project.edit_toml(change)


def _entry(path: str, root: str) -> Any:
    import tomlkit

    entry = tomlkit.inline_table()
    entry["include"] = path[len(root) + 1 :] if root else path
    if root:
        entry["from"] = root
    return entry


def _path(entry: Table) -> str:
    return join(clean(entry.get("from", "")), clean(entry.get("include", "")))


def _implied(project: Project, tree: Tree) -> list[str]:
    """What is shipped where nothing is listed: a folder or a module of the project's name."""
    name = _module_name(project.name)
    candidates = (name, f"{name}{SOURCE}", f"src/{name}", f"src/{name}{SOURCE}")
    return [candidate for candidate in candidates if name and tree.has(candidate)][:1]


def _module_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower().replace("-", "_")


def add_poetry(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    packages = at(data, "tool", "poetry", "packages")
    if not isinstance(packages, list):
        why = "Poetry ships the one folder that is called like the project"
        yield by_hand(
            PYPROJECT, wanted, why, f"Add `packages` to [tool.poetry], with {wanted.folder!r}."
        )
        return
    if any(lists(_path(entry), wanted.folder) for entry in packages):
        return
    root = "" if wanted.root in {None, "."} else str(wanted.root)
    table(document, *_POETRY)["packages"].append(_entry(wanted.folder, root))
