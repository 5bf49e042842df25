"""`report`: in any state of a repository, from evidence, without touching anybody's files."""

import json
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from tests.end_to_end.support import CASE, NAMES, Command, Git, Shop, document

FOLDER = Path("reports") / "unify-backend"
FILES = ["burndown.svg", "divergence.svg", "report.html", "report.json", "report.md", "treemap.svg"]
FACTS = tomllib.loads((CASE / "FACTS.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def unified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for the bundled repository after the whole job; filled by the first that asks."""
    return tmp_path_factory.mktemp("unified") / "pixsim7"


@pytest.fixture
def done(unified: Path, pixsim7: Path, command: Command) -> Path:
    """The bundled repository merged, rewritten, and forwarded."""
    if not unified.exists():
        for words in (("merge", "--prefer", "canonical"), ("rewrite",), ("shim",)):
            extra = ("--prefer", "canonical") if words[0] == "shim" else ()
            assert command(pixsim7, *words, *extra).code == 0
        shutil.copytree(pixsim7, unified, symlinks=True)
        return pixsim7
    shutil.rmtree(pixsim7)
    return Path(shutil.copytree(unified, pixsim7, symlinks=True))


def _figures(found: dict[str, object]) -> dict[str, tuple[int | None, int | None]]:
    figures = found["figures"]
    assert isinstance(figures, list)
    return {one["name"]: (one["before"], one["now"]) for one in figures}


def _checks(found: dict[str, object]) -> dict[str, str]:
    checks = found["checks"]
    assert isinstance(checks, list)
    return {one["check"]: one["result"] for one in checks}


def test_before_anything_is_done(pixsim7: Path, command: Command, git: Git) -> None:
    ran = command(pixsim7, "report", "--date", "2025-12-06")
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 120
    assert sorted(one.name for one in (pixsim7 / FOLDER).iterdir()) == FILES
    assert git(pixsim7, "status", "--porcelain", "--untracked-files=no") == ""
    found = document((pixsim7 / FOLDER / "report.json").read_text("utf-8"))
    assert found["before"]["hash"] == FACTS["head"]
    figures = _figures(found)
    assert figures["tracked files"][0] == figures["tracked files"][1]
    shared = FACTS["trees"]["shared"]
    assert figures["files in pixsim7_backend/"][0] == shared + len(FACTS["trees"]["only_legacy"])
    checks = _checks(found)
    assert checks["nothing-lost"] == checks["settled"] == "open"
    assert checks["routes"] == "unknown"
    assert found["merged"][0]["legacy_tree"] == "still there"
    assert "not verified in this state" in ran.out


def test_after_the_whole_job(done: Path, command: Command) -> None:
    assert command(done, "report", "--date", "2025-12-06").code == 0
    found = document((done / FOLDER / "report.json").read_text("utf-8"))
    checks, figures = _checks(found), _figures(found)
    assert checks["nothing-lost"] == checks["settled"] == checks["legacy-tree"] == "holds"
    assert figures["duplicated lines"][1] == figures["files in pixsim7_backend/"][1] == 0
    assert figures["references to rewrite"][1] == 0
    assert found["merged"][0]["legacy_tree"] == "a forwarding package"
    assert found["before"]["hash"] == FACTS["head"]
    assert [line.split("#")[0].strip() for line in found["rollback"][:3]] == [
        "unify-backend undo"
    ] * 3
    text = (done / FOLDER / "report.md").read_text("utf-8")
    assert text.count("the canonical side was taken") == 2
    assert "**Date**: 2025-12-06" in text


def test_the_same_state_gives_the_same_bytes(done: Path, command: Command) -> None:
    made = []
    for _ in range(2):
        assert command(done, "report", "--date", "2025-12-06").code == 0
        made.append({one.name: one.read_bytes() for one in (done / FOLDER).iterdir()})
    assert made[0] == made[1]


def test_another_clone_finds_the_state_before_in_history(
    done: Path, command: Command, git: Git, tmp_path: Path
) -> None:
    git(done, "add", "-A")
    git(done, "commit", "-qm", "Unify")
    (done / "later.txt").write_text("x", "utf-8")
    git(done, "add", "-A")
    git(done, "commit", "-qm", "Later")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(done), str(clone))
    found = document(command(clone, "report", "--dry-run", "--format", "json").out)
    assert found["before"]["hash"] == FACTS["head"]
    assert _checks(found)["nothing-lost"] == "holds"
    assert [line.split("#")[1].strip() for line in found["rollback"][:2]] == ["Later", "Unify"]
    assert not (clone / FOLDER).exists()


def test_a_tree_that_grew_again_is_not_taken_for_gone(
    shop: Shop, command: Command, git: Git
) -> None:
    many = {f"shop_backend/old{n}.py": f"n = {n}\n" for n in range(8)}
    root = shop({**many, "use.py": "import shop_backend.api\n"})
    for path in many:
        (root / path).unlink()
    git(root, "commit", "-qam", "Clear up")
    for n in range(9):
        (root / f"shop_backend/new{n}.py").write_text(f"m = {n}\n", "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Grow")
    found = document(command(root, "report", *NAMES, "--dry-run", "--format", "json").out)
    assert found["before"]["subject"] == "Grow"
    assert found["before_is"] == "the last commit"


def test_two_packages_and_one_without_a_copy(tmp_path: Path, command: Command, git: Git) -> None:
    def commit(files: dict[str, str]) -> None:
        for path, text in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "More")

    body = "".join(f"value_{n} = {n}\n" for n in range(9))
    git(tmp_path, "init", "-q")
    commit(
        {"one/__init__.py": "", "one/a.py": f"import two.b\n{body}", "two/b.py": "import one.a\n"}
    )
    commit(
        {"new/one/__init__.py": "", "new/one/a.py": f"import two.b\n{body}", "new/__init__.py": ""}
    )
    commit({"new/one/a.py": f"import two.b\n{body}last = 1\n"})
    names = "--legacy one --canonical new.one --legacy two --canonical new.two".split()
    for stage in ("merge", "rewrite", "shim"):
        wanted = ("--prefer", "canonical") if stage != "rewrite" else ()
        assert command(tmp_path, stage, *names, *wanted).code == 0
        assert command(tmp_path, "report", *names).code == 0
    found = document((tmp_path / FOLDER / "report.json").read_text("utf-8"))
    assert [one["legacy_tree"] for one in found["merged"]] == ["a forwarding package"] * 2
    assert _checks(found)["nothing-lost"] == "holds"
    assert (tmp_path / FOLDER / "divergence-2.svg").exists()


