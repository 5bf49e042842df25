"""Probes: what is started by its old name starts the canonical code."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH100, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import importlib
import os
import runpy
import sys
from types import ModuleType

from unify_backend.shim.probes.programs.kit import (
    Facts,
    Skip,
    ended,
    first,
    load,
    python,
    same,
    simple,
)


def run_module(facts: Facts) -> None:
    """`python -m old.x` runs the canonical module as `__main__`"""
    name = simple(facts)
    if not name or name in facts.scripts:
        raise Skip("every module that may be run twice is the package itself, or a script")
    scope = runpy.run_module(facts.old(name), run_name="__main__", alter_sys=True)
    assert scope["__name__"] == "__main__", f"__name__ is {scope['__name__']}"
    wanted = runpy.run_module(facts.new(name), run_name="__main__", alter_sys=True)
    ours = os.path.realpath(scope.get("__file__") or "")
    assert ours == os.path.realpath(wanted.get("__file__") or ""), f"{ours} was run"
    missing = {name for name in wanted if not name.startswith("__")} - set(scope)
    assert not missing, f"{sorted(missing)[:3]} were not defined"


def run_script_modules(facts: Facts) -> None:
    """`python -m old.x` begins to run the code of each script of the canonical package"""
    if not facts.scripts:
        raise Skip("the canonical package has no script")
    begun = [_module_begins(facts, name) for name in facts.scripts[:5]]
    if not any(begun):
        raise Skip("no script of the canonical package begins to run by its own name either")


def _module_begins(facts: Facts, name: str) -> bool:
    """Whether it began; False where by the canonical name it does not begin either."""
    module = name[: -len(".__main__")] if name.endswith(".__main__") else name
    module = "" if name == "__main__" else module
    call = "runpy.run_module({!r}, run_name='__main__')"
    ours, theirs = (["-c", _program(facts, call.format(m(module)))] for m in (facts.old, facts.new))
    return _begins(facts, ours, theirs)


def run_package(facts: Facts) -> None:
    """`python -m old` runs the canonical `__main__`, or says that there is none"""
    if "__main__" in facts.scripts:
        if not _module_begins(facts, "__main__"):
            raise Skip("`__main__` does not begin to run by its own name either")
        return
    done = python(facts, "-m", facts.legacy)
    assert done.returncode, f"python -m {facts.legacy} ended with 0 and did nothing"


def run_files(facts: Facts) -> None:
    """`python old/x.py` begins to run the canonical script, from any folder"""
    scripts = [name for name in facts.scripts if not _collected(name)]
    if not scripts:
        raise Skip("the canonical package has no script")
    missing, begun = [], []
    for name in scripts[:8]:
        file = os.path.join(facts.legacy_folder, *name.split(".")) + ".py"
        if not os.path.isfile(file):
            missing.append(os.path.relpath(file, facts.roots[0]))
            continue
        canonical = os.path.join(facts.canonical_folder, *name.split(".")) + ".py"
        for folder in (facts.roots[0], os.path.dirname(file)):
            ours, theirs = (
                ["-c", _program(facts, _by_path(script))] for script in (file, canonical)
            )
            begun.append(_begins(facts, ours, theirs, folder))
    assert not missing, f"there is no file {', '.join(missing)}"
    if not any(begun):
        raise Skip("no script of the canonical package begins to run from its own place either")


def _by_path(file: str) -> str:
    call = f"sys.path[0] = {os.path.dirname(file)!r}; "
    return call + f"runpy.run_path({file!r}, run_name='__main__')"


def _collected(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.startswith("test_") or last.endswith("_test")


def _program(facts: Facts, call: str) -> str:
    """Runs `call` and stops where canonical code begins as a script."""
    folder = os.path.dirname(os.path.abspath(__file__))
    return (
        "import importlib.util as u, runpy, sys; "
        f"s = u.spec_from_file_location('kit', {os.path.join(folder, 'kit.py')!r}); "
        "kit = u.module_from_spec(s); sys.modules['kit'] = kit; s.loader.exec_module(kit); "
        f"kit.stop_at_main({facts.canonical_folder!r}); {call}"
    )


def _begins(facts: Facts, ours: list[str], theirs: list[str], cwd: str | None = None) -> bool:
    """True where the canonical script began by the old name; False where it does not by its own."""
    done = python(facts, *ours, cwd=cwd)
    if done.returncode != 42 and python(facts, *theirs, cwd=cwd).returncode != 42:
        return False
    text = (done.stderr.strip() or "no output").splitlines()[-1]
    assert done.returncode == 42, f"the canonical script was not started: {text[:300]}"
    return True


def import_from_inside(facts: Facts) -> None:
    """`cd old && uvicorn main:app`: a script's bare name is the canonical module"""
    names = [name for name in facts.scripts if "." not in name and name != "__main__"]
    names = [name for name in names if name in facts.modules]
    if not names:
        raise Skip("the canonical package has no importable script at its top")
    sys.path.insert(0, facts.legacy_folder)
    os.chdir(facts.legacy_folder)
    name = names[0]
    module = load(name)
    file = os.path.realpath(module.__file__ or "")
    wanted = os.path.realpath(load(facts.new(name)).__file__ or "")
    assert file == wanted, f"`import {name}` there is {file}"


