"""Copies of any shape, from `diff` to `check`: several packages into one, a chain, a circle, trees
inside one another, a fork whose history was merged in."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document, python

Files = Mapping[str, str | None]
Make = Callable[[Sequence[Files]], Path]


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Make:
    """`repository(commits)` makes a repository of these commits, each of the files that it writes,
    or removes where the content is None."""

    def make(commits: Sequence[Files]) -> Path:
        root = tmp_path / "there"
        root.mkdir()
        git(root, "init", "-q", "-b", "main")
        for number, files in enumerate(commits):
            write(root, files)
            git(root, "add", "-A")
            git(root, "commit", "-q", "-m", f"Commit {number}")
        return root

    return make


def write(root: Path, files: Files) -> None:
    """Writes files below `root`; None removes one."""
    for path, content in files.items():
        place = root / path
        if content is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, "utf-8", newline="")


def packages(*moves: tuple[str, str]) -> str:
    """A configuration of these moves."""
    return "".join(f'[[packages]]\nlegacy = "{old}"\ncanonical = "{new}"\n\n' for old, new in moves)


def keep(root: Path, git: Git, subject: str) -> None:
    """Commits everything."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", subject)


def body(name: str, one: str = "x + 1", two: str = "x * 2", three: str = "item") -> str:
    """A module of three functions; each can be edited for itself."""
    return (
        f"def {name}_one(x):\n    return {one}\n\n\n"
        f"def {name}_two(x):\n    y = {two}\n    return y\n\n\n"
        f"def {name}_three(items):\n    return [item for item in items if {three}]\n"
    )


# Two packages become one

BEARD: dict[str, str | None] = {
    "beard/__init__.py": '"""Beard."""\nKIND = "b"\n',
    "beard/providers/__init__.py": '"""All providers."""\nfrom beard.providers import nzb\n\n'
    '__all__ = ["nzb"]\n',
    "beard/providers/nzb.py": "from rage.helper import ask\nimport beard\n\n\n"
    "def search():\n    return ask(beard.KIND)\n",
    "rage/__init__.py": "",
    "rage/providers/__init__.py": '"""All providers."""\n__all__ = []\n',
    "rage/helper.py": 'def ask(name):\n    return f"ask {name}"\n',
    "main.py": "from beard.providers.nzb import search\nimport rage.helper\nimport beard\n\n"
    "print(search(), rage.helper.ask(beard.KIND))\n",
    "docs/guide.md": "`rage.helper` is in `rage/helper.py`, `beard/providers/nzb.py` uses it.\n",
    "unify-backend.toml": packages(("beard", "media"), ("rage", "media")),
}


def test_two_packages_become_one(repository: Make, command: Command, git: Git) -> None:
    root = repository([BEARD])
    compared = command(root, "diff", "--format", "json")
    assert compared.code == 0, compared.err
    assert [len(one["only_legacy"]) for one in document(compared.out)["packages"]] == [3, 3]
    assert document(compared.out)["collisions"] == []
    assert command(root, "rewrite").code == 4
    done = command(root, "merge", "--format", "json")
    assert done.code == 0, done.err
    files = document(done.out)["files"]
    assert [file["path"] for file in files].count("media/providers/__init__.py") == 2
    assert python(root, "import main") == "ask b ask b"
    assert "nzb" in (root / "media/providers/__init__.py").read_text()
    assert not (root / "beard").exists()
    assert not (root / "rage").exists()
    assert (root / "docs/guide.md").read_text() == (
        "`media.helper` is in `media/helper.py`, `media/providers/nzb.py` uses it.\n"
    )
    keep(root, git, "One package")
    assert command(root, "rewrite").out.startswith("nothing to rewrite")
    assert command(root, "check", "--max", "0").code == 0
    assert command(root, "shim").code == 0
    assert command(root, "inventory").code == 0
    same = "import rage.helper, media.helper, beard.providers.nzb as n; import media.providers.nzb"
    assert python(root, f"{same} as m; print(rage.helper is media.helper, n is m)") == "True True"
    keep(root, git, "Forwarded")
    assert command(root, "check", "--max", "0").code == 0
    proved = command(
        root, "verify", "--only", "application", "--before", "HEAD~2", "--python", sys.executable
    )
    assert proved.code == 0, proved.out
    assert proved.out.count("no regression") == 2


