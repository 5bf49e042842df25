"""`check` on real repositories: what a change adds, and what it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands.repositories import MOVES, Repo, made
from tests.end_to_end.support import TREES
from unify_backend.commands.check.diagnostics import Diagnoser
from unify_backend.commands.check.evaluate import BASELINE, Request, baseline_of, judge
from unify_backend.commands.check.write_baseline import prune, update, write
from unify_backend.model.baseline import Entry
from unify_backend.model.checking import Evaluation, Scope
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "check" / "changes.yml").read_text("utf-8")
)
SETTINGS = Settings(MOVES)


@dataclass(frozen=True)
class Checked:
    """A repository to check, again and again."""

    repo: Repo

    def contents(self) -> Snapshot:
        return Snapshot(Repository.discover(self.repo.root))

    def judge(self, **asked: Any) -> Evaluation:
        return judge(self.contents(), SETTINGS, Request(**asked))

    def baseline(self, allow_growth: bool = False) -> None:
        contents = self.contents()
        known = baseline_of(contents.repository, contents, BASELINE)
        judged = self.judge(absolute=known is None)
        kept = update(contents.repository, known, judged, BASELINE, allow_growth)
        write(contents.repository, kept)
        self.repo.commit("baseline")


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    return Checked(made(tmp_path / "shop", TREES))


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [f"{one.path} {one.text or one.kind}" for one in entries]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_change(case: dict[str, Any], checked: Checked) -> None:
    checked.repo.write(case["before"])
    checked.repo.commit("before")
    checked.baseline()
    checked.repo.rename(case.get("rename", {}))
    checked.repo.write(case.get("after", {}))
    checked.repo.run("add", "-A")
    judged = checked.judge()
    if "new_count" in case:
        assert len(judged.verdicts.new) == case["new_count"], (judged.verdicts, case["why"])
    else:
        assert names(judged.verdicts.new) == case.get("new", []), case["why"]
    if "stale_count" in case:
        assert len(judged.verdicts.stale) == case["stale_count"], judged.verdicts.stale
    else:
        assert names(judged.verdicts.stale) == case.get("stale", []), case["why"]
    assert judged.opted_out == case.get("opted_out", 0)
    # A change is judged alike when it is only staged, and when only the change is looked at.
    staged = checked.judge(staged=True)
    assert staged.scope is Scope.CHANGED
    assert names(staged.verdicts.new) == names(judged.verdicts.new)
    since = checked.judge(since="HEAD")
    assert names(since.verdicts.new) == names(judged.verdicts.new)
    checked.repo.commit("after")
    assert names(checked.judge(since="HEAD~1").verdicts.new) == names(judged.verdicts.new)
    assert checked.judge(since="HEAD").verdicts.new == ()


def test_half_of_the_cases_are_left_alone() -> None:
    quiet = [case for case in CASES if not case.get("new") and "new_count" not in case]
    assert len(quiet) * 2 >= len(CASES) - 4


def test_without_a_baseline_nothing_passes(checked: Checked) -> None:
    with pytest.raises(ConfigurationError, match="there is no baseline"):
        checked.judge()


def test_all_that_is_there_counts_without_one(checked: Checked) -> None:
    judged = checked.judge(absolute=True)
    assert names(judged.verdicts.new) == [
        "shop_backend/__init__.py legacy-file",
        "shop_backend/api.py legacy-file",
        "shop_backend/main.py legacy-file",
        "shop_backend/main.py shop_backend.api",
    ]


def test_only_the_files_that_were_named(checked: Checked) -> None:
    checked.baseline()
    checked.repo.write({"a.py": "import shop_backend.api\n", "b.py": "import shop_backend.api\n"})
    checked.repo.run("add", "-A")
    judged = checked.judge(files=frozenset({"b.py"}))
    assert (names(judged.verdicts.new), judged.files) == (["b.py shop_backend.api"], 1)


def test_since_a_branch_compares_with_where_it_was_left(checked: Checked) -> None:
    repo = checked.repo
    repo.run("branch", "work")
    repo.write({"main_only.py": "import shop_backend.api\n"})
    repo.commit("on main")
    repo.run("checkout", "-q", "work")
    repo.write({"mine.py": "import shop_backend.main\n"})
    repo.commit("on work")
    assert names(checked.judge(since="main").verdicts.new) == ["mine.py shop_backend.main"]


def test_since_accepts_what_the_baseline_of_the_change_lets_in(checked: Checked) -> None:
    checked.baseline()
    checked.repo.write({"a.py": "import shop_backend.api\n"})
    checked.repo.commit("added")
    assert len(checked.judge(since="HEAD~1").verdicts.new) == 1
    checked.baseline(allow_growth=True)
    assert checked.judge(since="HEAD~2").verdicts.new == ()


def test_what_is_staged_counts_not_what_lies_around(checked: Checked) -> None:
    checked.baseline()
    checked.repo.write({"shop/backend/core/api.py": "import shop_backend.api\n"})
    assert checked.judge(staged=True).verdicts.new == ()
    checked.repo.run("add", "-A")
    checked.repo.write({"shop/backend/core/api.py": "x = 1\n"})
    assert len(checked.judge(staged=True).verdicts.new) == 1
    assert checked.judge().verdicts.new == ()


def test_a_baseline_grows_only_when_told(checked: Checked) -> None:
    checked.baseline()
    checked.repo.write({"a.py": "import shop_backend.api\n"})
    checked.repo.commit("added")
    with pytest.raises(Refused, match="would grow by 1"):
        checked.baseline()
    checked.baseline(allow_growth=True)
    assert checked.judge().verdicts.new == ()


def test_the_first_count_stays(checked: Checked) -> None:
    checked.repo.write({"a.py": "import shop_backend.api\nimport shop_backend.main\n"})
    checked.repo.commit("added")
    checked.baseline()
    checked.repo.write({"a.py": "import shop_backend.api\n"})
    checked.baseline()
    judged = checked.judge()
    assert (judged.started, len(judged.verdicts.known)) == (6, 5)


def test_pruning_takes_away_and_never_adds(checked: Checked) -> None:
    checked.repo.write({"a.py": "import shop_backend.api\n", "b.py": "import shop_backend.main\n"})
    checked.repo.commit("added")
    checked.baseline()
    checked.repo.rename({"b.py": "c.py"})
    checked.repo.write({"a.py": "import shop_backend\n"})
    checked.repo.run("add", "-A")
    contents = checked.contents()
    known = baseline_of(contents.repository, contents, BASELINE)
    assert known is not None
    kept = prune(contents.repository, known, checked.judge(), BASELINE)
    assert (names(kept.added), names(kept.removed)) == ([], ["a.py shop_backend.api"])
    assert kept.moved == (("b.py", "c.py"),)
    write(contents.repository, kept)
    judged = checked.judge()
    assert names(judged.verdicts.new) == ["a.py shop_backend"]
    assert (judged.verdicts.stale, judged.verdicts.moved) == ((), ())


def test_a_shallow_clone_knows_a_renamed_file_by_its_entries(
    checked: Checked, tmp_path: Path
) -> None:
    body = "import shop_backend.api\nimport shop_backend.main\n"
    checked.repo.write({"a.py": body})
    checked.repo.commit("added")
    checked.baseline()
    checked.repo.rename({"a.py": "b.py"})
    checked.repo.commit("renamed")
    clone = tmp_path / "clone"
    checked.repo.run("clone", "-q", "--depth=1", checked.repo.root.as_uri(), str(clone))
    assert Checked(Repo(clone)).judge().verdicts.new == ()


def test_renamed_twice_and_rewritten_in_between(checked: Checked) -> None:
    lines = [f"x{n} = {n}\n" for n in range(12)]
    checked.repo.write({"a.py": "import shop_backend.api\n" + "".join(lines)})
    checked.repo.commit("added")
    checked.baseline()
    for old, new, kept in (("a.py", "b.py", 8), ("b.py", "c.py", 5)):
        checked.repo.rename({old: new})
        checked.repo.commit(f"to {new}")
        checked.repo.write({new: "import shop_backend.api\n" + "".join(lines[:kept])})
        checked.repo.commit(f"{new} shorter")
    checked.repo.write({"c.py": "import shop_backend.api\ny = 0\n"})
    checked.repo.commit("nothing like the first")
    assert checked.judge().verdicts.new == ()


def test_outside_git_the_baseline_alone_decides(tmp_path: Path) -> None:
    repo = made(tmp_path / "plain", TREES, git=False)
    one = Checked(repo)
    contents = one.contents()
    write(
        contents.repository,
        update(contents.repository, None, one.judge(absolute=True), BASELINE, False),
    )
    repo.write({"a.py": "import shop_backend.api\n"})
    assert names(one.judge().verdicts.new) == ["a.py shop_backend.api"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("docs/a.md", "docs/a.md"),
        ("docs/a b.md", '"docs/a b.md"'),
        ("docs/it's.md", '"docs/it\'s.md"'),
        ('docs/"a".md', "'docs/\"a\".md'"),
        ("docs/$HOME.md", "'docs/$HOME.md'"),
    ],
)
def test_a_command_can_be_pasted(path: str, shown: str, checked: Checked) -> None:
    checked.baseline()
    checked.repo.write({path: "`shop_backend/main.py`\n"})
    checked.repo.run("add", "-A")
    judged = checked.judge()
    names_of = {move.legacy: (move.legacy, move.canonical) for move in MOVES}
    report = Diagnoser(checked.contents(), names_of, BASELINE).report(judged)
    assert [one.command for one in report.diagnostics] == [f"unify-backend rewrite {shown}"]
