"""Probes: threads, processes, archives, installations, test runners."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH100, PTH113, PTH118, PTH123, PTH206

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import threading
import zipfile

from unify_backend.shim.probes.programs.kit import (
    Facts,
    Skip,
    by_reference,
    ended,
    executions,
    first,
    got,
    load,
    python,
    same,
)


def threads(facts: Facts) -> None:
    """threads that import by both names at once get one module, executed once"""
    names = facts.plain()[:30]
    alone = [facts.new(name) for name in names]
    code = _threaded([(name, name) for name in alone], "")
    if python(facts, "-c", code).returncode:
        raise Skip("the canonical package alone cannot be imported by threads at once")
    pairs = [(facts.old(name), facts.new(name)) for name in names]
    ended(python(facts, "-c", _threaded(pairs, facts.canonical_folder)), "importing in threads")


def _threaded(pairs: list[tuple[str, str]], folder: str) -> str:
    return f"""
import importlib, os, sys, threading
pairs, folder = {pairs!r}, {folder!r}
ran = []
def listen(event, arguments):
    if event == "exec" and getattr(arguments[0], "co_name", "") == "<module>":
        if folder and os.path.abspath(arguments[0].co_filename).startswith(folder + os.sep):
            ran.append(arguments[0].co_filename)
sys.addaudithook(listen)
errors, gate = [], threading.Barrier(8)
def work(number):
    gate.wait()
    for n, pair in enumerate(pairs):
        try:
            importlib.import_module(pair[(n + number) % 2])
        except BaseException as error:
            errors.append(repr(error))
workers = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(8)]
for worker in workers: worker.start()
for worker in workers: worker.join(40)
assert not any(worker.is_alive() for worker in workers), "a thread hangs"
assert not errors, errors[0]
for old, new in pairs:
    assert importlib.import_module(old) is importlib.import_module(new), old
assert len(ran) == len(set(ran)), "executed twice: %s" % [f for f in ran if ran.count(f) > 1][0]
sys.stdout.flush(); os._exit(0)
"""


def spawn(facts: Facts) -> None:
    """a spawned process gets classes and modules as one"""
    candidates = [
        *facts.classes,
        *(function for function in facts.functions if _pickles(facts, *function)),
    ]
    name, attribute = first(candidates, "class or function that pickles")
    code = f"""
import importlib, multiprocessing, os, sys
old = importlib.import_module({facts.old(name)!r})
def work(value):
    import importlib
    new = importlib.import_module({facts.new(name)!r})
    assert old is new, "two modules in the child"
    assert value is getattr(new, {attribute!r}), "two objects in the child"
    return value
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply_async(work, (getattr(old, {attribute!r}),)).get(50) is getattr(
            old, {attribute!r})
    sys.stdout.flush(); os._exit(0)
"""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "spawning.py")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(code)
        ended(python(facts, file), "the spawning program")


def _pickles(facts: Facts, name: str, attribute: str) -> bool:
    return by_reference(got(load(facts.new(name)), attribute))


def zip_import(facts: Facts) -> None:
    """both packages can be imported from a zip file"""
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(folder, "packages.zip")
        with zipfile.ZipFile(archive, "w") as file:
            for place in (facts.legacy_folder, facts.canonical_folder):
                _pack(file, place, facts.roots)
        name = facts.module()
        check = "import importlib, os; {}; os._exit(0)"
        new = f"new = importlib.import_module({facts.new(name)!r}); assert '.zip' in new.__file__"
        both = f"assert importlib.import_module({facts.old(name)!r}) is new, 'two modules'"
        if python(facts, "-c", check.format(new), cwd=folder, PYTHONPATH=archive).returncode:
            raise Skip("the canonical package alone cannot be imported from a zip file")
        code = check.format(f"{new}; {both}")
        ended(python(facts, "-c", code, cwd=folder, PYTHONPATH=archive), "importing from the zip")


def _pack(file: zipfile.ZipFile, place: str, roots: list[str]) -> None:
    root = max((root for root in roots if place.startswith(root)), key=len)
    seen = set(file.namelist())
    above = os.path.relpath(place, root).split(os.sep)
    for n in range(1, len(above)):  # the packages that it lies in
        top = os.path.join(root, *above[:n], "__init__.py")
        name = os.path.relpath(top, root).replace(os.sep, "/")
        if os.path.isfile(top) and name not in seen:
            file.write(top, name)
    for folder, _, names in os.walk(place):
        entry = os.path.relpath(folder, root).replace(os.sep, "/") + "/"
        if entry not in seen:  # without an entry of its own it is no namespace package
            file.writestr(entry, "")
        for file_name in names:
            path = os.path.join(folder, file_name)
            name = os.path.relpath(path, root)
            if name.replace(os.sep, "/") not in seen and not file_name.endswith(".pyc"):
                file.write(path, name)


def editable_path(facts: Facts) -> None:
    """installed editable, by a .pth file"""
    name = facts.module()
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "probe.pth"), "w", encoding="utf-8") as stream:
            stream.write("\n".join(facts.roots) + "\n")
        code = (
            f"import importlib, os, site; site.addsitedir({folder!r}); "
            f"assert importlib.import_module({facts.old(name)!r}) is "
            f"importlib.import_module({facts.new(name)!r}), 'two modules'; os._exit(0)"
        )
        done = python(facts, "-c", code, cwd=folder, PYTHONPATH=_others(facts))
        ended(done, "importing it")


def editable_finder(facts: Facts) -> None:
    """installed editable, by a finder at the end of sys.meta_path"""
    name = facts.module()
    code = f"""