@pytest.mark.parametrize("name", ["merge", "rename", "migrate"])
def test_what_collides_is_told_and_nothing_is_written(
    repository: Make, command: Command, git: Git, name: str
) -> None:
    root = repository([{**BEARD, "beard/util.py": "X = 1\n", "rage/util.py": "X = 2\n"}])
    compared = document(command(root, "diff", "--format", "json").out)
    origins = ["beard/util.py", "rage/util.py"]
    assert compared["collisions"] == [{"path": "media/util.py", "origins": origins}]
    planned = command(root, "merge", "--dry-run", "--format", "json")
    assert planned.code == 1
    assert {one["path"] for one in document(planned.out)["conflicts"]} == {"media/util.py"}
    moves = ("--move", "beard=media", "--move", "rage=media", "--no-verify")
    done = command(root, name, *{"rename": moves, "migrate": ("--no-verify",)}.get(name, ()))
    assert done.code == (1 if name == "migrate" else 4)
    assert "media/util.py (beard/util.py and rage/util.py)" in " ".join(
        (done.out + done.err).split()
    )
    assert git(root, "status", "--porcelain") == ""


def test_a_collision_ends_where_one_of_them_gets_a_name_of_its_own(
    repository: Make, command: Command
) -> None:
    files = {
        "beard/util.py": "X = 1\n",
        "rage/util.py": "X = 2\n",
        "use.py": "from rage.util import X\nfrom beard.util import X as Y\nprint(X, Y)\n",
    }
    root = repository([{**BEARD, **files}])
    moves = [("beard", "media"), ("rage", "media"), ("rage.util", "media.rage_util")]
    words = [word for old, new in moves for word in ("--move", f"{old}={new}")]
    done = command(root, "rename", *words, "--no-verify")
    assert done.code == 0, done.err
    assert python(root, "import use") == "2 1"
    assert (root / "use.py").read_text().startswith("from media.rage_util import X\n")


CORE: list[Files] = [
    {
        "left/__init__.py": "",
        "left/a.py": body("a"),
        "right/__init__.py": "",
        "right/b.py": "from left.a import a_one\n\n\n" + body("b"),
        "main.py": "from left.a import a_two\nfrom right.b import b_one\n"
        "print(a_two(3), b_one(3))\n",
    },
    {
        "core/__init__.py": "",
        "core/a.py": body("a"),
        "core/b.py": "from core.a import a_one\n\n\n" + body("b"),
        "core/new.py": "NEW = 1\n",
    },
    {
        "core/a.py": body("a", one="x + 10"),
        "core/b.py": "from core.a import a_one\n\n\n" + body("b"),
    },
    {"left/a.py": body("a", three="item is not None"), "right/late.py": "import left.a\n"},
    {"right/b.py": "from left.a import a_one\n\n\n" + body("b", one="x + 7")},
]
INTO_CORE = ("--legacy", "left", "--canonical", "core", "--legacy", "right", "--canonical", "core")


def test_two_packages_that_were_copied_into_one(
    repository: Make, command: Command, git: Git
) -> None:
    root = repository(CORE)
    compared = document(command(root, "diff", *INTO_CORE, "--format", "json").out)
    pairs = [{pair["path"]: pair["ahead"] for pair in one["pairs"]} for one in compared["packages"]]
    assert [{path: ahead for path, ahead in one.items() if ahead != "none"} for one in pairs] == [
        {"a.py": "both"},
        {"b.py": "legacy"},
    ]
    assert [one["only_canonical"] for one in compared["packages"]] == [["new.py"], ["new.py"]]
    done = command(root, "merge", *INTO_CORE, "--format", "json")
    assert done.code == 0, done.err
    how = {file["path"]: file["how"] for file in document(done.out)["files"]}
    assert how == {
        "core/__init__.py": "unchanged",
        "core/a.py": "merged",
        "core/b.py": "took-legacy",
        "core/late.py": "moved",
        "core/new.py": "kept-canonical",
    }
    assert (root / "core/a.py").read_text() == body("a", one="x + 10", three="item is not None")
    keep(root, git, "Merged")
    assert command(root, "rewrite", *INTO_CORE).code == 0
    assert python(root, "import main") == "6 10"
    keep(root, git, "Rewritten")
    assert command(root, "shim", *INTO_CORE).code == 0
    keep(root, git, "Forwarded")
    assert command(root, "check", *INTO_CORE, "--max", "0").code == 0


