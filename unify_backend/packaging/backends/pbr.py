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


def follow_pbr(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Lists the folder of the top name."""
    packages = at(project.data, "tool", "setuptools", "packages")
    if packages is not None or SETUP_CFG not in project.after.files:
        follow_setuptools(project, moves)
        return
    for move in moves:
        cfg = project.cfg
        listed = cfg.items("files", "packages")
        folders = [clean(item).replace(".", "/") for item in listed or (project.name,)]
        if move.top in (listed or (project.name,)) and move.root == "":
            continue
        old = [folder for folder in folders if is_below(move.legacy_file, folder)]
        new = [folder for folder in folders if is_below(move.file, folder)]
        if not old and not new:
            continue
        if move.root != "" or move.module or not project.exclusive(move.top, moves):
            project.advise(
                SETUP_CFG,
                f"it is not sure that the wheel holds {move.name}: pbr ships whole folders "
                "at the "
                "top of the project",
                f"Let `packages` of [files] name the folder that holds {move.name}.",
            )
            continue
        gone = {folder for folder in (*old, *new) if not _stays(project, move, folder)}
        remaining = [
            item
            for item, folder in zip(listed or (project.name,), folders, strict=True)
            if folder not in gone
        ]
        _write(project, [*remaining, move.top])


def _stays(project: Project, move: Relocation, folder: str) -> bool:
    """Whether something else than the package lies in a folder that is listed."""
    return any(not move.owns(path) for path in project.after.under(folder))


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
