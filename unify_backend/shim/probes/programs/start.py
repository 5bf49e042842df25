"""Starts one probe in a child process: `python start.py REQUEST`; both are asked and answered by
a JSON file."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PT018, PTH100, PTH118, PTH120, PTH123

from __future__ import annotations

import importlib.util
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any

PACKAGE = "unify_backend.shim.probes.programs"


def program(name: str) -> ModuleType:
    """A program of this folder under its full name; the package itself need not be importable."""
    folder = os.path.dirname(os.path.abspath(__file__))
    full = f"{PACKAGE}.{name}"
    spec = importlib.util.spec_from_file_location(full, os.path.join(folder, f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What came of the probe: `state`, `reason`, and `facts` if it was the survey."""
    sys.path[:1] = request["facts"]["roots"]  # instead of this folder
    kit = program("kit")
    program("causes")
    facts = kit.Facts(**request["facts"])
    try:
        if facts.setup:
            kit.set_up()
        facts_found = getattr(program(request["program"]), request["probe"])(facts)
    except kit.Skip as skip:
        return {"state": "skipped", "reason": str(skip)}
    except AssertionError as error:
        return {"state": "failed", "reason": str(error) or "an assertion failed"}
    except BaseException as error:  # SystemExit of an imported module must not pass for success
        traceback.print_exc()
        return {"state": "failed", "reason": kit.words(error), "causes": facts.causes}
    return {"state": "passed", "reason": "", "facts": facts_found}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as stream:
        request = json.load(stream)
    reply = answer(request)
    with open(request["answer"], "w", encoding="utf-8") as stream:
        json.dump(reply, stream)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads of the application must not keep the probe alive