def test_a_tree_that_was_copied_over_the_other_is_told(
    pixsim7: Path, command: Command, git: Git
) -> None:
    """What really happened: the legacy tree was taken, and the other one's fixes were lost."""
    legacy, canonical = pixsim7 / "pixsim7_backend", pixsim7 / "pixsim7/backend/main"
    for file in legacy.rglob("*.py"):
        place = canonical / file.relative_to(legacy)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_bytes()
        place.write_bytes(text.replace(b"pixsim7_backend", b"pixsim7.backend.main"))
    git(pixsim7, "rm", "-rq", "pixsim7_backend")
    git(pixsim7, "add", "-A")
    git(pixsim7, "commit", "-qm", "Unify")
    names = ("--legacy", "pixsim7_backend", "--canonical", "pixsim7.backend.main")
    found = document(command(pixsim7, "report", *names, "--format", "json").out)
    assert found["merged"][0]["legacy_tree"] == "gone"
    assert _checks(found)["nothing-lost"] == "open"
    missing = [one for one in found["merged"][0]["files"] if one["missing"]]
    assert len(missing) > 10
    assert {one["now"] for one in missing} <= {"the legacy side", "not there", "edited by hand"}
    assert any(one["lost"] for one in missing)
    assert "work is missing" in (pixsim7 / FOLDER / "report.html").read_text("utf-8")


