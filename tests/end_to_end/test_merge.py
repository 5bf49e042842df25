"""`merge` on the bundled repository and on small ones."""

import re
from pathlib import Path

from tests.end_to_end.support import NAMES, Command, Git, Shop, document
from tests.end_to_end.test_bundled import snapshot


def words(line: str) -> set[str]:
    """The identifiers in a line."""
    return set(re.findall(r"\w+", line))


def test_the_bundled_trees(pixsim7: Path, command: Command, git: Git) -> None:
    done = command(pixsim7, "merge", "--format", "json")
    assert done.code == 1, done.err
    result = document(done.out)
    (package,) = result["packages"]
    assert package["living"] == "canonical"
    assert [one["path"].rpartition("main/")[2] for one in result["conflicts"]] == [
        "routes/websocket/__init__.py",
        "routes/websocket/manifest.py",
    ]
    assert (result["lost_definitions"], result["lost_lines"]) == ([], [])
    (checks,) = result["checks"]
    assert (checks["unparsable"], checks["defined_twice"], checks["worse_imports"]) == ([], [], [])
    assert [len(one["heads"]) for one in checks["alembic_after"]] == [1]
    git(pixsim7, "add", "-A")
    status = git(pixsim7, "status", "--porcelain").splitlines()
    assert [line for line in status if line.startswith("R")], "git sees the moves"


def test_every_commit_of_both_sides_survives(pixsim7: Path, command: Command, git: Git) -> None:
    split = document(command(pixsim7, "diff", "--format", "json").out)["packages"][0]
    command(pixsim7, "merge", "--prefer", "canonical")
    trees = (
        ("pixsim7_backend", split["legacy_commits"]),
        ("pixsim7/backend/main", split["canonical_commits"]),
    )
    merged = {
        line.strip()
        for place in (pixsim7 / "pixsim7/backend/main").rglob("*")
        if place.is_file()
        for line in place.read_bytes().decode("utf-8", "replace").split("\n")
    }
    known = {word for line in merged for word in words(line)}  # imports merge within a line
    for folder, commits in trees:
        assert commits
        kept = {
            line.strip()
            for line in git(pixsim7, "grep", "-h", "", "HEAD", "--", folder).split("\n")
        }
        for commit in commits:
            patch = git(
                pixsim7, "show", "--format=", commit["hash"], "--", folder, ":!*/routes/websocket/*"
            )
            for line in patch.splitlines():
                text = line[1:].strip()
                if line.startswith("+") and not line.startswith("+++") and text in kept:
                    renamed = text.replace("pixsim7_backend/", "pixsim7/backend/main/").replace(
                        "pixsim7_backend", "pixsim7.backend.main"
                    )
                    there = (
                        renamed in merged
                        or text in merged
                        or (" import " in renamed and words(renamed) <= known)
                    )
                    assert there, (commit["subject"], text)


def test_twice_is_once_and_undo_is_exact(pixsim7: Path, command: Command, git: Git) -> None:
    before = snapshot(pixsim7)
    assert command(pixsim7, "merge").code == 1
    after = snapshot(pixsim7)
    again = command(pixsim7, "merge")
    assert (again.code, snapshot(pixsim7)) == (1, after)
    assert "markers from an earlier merge" in again.out
    assert command(pixsim7, "undo").code == 0
    assert snapshot(pixsim7) == before
    assert git(pixsim7, "status", "--porcelain") == ""
    assert command(pixsim7, "merge", "--dry-run").code == 1
    assert snapshot(pixsim7) == before


def test_a_committed_merge_is_not_undone_by_the_next(
    pixsim7: Path, command: Command, git: Git
) -> None:
    command(pixsim7, "merge")
    command(pixsim7, "merge", "--prefer", "canonical")
    merged = snapshot(pixsim7)
    result = document(command(pixsim7, "merge", "--format", "json").out)
    assert snapshot(pixsim7) == merged
    moved = "pixsim7/backend/main/infrastructure/websocket/types.py"
    how = {one["path"]: one["how"] for one in result["files"]}
    assert how[moved] == "kept-canonical"
    git(pixsim7, "add", "-A")
    git(pixsim7, "commit", "-qm", "Merge")
    result = document(command(pixsim7, "merge", "--format", "json").out)
    assert {one["path"]: one["how"] for one in result["files"]}[moved] == "kept-canonical"
    assert snapshot(pixsim7) == merged


def test_a_resolution_is_kept(pixsim7: Path, command: Command) -> None:
    command(pixsim7, "merge")
    folder = pixsim7 / "pixsim7/backend/main/routes/websocket"
    for name in ("__init__.py", "manifest.py"):
        (folder / name).write_text("mine = True\n")
    again = command(pixsim7, "merge", "--format", "json")
    assert again.code == 0, again.out
    result = document(again.out)
    settled = [one["path"] for one in result["files"] if one["how"] == "settled"]
    assert [path for path in settled if "websocket/" in path]
    assert (folder / "manifest.py").read_text() == "mine = True\n"


