"""Which back end a project is built by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.python.setup_py import keyword
from unify_backend.languages.toml.document import at
from unify_backend.model.shims import Advice
from unify_backend.packaging.addition import Addition
from unify_backend.packaging.backends.compiled import (
    add_unknown,
    follow_maturin,
    follow_meson,
    follow_unknown,
)
from unify_backend.packaging.backends.flit import add_flit, follow_flit
from unify_backend.packaging.backends.hatch import add_hatch, follow_hatch
from unify_backend.packaging.backends.pbr import follow_pbr
from unify_backend.packaging.backends.pdm import add_pdm, follow_pdm
from unify_backend.packaging.backends.poetry import add_poetry, follow_poetry
from unify_backend.packaging.backends.scikit_build import follow_scikit_build
from unify_backend.packaging.backends.setuptools import add_setuptools, follow_setuptools
from unify_backend.packaging.backends.uv import add_uv, follow_uv
from unify_backend.packaging.project import SETUP_PY, Project
from unify_backend.packaging.relocation import Relocation

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Follow = Callable[[Project, tuple[Relocation, ...]], None]

Add = Callable[[Table, "TOMLDocument", Addition], Iterator[Advice]]


@dataclass(frozen=True, slots=True)
class BackEnd:
    """What is known of a build back end: how its settings `follow` a move, and how they `add` one
    more package to the wheel."""

    follow: Follow
    add: Add = add_unknown


BACKENDS: dict[str, BackEnd] = {  # by what `build-backend` begins with
    "setuptools": BackEnd(follow_setuptools, add_setuptools),
    "flit": BackEnd(follow_flit, add_flit),
    "hatchling": BackEnd(follow_hatch, add_hatch),
    "poetry": BackEnd(follow_poetry, add_poetry),
    "pdm": BackEnd(follow_pdm, add_pdm),
    "uv_build": BackEnd(follow_uv, add_uv),
    "pbr": BackEnd(follow_pbr),
    "scikit_build_core": BackEnd(follow_scikit_build),
    "maturin": BackEnd(follow_maturin),
    "mesonpy": BackEnd(follow_meson),
}
_UNKNOWN = BackEnd(follow_unknown)
NAMESPACES = frozenset({follow_flit, follow_uv})  # a dotted name is one in a namespace


def backend_of(project: Project) -> Follow:
    """How the project's back end follows a move. A back end of the project's own that has
    settings of setuptools wraps it; without a back end it is setuptools, as pip has it."""
    data = project.data
    if (named := _named(data)) is not None and named is not _UNKNOWN:
        pbr = named.follow is follow_setuptools and _uses_pbr(project)
        return follow_pbr if pbr else named.follow
    if named is None:
        poetry = "build-system" not in data and at(data, "tool", "poetry", "name")
        if poetry and SETUP_PY not in project.after.files:
            return follow_poetry
        return follow_pbr if _uses_pbr(project) else follow_setuptools
    wraps = at(data, "tool", "setuptools") or project.setup or "options" in project.cfg.sections
    return follow_setuptools if wraps else follow_unknown


def adding_backend(data: Table) -> Add | None:
    """How a package is added to the wheel of a project, of which only pyproject.toml is known;
    None where that says nothing about packages."""
    if (named := _named(data)) is not None:
        return named.add
    if "project" in data and "build-system" in data:
        return add_setuptools
    return add_poetry if at(data, "tool", "poetry", "name") else None


def _named(data: Table) -> BackEnd | None:
    """The back end that `build-backend` names; None where it names none."""
    name = str(at(data, "build-system", "build-backend") or "")
    known = (backend for prefix, backend in BACKENDS.items() if name.startswith(prefix))
    return next(known, _UNKNOWN) if name else None


def _uses_pbr(project: Project) -> bool:
    return project.setup is not None and keyword(project.setup.call, "pbr") is not None
