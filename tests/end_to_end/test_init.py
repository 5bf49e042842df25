"""`init`: what it finds in repositories of all kinds, and that the next command takes it."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.support import IDENTITY, Command, Git, document

Files = dict[str, str]
Repo = Callable[..., Path]
LIB = "def answer():\n    return 42\n"
TINY = {f"m{n}.py": f'def f{n}(a):\n    """Text."""\n    return a + {n}\n' for n in range(1, 5)}
TINY["__init__.py"] = ""


def package(folder: str, files: Files = TINY) -> Files:
    return {f"{folder}/{name}": text for name, text in files.items()}


@pytest.fixture
def made(tmp_path: Path, git: Git) -> Repo:
    def make(files: Files, tracked: bool = True) -> Path:
        root = tmp_path / "repository"
        root.mkdir()
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8", newline="\n")
        if tracked:
            git(root, "init", "-q", "-b", "main")
            git(root, "add", "-A")
            git(root, *IDENTITY, "commit", "-q", "--allow-empty", "-m", "All")
        return root

    return make


NOTHING = {
    "an empty repository": ({}, True, ["git tracks no file here", "git add"]),
    "an empty folder": ({}, False, ["there is no file here", "--repo"]),
    "a folder without git": (
        {"shop/__init__.py": "X = 1\n"},
        False,
        ["no git repository", "shop/ (package)", "init --legacy shop --canonical NEW_NAME"],
    ),
    "one file": (
        {"run.py": "print(1)\n"},
        True,
        ["run.py (module)", "init --legacy run --canonical NEW_NAME"],
    ),
}


@pytest.mark.parametrize("case", NOTHING.values(), ids=NOTHING)
def test_what_is_there_is_listed_and_nothing_is_written(
    case: tuple[Files, bool, list[str]], made: Repo, command: Command
) -> None:
    files, tracked, says = case
    root = made(files, tracked)
    done = command(root, "init")
    assert (done.code, done.out) == (2, "")
    for words in says:
        assert words in done.err, done.err
    assert {path.name for path in root.glob("*.toml")} <= {"pyproject.toml"}
    assert "unify-backend.toml" not in {path.name for path in root.iterdir()}


def test_a_command_that_is_printed_can_be_pasted(made: Repo, command: Command) -> None:
    root = made({"a/lib/__init__.py": "", "my b/lib/__init__.py": "", "x.py": "import lib\n"})
    pasted = [line.strip() for line in command(root, "init").err.splitlines() if "NEW_NAME" in line]
    last = shlex.split(pasted[-1])
    assert last[0] == "unify-backend"
    assert command(root, *last[1:]).code == 0
    assert command(root, "inventory").code == 0
    assert 'legacy-path = "my b/lib"' in (root / "unify-backend.toml").read_text("utf-8")


def test_a_clear_pair_of_copies_is_written(made: Repo, command: Command) -> None:
    root = made(package("src/shop") | package("src/old_shop"))
    done = command(root, "init", "--format", "json")
    assert done.code == 0, done.err
    (move,) = document(done.out)["packages"]
    assert (move["legacy_path"], move["canonical_path"]) == ("src/old_shop", "src/shop")
    assert command(root, "diff").code == 0


LAYOUTS = {
    "at the top": ("lib/__init__.py", "acme/lib/__init__.py"),
    "in src": ("src/lib/__init__.py", "src/acme/lib/__init__.py"),
    "in a service": ("services/api/src/lib/__init__.py", "services/api/src/acme/lib/__init__.py"),
    "without __init__": ("lib/code.py", "acme/lib/code.py"),
    "a single file": ("lib.py", "acme/lib.py"),
}
NEXT: dict[tuple[str, ...], set[int]] = {  # with the exit codes that say: it was understood
    ("inventory",): {0},
    ("check", "--max", "9"): {0},
    ("status",): {0, 1},
    ("merge", "--dry-run"): {0},
    ("rewrite", "--dry-run"): {4},  # the package has to move first
    ("diff",): {2},  # the new tree is still to come
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_command_takes_what_init_wrote(
    layout: tuple[str, str], made: Repo, command: Command
) -> None:
    old, new = layout
    root = made({old: LIB, "use.py": "import lib\n", "README.md": "`lib`\n"})
    done = command(root, "init", "--legacy", "lib", "--canonical", "acme.lib")
    assert done.code == 0, done.err
    for words, codes in NEXT.items():
        ran = command(root, *words)
        where = f"{words}: {ran.code}\n{ran.err}"
        assert ran.code in codes, where
        assert "has nothing to work on" not in ran.err, where
    moved = command(root, "merge", "--allow-dirty")
    assert moved.code == 0, moved.err
    assert (root / new).read_text("utf-8") == LIB
    assert not (root / old).exists()
    for words in (("rewrite", "--allow-dirty"), ("shim", "--dry-run"), ("check", "--max", "9")):
        ran = command(root, *words)
        assert ran.code in (0, 1), f"{words}: {ran.code}\n{ran.err}"
    assert (root / "use.py").read_text("utf-8").startswith("from acme import lib") or (
        "acme.lib" in (root / "use.py").read_text("utf-8")
    )


def test_the_options_alone_do_the_same(made: Repo, command: Command) -> None:
    root = made({"src/lib/__init__.py": LIB, "use.py": "import lib\n"})
    names = ("--legacy", "lib", "--canonical", "acme.lib")
    assert command(root, "inventory", *names).code == 0
    assert command(root, "merge", *names).code == 0
    assert (root / "src/acme/lib/__init__.py").is_file()
    after = command(root, "inventory", *names, "--format", "json")
    assert after.code == 0, after.err


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["a/lib/__init__.py", "b/lib/__init__.py"], "--legacy-path a/lib or --legacy-path b/lib"),
        (["lib/__init__.py", "src/lib/__init__.py"], "--legacy-path lib or --legacy-path src/lib"),
        (["acme/__init__.py", "acme/data.py"], "neither lib/ nor core/lib/"),
        (["big/__init__.py", "big/lib/__init__.py"], "It may be --legacy big.lib"),
    ],
)
def test_names_that_do_not_say_where(
    files: list[str], says: str, made: Repo, command: Command
) -> None:
    root = made(dict.fromkeys(files, LIB))
    done = command(root, "init", "--legacy", "lib", "--canonical", "core.lib")
    assert done.code == 2
    assert says in done.err
    assert not (root / "unify-backend.toml").exists()


def test_a_doubt_that_was_settled_stays_settled(made: Repo, command: Command) -> None:
    root = made({"lib/__init__.py": LIB, "src/lib/__init__.py": LIB})
    names = ("--legacy", "lib", "--canonical", "acme.lib")
    assert command(root, "init", *names, "--legacy-path", "lib").code == 0
    assert 'legacy-path = "lib"' in (root / "unify-backend.toml").read_text("utf-8")
    done = command(root, "inventory")
    assert (done.code, "as well" in done.err) == (0, False)


@pytest.mark.parametrize("name", ["unify-backend.toml", "pyproject.toml"])
def test_a_second_init_corrects_the_first(name: str, made: Repo, command: Command) -> None:
    lead = "tool.unify-backend." if name == "pyproject.toml" else ""
    written = (
        f'# ours\n[[{lead}decisions]]\npath = "x.yml"\naction = "keep"  # a volume\n\n'
        f'[[{lead}packages]]\nlegacy = "old"  # since 2019\ncanonical = "new"\n'
    )
    root = made({name: written, "src/lib/__init__.py": LIB, "old/__init__.py": ""})
    again = command(root, "init")
    assert again.code == 2
    assert f"{name} configures this tool already" in again.err
    assert "old → new (old/ → new/)" in again.err
    assert "init --legacy MODULE --canonical MODULE" in again.err
    done = command(root, "init", "--legacy", "lib", "--canonical", "acme.lib")
    assert done.code == 0, done.err
    assert "no longer old → new" in done.out
    text = (root / name).read_text("utf-8")
    for kept in ("# ours", "# a volume", "# since 2019", 'path = "x.yml"'):
        assert kept in text
    assert 'legacy-path = "src/lib"' in text
    assert command(root, "inventory").code == 0
    assert command(root, "undo").code == 0
    assert (root / name).read_text("utf-8") == written


def test_the_check_is_written_for_the_corrected_packages(made: Repo, command: Command) -> None:
    written = '[[packages]]\nlegacy = "old"\ncanonical = "new"\n'
    root = made(
        {
            "unify-backend.toml": written,
            "src/lib/__init__.py": LIB,
            "old/__init__.py": "",
            "ruff.toml": "line-length = 90\n",
        }
    )
    done = command(root, "init", "--legacy", "lib", "--canonical", "acme.lib", "--lint", "ruff")
    assert done.code == 0, done.err
    assert 'legacy-path = "src/lib"' in (root / "unify-backend.toml").read_text("utf-8")
    assert '"src/lib/**"' in (root / "ruff.toml").read_text("utf-8")
    assert command(root, "inventory").code == 0


def test_a_configuration_without_packages_gets_some(made: Repo, command: Command) -> None:
    root = made({"unify-backend.toml": 'history = ["x"]  # ours\n', **package("old_shop")})
    assert command(root, "init").code == 2  # and it says what there is
    done = command(root, "init", "--legacy", "old_shop", "--canonical", "shop")
    assert done.code == 0, done.err
    text = (root / "unify-backend.toml").read_text("utf-8")
    assert text.startswith('history = ["x"]  # ours\n')
    assert command(root, "inventory").code == 0


def test_a_module_of_another_name_is_no_part_of_the_answer(made: Repo, command: Command) -> None:
    """After the move the configuration still means the same places."""
    root = made({"src/lib/__init__.py": LIB, "tools/lib/__init__.py": "", "use.py": "import lib\n"})
    names = ("--legacy", "lib", "--canonical", "acme.lib")
    assert command(root, "init", *names).code == 2
    assert command(root, "init", *names, "--legacy-path", "src/lib").code == 0
    assert command(root, "merge", "--allow-dirty").code == 0
    found = document(command(root, "status", "--format", "json").out)
    assert found["schema"] == "unify-backend/status/1"
    assert (root / "tools/lib/__init__.py").exists()
    assert command(root, "merge", "--allow-dirty").code in (0, 2)
    assert (root / "tools/lib/__init__.py").exists()