def test_prefer_settles_the_hunks(pixsim7: Path, command: Command, git: Git) -> None:
    for side, folder in (("canonical", "pixsim7/backend/main"), ("legacy", "pixsim7_backend")):
        done = command(
            pixsim7, "merge", "--prefer", side, "--only", "pixsim7/backend/main/routes/websocket"
        )
        assert done.code == 0, done.out
        text = (pixsim7 / "pixsim7/backend/main/routes/websocket/manifest.py").read_text()
        origin = git(pixsim7, "show", f"HEAD:{folder}/routes/websocket/manifest.py")
        renamed = origin.replace("pixsim7_backend/", "pixsim7/backend/main/")
        assert text == renamed.replace("pixsim7_backend", "pixsim7.backend.main")
        git(pixsim7, "checkout", "-q", ".")


def test_a_preference_is_remembered(pixsim7: Path, command: Command, git: Git) -> None:
    assert command(pixsim7, "merge", "--prefer", "canonical").code == 0
    again = command(pixsim7, "merge")
    assert again.code == 0, "nobody is asked twice"
    assert "nothing to change" in again.out


def test_the_patch_is_the_merge(pixsim7: Path, command: Command, git: Git) -> None:
    patch = command(pixsim7, "merge", "--dry-run", "--diff")
    git(pixsim7, "apply", "-", stdin=patch.raw)
    applied = snapshot(pixsim7)
    git(pixsim7, "checkout", "-q", ".")
    git(pixsim7, "clean", "-fdq")
    command(pixsim7, "merge")
    assert snapshot(pixsim7) == applied


def test_without_history_differences_are_conflicts(shop: Shop, command: Command) -> None:
    root = shop(
        {"shop_backend/api.py": "app = 1\n", "shop/backend/core/api.py": "app = 2\n"}, commit=False
    )
    done = command(root, "merge", *NAMES, "--format", "json")
    assert done.code == 1, done.err
    result = document(done.out)
    assert [one["path"] for one in result["conflicts"]] == ["shop/backend/core/api.py"]
    assert result["packages"][0]["note"]
    assert "<<<<<<< canonical" in (root / "shop/backend/core/api.py").read_text()


PLAIN = ("--legacy", "lib", "--canonical", "acme.core.lib")


def test_a_plain_move_takes_its_references_along(shop: Shop, command: Command, git: Git) -> None:
    root = shop(
        {
            "lib/__init__.py": "",
            "lib/a.py": "from lib.b import x\n",
            "lib/b.py": "x = 1\n" * 30,
            "lib/run.sh": "#!/bin/sh\npython lib/a.py\n",
            "use.py": "import lib.a\n\nlib.a.x\n",
            "README.md": "See `lib/a.py`.\n",
        }
    )
    (root / "lib/run.sh").chmod(0o755)
    git(root, "commit", "-qam", "Mode")
    done = command(root, "merge", *PLAIN)
    assert done.code == 0, done.err
    assert "no canonical tree yet" in done.out
    assert not (root / "lib").exists()
    assert (root / "acme/core/lib/a.py").read_text() == "from acme.core.lib.b import x\n"
    assert (root / "use.py").read_text() == "import acme.core.lib.a\n\nacme.core.lib.a.x\n"
    assert (root / "README.md").read_text() == "See `acme/core/lib/a.py`.\n"
    git(root, "add", "-A")
    renames = git(root, "status", "--porcelain").splitlines()
    assert "R  lib/b.py -> acme/core/lib/b.py" in renames
    assert git(root, "ls-files", "-s", "acme/core/lib/run.sh").startswith("100755")
    assert command(root, "undo").code == 0
    git(root, "reset", "-q")
    assert git(root, "status", "--porcelain") == ""


def test_a_name_that_contains_the_old_one(shop: Shop, command: Command) -> None:
    root = shop({"lib/__init__.py": "", "lib/a.py": "import lib.a\n", "use.py": "import lib.a\n"})
    names = ("--legacy", "lib", "--canonical", "lib.core")
    assert command(root, "merge", *names).code == 0
    assert (root / "lib/core/a.py").read_text() == "import lib.core.a\n"
    assert (root / "use.py").read_text() == "import lib.core.a\n"
    again = command(root, "merge", *names)
    assert "nothing to change" in again.out


def test_into_an_existing_package(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "lib/__init__.py": "LIB = 1\n",
            "lib/a.py": "import lib\n",
            "acme/__init__.py": "",
            "acme/other.py": "",
            "use.py": "import lib.a\n",
        }
    )
    names = ("--legacy", "lib", "--canonical", "acme")
    assert command(root, "merge", *names).code == 0
    assert (root / "acme/__init__.py").read_text() == "LIB = 1\n"
    assert (root / "acme/a.py").read_text() == "import acme\n"


