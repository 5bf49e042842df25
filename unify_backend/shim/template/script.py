"""The body of a generated `old/main.py`: started, it starts the canonical file in its place;
imported by its bare name (`cd old && uvicorn main:app`), it is the canonical module.

Everything below the line of dashes is copied as it is: Python 3.8, standard library only.
"""

# pathlib would be most of what a start costs.
# ruff: noqa: PTH100, PTH113, PTH118, PTH120

from __future__ import annotations

import importlib
import importlib.util
import os
import runpy
import sys

CANONICAL = "new.main"
FILE = ("..", "new", "main.py")
ROOT: tuple[str, ...] = ("..",)
AS_MODULE = False
SWITCHES = ("OLD_SHIM", "UNIFY_SHIM")

# ----------------------------------------------------------------------------------------------


def prepare() -> str:
    """The canonical file. Its folder takes this folder's place on sys.path, because a script may
    name its neighbours without their package; the root is added where the package is not found."""
    folder = os.path.dirname(os.path.abspath(__file__))
    file = os.path.normpath(os.path.join(folder, *FILE))
    if not os.path.isfile(file):
        file = elsewhere()
    entries = [os.path.abspath(entry) for entry in sys.path]
    at = entries.index(folder) if folder in entries else 0
    sys.path[at : at + (folder in entries)] = [os.path.dirname(file)]
    if ROOT and importlib.util.find_spec(CANONICAL.partition(".")[0]) is None:
        sys.path.append(os.path.normpath(os.path.join(folder, *ROOT)))
    return file


def elsewhere() -> str:
    """The canonical file where the packages are installed apart from each other."""
    try:
        spec = importlib.util.find_spec(CANONICAL)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        place = os.path.join(*FILE)
        sys.exit(f"{__file__} only forwards, and {CANONICAL} is neither at {place} nor on sys.path")
    return spec.origin


def notice(file: str) -> None:
    """Says where the script is now, unless the switch says otherwise."""
    mode = next((os.environ[name] for name in SWITCHES if os.environ.get(name)), "").lower()
    text = f"{__file__} is now {file}: change the command, the old file will go"
    if mode == "error":
        sys.exit(text)
    if mode != "ignore":
        sys.stderr.write(text + "\n")


def start(file: str) -> None:
    """Runs the canonical file as the script that was asked for."""
    notice(file)
    sys.argv[0] = file
    if AS_MODULE:  # it has relative imports, which a plain script cannot have
        runpy.run_module(CANONICAL, run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(file, run_name="__main__")


if __name__ == "__main__":
    start(prepare())
else:
    prepare()
    sys.modules[__name__] = importlib.import_module(CANONICAL)
