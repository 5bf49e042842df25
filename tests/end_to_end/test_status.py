"""Status as a person gets it: evidence that follows the work, and a task file kept up to date."""

from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, Shop, document

TASK = "tasks/7-one-tree.md"
DATED = ("status", "--write", "--date", "2025-11-21")
CONFIGURATION = """task-file = "tasks/7-one-tree.md"
changelog = "CHANGES.md"

[[packages]]
legacy = "shop_backend"
canonical = "shop.backend.core"

[[phases]]
id = "7.1"
title = "Inventory"
checks = ["structures", "divergences", "references", "summary"]

[[phases]]
id = "7.2"
title = "Imports"
checks = ["canonical-tree", "code", "tests", "documentation", "scripts"]

[[phases]]
id = "7.3"
title = "One tree"
checks = ["legacy-tree", "forwarding", "nothing-named", "changelog", "documents"]
"""
TEXT = """# One tree

- [ ] **Phase 7.1 – Inventory**
- [ ] **Phase 7.2 – Imports**
- [ ] **Phase 7.3 – One tree**

## Phase 7.1 – Inventory

**Status:** `[ ]` Not started

## Phase 7.2 – Imports

**Status:** `[ ]` Not started

## Phase 7.3 – One tree

1. Say so in `CHANGES.md`.
2. Update `LAYOUT.md`.

**Status:** `[ ]` Not started
"""
FILES: dict[str, bytes | str] = {
    "unify-backend.toml": CONFIGURATION,
    TASK: TEXT,
    "CHANGES.md": "# Changes\n\n- Announced: `shop.backend.core` replaces `shop_backend`.\n",
    "docs/LAYOUT.md": "Code lies in `shop_backend/api.py`.\n",
    "scripts/run.sh": "python -m shop_backend.main\n",
    "tests/test_api.py": "from shop_backend.api import app\n",
    "shop_backend/extra.py": "EXTRA = 1\n",
}


@pytest.fixture
def root(shop: Shop) -> Path:
    return shop(dict(FILES))


def states(command: Command, root: Path) -> list[str]:
    ran = command(root, "status", "--format", "json")
    assert ran.code == 0, ran.err
    found = document(ran.out)
    return [phase["state"] for phase in found["phases"]]


def evidence(command: Command, root: Path, check: str) -> tuple[str, str]:
    found = document(command(root, "status", "--format", "json").out)
    steps = [one for phase in found["phases"] for one in phase["evidence"]]
    return next((one["result"], one["fact"]) for one in steps if one["check"] == check)


def commit(git: Git, root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "Next")


def test_the_phases_follow_the_work(root: Path, command: Command, git: Git) -> None:
    assert states(command, root) == ["in progress", "not started", "not started"]
    assert command(root, *DATED).code == 0
    assert states(command, root) == ["done", "not started", "not started"]
    commit(git, root)
    assert command(root, "merge").code == 0
    assert states(command, root) == ["done", "in progress", "not started"]
    assert command(root, "rewrite").code == 0
    assert states(command, root) == ["done", "done", "not started"]
    assert command(root, "status", "--exit-code").code == 1
    commit(git, root)
    assert command(root, "shim").code == 0
    assert states(command, root) == ["done", "done", "in progress"]
    assert evidence(command, root, "changelog")[0] == "open"  # the announcement came before
    with (root / "CHANGES.md").open("a", encoding="utf-8") as changes:
        changes.write("- `shop.backend.core` is the only tree.\n")
    assert evidence(command, root, "changelog") == (
        "holds",
        "CHANGES.md tells of shop.backend.core",
    )
    commit(git, root)
    assert states(command, root) == ["done", "done", "done"]
    done = command(root, "status", "--write", "--date", "2025-11-25", "--exit-code")
    assert done.code == 0
    text = (root / TASK).read_text("utf-8")
    assert text.count("- [x] **Phase 7.") == 3
    assert "**Status:** `[x]` Done (2025-11-21)" in text
    assert text.count("**Status:** `[x]` Done (2025-11-25)") == 2


def test_what_was_before_the_merge_stays_written_down(
    root: Path, command: Command, git: Git
) -> None:
    assert command(root, *DATED).code == 0
    before = (root / TASK).read_text("utf-8")
    assert "| files at the top | 4 | 1 only legacy | 1 legacy |" in before
    assert "Only in `shop_backend/`: `extra.py`." in before
    assert "| Tests | `tests/test_api.py` 1 | – |" in before
    commit(git, root)
    command(root, "merge")
    assert evidence(command, root, "summary")[1].startswith("there: the record")
    command(root, *DATED)
    after = (root / TASK).read_text("utf-8")
    start, end = "<!-- unify-backend: summary of 7.1 -->", "<!-- unify-backend: end of 7.1 -->"
    assert before.split(start)[1].split(end)[0] == after.split(start)[1].split(end)[0]


