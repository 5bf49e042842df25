"""What is neither a person's error nor foreseen: our bug, with its traceback kept."""

import sys
import tempfile
import traceback
from pathlib import Path

from unify_backend import __version__
from unify_backend.model.errors import ExitCode


def report(error: Exception) -> int:
    """Says what happened and where the traceback is; returns the exit code."""
    log = _keep(error)
    sys.stderr.write(
        f"unify-backend: this is our bug: {type(error).__name__}: {error}\n"
        f"  Nothing was left half written. The traceback is kept in {log}\n"
        "  Please report it with that file.\n"
    )
    return int(ExitCode.BUG)


def _keep(error: Exception) -> Path:
    with tempfile.NamedTemporaryFile(
        "w",
        prefix="unify-backend-",
        suffix=".log",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
    ) as file:
        file.write(f"unify-backend {__version__}, Python {sys.version}\n{sys.argv[1:]!r}\n\n")
        file.writelines(traceback.format_exception(error))
    return Path(file.name)
