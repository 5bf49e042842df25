"""Small packages that the tests of verify write, import and start."""

import textwrap
from pathlib import Path

from unify_backend.model.verification import Target
from unify_backend.model.verify_settings import VerifySettings


def written(root: Path, files: dict[str, str]) -> Path:
    """The files, dedented, below `root`."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")
    return root


def target(root: Path, package: str = "shop", **settings: object) -> Target:
    """A package directly below `root`."""
    path = package.replace(".", "/")
    return Target(str(root), package, path, settings=VerifySettings.of(settings.items()))
