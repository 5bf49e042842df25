"""What `init` finds where nobody names packages. The commands are in tests/end_to_end."""

from pathlib import Path

import pytest

from unify_backend.commands.init import proposed
from unify_backend.model.errors import ConfigurationError
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

Files = dict[str, str]
TINY = {f"m{n}.py": f'def f{n}(a):\n    """Text."""\n    return a + {n}\n' for n in range(1, 5)}
TINY["__init__.py"] = ""


def package(folder: str, files: Files = TINY) -> Files:
    return {f"{folder}/{name}": text for name, text in files.items()}


def snapshot(root: Path, files: Files) -> Snapshot:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="\n")
    return Snapshot(Repository.discover(root))


NOTHING = {
    "no Python": ({"README.md": "# x\n", "src/index.ts": ""}, ["no Python package here"]),
    "only tests": ({"tests/test_x.py": "", "docs/conf.py": ""}, ["no Python package here"]),
    "one package": (
        {"src/shop/__init__.py": "", "pyproject.toml": "[project]\nname = 'shop'\n"},
        ["src/shop/ (package)", "init --legacy shop --canonical NEW_NAME"],
    ),
    "parts of a namespace": (
        {"src/acme/a/__init__.py": "", "src/acme/b/__init__.py": ""},
        ["acme.a  src/acme/a/ (package)", "acme.b  src/acme/b/"],
    ),
    "a Django project": (
        {
            "manage.py": "import shop\n",
            "shop/__init__.py": "",
            "shop/settings.py": "A = 1\n",
            "cart/__init__.py": "",
            "cart/models.py": "B = 1\n",
        },
        ["--legacy shop", "--legacy cart"],
    ),
    "a backend beside a frontend": (
        {
            "backend/lib/__init__.py": "",
            "backend/main.py": "from lib import x\n",
            "frontend/package.json": "{}",
            "frontend/src/lib/index.ts": "",
        },
        ["lib  backend/lib/ (package)", "--legacy lib --canonical NEW_NAME"],
    ),
    "two packages of one name": (
        {"a/lib/__init__.py": "", "my b/lib/__init__.py": "", "x.py": "import lib\n"},
        ["--legacy-path a/lib", '--legacy-path "my b/lib"'],
    ),
    "an application without __init__": (
        {"app/main.py": "from app import db\n", "app/db.py": ""},
        ["app/ (namespace package)"],
    ),
    "copies, nobody knows which is old": (
        package("alpha") | package("beta"),
        ["--legacy alpha --canonical beta", "--legacy beta --canonical alpha"],
    ),
    "a package and what its tests have of it": (
        package("shop") | package("tests/data/shop_v2"),
        ["shop/ (package)"],
    ),
    "alike in what every package has": (
        package("alpha", {"__init__.py": "", "v.py": "V = 1\n", "a.py": "A = 1\n"})
        | package("old_beta", {"__init__.py": "", "v.py": "V = 1\n", "b.py": "B = 2\n"}),
        ["alpha/ (package)", "old_beta/ (package)"],
    ),
}


@pytest.mark.parametrize("case", NOTHING.values(), ids=NOTHING)
def test_what_is_there_is_listed(case: tuple[Files, list[str]], tmp_path: Path) -> None:
    files, says = case
    with pytest.raises(ConfigurationError) as caught:
        proposed(snapshot(tmp_path, files), (), None, dry_run=True)
    said = f"{caught.value.fact}\n{caught.value.reason}\n{caught.value.step}"
    for words in says:
        assert words in said


PAIRS = {
    "by a word": ("old_pkg", "new_pkg", "old_pkg", "new_pkg"),
    "by a word, the other way": ("shop", "shop_legacy", "shop_legacy", "shop"),
    "by a version": ("shop_v2", "shop", "shop", "shop_v2"),
    "by the first version": ("shop_v1", "shop", "shop_v1", "shop"),
    "by its depth": ("shop_backend", "shop/backend", "shop_backend", "shop/backend"),
    "both in src": ("src/old_shop", "src/shop", "src/old_shop", "src/shop"),
}


@pytest.mark.parametrize("case", PAIRS.values(), ids=PAIRS)
def test_a_clear_pair_of_copies_is_taken(case: tuple[str, str, str, str], tmp_path: Path) -> None:
    first, second, legacy, canonical = case
    _, done = proposed(snapshot(tmp_path, package(first) | package(second)), (), None, dry_run=True)
    (move,) = done.moves
    assert (move.legacy_path, move.canonical_path) == (legacy, canonical)


def test_the_names_in_a_copy_are_its_own(tmp_path: Path) -> None:
    """The copies name themselves, as people leave them behind after a search and replace."""
    texts = {f"m{n}.py": f"from NAME.m{n} import value_{n}\nother_{n} = 1\n" for n in range(9)}
    texts["__init__.py"] = ""
    old = {path: text.replace("NAME", "old_shop") for path, text in texts.items()}
    new = {path: text.replace("NAME", "acme.shop") for path, text in texts.items()}
    files = package("old_shop", old) | package("src/acme/shop", new)
    _, done = proposed(snapshot(tmp_path, files), (), None, dry_run=True)
    (move,) = done.moves
    assert (move.legacy, move.canonical) == ("old_shop", "acme.shop")
    assert move.canonical_path == "src/acme/shop"
