"""What is said where modules cannot be imported: lines to put into the configuration."""

import subprocess
from pathlib import Path

import pytest

from tests.shim.support import laid
from unify_backend.commands.shim import DJANGO, cure
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.shims import ImportCause
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

MOVE = PackageMove.of("old", "new")
MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'new.conf.dev')\n"


def told(
    tmp_path: Path, files: dict[str, str], cause: ImportCause, source: str = "", **verify: object
) -> str:
    root = laid(tmp_path / "it", {"new/__init__.py": "", **files})
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    settings = Settings(
        (MOVE,), verify=tuple(verify.items()), source=source or "unify-backend.toml"
    )
    return cure(Snapshot(Repository.discover(root)), settings, (cause,))


def needs(*variables: str) -> ImportCause:
    return ImportCause("new.a", "KeyError", "KeyError: 'X'", variables=variables)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"manage.py": MANAGE}, "new.conf.dev"),
        ({"manage.py": MANAGE, "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = new.conf.test\n"},
         "new.conf.dev"),
        ({"pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = new.conf.test\n"}, "new.conf.test"),
        ({"pyproject.toml": '[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = "new.conf.ci"\n'},
         "new.conf.ci"),
        ({"server/manage.py": MANAGE.replace("dev", "inner"), "manage.py": MANAGE}, "new.conf.dev"),
        ({"new/wsgi.py": 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "new.on"\n'}, "new.on"),
        ({"new/settings.py": "INSTALLED_APPS = []\n"}, "new.settings"),
        ({"new/settings/__init__.py": "INSTALLED_APPS = []\n"}, "new.settings"),
        ({"new/settings.py": "DEBUG = True\n"}, "…"),
        ({"manage.py": "import os\nos.environ['DJANGO_SETTINGS_MODULE']\n"}, "…"),
    ],
)  # fmt: skip
def test_the_settings_of_django(files: dict[str, str], found: str, tmp_path: Path) -> None:
    text = told(tmp_path, files, needs(DJANGO))
    assert text.endswith(f'[verify]\nenv = {{ DJANGO_SETTINGS_MODULE = "{found}" }}')


def test_a_shared_file_has_the_whole_name(tmp_path: Path) -> None:
    text = told(tmp_path, {}, needs("A_KEY"), "pyproject.toml")
    assert "in pyproject.toml:" in text
    assert text.endswith('[tool.unify-backend.verify]\nenv = { A_KEY = "…" }')


def test_what_is_configured_stays(tmp_path: Path) -> None:
    text = told(tmp_path, {}, needs("B", "A"), env={"DEBUG": True, "A": "1"})
    assert text.endswith('env = { A = "1", DEBUG = "true", B = "…" }')


def test_a_sample_has_the_value(tmp_path: Path) -> None:
    files = {".env.example": "# one\nexport A_KEY='x y'\nB_KEY=\nNOT_C_KEY=3\n"}
    text = told(tmp_path, files, needs("A_KEY", "B_KEY", "C_KEY"))
    assert text.endswith('env = { A_KEY = "x y", B_KEY = "…", C_KEY = "…" }')


def test_a_secret_file_is_not_read(tmp_path: Path) -> None:
    text = told(tmp_path, {".env": "A_KEY=secret\n"}, needs("A_KEY"))
    assert "secret" not in text


def test_a_missing_module_wants_another_interpreter(tmp_path: Path) -> None:
    cause = ImportCause("new.a", "ModuleNotFoundError", "No module named 'sky'", missing="sky")
    assert "the interpreter that has sky: --python FILE" in told(tmp_path, {}, cause)


def test_what_was_looked_for_is_a_guess(tmp_path: Path) -> None:
    cause = ImportCause("new.a", "TypeError", "int() argument", asked=("PORT",))
    text = told(tmp_path, {}, cause)
    assert text.startswith("It looked for PORT in vain before; if that is the reason")
    assert text.endswith('env = { PORT = "…" }')


def test_any_other_error_is_shown_whole(tmp_path: Path) -> None:
    text = told(tmp_path, {}, ImportCause("new.a", "ZeroDivisionError", "division by zero"))
    assert "import new.a" in text
    assert "env" not in text