def test_what_is_done_is_no_mistake(shop: Shop, command: Command, git: Git) -> None:
    root = shop({"lib/__init__.py": "", "use.py": "import lib\n"})
    names = ("--legacy", "lib", "--canonical", "acme.lib")
    assert command(root, "merge", *names).code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "moved")
    done = command(root, "rewrite", *names)
    assert done.code == 0, done.err
    assert done.out.startswith("nothing to rewrite")
    done = command(root, "rewrite", "--legacy", "libb", "--canonical", "acme.lib")
    assert done.code == 2
    assert "misspelled" in done.err


def test_what_lies_in_the_package_cannot_go_along(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "unify-backend.toml": '[[packages]]\nlegacy = "lib"\ncanonical = "acme.lib"\n'
            '[moves]\n"lib/a.py" = "acme/b.py"\n',
            "lib/__init__.py": "",
            "lib/a.py": "",
        }
    )
    done = command(root, "merge", "--dry-run")
    assert done.code == 4
    assert "moves as a whole" in done.err


def test_folders_go_along(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "unify-backend.toml": '[[packages]]\nlegacy = "lib"\ncanonical = "acme.lib"\n'
            '[moves]\n"tests/old_lib" = "tests/lib"\n',
            "lib/__init__.py": "",
            "tests/old_lib/test_a.py": "import lib\n",
            "ci.sh": "pytest tests/old_lib/test_a.py\n",
        }
    )
    assert command(root, "merge").code == 0
    assert (root / "tests/lib/test_a.py").read_text() == "import acme.lib\n"
    assert (root / "ci.sh").read_text() == "pytest tests/lib/test_a.py\n"
    assert not (root / "tests/old_lib").exists()


def test_a_place_that_is_taken_is_refused(shop: Shop, command: Command) -> None:
    root = shop(
        {
            "unify-backend.toml": '[[packages]]\nlegacy = "lib"\ncanonical = "acme.lib"\n'
            '[moves]\n"tests/old_lib" = "tests/lib"\n',
            "lib/__init__.py": "",
            "tests/old_lib/a.py": "",
            "tests/lib/a.py": "mine\n",
        }
    )
    done = command(root, "merge")
    assert done.code == 4
    assert "tests/lib/a.py" in done.err
    assert (root / "lib/__init__.py").exists()


def test_what_the_merge_brought_over_can_be_rewritten_at_once(
    pixsim7: Path, command: Command
) -> None:
    def waiting() -> set[str]:
        done = command(pixsim7, "rewrite", "--dry-run", "--format", "json")
        return {
            one["text"]
            for one in document(done.out)["review"]
            if "only the legacy tree has it" in one["reason"]
        }

    before = waiting()
    command(pixsim7, "merge", "--prefer", "canonical")
    assert waiting() <= before
    types = pixsim7 / "pixsim7/backend/main/infrastructure/websocket/manager.py"
    assert "from pixsim7.backend.main.infrastructure.websocket.types import" in types.read_text()


def test_one_pair_side_by_side(pixsim7: Path, command: Command) -> None:
    for name in ("domain/asset.py", "pixsim7_backend/domain/asset.py"):
        done = command(pixsim7, "diff", name)
        assert done.code == 0
        assert "fork point" in done.out
        assert "rating" in done.out
        assert "thumbnail_url" in done.out
    assert command(pixsim7, "diff", "nowhere.py").code == 2


def test_a_base_by_hand(pixsim7: Path, command: Command, git: Git) -> None:
    split = document(command(pixsim7, "diff", "--format", "json").out)["packages"][0]["split"]
    done = command(pixsim7, "merge", "--dry-run", "--base", split["source"], "--format", "json")
    assert document(done.out)["packages"][0]["base"] == split["source"]
    wrong = command(pixsim7, "merge", "--dry-run", "--base", "nonsense")
    assert wrong.code == 2
    assert "nonsense" in wrong.err


def test_the_executable_bit_of_the_side_that_changed_it(
    pixsim7: Path, command: Command, git: Git
) -> None:
    git(pixsim7, "update-index", "--chmod=+x", "pixsim7_backend/main.py")
    git(pixsim7, "commit", "-qm", "Executable")
    git(pixsim7, "checkout", "-q", "--", ".")
    command(pixsim7, "merge")
    git(pixsim7, "add", "-A")
    assert git(pixsim7, "ls-files", "-s", "pixsim7/backend/main/main.py").startswith("100755")
    assert git(pixsim7, "ls-files", "-s", "pixsim7/backend/main/api/v1/logs.py")[:6] == "100644"


def test_undo_opens_what_only_a_preference_had_settled(pixsim7: Path, command: Command) -> None:
    assert command(pixsim7, "merge", "--prefer", "canonical").code == 0
    assert command(pixsim7, "undo").code == 0
    assert command(pixsim7, "merge", "--dry-run").code == 1
