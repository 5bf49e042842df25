"""`migrate`: step by step, to the end or to the first that does not hold, and on from there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document

QUICK = ("--no-verify", "--date", "2026-01-31", *NAMES)
FILES = {
    "app.py": "from shop_backend.main import app\n",
    "docs/start.md": "Run `uvicorn shop_backend.main:app`.\n",
    "labels.py": "LABEL = 'shop_backend'\n",
}


def picture(root: Path) -> dict[str, str]:
    """Every file, git's own included, but for what git itself refreshes when it is asked."""
    return {
        place.relative_to(root).as_posix(): hashlib.sha256(place.read_bytes()).hexdigest()
        for place in root.rglob("*")
        if place.is_file() and place.name != "index"
    }


def outcomes(text: str) -> dict[str, str]:
    return {one["name"]: one["outcome"] for one in document(text)["stages"]}


def code(name: str, first: str = "") -> str:
    """A module long enough to be known again; `first` is its first line."""
    body = (f"def {name}_{n}():\n    return {n}\n\n\n" for n in range(12))
    return f"{first or 'app = object()'}\n\n\n" + "".join(body).rstrip() + "\n"


TREE = {
    f"{folder}/{name}.py": code(name)
    for folder in ("shop_backend", "shop/backend/core")
    for name in ("main", "api")
}


@pytest.fixture
def named(shop: Shop, git: Git) -> Shop:
    """`shop`, where git knows who commits."""

    def make(files: dict[str, bytes | str] | None = None, commit: bool = True) -> Path:
        root = shop(files, commit)
        git(root, "config", "user.name", "Mara Lind")
        git(root, "config", "user.email", "mara@example.org")
        return root

    return make


@pytest.fixture
def parted(named: Shop, git: Git) -> Path:
    """Two trees that both changed since they parted: in different files."""
    root = named({**FILES, **TREE})
    for path, name in (("shop_backend/api.py", "OLD"), ("shop/backend/core/main.py", "NEW")):
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{name} = 1\n")
        git(root, "commit", "-qam", f"Fix: {name}")
    return root


@pytest.fixture
def torn(named: Shop, git: Git) -> Path:
    """Two trees that changed the same line differently."""
    root = named({**FILES, **TREE})
    for folder, value in (("shop_backend", 1), ("shop/backend/core", 2)):
        (root / folder / "api.py").write_text(code("api", f"app = {value}"), "utf-8")
        git(root, "commit", "-qam", f"Fix: {value}")
    return root


def test_a_dry_run_says_all_and_writes_nothing(parted: Path, command: Command) -> None:
    before = picture(parted)
    done = command(parted, "migrate", "--dry-run", *QUICK)
    assert done.code == 0, done.err
    assert "5 gates would hold (left out: verify, status)" in done.out
    assert "2 references in 2 files" in done.out
    assert picture(parted) == before


def test_all_gates_and_then_nothing(parted: Path, command: Command, git: Git) -> None:
    head = git(parted, "rev-parse", "HEAD")
    done = command(parted, "migrate", "--format", "json", *QUICK)
    assert done.code == 0, done.err
    assert outcomes(done.out) == {
        "inventory": "done",
        "merge": "done",
        "rewrite": "done",
        "shim": "done",
        "verify": "left out",
        "check": "done",
        "status": "left out",
    }
    assert "OLD = 1" in (parted / "shop/backend/core/api.py").read_text("utf-8")
    assert "NEW = 1" in (parted / "shop/backend/core/main.py").read_text("utf-8")
    assert (parted / "app.py").read_text("utf-8") == "from shop.backend.core.main import app\n"
    assert git(parted, "rev-parse", "HEAD") == head
    before = picture(parted)
    again = command(parted, "migrate", "--format", "json", *QUICK)
    wrote = [one["wrote"] for one in document(again.out)["stages"]]
    assert (again.code, wrote) == (0, [[]] * 7)
    assert picture(parted) == before


def test_undo_takes_back_all_of_it(parted: Path, command: Command, git: Git) -> None:
    command(parted, "migrate", *QUICK)
    while command(parted, "undo").code == 0:
        pass
    assert git(parted, "status", "--porcelain") == ""