def test_a_summary_out_of_date_is_renewed_in_place(root: Path, command: Command, git: Git) -> None:
    command(root, *DATED)
    (root / "tests" / "test_more.py").write_text("import shop_backend.main\n", "utf-8")
    commit(git, root)
    assert evidence(command, root, "summary") == ("open", "there, and out of date")
    command(root, "status", "--write", "--date", "2025-11-22")
    text = (root / TASK).read_text("utf-8")
    assert text.count("<!-- unify-backend: summary of 7.1 -->") == 1
    assert "`tests/test_more.py` 1" in text
    assert "*As of 2025-11-22" in text
    assert "*As of 2025-11-21" not in text


def test_the_second_run_writes_nothing_on_any_day(root: Path, command: Command) -> None:
    assert command(root, *DATED).code == 0
    before = (root / TASK).read_bytes()
    again = command(root, "status", "--write", "--date", "2026-02-02")
    assert again.code == 0
    assert f"{TASK} is up to date" in again.out
    assert (root / TASK).read_bytes() == before


def test_a_dry_run_writes_nothing_and_its_patch_applies(
    root: Path, command: Command, git: Git
) -> None:
    ran = command(root, *DATED, "--dry-run", "--diff")
    assert ran.code == 0
    assert git(root, "status", "--porcelain") == ""
    git(root, "apply", stdin=ran.raw)
    patched = (root / TASK).read_bytes()
    git(root, "checkout", "-q", ".")
    command(root, *DATED)
    assert (root / TASK).read_bytes() == patched


def test_it_can_be_undone(root: Path, command: Command, git: Git) -> None:
    command(root, *DATED)
    assert git(root, "status", "--porcelain") != ""
    assert command(root, "undo").code == 0
    assert git(root, "status", "--porcelain") == ""


def test_the_json_says_what_was_written(root: Path, command: Command) -> None:
    found = document(command(root, *DATED, "--format", "json").out)
    assert found["written"] == [
        {"line": 3, "what": "phase 7.1 ticked"},
        {"line": 9, "what": "phase 7.1: done"},
        {"line": 9, "what": "summary of 7.1 added below"},
    ]
    assert found["dry_run"] is False
    assert found["totals"]["phases"] == {"not started": 2, "in progress": 0, "done": 1}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("- [ ] **Phase 7.2", "- [x] **Phase 7.2"), 4),
        (("– Imports\n\n**Status:** `[ ]` Not started", "\n\n**Status:** Done"), 13),
    ],
    ids=["ticked", "said"],
)  # fmt: skip
def test_a_tick_without_evidence_is_told_and_stays(
    shop: Shop, command: Command, change: tuple[str, str], line: int
) -> None:
    root = shop({**FILES, TASK: TEXT.replace(*change)})
    said = command(root, "status").out
    assert f"{TASK}:{line} says that 7.2 is done; it is not" in said
    found = document(command(root, *DATED, "--format", "json").out)
    assert found["contradictions"] == [
        {
            "path": TASK,
            "line": line,
            "phase": "7.2",
            "left": "canonical tree complete: a merge would still change 1 file",
        }
    ]
    assert change[1] in (root / TASK).read_text("utf-8")


def test_every_other_byte_stays(shop: Shop, command: Command) -> None:
    odd = "\ufeff" + TEXT.replace("\n", "\r\n").rstrip("\r\n") + "\r\n\r\n\tlast\u2028line  "
    data = odd.encode() + b" \xff\xfe"
    root = shop({**FILES, TASK: data})
    assert command(root, *DATED).code == 0
    lines = (root / TASK).read_bytes().split(b"\n")
    start = lines.index(b"<!-- unify-backend: summary of 7.1 -->\r")
    end = lines.index(b"<!-- unify-backend: end of 7.1 -->\r")
    assert all(line.endswith(b"\r") for line in lines[start:end])
    left = b"\n".join([*lines[: start - 1], *lines[end + 1 :]])
    left = left.replace(b"- [x] **Phase 7.1", b"- [ ] **Phase 7.1")
    assert left.replace(b"`[x]` Done (2025-11-21)", b"`[ ]` Not started") == data


