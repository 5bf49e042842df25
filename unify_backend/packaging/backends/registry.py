"""Which back end a project is built by."""

from collections.abc import Callable

from unify_backend.languages.python.setup_py import keyword
from unify_backend.languages.toml.document import at
from unify_backend.packaging.backends.compiled import follow_maturin, follow_meson, follow_unknown
from unify_backend.packaging.backends.flit import follow_flit
from unify_backend.packaging.backends.hatch import follow_hatch
from unify_backend.packaging.backends.pbr import follow_pbr
from unify_backend.packaging.backends.pdm import follow_pdm
from unify_backend.packaging.backends.poetry import follow_poetry
from unify_backend.packaging.backends.scikit_build import follow_scikit_build
from unify_backend.packaging.backends.setuptools import follow_setuptools
from unify_backend.packaging.backends.uv import follow_uv
from unify_backend.packaging.project import SETUP_PY, Project
from unify_backend.packaging.relocation import Relocation

Follow = Callable[[Project, tuple[Relocation, ...]], None]

BACKENDS: dict[str, Follow] = {  # by what `build-backend` begins with
    "setuptools": follow_setuptools,
    "flit": follow_flit,
    "hatchling": follow_hatch,
    "poetry": follow_poetry,
    "pdm": follow_pdm,
    "uv_build": follow_uv,
    "pbr": follow_pbr,
    "scikit_build_core": follow_scikit_build,
    "maturin": follow_maturin,
    "mesonpy": follow_meson,
}
NAMESPACES = frozenset({follow_flit, follow_uv})  # a dotted name is one in a namespace


def backend_of(project: Project) -> Follow:
    """How the project's back end follows a move. A back end of the project's own that has
    settings of setuptools wraps it; without a back end it is setuptools, as pip has it."""
    data = project.data
    name = str(at(data, "build-system", "build-backend") or "")
    for prefix, follow in BACKENDS.items():
        if name.startswith(prefix):
            return follow_pbr if follow is follow_setuptools and _uses_pbr(project) else follow
    if not name:
        poetry = "build-system" not in data and at(data, "tool", "poetry", "name")
        if poetry and SETUP_PY not in project.after.files:
            return follow_poetry
        return follow_pbr if _uses_pbr(project) else follow_setuptools
    wraps = at(data, "tool", "setuptools") or project.setup or "options" in project.cfg.sections
    return follow_setuptools if wraps else follow_unknown


def _uses_pbr(project: Project) -> bool:
    return project.setup is not None and keyword(project.setup.call, "pbr") is not None