def test_a_conflict_stops_it_and_a_person_goes_on(torn: Path, command: Command) -> None:
    stopped = command(torn, "migrate", "--format", "json", *QUICK)
    found = document(stopped.out)
    assert (stopped.code, found["finished"]) == (1, False)
    assert outcomes(stopped.out) == {"inventory": "done", "merge": "stopped"}
    gate = found["stages"][-1]["gate"]
    assert gate["places"] == ["shop/backend/core/api.py"]
    assert "--prefer canonical" in gate["step"]
    still = command(torn, "migrate", *QUICK)
    assert (still.code, "stopped at 2 of 7" in still.out) == (1, True)
    (torn / "shop/backend/core/api.py").write_text(code("api", "app = 3"), "utf-8")
    assert command(torn, "migrate", *QUICK).code == 0
    assert (torn / "shop/backend/core/api.py").read_text("utf-8") == code("api", "app = 3")


@pytest.mark.parametrize(
    ("legacy", "canonical", "says"),
    [
        (
            {"cache.py": code("cache")},
            {"cache/__init__.py": code("store"), "cache/ring.py": code("ring")},
            "hides the module",
        ),
        (
            {"migrations/V7__users.sql": "create table users (id int);\n"},
            {"migrations/V7__roles.sql": "create table roles (id int);\n"},
            "migrations of the same number",
        ),
        (
            {"desk.py": "from shop_backend.api import api_3\n"},
            {"api.py": code("api").replace("api_3", "third")},
            "shop.backend.core.api has no api_3",
        ),
    ],
)
def test_what_is_wrong_only_together_stops_it_once(
    named: Shop, git: Git, command: Command, legacy: dict[str, str], canonical: dict[str, str],
    says: str,
) -> None:  # fmt: skip
    """Nothing of it is lost, so that a person may leave it as it is."""
    root = named({**FILES, **TREE})
    for folder, files in (("shop_backend", legacy), ("shop/backend/core", canonical)):
        for path, text in files.items():
            (root / folder / path).parent.mkdir(parents=True, exist_ok=True)
            (root / folder / path).write_text(text, "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Both go on")
    stopped = command(root, "migrate", "--format", "json", *QUICK)
    assert outcomes(stopped.out) == {"inventory": "done", "merge": "stopped"}
    stage = document(stopped.out)["stages"][-1]
    (place,) = stage["gate"]["places"]
    assert says in place
    assert f"shop/backend/core/{next(iter(legacy))}" in stage["wrote"]
    assert command(root, "migrate", *QUICK).code == 0


