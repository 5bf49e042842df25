"""Each bad input has its message, names the file, and loses nothing."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file names, modes and links")


def result(command: Command, root: Path, *arguments: str, code: int = 0) -> Any:
    """A JSON result, with the exit code it must have."""
    done = command(root, *arguments, *NAMES, "--format", "json")
    assert done.code == code, done.err
    return json.loads(done.out)


def test_no_repository_says_what_it_cannot_guard(shop: Shop, command: Command) -> None:
    root = shop({"run.py": "import shop_backend.main\n"}, commit=False)
    done = command(root, "rewrite", *NAMES)
    assert done.code == 0
    assert "no git" in done.err
    assert (root / "run.py").read_text() == "import shop.backend.core.main\n"
    assert command(root, "undo").code == 0
    assert (root / "run.py").read_text() == "import shop_backend.main\n"


def test_a_folder_that_is_not_there(tmp_path: Path, command: Command) -> None:
    done = command(tmp_path, "inventory", "--repo", str(tmp_path / "gone"))
    assert done.code == 2
    assert "gone" in done.err


def test_nothing_configured(shop: Shop, command: Command) -> None:
    done = command(shop(), "inventory")
    assert done.code == 2
    assert "unify-backend init" in done.err


@pytest.mark.parametrize("name", ["inventory", "diff", "rewrite"])
def test_legacy_directory_missing(shop: Shop, command: Command, name: str) -> None:
    done = command(shop(), name, "--legacy", "shop_bakend", "--canonical", "shop.backend.core")
    assert done.code == 2
    assert "shop_bakend/" in done.err
    assert "--legacy-path" in done.err


def test_both_directories_missing(shop: Shop, command: Command) -> None:
    done = command(shop(), "inventory", "--legacy", "a", "--canonical", "b")
    assert done.code == 2
    assert "neither a/ nor b/" in done.err


@pytest.mark.parametrize(
    ("legacy", "canonical", "message"),
    [
        ("shop", "shop", "both"),
        ("shop-backend", "x", "not a module name"),
        ("1x", "y", "not a mod"),
        ("../x", "y", "not a module name"),
        ("", "y", "not a module name"),
        ("shop", "class.shop", "'class' is a word of the Python language"),
    ],
)
def test_impossible_names(
    shop: Shop, command: Command, legacy: str, canonical: str, message: str
) -> None:
    done = command(shop(), "inventory", "--legacy", legacy, "--canonical", canonical)
    assert done.code == 2
    assert message in done.err


def test_names_come_in_pairs(shop: Shop, command: Command) -> None:
    assert command(shop(), "inventory", "--legacy", "shop_backend").code == 2


def test_canonical_inside_legacy(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "billing/__init__.py": "",
            "billing/a.py": "",
            "billing/core/__init__.py": "",
            "billing/core/a.py": "",
            "run.py": "import billing.a\nimport billing.core.a\n",
        }
    )
    names = ("--legacy", "billing", "--canonical", "billing.core")
    done = command(root, "diff", *names)
    assert done.code == 0
    assert "lies inside" in done.err
    assert command(root, "rewrite", *names).code == 0
    text = "import billing.core.a\nimport billing.core.a\n"
    assert (root / "run.py").read_text() == text
    assert command(root, "rewrite", "--exit-code", *names).code == 0


def test_legacy_inside_canonical(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "billing/__init__.py": "",
            "billing/a.py": "",
            "billing/old/__init__.py": "",
            "billing/old/a.py": "",
            "run.py": "import billing.old.a\nimport billing.a\n",
        }
    )
    names = ("--legacy", "billing.old", "--canonical", "billing")
    assert command(root, "rewrite", *names).code == 0
    assert (root / "run.py").read_text() == "import billing.a\nimport billing.a\n"


def test_a_python_2_file_is_named_and_stays(shop: Shop, command: Command) -> None:
    source = "import shop_backend.main\nprint 'old'\n"
    root = shop({"old.py": source, "run.py": "import shop_backend.main\n"})
    found = result(command, root, "rewrite", code=3)
    assert [one["path"] for one in found["unparsed"]] == ["old.py"]
    assert (root / "old.py").read_text() == source
    assert [one["path"] for one in found["review"]] == ["old.py"]
    assert "cannot be parsed" in found["findings"][0]["problem"]
    assert [one["path"] for one in found["changes"]] == ["run.py"]


BYTES = {
    "bom.py": (
        b"\xef\xbb\xbfimport shop_backend.main\n",
        b"\xef\xbb\xbfimport shop.backend.core.main\n",
    ),
    "latin.py": (
        b"# -*- coding: latin-1 -*-\nimport shop_backend.main  # caf\xe9\n",
        b"# -*- coding: latin-1 -*-\nimport shop.backend.core.main  # caf\xe9\n",
    ),
    "crlf.py": (
        b"import os\r\nimport shop_backend.main\r\n",
        b"import os\r\nimport shop.backend.core.main\r\n",
    ),
    "mixed.sh": (
        b"cd shop_backend\r\necho hi\npython shop_backend/main.py",
        b"cd shop/backend/core\r\necho hi\npython shop/backend/core/main.py",
    ),
    "noeol.md": (b"See `shop_backend/main.py`", b"See `shop/backend/core/main.py`"),
    "latin.md": (b"caf\xe9 `shop_backend.main`\n", b"caf\xe9 `shop.backend.core.main`\n"),
    "wide.ps1": (
        "\ufeffpython shop_backend\\main.py\r\n".encode("utf-16-le"),
        "\ufeffpython shop\\backend\\core\\main.py\r\n".encode("utf-16-le"),
    ),
}


@pytest.mark.parametrize("name", sorted(BYTES))
def test_bytes_outside_the_name_stay(shop: Shop, command: Command, name: str) -> None:
    before, after = BYTES[name]
    root = shop({name: before})
    assert command(root, "rewrite", *NAMES).code == 0
    assert (root / name).read_bytes() == after
    assert command(root, "undo").code == 0
    assert (root / name).read_bytes() == before


def test_a_file_with_nul_bytes_is_a_finding(shop: Shop, command: Command) -> None:
    data = b"\0\1\2shop_backend.main\0"
    root = shop({"blob.bin": data})
    found = result(command, root, "rewrite")
    assert (root / "blob.bin").read_bytes() == data
    assert found["findings"][0]["path"] == "blob.bin"
    assert found["review"][0]["form"] == "binary"


def test_a_huge_json_is_read_as_text(shop: Shop, command: Command) -> None:
    filler = ("[" + "0," * 500 + "0],\n") * 50_000
    root = shop({"huge.json": '{"module": "shop_backend.main", "data": [\n' + filler + "0]}"})
    found = result(command, root, "inventory")
    (reference,) = [one for one in found["references"] if one["path"] == "huge.json"]
    assert (reference["line"], reference["column"]) == (1, 13)
    assert "too large" in found["findings"][0]["problem"]


@posix
def test_a_read_only_file_stays_and_the_others_go_on(shop: Shop, command: Command) -> None:
    root = shop({"locked.py": "import shop_backend.main\n", "run.py": "import shop_backend.main\n"})
    (root / "locked.py").chmod(0o444)
    found = result(command, root, "rewrite", code=3)
    assert found["refused"] == [
        {
            "path": "locked.py",
            "reason": "read-only: give the permission to write back, and run again",
        }
    ]
    assert (root / "locked.py").read_text() == "import shop_backend.main\n"
    assert (root / "run.py").read_text() == "import shop.backend.core.main\n"


@posix
def test_a_link_out_of_the_repository_is_named_and_not_followed(
    shop: Shop, command: Command, git: Git, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("import shop_backend.main\n")
    root = shop({"run.py": "import shop_backend.main\n"})
    (root / "link.py").symlink_to(outside)
    git(root, "add", "link.py")
    git(root, "commit", "-qm", "Link")
    found = result(command, root, "rewrite")
    assert [
        (one["path"], "out of the repository" in one["problem"]) for one in found["findings"]
    ] == [("link.py", True)]
    assert outside.read_text() == "import shop_backend.main\n"


@posix
@pytest.mark.parametrize("name", [b"two\nlines.py", b"caf\xe9.py", b"a b'c\".py", b"-dash.py"])
def test_odd_file_names(shop: Shop, command: Command, git: Git, name: bytes) -> None:
    root = shop()
    place = os.path.join(os.fsencode(root), name)  # noqa: PTH118 - pathlib takes no bytes
    with open(place, "wb") as file:  # noqa: PTH123
        file.write(b"import shop_backend.main\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Odd")
    text = command(root, "rewrite", *NAMES)
    assert text.code == 0, text.err
    with open(place, "rb") as file:  # noqa: PTH123
        assert file.read() == b"import shop.backend.core.main\n"
    assert command(root, "undo").code == 0
    assert git(root, "status", "--porcelain") == ""


@posix
def test_the_patch_names_odd_files_as_git_does(shop: Shop, command: Command, git: Git) -> None:
    root = shop({'a b\n"c" é.py': "import shop_backend.main"})
    patch = command(root, "rewrite", "--dry-run", "--diff", *NAMES)
    git(root, "apply", "-", stdin=patch.raw)
    assert (root / 'a b\n"c" é.py').read_text() == "import shop.backend.core.main"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.unify-backend\n", "not valid TOML"),
        ("[tool.unify-backend]\nlegcy = 1\n", "unknown key 'legcy'"),
        ("[tool.unify-backend]\npackages = 1\n", "packages = 1"),
        ("[[tool.unify-backend.packages]]\nlegacy = 'a'\n", "packages[0].canonical"),
        ("[[tool.unify-backend.packages]]\nlegacy = 'a'\ncanonical = 'a'\n", "both 'a'"),
        (
            "[tool.unify-backend]\n[[tool.unify-backend.decisions]]\npath='a'\naction='burn'\n",
            "burn",
        ),
    ],
)
def test_a_broken_configuration(shop: Shop, command: Command, text: str, message: str) -> None:
    root = shop({"pyproject.toml": text})
    done = command(root, "inventory")
    assert done.code == 2
    assert "pyproject.toml" in done.err
    assert message in done.err
    assert (root / "pyproject.toml").read_text() == text


def test_uncommitted_edits_are_guarded(shop: Shop, command: Command) -> None:
    root = shop({"run.py": "import shop_backend.main\n"})
    (root / "run.py").write_text("import shop_backend.main  # mine\n")
    done = command(root, "rewrite", *NAMES)
    assert done.code == 4
    assert "run.py" in done.err
    assert "--allow-dirty" in done.err
    assert (root / "run.py").read_text() == "import shop_backend.main  # mine\n"
    assert command(root, "rewrite", "--allow-dirty", *NAMES).code == 0
    assert (root / "run.py").read_text() == "import shop.backend.core.main  # mine\n"


def test_undo_refuses_when_a_file_changed_since(shop: Shop, command: Command) -> None:
    root = shop({"run.py": "import shop_backend.main\n"})
    command(root, "rewrite", *NAMES)
    (root / "run.py").write_text("mine\n")
    done = command(root, "undo")
    assert done.code == 4
    assert "run.py" in done.err
    assert (root / "run.py").read_text() == "mine\n"


def test_undo_without_anything_to_undo(shop: Shop, command: Command) -> None:
    assert command(shop(), "undo").code == 2
    assert command(shop(), "undo", "--dry-run").code == 2


def test_a_folder_may_be_named_and_what_is_not_tracked_is_said(
    shop: Shop, command: Command
) -> None:
    root = shop({"docs/a.md": "`shop_backend.main`\n", "b.md": "`shop_backend.main`\n"})
    done = command(root, "rewrite", "docs", *NAMES)
    assert done.code == 0
    assert (root / "docs/a.md").read_text("utf-8") == "`shop.backend.core.main`\n"
    assert (root / "b.md").read_text("utf-8") == "`shop_backend.main`\n"
    below = command(root / "docs", "review", "--list", "a.md", *NAMES)
    assert below.code == 0
    lost = command(root, "rewrite", "nowhere", *NAMES)
    assert (lost.code, "nowhere is no tracked file or folder" in lost.err) == (2, True)


@pytest.mark.parametrize("name", ["inventory", "check"])
def test_a_dash_is_standard_output(shop: Shop, command: Command, name: str) -> None:
    root = shop({"run.py": "import shop_backend.main\n"})
    since = ["--max", "99"] if name == "check" else []
    plain = command(root, name, *NAMES, *since)
    dash = command(root, name, *NAMES, *since, "--output", "-")
    assert (dash.code, dash.out) == (plain.code, plain.out)
    assert plain.out
    assert not (root / "-").exists()
