"""Imports one module in this interpreter, and says what else of the package that loaded.

`import a.b.c` imports `a`, then `a.b`, then `a.b.c`. So what a package's own import has loaded
can be imported, and where that import fails, so does everything below the package. Nothing else
is concluded from one module to another: what a failed or circular import left behind would
serve the next one, and importing many modules in one process would overstate success.
"""

# ruff: noqa: PTH105, PTH123

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from typing import Any

from unify_backend.verification.programs import causes, compiled


def main(request: dict[str, Any]) -> None:
    """Imports `module`; the answer says which of `below` are loaded then."""
    compiled.keep(request["root"], request["code"])
    answer = attempt(request, request["module"])
    answer["loaded"] = [name for name in request["below"] if loaded(name)]
    write(request["answer"], answer)


def attempt(request: dict[str, Any], name: str) -> dict[str, Any]:
    """The result of importing the module `name` in this process."""
    gc.disable()  # an import makes objects and drops few
    try:
        importlib.import_module(name)
    except BaseException as error:  # SystemExit at import is a failure, too
        cause = causes.cause(error, request["root"], request["folder"])
        return {"state": "failed", "cause": cause}
    return {"state": "importable"}


def loaded(name: str) -> bool:
    """Whether the module was imported, to its end."""
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    return module is not None and not getattr(spec, "_initializing", False)


def write(file: str, answer: dict[str, Any]) -> None:
    """Writes the file atomically: one that exists is complete."""
    with open(file + ".part", "w", encoding="utf-8") as stream:
        json.dump(answer, stream)
    os.replace(file + ".part", file)