def test_another_file_can_be_named(shop: Shop, command: Command, git: Git) -> None:
    root = shop({**FILES, "plan.md": "## 7.1\n\n**Status:** to do\n"})
    assert command(root, *DATED, "./plan.md").code == 0
    assert git(root, "status", "--porcelain").split() == ["M", "plan.md"]
    assert "**Status:** Done (2025-11-21)" in (root / "plan.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*DATED, "CHANGES.md"), "CHANGES.md tells of no phase"),
        ((*DATED, "missing.md"), "missing.md is not there"),
        ((*DATED, "../outside.md"), "../outside.md is not there"),
        ((*DATED, "tasks"), "tasks"),
        ((*DATED, "image.png"), "image.png is no text"),
        ((*DATED, "torn.md"), "never ends"),
        (("status", "image.png"), "image.png is no text"),
        (("status", "--dry-run"), "--dry-run is given without --write"),
        (("status", "--diff"), "--diff is given without --write"),
        (("status", "--date", "2025-11-21"), "--date is given without --write"),
        (("status", "--write", "--date", "21.11.2025"), "is no day"),
        (("status", "--write", "--diff", "--format", "json"), "exclude each other"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(
    shop: Shop, command: Command, git: Git, arguments: tuple[str, ...], said: str
) -> None:
    root = shop(
        {
            **FILES,
            "image.png": b"\x89PNG\0",
            "torn.md": "## 7.1\n<!-- unify-backend: summary of 7.1 -->\nmine\n",
        }
    )
    ran = command(root, *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert git(root, "status", "--porcelain") == ""


def test_a_message_says_what_was_looked_for(root: Path, command: Command) -> None:
    said = command(root, *DATED, "CHANGES.md").err
    for words in ("- [ ] **Phase 7.1", "## Phase 7.1", "**Status:**", "[[phases]]"):
        assert words in said


def test_edits_of_a_person_are_not_written_over(root: Path, command: Command) -> None:
    edited = TEXT + "\nmy note\n"
    (root / TASK).write_text(edited, "utf-8")
    assert command(root, *DATED).code == 4
    assert (root / TASK).read_text("utf-8") == edited
    assert command(root, *DATED, "--allow-dirty").code == 0
    assert (root / TASK).read_text("utf-8").endswith("\nmy note\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"code", "tests"', '"cod", "tests"', "phase 7.2 names no check: 'cod'"),
        ('id = "7.2"', 'id = "7.1"', "two phases have it"),
        ('["structures", "divergences", "references", "summary"]', "[]", "checks"),
        ('title = "Imports"\n', "", "title"),
        ('title = "Imports"', 'name = "Imports"', "unknown key 'phases[1].name'"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_told(
    shop: Shop, command: Command, old: str, new: str, said: str
) -> None:
    assert old in CONFIGURATION
    root = shop({**FILES, "unify-backend.toml": CONFIGURATION.replace(old, new)})
    ran = command(root, "status")
    assert ran.code == 2
    assert said in ran.err


def test_without_a_task_file_the_rest_is_told(shop: Shop, command: Command) -> None:
    lines = CONFIGURATION.splitlines(keepends=True)[2:]
    root = shop({**FILES, "unify-backend.toml": "".join(lines)})
    assert evidence(command, root, "summary")[0] == "not needed"
    assert evidence(command, root, "changelog")[0] == "not needed"
    assert command(root, "status", "--write").code == 2


@pytest.mark.parametrize("commits", [True, False], ids=["no-git", "no-commit"])
def test_without_history_it_answers_all_the_same(
    shop: Shop, command: Command, git: Git, commits: bool
) -> None:
    root = shop(dict(FILES), commit=False)
    if not commits:
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
    assert states(command, root)[0] == "in progress"
    code = command(root, *DATED, "--allow-dirty").code
    assert code == 0
    assert states(command, root)[0] == "done"


def test_the_bundled_repository_needs_no_configuration(
    pixsim7: Path, command: Command, git: Git
) -> None:
    task = "claude-tasks/34-backend-tree-unification-and-packaging.md"
    assert states(command, pixsim7) == ["in progress", *["not started"] * 3]
    assert command(pixsim7, *DATED).code == 0
    assert git(pixsim7, "status", "--porcelain").split() == ["M", task]
    changed = git(pixsim7, "diff", "-U0").splitlines()
    removed = [line for line in changed if line.startswith("-") and not line.startswith("---")]
    assert removed == [
        "-- [ ] **Phase 34.1 – Inventory & Diff of the Two Trees**",
        "-**Status:** `[ ]` Not started",
    ]
    text = (pixsim7 / task).read_text("utf-8")
    assert "- [x] **Phase 34.1" in text
    assert "| `api/` |" in text
    assert "| Docker |" in text
    assert all(len(line) < 81 for line in command(pixsim7, "status").out.splitlines()[2:])
