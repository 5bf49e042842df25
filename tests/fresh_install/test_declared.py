"""What the wheel imports, it declares; what it declares, it imports."""

import json
import re
import zipfile
from email.parser import Parser
from fnmatch import fnmatch

import pytest

from tests.fresh_install.declared import declared, imported, normalised, undeclared
from tests.fresh_install.support import Installation, Interpreter, Machine, interpreters

PACKAGE = "unify_backend"
THEIRS = {
    f"{PACKAGE}/bundled/*": "the bundled repository is data",
    f"{PACKAGE}/verification/programs/*": "run by the application's interpreter, with its packages",
    f"{PACKAGE}/verification/entrypoints/bootstrap.py": "run as sitecustomize in that interpreter",
    f"{PACKAGE}/shim/probes/programs/*": "run by the interpreter that the shim is proven with",
    f"{PACKAGE}/shim/template/*": "copied into the repository as text",
}
LOADED = """
import importlib, json, pkgutil, sys
package = importlib.import_module("unify_backend")
skipped = tuple(sys.argv[1:])
failed = {}
for one in pkgutil.walk_packages(package.__path__, "unify_backend."):
    if one.name.startswith(skipped) or one.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(one.name)
    except Exception as error:
        failed[one.name] = repr(error)
print(json.dumps(failed))
"""
EVERY = pytest.mark.parametrize("interpreter", interpreters(), ids=lambda one: one.version)


@pytest.fixture(scope="module")
def imports(machine: Machine) -> dict[str, set[str]]:
    """What each file in the wheel imports, but for those that other interpreters run."""
    with zipfile.ZipFile(machine.wheel()) as wheel:
        names = [name for name in wheel.namelist() if name.endswith(".py")]
        ours = [one for one in names if not any(fnmatch(one, pattern) for pattern in THEIRS)]
        return {name: imported(wheel.read(name).decode("utf-8")) for name in ours}


def requirements(machine: Machine) -> list[str]:
    with zipfile.ZipFile(machine.wheel()) as wheel:
        (name,) = [one for one in wheel.namelist() if one.endswith(".dist-info/METADATA")]
        return Parser().parsestr(wheel.read(name).decode("utf-8")).get_all("Requires-Dist", [])


@EVERY
def test_what_it_imports_is_declared(
    interpreter: Interpreter,
    installation: Installation,
    machine: Machine,
    imports: dict[str, set[str]],
) -> None:
    providers = json.loads(
        installation.ask(
            "import importlib.metadata as m, json; print(json.dumps(m.packages_distributions()))"
        )
    )
    library = json.loads(
        installation.ask("import json, sys; print(json.dumps(list(sys.stdlib_module_names)))")
    )
    given = {*library, PACKAGE}
    assert undeclared(imports, requirements(machine), providers, given) == []


@EVERY
def test_every_module_loads(interpreter: Interpreter, installation: Installation) -> None:
    skipped = [re.sub(r"/\*$|\.py$", "", one).replace("/", ".") for one in THEIRS]
    code = LOADED.replace("sys.argv[1:]", repr(skipped))
    assert json.loads(installation.ask(code)) == {}


def test_what_it_declares_is_imported(machine: Machine, imports: dict[str, set[str]]) -> None:
    names = set().union(*imports.values())
    called = {"gitpython": "git", "pyyaml": "yaml"}
    wanted = {called.get(one, one.replace("-", "_")) for one in declared(requirements(machine))}
    assert [one for one in wanted if not any(fnmatch(one, name) for name in names)] == []


SOURCE = """
import os, rich.text
from typer import Option
from . import sibling
if os:
    def later():
        import click.termui
        importlib.import_module("yaml.loader")
        importlib.import_module(f"tree_sitter_{os.name}")
        importlib.import_module(f"p.commands.{os.name}")
"""


def test_an_import_is_found_wherever_it_stands() -> None:
    assert imported(SOURCE) == {
        "os", "rich", "typer", "click", "yaml", "tree_sitter_*", "p",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("requires", "wrong"),
    [
        (["Typer>=1", "rich", "click", "PyYAML>=6 ; python_version > '3'", "tree-sitter-c"], []),
        (["typer", "rich", "PyYAML", "tree-sitter-c"], ["click"]),  # only a dependency of one
        (["typer", "rich", "PyYAML", "tree-sitter-c", "click ; extra == 'more'"], ["click"]),
        ([], ["click", "rich", "tree_sitter_*", "typer", "yaml"]),
    ],
)
def test_what_is_not_declared_is_noticed(requires: list[str], wrong: list[str]) -> None:
    providers = {one: [one] for one in ("typer", "rich", "click")}
    providers |= {"yaml": ["PyYAML"], "tree_sitter_c": ["tree_sitter_c"]}
    found = undeclared({"p/a.py": imported(SOURCE)}, requires, providers, {"os", "p"})
    assert found == [f"p/a.py: {name}" for name in wrong]


def test_names_are_compared_as_the_standards_do() -> None:
    assert normalised("Zope.Interface_x") == "zope-interface-x"
