"""Copies of other shapes than two packages: two folders of one import name, and two modules."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document

ONE_NAME = (
    *("--legacy", "paint", "--canonical", "paint"),
    *("--legacy-path", "lib/paint", "--canonical-path", "lib3/paint"),
)
MODULES = ("--legacy", "acme.serve2", "--canonical", "acme.serve3")
COLOUR = '''"""Colours as numbers."""

RED = 0xFF0000
GREEN = 0x00FF00


def mixed(first, second):
    """The colour between two others."""
    return (first + second) // 2


def shade(colour, by):
    """A darker colour."""
    return colour // by
'''
PRICE = '\n\ndef price(name):\n    """What it costs."""\n    return len(name)\n'
PACKAGE = {
    "__init__.py": "from paint.colour import RED, mixed\n\n__all__ = ['RED', 'mixed']\n",
    "colour/__init__.py": COLOUR,
    "shop.py": "from paint.colour import GREEN\n\nOFFERS = {'green': GREEN}\n",
}
AROUND = {
    "setup.py": (
        "from setuptools import find_packages, setup\n\n"
        'setup(name="paint", package_dir={"": "lib"}, packages=find_packages("lib"))\n'
    ),
    "pyproject.toml": (
        '[tool.pytest.ini_options]\npythonpath = ["lib"]\n\n'
        '[tool.mypy]\nfiles = ["lib/paint"]\nmypy_path = "lib"\n\n'
        '[tool.coverage.run]\nsource = ["paint"]\n'
    ),
    "MANIFEST.in": "recursive-include lib/paint *.py\n",
    "Makefile": "check:\n\truff check lib/paint tests\n\tPYTHONPATH=lib python -m pytest\n",
    "Dockerfile": "FROM python:3.12\nCOPY lib/paint /app/paint\nWORKDIR /app\n",
    "README.md": "# Paint\n\nSee [shop](lib/paint/shop.py); type `import paint`.\n",
    ".github/workflows/ci.yml": (
        'on:\n  push:\n    paths: ["lib/**"]\njobs:\n  test:\n    steps:\n'
        "      - run: PYTHONPATH=lib python -m pytest\n"
    ),
    "tests/test_colour.py": "from paint.colour import RED, mixed\n\nassert mixed(RED, 0) < RED\n",
}


def write(root: Path, files: dict[str, str]) -> None:
    """Writes the files below `root`."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


