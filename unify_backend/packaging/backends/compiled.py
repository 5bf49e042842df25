"""Back ends whose package lists stand in files of a build system: what they say is compared with
the new name, and left to people where it does not fit."""

import re

from unify_backend.languages.toml.document import at, entries, texts
from unify_backend.packaging.project import PYPROJECT, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import clean, is_within, join


def follow_maturin(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """https://www.maturin.rs/project_layout: the folder of the first part of `module-name`, below
    `python-source`, is shipped; without it the library's name in Cargo.toml counts."""
    settings = entries(at(project.data, "tool", "maturin"))
    source = clean(settings.get("python-source", ""))
    module = settings.get("module-name")
    listed = texts(settings.get("python-packages"))
    for one in relocations:
        named = isinstance(module, str) and is_within(module, one.name)
        if (named or one.top in listed) and one.root == source:
            continue
        old = isinstance(module, str) and is_within(module, one.legacy)
        implied = (
            module is None and "." not in one.legacy and one.legacy_path == join(source, one.legacy)
        )
        if named or old or implied or one.legacy.partition(".")[0] in listed:
            project.advise(
                PYPROJECT,
                f"it is not sure that the wheel holds {one.name}: maturin ships the folder that "
                "`module-name` begins with",
                f"Set `module-name` in [tool.maturin] to a module in {one.name!r}, and "
                f"`python-source` to {one.root or '.'!r}.",
            )


def follow_meson(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """meson-python ships what `install_sources` and `install_subdir` of meson.build files name."""
    builds = [path for path in project.after.files if path.rpartition("/")[2] == "meson.build"]
    texts = {path: project.content(path).decode("utf-8", "replace") for path in builds}
    for one in relocations:
        old, new = (name.replace(".", "/") for name in (one.legacy, one.name))
        for path, text in sorted(texts.items()):
            words = set(re.findall(r"['\"]([^'\"\n]*)['\"]", text))
            stale = [word for word in words if word == old or word.startswith(f"{old}/")]
            if stale and new != old:
                project.advise(
                    path,
                    f"it still names {stale[0]!r}, the old place of {one.name}",
                    f"Install it into the folder {new!r} (`subdir:` of install_sources).",
                )
        if texts and not any(new in text for text in texts.values()):
            project.advise(
                PYPROJECT,
                f"it is not sure that the wheel holds {one.name}: no meson.build names {new!r}",
                "Check what install_sources and install_subdir put where.",
            )


def follow_unknown(project: Project, relocations: tuple[Relocation, ...]) -> None:
    """A back end that is not known here."""
    name = at(project.data, "build-system", "build-backend")
    for one in relocations:
        project.advise(
            PYPROJECT,
            f"it is not sure that the wheel holds {one.name}: how {name} chooses packages is not "
            "known here",
            "Build a wheel and look into it: `python -m pip wheel --no-deps .`",
        )
