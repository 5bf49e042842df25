"""Back ends whose package lists are in files of a build system: these are compared with the new
name, and advice is given where they do not fit."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import at, entries, texts
from unify_backend.model.package_move import is_within
from unify_backend.model.shims import Advice
from unify_backend.packaging.addition import Addition, by_hand

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, join


def follow_maturin(project: Project, moves: tuple[Relocation, ...]) -> None:
    """https://www.maturin.rs/project_layout: the folder of the first part of `module-name`, below
    `python-source`, is shipped; without it the library's name in Cargo.toml counts."""
    settings = entries(at(project.data, "tool", "maturin"))
    source = clean(settings.get("python-source", ""))
    module = settings.get("module-name")
    listed = texts(settings.get("python-packages"))
    for move in moves:
        named = isinstance(module, str) and is_within(module, move.name)
        if (named or move.top in listed) and move.root == source:
            continue
        old = isinstance(module, str) and is_within(module, move.legacy)
        implied = (
            module is None
            and "." not in move.legacy
            and move.legacy_path == join(source, move.legacy)
        )
        if named or old or implied or move.legacy.partition(".")[0] in listed:
            project.advise(
                PYPROJECT,
                f"it is not sure that the wheel holds {move.name}: maturin ships the folder "
                "that "
                "`module-name` begins with",
                f"Set `module-name` in [tool.maturin] to a module in {move.name!r}, and "
                f"`python-source` to {move.root or '.'!r}.",
            )


def follow_meson(project: Project, moves: tuple[Relocation, ...]) -> None:
    """meson-python ships what `install_sources` and `install_subdir` of meson.build files name."""
    builds = [path for path in project.after.files if path.rpartition("/")[2] == "meson.build"]
    texts = {path: project.content(path).decode("utf-8", "replace") for path in builds}
    for move in moves:
        old, new = (name.replace(".", "/") for name in (move.legacy, move.name))
        for path, text in sorted(texts.items()):
            words = set(re.findall(r"['\"]([^'\"\n]*)['\"]", text))
            stale = [word for word in words if word == old or word.startswith(f"{old}/")]
            if stale and new != old:
                project.advise(
                    path,
                    f"it still names {stale[0]!r}, the old place of {move.name}",
                    f"Install it into the folder {new!r} (`subdir:` of install_sources).",
                )
        if texts and not any(new in text for text in texts.values()):
            project.advise(
                PYPROJECT,
                f"it is not sure that the wheel holds {move.name}: no meson.build names {new!r}",
                "Check what install_sources and install_subdir put where.",
            )


def follow_unknown(project: Project, moves: tuple[Relocation, ...]) -> None:
    """A back end that is not known here."""
    name = at(project.data, "build-system", "build-backend")
    for move in moves:
        project.advise(
            PYPROJECT,
            f"it is not sure that the wheel holds {move.name}: how {name} chooses packages "
            "is not "
            "known here",
            "Build a wheel and look into it: `python -m pip wheel --no-deps .`",
        )


def add_unknown(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    name = str(at(data, "build-system", "build-backend"))
    yield by_hand(PYPROJECT, wanted, f"how {name} chooses packages is not known here")