# One takes the name that another leaves

SHOP: dict[str, str | None] = {
    "shop/__init__.py": '"""The first one."""\nVERSION = 1\n',
    "shop/cart.py": "from shop.prices import price\nfrom . import VERSION\n\n\n"
    "def total(items):\n    return sum(price(item) for item in items) * VERSION\n",
    "shop/prices.py": "def price(item):\n    return len(item)\n",
    "shop/v2/__init__.py": '"""The second one."""\nVERSION = 2\n',
    "shop/v2/cart.py": "from shop import cart as old_cart\nfrom shop.v2 import VERSION\n\n\n"
    "def total(items):\n    return old_cart.total(items) * VERSION\n",
    "shop/v2/rates.py": "RATE = 3\n",
    "main.py": "import shop.cart\nimport shop.v2.cart\nfrom shop import prices\n"
    "from shop.v2 import rates\n\n"
    'print(shop.cart.total(["a"]), shop.v2.cart.total(["ab"]), prices.price("abc"), rates.RATE)\n',
    "tests/test_cart.py": "from unittest import mock\n\nfrom shop.v2.cart import total\n"
    "from shop.cart import total as old_total\n\n\ndef test_total():\n"
    '    with mock.patch("shop.cart.total", return_value=5):\n        assert total(["a"]) == 10\n'
    '    assert old_total(["ab"]) == 2\n',
    "docs/guide.md": "Import `shop.v2.cart` (in `shop/v2/cart.py`), before `shop.cart`: see "
    "`shop/prices.py`.\n\n    python -m shop.v2.cart\n",
    "run.sh": "#!/bin/sh\npython -m shop.v2.cart\npython shop/cart.py\n",
    "unify-backend.toml": packages(("shop.v2", "shop"), ("shop", "shop.v1")),
}
SWAPPED = {
    "main.py": "import shop.v1.cart\nimport shop.cart\nfrom shop.v1 import prices\n"
    "from shop import rates\n\n"
    'print(shop.v1.cart.total(["a"]), shop.cart.total(["ab"]), prices.price("abc"), rates.RATE)\n',
    "shop/__init__.py": '"""The second one."""\nVERSION = 2\n',
    "shop/v1/__init__.py": '"""The first one."""\nVERSION = 1\n',
    "shop/cart.py": "from shop.v1 import cart as old_cart\nfrom shop import VERSION\n\n\n"
    "def total(items):\n    return old_cart.total(items) * VERSION\n",
    "docs/guide.md": "Import `shop.cart` (in `shop/cart.py`), before `shop.v1.cart`: see "
    "`shop/v1/prices.py`.\n\n    python -m shop.cart\n",
    "run.sh": "#!/bin/sh\npython -m shop.cart\npython shop/v1/cart.py\n",
}


def test_a_swap_from_diff_to_check(repository: Make, command: Command, git: Git) -> None:
    root = repository([SHOP])
    before = python(root, "import main")
    compared = command(root, "diff")
    assert compared.code == 0, compared.err
    assert compared.out.count("nothing to compare") == 2
    listed = document(command(root, "inventory", "--format", "json").out)["references"]
    assert all(one["action"] != "review" for one in listed)
    waiting = command(root, "rewrite")
    assert waiting.code == 4
    assert "--move shop.v2=shop --move shop=shop.v1" in waiting.err
    done = command(root, "merge")
    assert done.code == 0, done.out
    assert {path: (root / path).read_text() for path in SWAPPED} == SWAPPED
    assert 'mock.patch("shop.v1.cart.total"' in (root / "tests/test_cart.py").read_text()
    assert not (root / "shop/v2").exists()
    assert python(root, "import main") == before
    keep(root, git, "Swapped")
    assert command(root, "merge").out.startswith("nothing to merge")
    assert command(root, "rewrite").out.startswith("nothing to rewrite")
    assert command(root, "check", "--max", "0").code == 0
    proved = command(
        root, "verify", "--only", "application", "--before", "HEAD~1", "--python", sys.executable
    )
    assert proved.code == 0, proved.out
    assert "shop at HEAD~1 against shop.v1 now" in proved.out
    assert "shop.v2 at HEAD~1 against shop now" in proved.out
    assert command(root, "shim").code == 0
    keep(root, git, "Forwarded")
    assert python(root, "import shop.v2.rates, shop.rates; print(shop.v2.rates is shop.rates)")
    assert command(root, "merge").out.startswith("nothing to merge")
    assert command(root, "check", "--max", "0").code == 0
    write(root, {"late.py": "import shop.v2.rates\nimport shop.cart\n"})
    git(root, "add", "-A")
    found = command(root, "check", "--max", "0")
    assert found.code == 1
    assert "late.py:1:8" in found.out
    assert "late.py:2" not in found.out
    assert command(root, "report").code == 0