def test_files_that_are_right_together_do_not_stop_it(
    named: Shop, git: Git, command: Command
) -> None:
    """A module and a package of other names, and migrations of two numbers."""
    root = named({**FILES, **TREE})
    for path in (
        *("shop_backend/cache.py", "shop/backend/core/caches/__init__.py"),
        *("shop_backend/migrations/V7__a.sql", "shop/backend/core/migrations/V8__b.sql"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("", "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Both go on")
    assert command(root, "migrate", *QUICK).code == 0


def test_rewrite_says_what_a_merge_left_to_settle(torn: Path, command: Command) -> None:
    """A file with conflict markers is not done, whether it holds the old name or not."""
    assert command(torn, "merge", *NAMES).code == 1
    place = torn / "shop/backend/core/api.py"
    before = place.read_bytes()
    left = command(torn, "rewrite", "--format", "json", *NAMES)
    assert left.code == 3
    (refused,) = document(left.out)["refused"]
    assert refused["path"] == "shop/backend/core/api.py"
    assert "conflict markers" in refused["reason"]
    assert place.read_bytes() == before
    assert (torn / "app.py").read_text("utf-8") == "from shop.backend.core.main import app\n"
    assert command(torn, "rewrite", *NAMES, "docs").code == 0, "it is not what was asked for"
    place.write_text(code("api", "app = 3"), "utf-8")
    assert command(torn, "rewrite", *NAMES).code == 0


def test_rewrite_takes_a_sample_of_markers_for_text(named: Shop, command: Command) -> None:
    """Both trees show what markers look like: nobody has to settle that."""
    lines = ("<<<<<<< canonical", "a", "||||||| base", "=======", "b", ">>>>>>> legacy")
    sample = "\n".join(["SAMPLE = r'''", *lines, "'''", ""])
    folders = ("shop_backend", "shop/backend/core")
    root = named({**FILES, **TREE, **{f"{folder}/sample.py": sample for folder in folders}})
    assert command(root, "rewrite", *NAMES).code == 0


def test_a_side_may_settle_it(torn: Path, command: Command) -> None:
    assert command(torn, "migrate", "--prefer", "legacy", *QUICK).code == 0
    assert (torn / "shop/backend/core/api.py").read_text("utf-8") == code("api", "app = 1")


def test_one_commit_for_each_stage_that_wrote(parted: Path, command: Command, git: Git) -> None:
    (parted / "mine.txt").write_text("not yet\n", "utf-8")
    git(parted, "add", "mine.txt")
    done = command(parted, "migrate", "--commit", "--format", "json", *QUICK)
    assert done.code == 0, done.err
    subjects = git(parted, "log", "-4", "--format=%s", "--reverse").splitlines()
    assert [one.partition(": ")[2] for one in subjects] == [
        "merge (34.2)",
        "rewrite (34.2, 34.3)",
        "shim (34.4)",
        "check (34.4)",
    ]
    assert "every edit of either side is kept" in git(parted, "log", "-1", "--format=%b", "HEAD~3")
    assert git(parted, "status", "--porcelain") == "A  mine.txt\n"
    commits = [one["commit"] for one in document(done.out)["stages"] if one["commit"]]
    assert commits == git(parted, "rev-list", "--reverse", "HEAD~4..HEAD").split()


def test_a_commit_holds_what_a_person_settled(torn: Path, command: Command, git: Git) -> None:
    head = git(torn, "rev-parse", "HEAD")
    assert command(torn, "migrate", "--commit", *QUICK).code == 1
    assert git(torn, "rev-parse", "HEAD") == head
    (torn / "shop/backend/core/api.py").write_text(code("api", "app = 3"), "utf-8")
    assert command(torn, "migrate", "--commit", *QUICK).code == 0
    assert git(torn, "status", "--porcelain") == ""
    assert "api.py" in git(torn, "log", "--format=", "--name-only", f"{head.strip()}..HEAD")


def test_a_hook_that_says_no_stops_it(parted: Path, command: Command) -> None:
    hook = parted / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no tests for this >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    done = command(parted, "migrate", "--commit", *QUICK)
    assert (done.code, "git did not commit the merge" in done.out) == (1, True)
    assert "no tests for this" in done.out
    hook.unlink()
    assert command(parted, "migrate", "--commit", *QUICK).code == 0


def test_a_persons_edits_are_in_the_way(parted: Path, command: Command) -> None:
    (parted / "app.py").write_text("from shop_backend.main import app\n\nmine = 1\n", "utf-8")
    done = command(parted, "migrate", *QUICK)
    assert (done.code, "uncommitted" in done.out) == (1, True)
    assert "mine = 1" in (parted / "app.py").read_text("utf-8")
    rehearsed = command(parted, "migrate", "--dry-run", *QUICK)
    assert (rehearsed.code, "uncommitted" in rehearsed.out) == (1, True)


def test_somebody_brings_the_old_name_back(parted: Path, command: Command, git: Git) -> None:
    command(parted, "migrate", "--commit", *QUICK)
    (parted / "labels.py").write_text("LABEL = 'shop_backend'\nMORE = 'shop_backend'\n", "utf-8")
    git(parted, "commit", "-qam", "More")
    done = command(parted, "migrate", *QUICK)
    assert (done.code, "that the baseline does not know" in done.out) == (1, True)


def test_outside_git_it_works_without_commits(shop: Shop, command: Command) -> None:
    root = shop(FILES, commit=False)
    refused = command(root, "migrate", "--commit", *QUICK)
    assert (refused.code, "--commit needs git" in refused.err) == (2, True)
    rehearsed = command(root, "migrate", "--dry-run", *QUICK)
    assert (rehearsed.code, "a dry run of migrate needs git" in rehearsed.err) == (2, True)


def test_it_starts_the_application(parted: Path, command: Command) -> None:
    done = command(parted, "migrate", "--date", "2026-01-31", *NAMES)
    assert done.code == 0, done.err + done.out
    assert "modules import" in done.out
    again = command(parted, "migrate", "--date", "2026-01-31", *NAMES)
    assert "verified in this very state already" in again.out


@pytest.mark.parametrize("begun", [False, True], ids=["without git", "before the first commit"])
def test_what_a_merge_has_moved_away_is_not_taken_for_misspelled(
    tmp_path: Path, command: Command, git: Git, begun: bool
) -> None:
    """Nothing names the old package any more, and only our own change sets remember it."""
    (tmp_path / "lone").mkdir()
    (tmp_path / "lone" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "lone" / "main.py").write_text("import lone\n", "utf-8")
    if begun:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "-A")
    names = ("--legacy", "lone", "--canonical", "acme.lone")
    assert command(tmp_path, "merge", "--allow-dirty", *names).code == 0
    assert not (tmp_path / "lone").exists()
    if begun:
        git(tmp_path, "add", "-A")
    assert command(tmp_path, "inventory", *names).code == 0
    done = command(tmp_path, "migrate", "--no-verify", "--allow-dirty", *names)
    assert done.code == 0, done.err
    assert command(tmp_path, "inventory", "--legacy", "loan", *names[2:]).code == 2
