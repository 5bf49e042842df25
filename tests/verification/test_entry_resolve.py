"""What is said of an entry point without running it."""

import pytest

from tests.verification.entry_support import MOVES, application, entries
from unify_backend.verification.entrypoints.files import Files, binds, find_module
from unify_backend.verification.entrypoints.resolve import resolve

CASES = [
    ("uvicorn shop_backend.main:app", "shop_backend/main.py", ()),
    ("cd shop_backend && uvicorn main:app", "shop_backend/main.py",
     ("shop_backend/main.py imports shop_backend.start, which is not found from shop_backend",)),
    ("uvicorn shop_backend.main:api", "shop_backend/main.py", ("shop_backend/main.py has no api",)),
    ("uvicorn shop_backend.web:app", None,
     ("module shop_backend.web does not exist (shop_backend does)",)),
    ("python shop_backend/gone.py", None, ("script shop_backend/gone.py does not exist",)),
    ("PYTHONPATH=. python shop_backend/main.py", "shop_backend/main.py", ()),
    ("python shop_backend/main.py", "shop_backend/main.py",
     ("shop_backend/main.py imports shop_backend.start, which is not found from shop_backend",)),
    ("python -m shop_backend", "shop_backend/__init__.py",
     ("shop_backend is a package and has no __main__",)),
    ("cd elsewhere; uvicorn shop_backend.main:app", None,
     ("folder elsewhere does not exist", "module shop_backend.main is not found from elsewhere")),
    ("celery -A shop.backend.core.tasks worker", None,
     ("module shop.backend.core.tasks does not exist (shop.backend.core does)",)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "file", "problems"), CASES, ids=[one[0] for one in CASES])
def test_folder_module_and_attribute(
    line: str, file: str | None, problems: tuple[str, ...]
) -> None:
    files = {**application(), "run.sh": line + "\n"}
    (entry,) = entries(files)
    said = resolve(entry, Files(files, files.get), MOVES)
    assert (said.file, said.problems) == (file, problems)
    assert said.resolves is not bool(problems)


def test_what_a_script_hands_to_its_server() -> None:
    files = {**application(), "run.sh": "python -m shop.backend.core.main\n"}
    (entry,) = entries(files)
    said = resolve(entry, Files(files, files.get), MOVES)
    assert said.serves == "main:app"
    assert said.problems == (
        'shop/backend/core/main.py hands "main:app" to its server: could not import module "main" '
        "from the top folder",
    )


def test_a_program_that_only_forwards_ends_without_serving() -> None:
    files = {**application(), "run.bat": "python shop_backend\\main.py\n"}
    files["shop_backend/main.py"] = (
        '"""Moved."""\nimport warnings\nwarnings.warn("moved")\n'
        "from shop.backend.core.main import app\n"
    )
    (entry,) = entries(files)
    assert resolve(entry, Files(files, files.get)).problems == (
        "shop_backend/main.py ends without serving: it only defines and imports",
    )


def test_packages_come_before_modules_and_folders_last() -> None:
    files = Files(["a/x.py", "a/x/__init__.py", "b/y/z.py", "c/y/__init__.py"], lambda _: "")
    assert find_module("x", ["a"], files) == find_module("x", ["b", "a"], files)
    found = find_module("x", ["a"], files)
    assert found is not None
    assert found.path == "a/x/__init__.py"
    regular = find_module("y", ["b", "c"], files)
    assert regular is not None
    assert regular.path == "c/y/__init__.py"
    assert find_module("y.z", ["b"], files) is not None
    assert find_module("q.z", ["b"], files) is None


def test_names_that_cannot_be_known_are_taken_to_be_there() -> None:
    texts = {"m.py": "from x import *\n", "n.py": "a = 1\n"}
    files = Files(texts, texts.get)
    for name, there in (("m", True), ("n", False)):
        module = find_module(name, ["."], files)
        assert module is not None
        assert binds(module, "app", ["."], files) is there