def test_a_swap_can_be_undone_and_is_done_by_rename_as_well(
    repository: Make, command: Command, git: Git
) -> None:
    root = repository([{**SHOP, "unify-backend.toml": ""}])
    done = command(root, "rename", "shop.v2", "shop", "--move", "shop=shop.v1", "--format", "json")
    assert done.code == 0, done.err
    result = document(done.out)
    names = [(one["legacy"], one["canonical"]) for one in result["packages"]]
    assert names == [("shop.v2", "shop"), ("shop", "shop.v1")]
    assert result["verified"]["regressions"] == []
    assert {path: (root / path).read_text() for path in SWAPPED} == SWAPPED
    command(root, "undo")
    assert git(root, "status", "--porcelain") == ""


def test_what_a_swap_leaves_is_named_with_exit_code_1(repository: Make, command: Command) -> None:
    root = repository([{**SHOP, "who.py": 'NAME = "shop"\n'}])
    done = command(root, "merge")
    assert done.code == 1
    assert "1 reference of them to settle at once" in done.out
    assert "who.py:1:9" in done.out


def test_a_chain_waits_for_a_copy_at_its_end(repository: Make, command: Command, git: Git) -> None:
    root = repository([{**SHOP, "shop/v1/__init__.py": "VERSION = 0\n"}])
    done = command(root, "merge")
    assert done.code == 2
    assert "shop/v1/ is there already" in done.err
    assert "--legacy shop --canonical shop.v1" in done.err
    assert git(root, "status", "--porcelain") == ""


def test_a_longer_chain_of_single_modules(repository: Make, command: Command) -> None:
    files = {f"{name}.py": f"VALUE = {number}\n" for number, name in enumerate("abc")}
    root = repository([{**files, "use.py": "import a, b, c\nprint(a.VALUE, b.VALUE, c.VALUE)\n"}])
    words = [word for pair in ("a=b", "b=c", "c=d") for word in ("--move", pair)]
    done = command(root, "rename", *words, "--no-verify")
    assert done.code == 0, done.err
    assert (root / "use.py").read_text() == "import b, c, d\nprint(b.VALUE, c.VALUE, d.VALUE)\n"
    assert python(root, "import use") == "0 1 2"


def test_a_module_takes_the_name_that_a_package_leaves(repository: Make, command: Command) -> None:
    moves = (
        '[[packages]]\nlegacy = "near"\ncanonical = "far"\n'
        'legacy-path = "near.py"\ncanonical-path = "far.py"\n\n' + packages(("far", "away"))
    )
    root = repository(
        [
            {
                "near.py": "ONE = 1\n",
                "far/__init__.py": "TWO = 2\n",
                "main.py": "import far\nimport near\n\nprint(near.ONE, far.TWO)\n",
                "unify-backend.toml": moves,
            }
        ]
    )
    done = command(root, "merge")
    assert done.code == 0, done.err
    assert python(root, "import main") == "1 2"
    assert (root / "main.py").read_text().startswith("import away\nimport far\n")


