"""What back ends that list folders have in common: the paths that take a moved package in."""

from collections.abc import Sequence

from unify_backend.packaging.project import Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_below, join


def ways_to_list(project: Project, relocations: Sequence[Relocation], one: Relocation) -> list[str]:
    """The paths that ship one package and nothing else: the folder of its top name where nothing
    foreign lies in there, else its own folder and the __init__.py files above it."""
    if one.root is not None and one.parents:
        top = join(one.root, one.top)
        if project.after.regular(top) and project.exclusive(top, relocations):
            return [top]
    return [one.file, *project.inits_above(one)]


def lists(entry: object, path: str) -> bool:
    """Whether an entry of a list of paths takes a path in: itself, a folder above, or a glob at
    the end of one."""
    text = clean(entry).removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    return bool(text) and is_below(path, text)


def add_inits(entries: list[str], project: Project, one: Relocation, slash: str = "") -> list[str]:
    """The __init__.py files made above a package that a list with its folder leaves out."""
    return [
        slash + path
        for path in project.inits_above(one)
        if path in project.created and not any(lists(entry, path) for entry in entries)
    ]
