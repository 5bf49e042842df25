"""The house keeps its own rules: sizes, names, and registry, documents and cases in step."""

import ast
import re
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from unify_backend.cli.app import COMMANDS
from unify_backend.languages.registry import READERS
from unify_backend.model.text import PACKAGE_FILES, PYTHON_FILES

ROOT = Path(__file__).parents[2]
# Programs of their own, which run without this package in the application's interpreter
PROGRAMS = re.compile(r".*/(?:programs/[^/]+|shim/template/[^/]+|bootstrap)\.py")
# Lists of the endings of many formats
MANY_FORMATS = re.compile(r"unify_backend/references/groups/(?:loggers|tasks)\.py")
PYTHON = sorted(
    [
        *ROOT.glob("unify_backend/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("benchmarks/**/*.py"),
    ]
)
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_is_too_long(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 600


def test_the_code_names_no_project_of_its_users() -> None:
    for file in ROOT.glob("unify_backend/**/*.py"):
        assert "pixsim" not in file.read_text("utf-8").lower(), file


def test_the_endings_of_python_are_written_once() -> None:
    """What decides by `.py` alone forgets stubs and `.pyw`; the names are in model/text.py."""
    for file in ROOT.glob("unify_backend/**/*.py"):
        path = file.relative_to(ROOT).as_posix()
        home = path == "unify_backend/model/text.py"
        if home or PROGRAMS.fullmatch(path) or MANY_FORMATS.fullmatch(path):
            continue
        written = (
            node.value
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        for text in written:
            whole = text in PYTHON_FILES or text.rpartition("/")[2] in PACKAGE_FILES
            assert not whole or " " in text, f"{path}: {text}"


def test_no_tracked_file_holds_a_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    homes = re.compile(rb"(?<![A-Za-z0-9_.])/(?:work|farm|root|home/[a-z]+)/[A-Za-z.]")
    for name in tracked.stdout.decode().split("\0")[:-1]:
        place = ROOT / name
        if place.is_file() and not name.startswith("fixtures/"):
            assert not homes.search(place.read_bytes()), name


def test_every_command_is_documented() -> None:
    for name, command in COMMANDS.items():
        assert f"unify-backend {name}" in README, name
        assert "Examples" in (command.__doc__ or ""), name
        assert f"unify-backend {name}" in (command.__doc__ or ""), name
        assert (ROOT / "unify_backend" / "cli" / f"{name}.py").is_file()


def test_every_form_has_its_file_its_cases_and_its_line() -> None:
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    files = {file.parent.name for file in ROOT.glob("unify_backend/languages/*/references.py")}
    used = {type(form).__module__.split(".")[-2] for form in READERS.values()}
    assert used == files
    for language in READERS:
        assert (ROOT / "fixtures" / "forms" / f"{language}.yml").is_file(), language
        assert f"| `{language}` |" in page, language


def test_every_json_document_has_a_schema() -> None:
    source = "".join(
        file.read_text("utf-8") for file in ROOT.glob("unify_backend/reporting/**/*.py")
    )
    named = set(re.findall(r'"unify-backend/([a-z]+)/1"', source))
    folder = resources.files("unify_backend.reporting") / "schemas"
    assert named == {file.name.removesuffix(".json") for file in folder.iterdir()}


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(file.name[:4]) for file in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