def committed(root: Path, git: Git, title: str) -> None:
    """Commits everything."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", title)


@pytest.fixture
def one_name(tmp_path: Path, git: Git) -> Path:
    """Two folders of one import name: a copy, and an edit on each side since."""
    root = tmp_path / "paint"
    write(root, {f"lib/paint/{path}": text for path, text in PACKAGE.items()})
    write(root, AROUND)
    git(root, "init", "-q", "-b", "main")
    committed(root, git, "Paint")
    write(root, {f"lib3/paint/{path}": text for path, text in PACKAGE.items()})
    committed(root, git, "A copy of it")
    rounded = COLOUR.replace("second) //", "second + 1) //")
    write(root, {"lib/paint/colour/__init__.py": rounded})
    committed(root, git, "Round up in lib")
    write(root, {"lib3/paint/shop.py": PACKAGE["shop.py"] + PRICE})
    committed(root, git, "Prices in lib3")
    return root


@pytest.fixture
def modules(tmp_path: Path, git: Git) -> Path:
    """Two modules of one package: a copy, and an edit on each side since."""
    root = tmp_path / "acme"
    start = (
        "import sys\n\nif sys.version_info < (3, 0):\n    from serve2 import *\n"
        "else:\n    from acme.serve3 import *\n"
    )
    write(root, {"acme/__init__.py": start, "acme/serve2.py": COLOUR})
    write(root, {"run.py": "from acme.serve2 import mixed\n\nprint(mixed(1, 3))\n"})
    git(root, "init", "-q", "-b", "main")
    committed(root, git, "Serve")
    write(root, {"acme/serve3.py": COLOUR})
    committed(root, git, "A copy for Python 3")
    write(root, {"acme/serve2.py": COLOUR.replace("second) //", "second + 1) //")})
    committed(root, git, "Round up in the old one")
    write(root, {"acme/serve3.py": COLOUR + PRICE})
    committed(root, git, "Prices in the new one")
    return root


def test_two_folders_of_one_import_name(one_name: Path, command: Command, git: Git) -> None:
    """From `diff` to `check`: paths are rewritten, imports stay, and the old folder goes."""
    root = one_name
    (package,) = document(command(root, "diff", "--format", "json", *ONE_NAME).out)["packages"]
    assert {pair["path"]: pair["ahead"] for pair in package["pairs"]} == {
        "__init__.py": "none",
        "colour/__init__.py": "legacy",
        "shop.py": "canonical",
    }
    early = command(root, "shim", "--remove", *ONE_NAME)
    assert early.code == 4, "nothing is taken away before it is merged"
    assert command(root, "merge", *ONE_NAME).code == 0
    merged = (root / "lib3/paint/colour/__init__.py").read_text("utf-8")
    assert "second + 1" in merged
    assert "def price" in (root / "lib3/paint/shop.py").read_text("utf-8")
    committed(root, git, "Merged")
    assert command(root, "rewrite", *ONE_NAME).code == 0
    for path, text in AROUND.items():
        wanted = text.replace("lib/", "lib3/").replace('"lib"', '"lib3"').replace("=lib ", "=lib3 ")
        assert (root / path).read_text("utf-8") == wanted, path
    committed(root, git, "Rewritten")
    removed = command(root, "shim", "--remove", *ONE_NAME)
    assert "removed 3 files of lib/paint/" in removed.out
    assert not [path for path in (root / "lib").rglob("*") if path.is_file()]
    assert command(root, "check", "--max", "0", *ONE_NAME).code == 0
    assert command(root, "undo").code == 0
    assert (root / "lib/paint/colour/__init__.py").is_file()


def test_a_configuration_names_two_folders_of_one_import_name(
    one_name: Path, command: Command, git: Git
) -> None:
    """`init` writes both folders; `migrate` goes through every step with them."""
    root = one_name
    write(root, {"pyproject.toml": AROUND["pyproject.toml"]})
    assert command(root, "init", *ONE_NAME).code == 0
    settings = (root / "pyproject.toml").read_text("utf-8")
    assert 'legacy-path = "lib/paint"\ncanonical-path = "lib3/paint"\n' in settings
    committed(root, git, "Configured")
    done = command(root, "migrate", "--no-verify")
    assert done.code == 0, done.out + done.err
    assert "lib/paint/ removed: every import stays as it is" in done.out
    listed = git(root, "ls-files", "--deleted").split()
    assert listed == ["lib/paint/" + path for path in sorted(PACKAGE)]
    status = document(command(root, "status", "--format", "json").out)
    assert [phase["state"] for phase in status["phases"]][-1] == "done"


def test_what_selects_both_folders_is_a_question(one_name: Path, command: Command) -> None:
    """A line that chooses between both is neither rewritten nor passed over; until somebody has
    looked at it, the old folder stays."""
    root = one_name
    chosen = 'setup(name="paint", package_dir={"": {2: "lib", 3: "lib3"}[v]}, packages=["paint"])\n'
    write(root, {"setup.py": f"import sys\nv = sys.version_info[0]\n{chosen}"})
    inventory = document(command(root, "inventory", "--format", "json", *ONE_NAME).out)
    here = [one for one in inventory["references"] if one["path"] == "setup.py"]
    legacy = [(one["text"], one["action"]) for one in here if one["names"] == "legacy"]
    assert legacy == [("lib", "review")]
    assert command(root, "merge", "--allow-dirty", *ONE_NAME).code == 0
    refused = command(root, "shim", "--remove", "--allow-dirty", *ONE_NAME)
    assert refused.code == 4
    assert "still name the package" in refused.err


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("shim", *ONE_NAME), ("one import name, paint", "shim --remove")),
        (("shim", "--check", *ONE_NAME), ("one import name, paint", "shim --remove")),
        (
            ("rename", "paint", "paint", *ONE_NAME[4:6], "--canonical-path", "paint", "--shim"),
            ("one import name, paint",),
        ),
        (("diff", *ONE_NAME[:4]), ("import name of 2 folders", "--legacy-path lib/paint")),
        (("diff", "--legacy", "x", "--canonical", "x"), ("onto itself", "--canonical-path DIR")),
        (("init", "--lint", "ruff", *ONE_NAME), ("nothing to ban", "check")),
        (
            ("rename", "paint", "paint", "--legacy-path", "lib/paint"),
            ("lib3/paint/ is there already", "migrate --legacy paint"),
        ),
    ],
)
def test_what_cannot_be_is_said(
    one_name: Path, command: Command, git: Git, arguments: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    """A fact, the reason and the next step; nothing is written."""
    ran = command(one_name, *arguments)
    assert ran.code in {2, 4}, ran.out
    assert all(part in ran.err for part in parts), ran.err
    assert not git(one_name, "status", "--porcelain")


def test_one_folder_is_enough_where_there_are_two(one_name: Path, command: Command) -> None:
    """The other folder is where the import name lies as well."""
    for option in (ONE_NAME[4:6], ONE_NAME[6:]):
        ran = command(one_name, "diff", "--format", "json", *ONE_NAME[:4], *option)
        (package,) = document(ran.out)["packages"]
        assert (package["legacy_path"], package["canonical_path"]) == ("lib/paint", "lib3/paint")


def test_a_package_moves_below_src(one_name: Path, command: Command, git: Git) -> None:
    """One folder is a shape of it, too: the import name stays, the paths change."""
    root = one_name
    git(root, "rm", "-rq", "lib3")
    git(root, "mv", "lib/paint", "paint")
    makefile = "check:\n\truff check paint tests\n\tpytest --cov=paint paint/shop.py\n"
    write(root, {"Makefile": makefile, "use.py": "import paint\n\nprint(paint.RED)\n"})
    committed(root, git, "At the top")
    ran = command(root, "rename", "paint", "paint", "--canonical-path", "src/paint", "--no-verify")
    assert ran.code == 0, ran.err
    wanted = "check:\n\truff check src/paint tests\n\tpytest --cov=paint src/paint/shop.py\n"
    assert (root / "Makefile").read_text("utf-8") == wanted
    assert (root / "use.py").read_text("utf-8").startswith("import paint\n")
    assert (root / "src/paint/shop.py").is_file()


def test_two_modules(modules: Path, command: Command, git: Git) -> None:
    """From `diff` to `check`: a module is a tree of one file."""
    root = modules
    (package,) = document(command(root, "diff", "--format", "json", *MODULES).out)["packages"]
    assert [pair["ahead"] for pair in package["pairs"]] == ["both"]
    assert package["legacy_path"] == "acme/serve2.py"
    shown = command(root, "diff", *MODULES).out
    assert re.search(r"^both +serve3\.py ", shown, re.MULTILINE)
    assert "__init__.py" not in shown
    done = command(root, "merge", *MODULES)
    assert (done.code, "__init__.py" in done.out) == (0, False)
    assert re.search(r"^serve3\.py +merged", done.out, re.MULTILINE)
    merged = (root / "acme/serve3.py").read_text("utf-8")
    assert "second + 1" in merged
    assert "def price" in merged
    committed(root, git, "Merged")
    planned = document(command(root, "rewrite", "--format", "json", *MODULES).out)
    assert [change["path"] for change in planned["changes"]] == ["run.py"]
    assert [place["text"] for place in planned["review"]] == ["serve2"], "Python 2 finds it so"
    start = "from acme.serve3 import *\n"
    write(root, {"acme/__init__.py": start})
    committed(root, git, "Rewritten")
    assert command(root, "shim", *MODULES).code == 0
    assert "Forwarding package" in (root / "acme/serve2.py").read_text("utf-8")
    assert command(root, "check", "--max", "0", *MODULES).code == 0


@pytest.mark.parametrize(
    "names",
    [
        ("--legacy", "acme.serve2", "--canonical", "acme"),
        ("--legacy", "acme", "--canonical", "tools.run"),
    ],
)
def test_a_module_against_a_package(
    modules: Path, command: Command, git: Git, names: tuple[str, ...]
) -> None:
    """They are no two copies of one thing."""
    write(modules, {"tools/__init__.py": "", "tools/run.py": "X = 1\n"})
    committed(modules, git, "Tools")
    for name in ("diff", "merge", "inventory"):
        ran = command(modules, name, *names)
        assert ran.code == 2
        assert "is a single module" in ran.err
        assert "Name two modules or two packages." in ran.err


def test_init_names_both_directions(tmp_path: Path, command: Command, git: Git) -> None:
    """Two folders of one import name may be those of two services: which one is old, people say."""
    root = tmp_path / "paint"
    for number in range(6):
        lines = "".join(f"NAME_{number}_{line} = {line * 7}\n" for line in range(30))
        for folder in ("lib", "lib3"):
            write(root, {f"{folder}/paint/part{number}.py": lines + f"\nFOLDER = '{folder}'\n"})
    write(root, {"lib/paint/__init__.py": "", "lib3/paint/__init__.py": ""})
    write(root, {"use.py": "import paint.part1\n"})
    git(root, "init", "-q", "-b", "main")
    committed(root, git, "Paint")
    ran = command(root, "init")
    assert ran.code == 2
    for old, new in (("lib/paint", "lib3/paint"), ("lib3/paint", "lib/paint")):
        names = "unify-backend init --legacy paint --canonical paint"
        assert f"{names} --legacy-path {old} --canonical-path {new}\n" in ran.err
