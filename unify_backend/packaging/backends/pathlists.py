"""What back ends that list folders have in common: the paths that take a moved package in."""

from collections.abc import Sequence

from unify_backend.packaging.project import Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_below, join


def ways_to_list(project: Project, moves: Sequence[Relocation], move: Relocation) -> list[str]:
    """The paths that ship one package and nothing else: the folder of its top name where nothing
    foreign lies in there, else its own folder and the __init__.py files above it."""
    if move.root is not None and move.parents:
        top = join(move.root, move.top)
        if project.after.regular(top) and project.exclusive(top, moves):
            return [top]
    return [move.file, *project.inits_above(move)]


def lists(entry: object, path: str) -> bool:
    """Whether an entry of a list of paths takes a path in: itself, a folder above, or a glob at
    the end of one."""
    text = clean(entry).removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    return bool(text) and is_below(path, text)


def add_inits(entries: list[str], project: Project, move: Relocation, slash: str = "") -> list[str]:
    """The __init__.py files made above a package that a list with its folder leaves out."""
    return [
        slash + path
        for path in project.inits_above(move)
        if path in project.created and not any(lists(entry, path) for entry in entries)
    ]