import importlib, importlib.util, os, sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if "." in name:
            return None
        for root in {facts.roots!r}:
            for end in (name + ".py", os.path.join(name, "__init__.py")):
                if os.path.isfile(os.path.join(root, end)):
                    return importlib.util.spec_from_file_location(name, os.path.join(root, end))
sys.meta_path.append(Finder)
assert importlib.import_module({facts.old(name)!r}) is importlib.import_module(
    {facts.new(name)!r}), "two modules"
os._exit(0)
"""
    tops = {facts.legacy.partition(".")[0], facts.canonical.partition(".")[0]}
    for top in tops:
        if not any(os.path.isfile(os.path.join(root, top, "__init__.py")) for root in facts.roots):
            raise Skip(f"{top} is a namespace, which such finders serve in another way")
    with tempfile.TemporaryDirectory() as folder:
        done = python(facts, "-c", code, cwd=folder, PYTHONPATH=_others(facts))
        ended(done, "importing it")


def _others(facts: Facts) -> str:
    """PYTHONPATH without the import roots, as a person has set it."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    roots = {os.path.abspath(root) for root in facts.roots}
    return os.pathsep.join(path for path in paths if path and os.path.abspath(path) not in roots)


def pytest_rewriting(facts: Facts) -> None:
    """pytest rewrites assertions in tests, and in modules registered by their old name"""
    try:
        import pytest  # noqa: F401
    except ImportError:
        raise Skip("pytest is not installed") from None
    name = next((name for name in facts.plain() if name not in facts.packages), facts.module())
    test = f"""
import pytest
pytest.register_assert_rewrite({facts.old(name)!r})
import importlib
old = importlib.import_module({facts.old(name)!r})
def test_it():
    new = importlib.import_module({facts.new(name)!r})
    assert old is new
    assert "AssertionRewritingHook" in type(new.__loader__).__name__, "not rewritten"
def test_shown():
    left = [1, 2]
    with pytest.raises(AssertionError) as caught:
        assert left == [1, 3]
    assert "At index 1 diff" in str(caught.value)
"""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "test_probe.py")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(test)
        options = (
            "-q",
            "-W",
            "ignore",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            folder,
            "-c",
            os.devnull,
        )
        ended(python(facts, "-m", "pytest", *options, file, cwd=folder), "pytest")


def import_while_importing(facts: Facts) -> None:
    """a thread that imports the old package while another is at it waits, and gets the same"""
    watch = executions(facts.canonical_folder)
    next(watch)
    imported: list[object] = []

    def work() -> None:
        imported.append(importlib.import_module(facts.legacy))

    workers = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(imported) == 8, f"{8 - len(imported)} threads have no module"
    for each in imported:
        same(each, sys.modules[facts.legacy], facts.legacy)
    files = [path for path in next(watch).split("\n") if path]
    assert len(files) == len(set(files)), "a file was executed twice"


PROBES = (
    threads,
    import_while_importing,
    spawn,
    zip_import,
    editable_path,
    editable_finder,
    pytest_rewriting,
)
