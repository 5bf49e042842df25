"""Why modules cannot be imported, and which variables would cure it."""

from pathlib import Path

import pytest

from tests.shim.support import carry_out, laid, planned
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import ProbeState, ProofVerdict, verdict_of
from unify_backend.shim.probes.run import Bench, run_probes

MOVE = PackageMove.of("old", "new")
DECOUPLE = """
import os
class Undefined(Exception):
    pass
def config(name):
    if name not in os.environ:
        raise Undefined(name + " not found. Declare it as envvar or define a default value.")
    return os.environ[name]
"""
PYDANTIC = """
class ValidationError(ValueError):
    pass
class BaseSettings:
    model_config = {}
    def __init__(self):
        told = "1 validation error for Options\\nport\\n  Field required [type=missing]"
        raise ValidationError(told)
"""
CASES = {
    "a key that is not there": (
        "import os\nURL = os.environ['DATABASE_URL']\n",
        {},
        "DATABASE_URL",
    ),
    "a check of its own": (
        "import os\nif not os.getenv('API_TOKEN'):\n    raise RuntimeError('no API_TOKEN')\n",
        {},
        "API_TOKEN",
    ),
    "a library that reads it": (
        "from decouple import config\nX = config('SECRET')\n",
        {"decouple.py": DECOUPLE},
        "SECRET",
    ),
    "an error around it": (
        "import os\ntry:\n    os.environ['A_KEY']\nexcept KeyError as e:\n"
        "    raise ValueError('not configured') from e\n",
        {},
        "A_KEY",
    ),
    "a class of settings": (
        "from pydantic_settings import BaseSettings\nclass Options(BaseSettings):\n"
        "    model_config = {'env_prefix': 'shop_'}\n    port: int\nOptions()\n",
        {"pydantic_settings.py": PYDANTIC},
        "SHOP_PORT",
    ),
    "a name that is set is no cause": (
        "import os\nos.environ['PATH']\nraise RuntimeError('PATH is odd')\n",
        {},
        "",
    ),
    "a word that nobody looked for": ("raise RuntimeError('NOT_A_VARIABLE')\n", {}, ""),
    "a key of something else": ("{}['DATABASE_URL']\n", {}, ""),
}


@pytest.mark.parametrize("name", CASES)
def test_variables(name: str, tmp_path: Path) -> None:
    text, more, variables = CASES[name]
    files = {"new/__init__.py": "", "new/a.py": text, "new/b.py": "from new import a\n", **more}
    root = laid(tmp_path, files)
    carry_out(root, planned(root, [MOVE]))
    (survey, *_) = results = run_probes(root, MOVE, only={"import_package"})
    assert [cause.module for cause in survey.causes] == ["new.a", "new.b"]
    assert survey.causes[0].variables == tuple(variables.split())
    assert survey.state is ProbeState.FAILED, "two of three modules"
    assert survey.reason.startswith(
        "2 of the 3 modules of new cannot be imported; the first: new.a"
    )
    assert results[1].state is ProbeState.PASSED, "the rest is tried"
    assert verdict_of(results) is ProofVerdict.UNPROVED


def test_what_the_code_itself_looked_for_is_told(tmp_path: Path) -> None:
    root = laid(
        tmp_path,
        {"new/__init__.py": "", "new/a.py": "import os\nPORT = int(os.getenv('SHOP_PORT'))\n"},
    )
    carry_out(root, planned(root, [MOVE]))
    (cause,) = run_probes(root, MOVE, only={"import_package"})[0].causes
    assert (cause.variables, cause.asked) == ((), ("SHOP_PORT",))


def test_a_few_of_many_do_not_matter(tmp_path: Path) -> None:
    files = {f"new/m{n}.py": "" for n in range(4)}
    root = laid(tmp_path, {"new/__init__.py": "", **files, "new/x.py": "import not_there\n"})
    carry_out(root, planned(root, [MOVE]))
    results = run_probes(root, MOVE, only={"import_package", "every_module_old_first"})
    (cause,) = results[0].causes
    assert (cause.module, cause.error, cause.missing) == (
        "new.x",
        "ModuleNotFoundError",
        "not_there",
    )
    assert verdict_of(results) is ProofVerdict.PROVED


def test_modules_of_a_package_that_fails_have_its_cause(tmp_path: Path) -> None:
    files = {
        "new/__init__.py": "",
        "new/p/__init__.py": "1 / 0\n",
        "new/p/q.py": "",
        "new/b.py": "",
    }
    root = laid(tmp_path, files)
    carry_out(root, planned(root, [MOVE]))
    causes = run_probes(root, MOVE, only={"import_package"})[0].causes
    assert [(cause.module, cause.error) for cause in causes] == [
        ("new.p", "ZeroDivisionError"),
        ("new.p.q", "ZeroDivisionError"),
    ]


def test_an_error_without_words(tmp_path: Path) -> None:
    text = (
        "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError('none')\n"
        "raise Odd()\n"
    )
    root = laid(tmp_path, {"new/__init__.py": text})
    results = run_probes(root, MOVE, only={"import_package"})
    assert results[0].reason == "new cannot be imported (Odd)"
    assert verdict_of(results) is ProofVerdict.UNPROVED


REGISTRY = """
class AppRegistryNotReady(Exception):
    pass
ready = False
def setup():
    global ready
    ready = True
def model():
    if not ready:
        raise AppRegistryNotReady("Apps aren't loaded yet.")
"""


@pytest.mark.parametrize("given", [True, False])
def test_an_application_that_has_to_be_set_up(given: bool, tmp_path: Path) -> None:
    """As Django's: its models cannot be imported before, in no process."""
    models = "import django\ndjango.model()\nclass Item:\n    pass\n"
    files = {"django.py": REGISTRY, "new/__init__.py": "", "new/models.py": models}
    root = laid(tmp_path, {**files, "new/views.py": "from new.models import Item\n"})
    carry_out(root, planned(root, [MOVE]))
    environment = {"DJANGO_SETTINGS_MODULE": "new.settings"} if given else {}
    tried = {"class_identity", "old_pickle", "new_pickle", "spawn", "threads", "warned_at_the_line"}
    results = run_probes(root, MOVE, Bench(environment=environment), only=tried)
    if given:
        assert {result.state for result in results} == {ProbeState.PASSED}, results
    else:
        assert results[0].causes[0].error == "AppRegistryNotReady"
        assert verdict_of(results) is ProofVerdict.UNPROVED
