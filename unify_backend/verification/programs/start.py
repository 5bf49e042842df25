"""Starts one program in the application's interpreter: `python start.py REQUEST`, a JSON file.

The request names the program and where its answer belongs. The answer is written atomically, so
that a file that exists is complete.
"""

# ruff: noqa: PT018, PTH100, PTH118, PTH120, PTH123

from __future__ import annotations

import importlib.util
import json
import os
import sys
from types import ModuleType

PACKAGE = "unify_backend.verification.programs"
NAMES = "causes compiled records applications asgi wsgi routes plugins importing booting".split()


def load(name: str) -> ModuleType:
    """A program of this folder under its full name; the packages above it need not be there."""
    folder = os.path.dirname(os.path.abspath(__file__))
    full = PACKAGE + "." + name
    spec = importlib.util.spec_from_file_location(full, os.path.join(folder, name + ".py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    package = sys.modules.setdefault(PACKAGE, ModuleType(PACKAGE))
    sys.modules[full] = module
    setattr(package, name, module)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Runs the program that the request names."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        request = json.load(stream)
    folder = os.path.dirname(os.path.abspath(__file__))
    rest = [path for path in sys.path if os.path.abspath(path or ".") != folder]
    sys.path[:] = request["roots"] + rest
    for name in NAMES + ["forking"] * hasattr(os, "fork"):
        load(name)
    sys.argv = [request.get("argv0", "app")]
    sys.modules[PACKAGE + "." + request["program"]].main(request)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads of the application must not keep this alive


if __name__ == "__main__":
    main()