def test_the_changelog_gets_its_entry_once(done: Path, command: Command) -> None:
    place = done / "DOCUMENTATION_CHANGELOG.md"
    before = place.read_text("utf-8")
    ran = command(done, "report", "--changelog", "--date", "2025-12-06")
    assert ran.code == 0
    assert "undo` takes it back" in ran.err
    after = place.read_text("utf-8")
    head, tail = before.split("## 2025-11-20", 1)
    assert after.startswith(f"{head}## 2025-12-06\n")
    assert after.endswith(f"## 2025-11-20{tail}")
    again = command(done, "report", "--changelog", "--date", "2025-12-07")
    assert again.code == 0
    assert "has the entry already" in again.err
    assert place.read_text("utf-8") == after
    assert command(done, "undo").code == 0
    assert place.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--changelog",), 4, "nothing to tell of yet"),
        (("--before", "nowhere"), 2, "no commit of this repository"),
        (("--date", "yesterday"), 2, "is no day"),
        (("--dry-run", "--changelog"), 2, "exclude each other"),
    ],
)
def test_what_cannot_be_is_said(
    pixsim7: Path, command: Command, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ran = command(pixsim7, "report", *arguments)
    assert ran.code == code
    assert words in ran.err
    assert not (pixsim7 / FOLDER).exists()


_APP = """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    app.add_api_route("/late", lambda: {})
    yield


app = FastAPI(lifespan=lifespan)
app.add_api_route("/early", lambda: {})
"""


def test_routes_are_seen_before_and_now_and_remembered(
    shop: Shop, command: Command, git: Git
) -> None:
    root = shop({"shop_backend/main.py": "raise ValueError\n", "shop/backend/core/main.py": _APP})
    late = _APP.replace('"/early"', '"/other"')
    (root / "shop/backend/core/main.py").write_text(late, "utf-8")
    asked = ("report", *NAMES, "--into", str(root.parent / "out"))
    assert command(root, *asked, "--verify", "--python", sys.executable).code == 0
    for arguments in ((), ("--date", "2025-01-01")):  # the second time from what was kept
        assert command(root, *asked, *arguments).code == 0
        found = document((root.parent / "out" / "report.json").read_text("utf-8"))
        states = {one["label"]: one["routes"] for one in found["verification"]["states"]}
        now = states.pop("shop.backend.core now")
        assert {"GET /late", "GET /other"} <= set(now)
        assert "GET /early" not in now
        assert any("GET /early" in routes for routes in states.values())
        assert _checks(found)["routes"] == "open"
        assert {"route"} <= {one["aspect"] for one in found["verification"]["losses"]}
    page = (root.parent / "out" / "report.html").read_text("utf-8")
    assert "GET /early" in page


def test_nobody_elses_file_is_overwritten(shop: Shop, command: Command) -> None:
    root = shop({"README.md": "shop_backend\n"})
    mine = root / FOLDER / "report.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("My report.\n", "utf-8")
    ran = command(root, "report", *NAMES)
    assert ran.code == 4
    assert "not one of this tool's reports" in ran.err
    assert [one.name for one in mine.parent.iterdir()] == ["report.md"]
    assert mine.read_text("utf-8") == "My report.\n"
    assert command(root, "report", *NAMES, "--into", str(root / "other")).code == 0
    assert command(root, "report", *NAMES, "--into", str(root / "other")).code == 0


def test_a_report_that_is_committed_names_nothing(shop: Shop, command: Command, git: Git) -> None:
    root = shop()
    before = json.loads(command(root, "inventory", *NAMES, "--format", "json").out)
    assert command(root, "report", *NAMES).code == 0
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Report")
    after = json.loads(command(root, "inventory", *NAMES, "--format", "json").out)
    active = [
        [one for one in found["references"] if one["action"] != "keep"] for found in (before, after)
    ]
    assert active[0] == active[1]


def test_without_git_the_state_now_is_told(shop: Shop, command: Command) -> None:
    root = shop({"tests/test_it.py": "import shop_backend.api\n"}, commit=False)
    ran = command(root, "report", *NAMES)
    assert ran.code == 0
    found = document((root / FOLDER / "report.json").read_text("utf-8"))
    assert found["before"] is None
    assert _figures(found)["legacy references"][0] is None
    assert any("no state before is known" in one for one in found["missing"])
    assert not (root / FOLDER / "burndown.svg").exists()


def test_without_a_commit_too(shop: Shop, command: Command, git: Git) -> None:
    root = shop(commit=False)
    git(root, "init", "-q")
    git(root, "add", "-A")
    assert command(root, "report", *NAMES).code == 0


def test_odd_files_are_no_reason_to_stop(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "shop_backend/blob.bin": b"\0\1shop_backend",
            "shop/backend/core/blob.bin": b"\0\2",
            "shop_backend/broken.py": "def (:\n",
            "shop/backend/core/broken.py": "def (:  # other\n",
            "shop_backend/latin.py": b"# caf\xe9 shop_backend\n",
            "docs/é |`x`.md": "`shop_backend/api.py`\n",
        }
    )
    ran = command(root, "report", *NAMES)
    assert ran.code == 0
    document((root / FOLDER / "report.json").read_text("utf-8"))