def test_a_circle_is_carried_out_once_by_rename(
    repository: Make, command: Command, git: Git
) -> None:
    files = {
        "left/__init__.py": "NUMBER = 1\n",
        "right/__init__.py": "NUMBER = 2\n",
        "right/only.py": "ONLY = 3\n",
        "use.py": "import left\nimport right.only\n"
        "print(left.NUMBER, right.NUMBER, right.only.ONLY)\n",
        "unify-backend.toml": packages(("left", "right"), ("right", "left")),
    }
    root = repository([files])
    refused = command(root, "merge")
    assert refused.code == 2
    assert "unify-backend rename --move left=right --move right=left" in refused.err
    (root / "unify-backend.toml").unlink()
    keep(root, git, "Without it")
    words = ("rename", "--move", "left=right", "--move", "right=left")
    assert command(root, *words, "--shim").code == 2
    done = command(root, *words)
    assert done.code == 0, done.out + done.err
    assert (root / "use.py").read_text() == (
        "import right\nimport left.only\nprint(right.NUMBER, left.NUMBER, left.only.ONLY)\n"
    )
    assert python(root, "import use") == "1 2 3"
    assert not (root / "right/only.py").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rename",), "no package is named"),
        (("rename", "beard"), "has no new name"),
        (("rename", "--move", "beard"), "does not name two packages"),
        (("rename", "--move", "beard=media", "--legacy-path", "a", "--legacy-path", "b"), "nth"),
        (("rename", "--move", "beard=a", "--move", "beard=b"), "moved twice"),
        (
            ("rename", "--move", "beard=a", "--move", "rage=a", "--canonical-path", "x/a"),
            "packages that become one have one name and one folder",
        ),
    ],
)
def test_moves_that_cannot_be_are_explained(
    repository: Make, command: Command, git: Git, words: Sequence[str], message: str
) -> None:
    root = repository([BEARD])
    done = command(root, *words)
    assert done.code == 2
    assert message in " ".join(done.err.split())
    assert git(root, "status", "--porcelain") == ""


# Trees inside one another


def _nested(old: str, new: str) -> list[Files]:
    """A package at `old`, its copy at `new` (dotted names), and an edit of each."""
    left, right = old.replace(".", "/"), new.replace(".", "/")
    user = (
        "from {0}.a import a_one\nfrom .sub import b\n\n\n"
        "def run(x):\n    return a_one(b.b_two(x))\n"
    )

    def tree(name: str, folder: str) -> dict[str, str | None]:
        return {
            f"{folder}/__init__.py": "",
            f"{folder}/a.py": body("a"),
            f"{folder}/sub/__init__.py": "",
            f"{folder}/sub/b.py": body("b"),
            f"{folder}/c.py": user.format(name),
        }

    main = f"import {old}.c\nfrom {old} import a\nprint({old}.c.run(3), a.a_two(2))\n"
    top = {f"{old.split('.')[0]}/__init__.py": ""}
    return [
        {**top, **tree(old, left), "main.py": main, "guide.md": f"See `{left}/c.py`.\n"},
        tree(new, right),
        {f"{right}/a.py": body("a", one="x + 10")},
        {f"{left}/sub/b.py": body("b", two="x * 3"), f"{left}/a.py": body("a", three="item != 0")},
    ]


@pytest.mark.parametrize(("old", "new"), [("pkg.old", "pkg"), ("pkg", "pkg.core")])
def test_one_tree_lies_inside_the_other(
    repository: Make, command: Command, git: Git, old: str, new: str
) -> None:
    root = repository(_nested(old, new))
    names = ("--legacy", old, "--canonical", new)
    compared = document(command(root, "diff", *names, "--format", "json").out)["packages"][0]
    ahead = {pair["path"]: pair["ahead"] for pair in compared["pairs"] if pair["ahead"] != "none"}
    assert ahead == {"a.py": "both", "sub/b.py": "legacy"}
    assert compared["only_legacy"] == compared["only_canonical"] == []
    assert command(root, "merge", *names).code == 0
    place = root / new.replace(".", "/")
    assert (place / "a.py").read_text() == body("a", one="x + 10", three="item != 0")
    keep(root, git, "Merged")
    assert command(root, "rewrite", *names).code == 0
    assert python(root, "import main") == "19 4"
    keep(root, git, "Rewritten")
    assert command(root, "shim", *names).code == 0
    keep(root, git, "Forwarded")
    same = f"import {old}.a, {new}.a, {old}.sub.b; print({old}.a is {new}.a)"
    assert python(root, same) == "True"
    assert command(root, "check", *names, "--max", "0").code == 0
    assert command(root, "rewrite", *names).out.startswith("nothing to rewrite")


# A fork whose history is in the repository

LIB: dict[str, str | None] = {
    "lib/__init__.py": '"""The library, in its first shape."""\n',
    **{f"lib/{name}.py": body(name) for name in "abcd"},
    "lib/run.py": "from lib.a import a_one\nfrom lib import b\n\n\n"
    "def run(x):\n    return a_one(b.b_two(x))\n",
    "main.py": "import lib.run\nprint(lib.run.run(3))\n",
}
BOTH = body("a", one="x + 10", three="item is not None")


