"""Each check on repositories that are as far as it asks, and on such that are not."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.repositories import MOVES, made
from unify_backend.commands.status.evaluate import CHECKS, take_status
from unify_backend.commands.status.facts import Facts
from unify_backend.model.settings import DEFAULT_PHASES, Phase, Settings
from unify_backend.model.status import Evidence, NotNeeded, PhaseState, StepDone, StepOpen
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

SETTINGS = Settings(MOVES)
PHASE = Phase("1", "One", ("summary",))
CANONICAL = {
    "shop/__init__.py": "",
    "shop/backend/__init__.py": "",
    "shop/backend/core/__init__.py": "",
    "shop/backend/core/main.py": "app = object()\n",
}
LEGACY = {"shop_backend/__init__.py": "", "shop_backend/main.py": "app = object()\n"}
USED = {"use.py": "import shop.backend.core.main\n"}
DOCKERFILE = "FROM python:3.12\nWORKDIR /app\nCOPY . /app\nCMD uvicorn {}.main:app\n"


def facts(root: Path, files: dict[str, str], settings: Settings = SETTINGS) -> Facts:
    return Facts(Snapshot(Repository.discover(made(root / "shop", files).root)), settings)


def look(check: str, found: Facts, phase: Phase = PHASE) -> Evidence:
    return CHECKS[check].look(found, phase)


def test_every_default_check_is_there() -> None:
    assert {check for phase in DEFAULT_PHASES for check in phase.checks} == set(CHECKS)


def test_every_check_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands" / "status.md").read_text("utf-8")
    for name in CHECKS:
        assert f"`{name}`" in page, name


def test_only_the_canonical_tree_is_left(tmp_path: Path) -> None:
    repo = made(tmp_path / "shop", {**CANONICAL, **LEGACY, **USED})
    repo.write(dict.fromkeys(LEGACY))
    repo.commit("one tree")
    found = Facts(Snapshot(Repository.discover(repo.root)), SETTINGS)
    assert look("canonical-tree", found) == StepDone("it is the only one")
    assert look("legacy-tree", found) == StepDone("none in shop_backend/")
    assert look("forwarding", found) == StepDone("gone, and nothing names it")
    assert look("nothing-named", found) == StepDone(
        "no reference is left; 0 names kept, each for its reason"
    )


def test_the_old_tree_is_gone_too_early(tmp_path: Path) -> None:
    found = facts(tmp_path, {**CANONICAL, "use.py": "import shop_backend.main\n"})
    forwarding = look("forwarding", found)
    assert isinstance(forwarding, StepOpen)
    assert forwarding.fact == "gone, and still named in 1 place"
    assert isinstance(look("nothing-named", found), StepOpen)


def test_only_the_legacy_tree_is_there(tmp_path: Path) -> None:
    found = facts(tmp_path, {**LEGACY, "use.py": "import shop_backend.main\n"})
    complete = look("canonical-tree", found)
    assert isinstance(complete, StepOpen)
    assert "shop/backend/core/main.py" in complete.places
    assert isinstance(look("legacy-tree", found), StepOpen)


def test_a_shim_by_hand_is_no_tree_to_merge(tmp_path: Path) -> None:
    """A merge would take the removal of the duplicate over, and empty the canonical tree."""
    twins = {f"{n}.py": f"X = {n!r}\n" for n in ("a", "b", "c")}
    both = {
        f"{top}/{name}": text
        for top in ("shop_backend", "shop/backend/core")
        for name, text in twins.items()
    }
    repo = made(tmp_path / "shop", {**CANONICAL, **LEGACY, **both, **USED})
    repo.write({f"shop_backend/{name}": None for name in twins})
    repo.write({"shop_backend/main.py": "from shop.backend.core.main import *\n"})
    repo.commit("remove the duplicate")
    complete = look("canonical-tree", Facts(Snapshot(Repository.discover(repo.root)), SETTINGS))
    assert complete == StepOpen(
        "only leftovers in the old folder, 1 file unlike the new",
        "unify-backend diff",
        ("shop/backend/core/main.py",),
    )


def test_what_the_legacy_tree_deleted_is_still_to_merge(tmp_path: Path) -> None:
    both = {"shop_backend/old.py": "X = 1\n", "shop/backend/core/old.py": "X = 1\n"}
    repo = made(tmp_path / "shop", {**CANONICAL, **LEGACY, **both, **USED})
    repo.write({"shop_backend/old.py": None})
    repo.commit("delete")
    complete = look("canonical-tree", Facts(Snapshot(Repository.discover(repo.root)), SETTINGS))
    assert isinstance(complete, StepOpen)
    assert complete.step == "unify-backend merge"
    assert complete.places == ("shop/backend/core/old.py",)


def test_conflict_markers_are_open(tmp_path: Path) -> None:
    marked = "<<<<<<< canonical\nx = 1\n||||||| fork\n=======\nx = 2\n>>>>>>> legacy\n"
    files = {**CANONICAL, **LEGACY, "shop/backend/core/main.py": marked, **USED}
    complete = look("canonical-tree", facts(tmp_path, files))
    assert isinstance(complete, StepOpen)
    assert complete.places == ("shop/backend/core/main.py",)


def test_names_that_a_person_decides_do_not_hold_up_an_area(tmp_path: Path) -> None:
    files = {**CANONICAL, **LEGACY, "scripts/run.py": 'NAME = "shop_backend"\n', **USED}
    scripts = look("scripts", facts(tmp_path, files))
    assert isinstance(scripts, StepDone)
    assert "to review" in scripts.fact


def test_an_area_without_either_name_needs_nothing(tmp_path: Path) -> None:
    found = facts(tmp_path, {**CANONICAL, **LEGACY, "use.py": "import shop_backend.main\n"})
    assert look("documentation", found) == NotNeeded("names neither package")


def test_the_task_file_does_not_count(tmp_path: Path) -> None:
    settings = replace(SETTINGS, task_file="tasks/1.md")
    files = {**CANONICAL, **LEGACY, **USED, "tasks/1.md": "## 1\n`shop_backend/main.py`\n"}
    assert look("documentation", facts(tmp_path, files, settings)) == NotNeeded(
        "names neither package"
    )


@pytest.mark.parametrize(
    ("path", "package", "expected"),
    [
        ("Dockerfile", "shop.backend.core", "1 start the canonical package, built from ."),
        ("Dockerfile", "shop_backend", "1 of 1 are not right"),
        ("shop_backend/Dockerfile", "main", "1 of 1 are not right"),
    ],
)
def test_containers(tmp_path: Path, path: str, package: str, expected: str) -> None:
    files = {**CANONICAL, **LEGACY, **USED, path: DOCKERFILE.format(package)}
    found = look("containers", facts(tmp_path, files))
    assert not isinstance(found, NotNeeded)
    assert found.fact.startswith(expected)
    assert isinstance(found, StepDone) == expected.startswith("1 start")


def test_a_container_of_something_else_is_not_ours(tmp_path: Path) -> None:
    web = {"web/Dockerfile": "FROM node\nCMD npm start\n"}
    found = look("containers", facts(tmp_path, {**CANONICAL, **LEGACY, **USED, **web}))
    assert found == NotNeeded("no container starts the package")


@pytest.mark.parametrize(
    ("section", "documents", "result"),
    [
        ("Update `LAYOUT.md`.", (), StepOpen),
        ("Update [it](docs/GOOD.md), and note it in `CHANGES.md`.", (), StepDone),
        ("Update `README.md`, of which there are two.", (), NotNeeded),
        ("Update `GONE.md`.", (), NotNeeded),
        ("", ("docs/LAYOUT.md",), StepOpen),
        ("", ("docs/GOOD.md",), StepDone),
        ("Update `LAYOUT.md`.", ("docs/GOOD.md",), StepDone),
        ("", ("docs/GONE.md",), StepOpen),
    ],
)
def test_documents(
    tmp_path: Path, section: str, documents: tuple[str, ...], result: type[Evidence]
) -> None:
    settings = replace(
        SETTINGS,
        task_file="tasks/1.md",
        changelog="CHANGES.md",
        documents=documents,
        phases=(PHASE,),
    )
    files = {
        **CANONICAL,
        **USED,
        "tasks/1.md": f"## Phase 1\n\n{section}\n\n## Notes\n\n`docs/LAYOUT.md`\n",
        "CHANGES.md": "Nothing.\n",
        "docs/LAYOUT.md": "`shop_backend/` and `shop/backend/core/` are two copies.\n",
        "docs/GOOD.md": "Code lies in `shop/backend/core/main.py`.\n",
        "docs/README.md": "`shop_backend/main.py`\n",
        "README.md": "`shop_backend/main.py`\n",
    }
    assert isinstance(look("documents", facts(tmp_path, files, settings)), result)


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("# Changes\n", "# Changes\n- `shop.backend.core` is all\n", StepDone),
        ("# Changes\n", "# Changes\n- see shop/backend/core/\n", StepDone),
        ("# Changes\n", "# Changes\n- shop.backend.core2 is other\n", StepOpen),
        ("- soon: shop.backend.core\n", "- soon: shop.backend.core\n- a fix\n", StepOpen),
        ("- shop.backend.core\n", "- shop.backend.core\n- shop.backend.core\n", StepDone),
        ("", "", StepOpen),
    ],
    ids=["entry", "path", "longer-name", "announced-before", "same-line-again", "empty"],
)
@pytest.mark.parametrize("committed", [True, False])
def test_only_an_entry_that_came_with_the_move_counts(
    tmp_path: Path, before: str, after: str, result: type[Evidence], committed: bool
) -> None:
    repo = made(tmp_path / "shop", {**CANONICAL, **LEGACY, **USED, "CHANGES.md": before})
    repo.commit("later")
    repo.write({"CHANGES.md": after, **dict.fromkeys(LEGACY)})
    repo.run("add", "-A")
    if committed:
        repo.commit("move")
        repo.commit("more")
    settings = replace(SETTINGS, changelog="CHANGES.md")
    found = Facts(Snapshot(Repository.discover(repo.root)), settings)
    assert isinstance(look("changelog", found), result)


def test_phases_of_an_unfinished_move_are_never_done(tmp_path: Path) -> None:
    use = "import shop_backend.main\n"
    files = {**CANONICAL, **LEGACY, "tests/test_use.py": use, "run.py": use}
    found = take_status(facts(tmp_path, files))
    assert [phase.id for phase in found.phases] == ["34.1", "34.2", "34.3", "34.4"]
    states = [phase.state for phase in found.phases]
    assert states[0] is PhaseState.DONE  # without a task file there is nothing to write down
    assert PhaseState.DONE not in states[1:]
    assert not found.done
