"""What a plain move asks of git, and what it reads a second time: counted, not timed."""

from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.support import Git, Shop
from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.languages.contexts import Places, place
from unify_backend.languages.language import Fragment
from unify_backend.model.merge_plan import MergePlan
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git_run
from unify_backend.repository.snapshot import Snapshot

FILES: dict[str, bytes | str] = {
    "old/__init__.py": "",
    "old/cart.py": "from old import till\n\nNAME = 'old.till'\n",
    "old/till.py": "import old.cart\n\nprint(old.cart.NAME)\n",
    "use.py": "from old.cart import NAME\n",
    "page.js": "const old = require('./old/cart.css')  // old\n",
    "README.md": "The old shop. See `old/cart.py` and [the till](old/till.py).\n",
    "other.py": "VALUE = 1\n",
}
HISTORY = {"log", "rev-list", "diff-tree", "cat-file", "show", "blame", "merge-base", "shortlog"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that git was given, each its first word."""
    words_of: list[str] = []
    run = git_run.run

    def counted(folder: Path, *words: str, stdin: bytes | None = None) -> bytes:
        words_of.append(words[0])
        return run(folder, *words, stdin=stdin)

    monkeypatch.setattr(git_run, "run", counted)
    return words_of


def plan(root: Path, canonical: str = "acme.shop") -> MergePlan:
    contents = Snapshot(Repository.discover(root))
    settings = Settings((PackageMove.of("old", canonical),))
    return plan_merge(contents, settings, MergeOptions())


def test_a_plain_move_reads_no_history(shop: Shop, git: Git, asked: list[str]) -> None:
    """One question is left: whether anything ever was at the new place. It reads no content and
    prints no more than a name."""
    root = shop(FILES)
    for number in range(4):
        (root / "old/cart.py").write_text(f"NAME = {number}\n", "utf-8", newline="\n")
        git(root, "commit", "-qam", f"Edit {number}")
    planned = plan(root)
    assert planned.packages[0].files
    assert planned.packages[0].history.legacy_commits == ()
    assert [word for word in asked if word in HISTORY] == ["rev-list"]


def test_git_is_asked_as_often_for_many_files(shop: Shop, asked: list[str]) -> None:
    more: dict[str, bytes | str] = {
        f"old/m{n}.py": f"import old.cart\nV = {n}\n" for n in range(40)
    }
    plan(shop(FILES | more))
    assert max(Counter(asked).values()) <= 2
    assert len(asked) <= 8


def test_history_is_read_once_where_there_is_a_copy(shop: Shop, git: Git, asked: list[str]) -> None:
    root = shop(FILES)
    for name in ("__init__", "cart", "till"):
        text = (root / f"old/{name}.py").read_text("utf-8").replace("old", "acme.shop")
        place = root / f"acme/shop/{name}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Copy")
    plan(root)
    assert asked.count("log") == 1


@pytest.mark.parametrize("count", [4, 8])
def test_contents_of_many_edited_files_are_read_together(
    shop: Shop, git: Git, asked: list[str], count: int
) -> None:
    """Any two of them may have exchanged their paths, so that each is compared with the others."""
    text = "".join(f"LINE_{line} = {line}\n" for line in range(12))
    files = [f"m{n}.py" for n in range(count)]
    root = shop({f"old/{name}": f"{text}NAME = '{name}'\n" for name in files})
    copy = root / "acme/copy"
    copy.mkdir(parents=True)
    for path in (root / "old").glob("*.py"):
        (copy / path.name).write_bytes(path.read_bytes())
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Copy")
    for name in files:
        (copy / name).write_text(f"NOW = '{name}'\nOTHER = 1\n", "utf-8", newline="\n")
    git(root, "commit", "-qam", "Rewrite")
    plan(root, "acme.copy")
    assert 0 < asked.count("cat-file") <= 4


def test_what_a_move_leaves_as_it_is_is_looked_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Counter[tuple[str, str]] = Counter()

    def counted(forms: object, language: str, fragment: Fragment) -> Places:
        seen[fragment.path, fragment.text] += 1
        return place(forms, language, fragment)  # type: ignore[arg-type]

    monkeypatch.setattr("unify_backend.references.scan_memory.place", counted)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    planned = plan(shop(FILES))
    assert {path for path, _ in seen} >= {"page.js", "README.md", "use.py"}
    assert max(seen.values()) == 1
    left = {reference.path for reference in (*planned.left.review, *planned.left.kept)}
    assert "page.js" in left


def test_a_second_process_plans_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    more: dict[str, bytes | str] = {
        f"old/m{n}.py": f"# coding: utf-8\nimport old.cart\nfrom old import m{n}\nV = {n}\n"
        for n in range(80)
    }
    root = shop(FILES | more)
    planned = plan(root)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert plan(root) == planned
    assert len(planned.changes.changes) > len(more)
