"""Small projects, one for each way in which a back end is told what to ship."""

from dataclasses import dataclass

_HEAD = '[build-system]\nrequires = []\nbuild-backend = "{}"\n\n[project]\nname = "{}"\n'
_BODY = 'version = "1"\ndescription = "A lamp."\n'
_PACKAGE = {
    "lamp/__init__.py": "from lamp.bulb import WATTS\n",
    "lamp/bulb.py": "WATTS = 5\n",
    "lamp/wires/__init__.py": "",
    "lamp/wires/red.py": "from lamp.bulb import WATTS\n",
}
_TESTS = {"tests/test_lamp.py": "import lamp\n"}
FLAT = _PACKAGE | _TESTS
SRC = {f"src/{path}": text for path, text in _PACKAGE.items()} | _TESTS
MODULE = {"lamp.py": "WATTS = 5\n"} | _TESTS
_SETUP = "from setuptools import setup\nsetup()\n"
_PBR = "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """A project: its packaging files and its code. `namespace`: Python files beside the new place,
    in a folder without an __init__.py, are none of its own."""

    settings: dict[str, str]
    code: dict[str, str]
    namespace: bool = False

    def files(self, top: str) -> dict[str, str]:
        """All files; with the neighbours of the new place, below the folder `top`."""
        root = "src/" if self.code is SRC else ""
        beside = {f"{root}{top}/alien.py": "X = 1\n"} if self.namespace else {}
        return self.settings | self.code | beside


def toml(
    backend: str, code: dict[str, str], extra: str = "", name: str = "lamp", namespace: bool = False
) -> Sample:
    """A project with a pyproject.toml."""
    text = f"{_HEAD.format(backend, name)}{_BODY}"
    return Sample({"pyproject.toml": f"{text}\n{extra}" if extra else text}, code, namespace)


def _setup(call: str, code: dict[str, str]) -> Sample:
    text = f"from setuptools import find_packages, setup\nsetup(name='lamp', version='1', {call})\n"
    return Sample({"setup.py": text}, code)


def _cfg(text: str, code: dict[str, str], setup: str = _SETUP) -> Sample:
    return Sample({"setup.cfg": f"[metadata]\nname = lamp\n\n{text}", "setup.py": setup}, code)


_SETUPTOOLS, _HATCH, _FLIT = "setuptools.build_meta", "hatchling.build", "flit_core.buildapi"
_POETRY, _PDM, _SCIKIT = "poetry.core.masonry.api", "pdm.backend", "scikit_build_core.build"
_WHEEL = "[tool.hatch.build.targets.wheel]\n"
_BUILD = "[tool.scikit-build]\nwheel.cmake = false\n"
_FIND = "[tool.setuptools.packages.find]\n"

SAMPLES: dict[str, Sample] = {
    "setuptools, src": toml(_SETUPTOOLS, SRC),
    "setuptools, flat": toml(_SETUPTOOLS, FLAT),
    "setuptools, module": toml(_SETUPTOOLS, MODULE),
    "setuptools, list": toml(
        _SETUPTOOLS,
        SRC,
        '[tool.setuptools]\npackages = ["lamp", "lamp.wires"]\npackage-dir = {"" = "src"}\n',
    ),
    "setuptools, mapped list": toml(
        _SETUPTOOLS,
        SRC,
        '[tool.setuptools]\npackages = ["lamp", "lamp.wires"]\npackage-dir = {lamp = "src/lamp"}\n',
    ),
    "setuptools, find": toml(_SETUPTOOLS, FLAT, f'{_FIND}include = ["lamp*"]\n'),
    "setuptools, find in a namespace": toml(
        _SETUPTOOLS, SRC, f'{_FIND}where = ["src"]\nnamespaces = false\n', namespace=True
    ),
    "setuptools, listed module": toml(
        _SETUPTOOLS, MODULE, '[tool.setuptools]\npy-modules = ["lamp"]\n'
    ),
    "setup.cfg, find": _cfg(
        "[options]\npackages = find:\npackage_dir =\n    = src\n\n"
        "[options.packages.find]\nwhere = src\n",
        SRC,
    ),
    "setup.cfg, list": _cfg("[options]\npackages =\n    lamp\n    lamp.wires\n", FLAT),
    "setup.py, find": _setup("packages=find_packages(exclude=['tests*'])", FLAT),
    "setup.py, list": _setup("packages=['lamp', 'lamp.wires'], package_dir={'': 'src'}", SRC),
    "setup.py, module": _setup("py_modules=['lamp']", MODULE),
    "flit, by name": toml(_FLIT, SRC),
    "flit, named": toml(_FLIT, FLAT, '[tool.flit.module]\nname = "lamp"\n', "thing"),
    "flit, module": toml(_FLIT, MODULE),
    "hatchling, by name in src": toml(_HATCH, SRC),
    "hatchling, by name": toml(_HATCH, FLAT),
    "hatchling, module": toml(_HATCH, MODULE),
    "hatchling, packages": toml(_HATCH, SRC, f'{_WHEEL}packages = ["src/lamp"]\n', "thing"),
    "hatchling, packages in a namespace": toml(
        _HATCH, SRC, f'{_WHEEL}packages = ["src/lamp"]\n', "thing", True
    ),
    "hatchling, include": toml(
        _HATCH, SRC, f'{_WHEEL}include = ["/src/lamp"]\nsources = ["src"]\n', "thing"
    ),
    "hatchling, only-include": toml(_HATCH, FLAT, f'{_WHEEL}only-include = ["lamp"]\n', "thing"),
    "Poetry, by name": toml(_POETRY, SRC),
    "Poetry, module": toml(_POETRY, MODULE),
    "Poetry, packages": toml(
        _POETRY, SRC, '[tool.poetry]\npackages = [{include = "lamp", from = "src"}]\n', "thing"
    ),
    "Poetry, packages in a namespace": toml(
        _POETRY, FLAT, '[tool.poetry]\npackages = [{include = "lamp"}]\n', "thing", True
    ),
    "PDM, by rule": toml(_PDM, SRC),
    "PDM, by rule in a namespace": toml(_PDM, FLAT, namespace=True),
    "PDM, module": toml(_PDM, MODULE),
    "PDM, includes": toml(_PDM, SRC, '[tool.pdm.build]\nincludes = ["src/lamp"]\n'),
    "uv_build, by name": toml("uv_build", SRC),
    "uv_build, flat": toml("uv_build", FLAT, '[tool.uv.build-backend]\nmodule-root = ""\n'),
    "scikit-build-core, by name": toml(_SCIKIT, SRC, _BUILD),
    "scikit-build-core, list": toml(_SCIKIT, SRC, f'{_BUILD}wheel.packages = ["src/lamp"]\n'),
    "scikit-build-core, list in a namespace": toml(
        _SCIKIT, SRC, f'{_BUILD}wheel.packages = ["src/lamp"]\n', namespace=True
    ),
    "scikit-build-core, mapped": toml(
        _SCIKIT, SRC, f'{_BUILD}[tool.scikit-build.wheel.packages]\n"lamp" = "src/lamp"\n'
    ),
    "pbr, list": _cfg("[files]\npackages =\n    lamp\n", FLAT, _PBR),
    "pbr, by name": _cfg("", FLAT, _PBR),
}
