"""Review: a person's keys in, decisions in the configuration out, and nothing asked twice."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document

FILES = {
    "shop_backend/__init__.py": "",
    "shop_backend/main.py": "app = 1\n",
    "shop/__init__.py": "",
    "shop/backend/__init__.py": "",
    "shop/backend/core/__init__.py": "",
    "shop/backend/core/main.py": "app = 1\n",
    "tools/a.py": 'NAME = "shop_backend"\nPATH = "shop_backend/main.py"\n',
    "tools/b.py": 'NAME = "shop_backend"\n',
    "tools/c.py": 'OTHER = "shop_backend"  # Shop Backend\nX = "Shop Backend"\n',
    "docs/old.md": "The value `shop_backend.orders` counts.\n",
}


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    root = tmp_path / "repo"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root


def asked(command: Command, root: Path) -> list[tuple[str, int]]:
    done = command(root, "review", "--format", "json")
    found = document(done.out)
    return [(one["subject"], len(one["references"])) for one in found["questions"]]


def decisions(root: Path) -> list[dict[str, Any]]:
    table = tomllib.loads((root / "unify-backend.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = table.get("decisions", [])
    return found


@pytest.fixture
def configured(repository: Path, command: Command, git: Git) -> Path:
    assert command(repository, "init", *NAMES).code == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "configure")
    return repository


def test_it_lists_what_is_open(configured: Path, command: Command) -> None:
    assert asked(command, configured) == [
        ("shop_backend", 3),
        ("shop_backend.orders", 1),
        ("Shop Backend", 2),
    ]
    text = command(configured, "review", "--list").out
    assert "3 × shop_backend → shop.backend.core" in text
    assert "tools/b.py:1" in text


def test_one_key_each(configured: Path, command: Command) -> None:
    done = command(configured, "review", stdin="k\nr\ns\ns\ns\ns\n")
    assert done.code == 0, done.err
    assert "tools/a.py:1:9" in done.err
    assert [(one["path"], one["action"]) for one in decisions(configured)] == [
        ("tools/a.py", "keep"),
        ("tools/b.py", "rewrite"),
    ]
    assert sorted(asked(command, configured)) == [
        ("Shop Backend", 2),
        ("shop_backend", 1),
        ("shop_backend.orders", 1),
    ]
    assert command(configured, "rewrite").code == 0
    assert (configured / "tools/b.py").read_text() == 'NAME = "shop.backend.core"\n'
    text = (configured / "tools/a.py").read_text()
    assert text == 'NAME = "shop_backend"\nPATH = "shop/backend/core/main.py"\n', "the narrow one"


def test_capital_letters_settle_all_alike(configured: Path, command: Command) -> None:
    done = command(
        configured, "review", "--reason", "agreed in the meeting", stdin="K\nh\nE\nShop\n"
    )
    assert done.code == 0, done.err
    found = decisions(configured)
    assert {one["reason"] for one in found} == {"agreed in the meeting"}
    history = {"path": "docs/old.md", "action": "keep", "reason": "agreed in the meeting"}
    assert found[-3] == history
    assert [(one["line"], one["occurrence"], one["of"]) for one in found[-2:]] == [
        ('OTHER = "shop_backend"  # Shop Backend', 1, 1),
        ('X = "Shop Backend"', 1, 1),
    ]
    assert asked(command, configured) == []
    assert "nothing to review" in command(configured, "review").out
    assert command(configured, "rewrite").code == 0
    text = (configured / "tools/c.py").read_text()
    assert text == 'OTHER = "shop_backend"  # Shop\nX = "Shop"\n'
    assert command(configured, "rewrite").out.startswith("nothing to rewrite")


def test_leaving_keeps_the_answers_and_undo_takes_them_back(
    configured: Path, command: Command, git: Git
) -> None:
    done = command(configured, "review", stdin="k\nq\n")
    assert "1 decision written" in done.out
    assert len(decisions(configured)) == 1
    assert command(configured, "undo").code == 0
    assert git(configured, "status", "--short") == ""


def test_no_answer_writes_nothing(configured: Path, command: Command, git: Git) -> None:
    done = command(configured, "review", stdin="")
    assert done.code == 2
    assert "nothing was written" in done.err
    assert "Run it in a terminal" in done.err
    assert "--list" in done.err
    assert git(configured, "status", "--short") == ""


def test_an_unknown_key_is_asked_again_and_help_helps(configured: Path, command: Command) -> None:
    done = command(configured, "review", stdin="x\n?\nq\n")
    assert "h  history" in done.err
    assert done.err.count("k keep") == 3


def test_dry_run_writes_nothing(configured: Path, command: Command, git: Git) -> None:
    assert command(configured, "review", "--dry-run", stdin="k\nq\n").code == 0
    assert git(configured, "status", "--short") == ""


def test_names_from_the_command_line_get_a_configuration(
    repository: Path, command: Command
) -> None:
    done = command(repository, "review", *NAMES, stdin="k\nq\n")
    assert done.code == 0, done.err
    table = tomllib.loads((repository / "unify-backend.toml").read_text("utf-8"))
    assert table["packages"] == [{"legacy": "shop_backend", "canonical": "shop.backend.core"}]
    assert len(table["decisions"]) == 1


def test_an_existing_pyproject_keeps_its_text(repository: Path, command: Command, git: Git) -> None:
    before = "# ours\r\n[project]\r\nname = 'x'   # spaces stay\r\n"
    (repository / "pyproject.toml").write_bytes(before.encode())
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "project")
    assert command(repository, "review", *NAMES, stdin="k\nq\n").code == 0
    data = (repository / "pyproject.toml").read_bytes().decode()
    assert data.startswith(before)
    assert "\n" not in data.replace("\r\n", "")
    table = tomllib.loads(data)["tool"]["unify-backend"]
    assert table["decisions"][0]["action"] == "keep"
    assert asked(command, repository)[0] == ("shop_backend", 2)


def test_decisions_that_cannot_be_appended_to(configured: Path, command: Command) -> None:
    path = configured / "unify-backend.toml"
    text = 'decisions = [{path = "x", action = "keep"}]\n' + path.read_text()
    path.write_text(text)
    done = command(configured, "review", stdin="k\nq\n")
    assert done.code == 2
    assert "[[decisions]]" in done.err
    assert "1 of" not in done.err, "said before the first question, not after the last answer"
    assert path.read_text() == text


def test_always_is_about_every_such_word_and_no_reference(
    configured: Path, command: Command
) -> None:
    done = command(configured, "review", stdin="S\ns\na\n")
    assert done.code == 0, done.err
    assert decisions(configured) == [
        {
            "path": "**",
            "text": "Shop Backend",
            "form": "lookalike",
            "action": "keep",
            "reason": "looked at: this word is not the package",
        }
    ]
    (configured / "tools/c.py").write_text("# Shop Backend\nfrom shop_backend.main import app\n")
    assert [one for one in asked(command, configured) if one[0] == "Shop Backend"] == []
    assert command(configured, "rewrite", "--allow-dirty").code == 0
    text = (configured / "tools/c.py").read_text()
    assert text == "# Shop Backend\nfrom shop.backend.core.main import app\n"


def test_always_is_refused_for_a_reference(configured: Path, command: Command) -> None:
    done = command(configured, "review", stdin="a\nk\nq\n")
    assert "a is for words that only look like the package" in done.err
    assert [one["path"] for one in decisions(configured)] == ["tools/a.py"]


def test_a_stale_decision_is_named_and_its_place_asked_again(
    configured: Path, command: Command
) -> None:
    assert command(configured, "review", stdin="k\nq\n").code == 0
    path = configured / "tools/a.py"
    path.write_text(path.read_text().replace("NAME", "LABEL"))
    listed = command(configured, "review", "--list")
    assert "tools/a.py:1" in listed.out
    assert "1 decision matches nothing any more" in listed.out
    assert "its line is gone, or was edited" in listed.out
    found = document(command(configured, "review", "--format", "json").out)
    assert found["stale"] == [
        {
            "path": "tools/a.py",
            "text": "shop_backend",
            "line": 'NAME = "shop_backend"',
            "action": "keep",
            "problem": "its line is gone, or was edited",
        }
    ]


def test_edits_that_overlap_are_the_refusal_of_their_file(
    shop: Shop, command: Command, git: Git
) -> None:
    files: dict[str, bytes | str] = {
        "app/__init__.py": "",
        "app/shop/__init__.py": "",
        "lib/__init__.py": "",
        "lib/store/__init__.py": "",
        "one.py": "from app import shop\n\nprint(shop)\n",
        "two.py": "from app import shop\n\nprint(shop)\n",
        "unify-backend.toml": (
            '[[packages]]\nlegacy = "app.shop"\ncanonical = "lib.store"\n\n'
            '[[decisions]]\npath = "one.py"\ntext = "shop"\nline = "from app import shop"\n'
            'action = "rewrite"\nreplacement = "store"\n'
        ),
    }
    root = shop(files)
    done = command(root, "rewrite")
    assert done.code == 3, done.err
    assert "one.py" in done.out
    assert "two edits overlap in line 1" in done.out
    assert (root / "one.py").read_text() == files["one.py"]
    assert (root / "two.py").read_text() == "from lib import store as shop\n\nprint(shop)\n"


def test_a_longer_place_takes_those_inside_along(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "app/__init__.py": "",
            "app/common.py": "C = 1\n",
            "app/shop/__init__.py": "",
            "lib/__init__.py": "",
            "lib/store/__init__.py": "",
            "run.py": "from app import shop as sh, common  # type: ignore\n\nprint(sh, common.C)\n",
            "unify-backend.toml": '[[packages]]\nlegacy = "app.shop"\ncanonical = "lib.store"\n',
        }
    )
    done = command(root, "review", "run.py", stdin="r\nlib import store\nq\n")
    assert done.code == 0, done.err
    assert command(root, "rewrite", "--allow-dirty", "run.py").code == 0
    assert (root / "run.py").read_text().startswith("from lib import store as sh, common  #")
    again = command(root, "rewrite", "--allow-dirty", "run.py")
    assert again.out.startswith("nothing to rewrite")
    assert "nothing to review" in command(root, "review", "--list", "run.py").out


def test_a_name_that_is_no_utf_8_is_written_as_what_can_be_read(
    shop: Shop, command: Command, git: Git
) -> None:
    root = shop({"tools/a.py": "# \u00e9\nA = 'shop_backend'\n"})
    (root / "tools/a.py").write_bytes(b"A = 'shop_backend'  # caf\xe9\n")
    assert command(root, "review", *NAMES, "tools/a.py", stdin="k\n").code == 0
    assert decisions(root)[0]["line"] == "A = 'shop_backend'  # caf…"
    assert command(root, "review", *NAMES, "--list").out.startswith("nothing to review")
