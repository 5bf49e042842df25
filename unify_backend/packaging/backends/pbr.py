"""pbr ships `[files] packages` of setup.cfg, or the package called like the project.

https://docs.openstack.org/pbr/latest/user/using.html#files: each entry is a folder at the top,
with all packages (folders with an __init__.py) below it. A dotted name is no folder: the entry is
dropped, without a word.
"""

from unify_backend.languages.ini.setup_cfg import newline_of, with_lines
from unify_backend.languages.toml.document import at
from unify_backend.model.spans import Edit, Span
from unify_backend.packaging.backends.setuptools import follow_setuptools
from unify_backend.packaging.project import SETUP_CFG, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_below


def follow_pbr(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """Lists the folder of the top name."""
    packages = at(project.data, "tool", "setuptools", "packages")
    if packages is not None or SETUP_CFG not in project.after.files:
        follow_setuptools(project, relocations)
        return
    for one in relocations:
        cfg = project.cfg
        listed = cfg.items("files", "packages")
        folders = [clean(item).replace(".", "/") for item in listed or (project.name,)]
        if one.top in (listed or (project.name,)) and one.root == "":
            continue
        old = [folder for folder in folders if is_below(one.legacy_file, folder)]
        new = [folder for folder in folders if is_below(one.file, folder)]
        if not old and not new:
            continue
        if one.root != "" or one.module or not project.exclusive(one.top, relocations):
            project.advise(
                SETUP_CFG,
                f"it is not sure that the wheel holds {one.name}: pbr ships whole folders at the "
                "top of the project",
                f"Let `packages` of [files] name the folder that holds {one.name}.",
            )
            continue
        gone = {folder for folder in (*old, *new) if not _stays(project, one, folder)}
        kept = [
            item
            for item, folder in zip(listed or (project.name,), folders, strict=True)
            if folder not in gone
        ]
        _write(project, [*kept, one.top])


def _stays(project: Project, one: Relocation, folder: str) -> bool:
    """Whether something else than the package lies in a folder that is listed."""
    return any(not one.owns(path) for path in project.after.under(folder))


def _write(project: Project, folders: list[str]) -> None:
    text, cfg = project.text(SETUP_CFG) or "", project.cfg
    newline = newline_of(text)
    value = cfg.values.get(("files", "packages"))
    if value is None:
        lines = ["packages =", *(f"    {folder}" for folder in folders)]
        project.edit_text(SETUP_CFG, [with_lines(text, cfg, "files", lines)])
    elif value.items != tuple(folders):
        body = "".join(f"{newline}    {folder}" for folder in folders)
        project.edit_text(SETUP_CFG, [Edit(Span(value.span.start, value.span.end), body)])