def _fork(root: Path, git: Git, folder: str) -> None:
    """Edits of the fork, the package in `folder`."""
    write(root, {f"{folder}/a.py": body("a", three="item is not None")})
    keep(root, git, "The fork edits a")
    write(root, {f"{folder}/c.py": body("c", one="x + 5")})
    keep(root, git, "The fork edits c")


def _renamed(root: Path, git: Git) -> None:
    git(root, "mv", "lib", "forklib")
    for path in sorted((root / "forklib").glob("*.py")):
        path.write_text(path.read_text().replace("from lib", "from forklib"), newline="")
    keep(root, git, "The fork has a name of its own")


def _living(root: Path, git: Git) -> None:
    write(root, {"lib/a.py": body("a", one="x + 10")})
    keep(root, git, "The library edits a")
    write(root, {"lib/d.py": body("d", two="x * 4")})
    keep(root, git, "The library edits d")


def _put_into(root: Path, git: Git, revision: str, folder: str) -> None:
    """What `git subtree add --prefix` does."""
    git(root, "merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories", revision)
    git(root, "read-tree", f"--prefix={folder}/", "-u", revision)
    git(root, "commit", "-q", "-m", f"Import the fork below {folder}/")


FORKS = {
    "a branch that renamed the package": ("forklib", None),
    "a branch that edited the package and then renamed it": ("forklib", None),
    "another history, below a folder": ("vendor/forklib", "vendor"),
    "another history that never renamed it": ("vendor/lib", "vendor"),
    "another history without a common commit": ("vendor/forklib", "vendor"),
}


@pytest.mark.parametrize("shape", FORKS)
def test_a_fork_whose_history_was_merged_in(
    shape: str, repository: Make, command: Command, git: Git
) -> None:
    lies, below = FORKS[shape]
    root = repository([LIB])
    git(root, "checkout", "-q", *(("--orphan",) if "without" in shape else ("-b",)), "fork")
    if "without" in shape:
        keep(root, git, "Release 1.0, as it was downloaded")
    if "edited" in shape:
        write(root, {"lib/b.py": body("b", three="item > 1")})
        keep(root, git, "The fork edits b")
    if "never" not in shape:
        _renamed(root, git)
    _fork(root, git, lies.rpartition("/")[2])
    git(root, "checkout", "-q", "main")
    _living(root, git)
    if below is not None:
        git(root, "rm", "-q", "-r", "--cached", "--ignore-unmatch", "vendor")
        _put_into(root, git, "fork", below)
        git(root, "rm", "-q", f"{below}/main.py")
        git(root, "commit", "-q", "-m", "Without its program")
    else:
        git(root, "merge", "-q", "-s", "ours", "--no-commit", "fork")
        git(root, "read-tree", "--prefix=forklib/", "-u", "fork:forklib")
        git(root, "commit", "-q", "-m", "Merge the fork")
    legacy = lies.rpartition("/")[2] if "never" not in shape else "vendor.lib"
    paths = ("--legacy-path", lies, "--canonical-path", "lib")
    names = ("--legacy", legacy, "--canonical", "lib", *paths)
    compared = document(command(root, "diff", *names, "--format", "json").out)["packages"][0]
    ahead = {pair["path"]: pair["ahead"] for pair in compared["pairs"] if pair["ahead"] != "none"}
    edited = {"b.py": "legacy"} if "edited" in shape else {}
    assert ahead == {"a.py": "both", "c.py": "legacy", "d.py": "canonical", **edited}
    done = command(root, "merge", *names)
    assert done.code == 0, done.out
    assert (root / "lib/a.py").read_text() == BOTH
    assert (root / "lib/c.py").read_text() == body("c", one="x + 5")
    assert (root / "lib/d.py").read_text() == body("d", two="x * 4")
    assert python(root, "import main") == "16"
    keep(root, git, "Merged")
    write(root, {"use.py": f"import {legacy}.a\n"})
    keep(root, git, "A use")
    assert command(root, "rewrite", *names).code == 0
    assert (root / "use.py").read_text() == "import lib.a\n"
    git(root, "rm", "-q", "-r", lies)
    keep(root, git, "Gone")
    assert command(root, "check", *names, "--max", "0").code == 0
