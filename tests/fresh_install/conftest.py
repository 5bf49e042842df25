"""The machine of the fresh installations, one for all processes that run the tests."""

from pathlib import Path

import pytest

from tests.fresh_install.support import Installation, Interpreter, Machine, build, shapes


@pytest.fixture(scope="session")
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Where the wheel and the environments are."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    folder = shared / "fresh-install"
    folder.mkdir(exist_ok=True)
    return Machine(folder)


@pytest.fixture
def installation(interpreter: Interpreter, machine: Machine) -> Installation:
    """The installation for the test's own parameter."""
    return machine.installed(interpreter)


@pytest.fixture(scope="session")
def built_shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every shape, to be copied."""
    folder = tmp_path_factory.mktemp("shapes")
    return {shape.name: build(shape, folder / shape.name) for shape in shapes().values()}