def application(facts: Facts) -> None:
    """`uvicorn old.main:app` serves the canonical application"""
    if not facts.applications:
        raise Skip("the canonical package has no ASGI application")
    try:
        from uvicorn.importer import import_from_string  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise Skip("uvicorn is not installed") from None
    for name, attribute in facts.applications[:3]:
        served = import_from_string(f"{facts.old(name)}:{attribute}")
        same(served, getattr(load(facts.new(name)), attribute), f"{name}:{attribute}")


def application_reloaded(facts: Facts) -> None:
    """`uvicorn old.main:app --reload` loads the canonical application in its child process"""
    name, attribute = first(facts.applications, "ASGI application")
    code = f"""
import multiprocessing, os, sys
import uvicorn
from uvicorn._subprocess import get_subprocess
def target(sockets=None):
    config = uvicorn.Config({facts.old(name) + ":" + attribute!r})
    config.load()
    import importlib
    new = importlib.import_module({facts.new(name)!r})
    os._exit(42 if sys.modules[{facts.old(name)!r}] is new else 3)
if __name__ == "__main__":
    config = uvicorn.Config({facts.old(name) + ":" + attribute!r}, reload=True)
    process = get_subprocess(config, target=target, sockets=[])
    process.start()
    process.join(50)
    os._exit(process.exitcode if process.exitcode is not None else 4)
"""
    import tempfile

    try:
        import uvicorn  # type: ignore[import-not-found,unused-ignore] # noqa: F401
    except ImportError:
        raise Skip("uvicorn is not installed") from None
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "serve.py")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(code)
        ended(python(facts, file), "the child process", 42)


def dotted_names(facts: Facts) -> None:
    """ARQ, Celery and the like find objects by their old dotted names"""
    name, attribute = first([*facts.classes, *facts.functions], "class or function")
    text = f"{facts.old(name)}.{attribute}"
    wanted = getattr(load(facts.new(name)), attribute)
    same(_plainly(text), wanted, f"{text}, by import_module and getattr")
    for module, function in (
        ("arq.utils", "import_string"),
        ("kombu.utils.imports", "symbol_by_name"),
        ("django.utils.module_loading", "import_string"),
        ("werkzeug.utils", "import_string"),
        ("pydoc", "locate"),
    ):
        try:
            find = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError):
            continue
        same(find(text), wanted, f"{text}, by {module}.{function}")


def _plainly(text: str) -> object:
    module, _, attribute = text.rpartition(".")
    loaded: ModuleType = importlib.import_module(module)
    return getattr(loaded, attribute)


PROBES = (
    run_module,
    run_script_modules,
    run_package,
    run_files,
    import_from_inside,
    application,
    application_reloaded,
    dotted_names,
)
