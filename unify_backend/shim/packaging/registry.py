"""Which file is adjusted by what."""

from collections.abc import Callable, Sequence

from unify_backend.shim.packaging.pyproject import adjust_pyproject
from unify_backend.shim.packaging.setup_cfg import adjust_setup_cfg
from unify_backend.shim.packaging.setup_py import adjust_setup_py
from unify_backend.shim.packaging.wanted import Adjusted, Wanted

Adjust = Callable[[str, str, Sequence[Wanted]], Adjusted]

ADJUSTMENTS: dict[str, Adjust] = {
    "pyproject.toml": adjust_pyproject,
    "setup.cfg": adjust_setup_cfg,
    "setup.py": adjust_setup_py,
}
