"""What `verify` leaves behind: true for the state it was seen in, and for no other."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.repositories import MOVES, Repo, made
from tests.commands.verified import ended as verified_as
from tests.commands.verified import entry
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.records import recall, remember
from unify_backend.commands.status.running import verified
from unify_backend.model.boots import Boot, BootState, FailureCause, Place
from unify_backend.model.entry_results import EntryResult, Verdict
from unify_backend.model.settings import Phase, Settings
from unify_backend.model.status import Evidence, StepDone, StepOpen, Unknown
from unify_backend.model.verification import (
    Aspect,
    ChangeDirection,
    Comparison,
    Difference,
    ModuleHealth,
    Part,
    State,
    Target,
    VerifyResult,
)
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

SETTINGS = Settings(MOVES)
FILES = {
    "shop_backend/main.py": "import shop_backend\n",
    "shop/backend/core/main.py": "import shop.backend.core\n",
    "README.md": "Start it.\n",
    "run.sh": "python -m shop.backend.core.main\n",
}


SECRET = VerifySettings(env=(("KEY", "secret"),))
STATE = State(
    Target(
        "/tmp/x",
        "shop.backend.core",
        "shop/backend/core",
        settings=SECRET,
    ),
    ModuleHealth("shop.backend.core", ()),
    Boot("shop.backend.core.main:app", "fastapi", BootState.READY),
)
KEPT = replace(STATE, target=replace(STATE.target, root="", settings=VerifySettings()))


def ended(
    entries: tuple[EntryResult, ...] = (),
    regressions: tuple[Difference, ...] = (),
    parts: tuple[Part, ...] = tuple(Part),
) -> VerifyResult:
    """A verification as it may end."""
    return verified_as(STATE, entries, regressions, parts=parts)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return made(tmp_path / "shop", FILES)


def contents(repo: Repo) -> Snapshot:
    return Snapshot(Repository.discover(repo.root))


def seen(repo: Repo) -> VerifyResult | None:
    return recall(contents(repo), SETTINGS)


def look(repo: Repo) -> Evidence:
    return verified(Facts(contents(repo), SETTINGS), Phase("1", "One", ("verified",)))


def test_it_is_remembered_as_it_was_without_its_environment(repo: Repo) -> None:
    lost = Difference(
        Aspect.ROUTE,
        ChangeDirection.LOST,
        "GET /users",
        cause=FailureCause("E", "m", Place("a.py", 3)),
    )
    result = ended((entry(Verdict.FAILS),), (lost,), (Part.APPLICATION,))
    remember(contents(repo), SETTINGS, result)
    compared = Comparison(KEPT, KEPT, (lost,), ())
    assert seen(repo) == replace(result, states=(KEPT,), comparisons=(compared,))
    text = (Repository.discover(repo.root).state / "verified.json").read_text("utf-8")
    assert "secret" not in text
    assert "/tmp/x" not in text


def executable(repo: Repo) -> None:
    (repo.root / "run.sh").chmod(0o755)
    repo.run("update-index", "--chmod=+x", "run.sh")


CHANGES: dict[str, tuple[Callable[[Repo], None], bool]] = {
    "nothing": (lambda repo: None, True),
    "a commit of nothing": (lambda repo: repo.commit("nothing"), True),
    "a document": (lambda repo: repo.write({"README.md": "Started.\n"}), True),
    "a new document": (lambda repo: repo.write({"docs/x.md": "x"}), True),
    "code": (lambda repo: repo.write({"shop/backend/core/main.py": "pass\n"}), False),
    "a script": (lambda repo: repo.write({"run.sh": "exit 1\n"}), False),
    "new code": (lambda repo: repo.write({"new.py": ""}), False),
    "less code": (lambda repo: repo.write({"run.sh": None}), False),
    "a name": (lambda repo: repo.rename({"run.sh": "start.sh"}), False),
    "a mode": (executable, False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_counts_until_something_it_saw_changes(repo: Repo, name: str) -> None:
    change, counts = CHANGES[name]
    remember(contents(repo), SETTINGS, ended())
    change(repo)
    repo.run("add", "-A")
    assert (seen(repo) is not None) == counts
    repo.commit("change")
    assert (seen(repo) is not None) == counts


def test_uncommitted_code_counts_the_same_once_it_is_committed(repo: Repo) -> None:
    repo.write({"run.sh": "python -m shop.backend.core\n"})
    remember(contents(repo), SETTINGS, ended())
    assert seen(repo) is not None
    repo.commit("now")
    assert seen(repo) is not None


def test_going_back_to_what_was_seen_counts_again(repo: Repo) -> None:
    remember(contents(repo), SETTINGS, ended())
    repo.write({"run.sh": "exit 1\n"})
    assert seen(repo) is None
    repo.write({"run.sh": FILES["run.sh"]})
    assert seen(repo) is not None


def test_it_works_without_git(tmp_path: Path) -> None:
    repo = made(tmp_path / "shop", FILES, git=False)
    remember(contents(repo), SETTINGS, ended())
    assert seen(repo) is not None
    repo.write({"run.sh": "exit 1\n"})
    assert seen(repo) is None


BROKEN = (
    "",
    "{",
    "[]",
    '{"schema": "other"}',
    '{"schema": 1, "key": 2}',
    '{"schema": "unify-backend/verified/2", "key": "x"}',
    '{"schema": "unify-backend/verified/1", "key": "x", "seen": {}}',
)


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_record_is_none(repo: Repo, text: str) -> None:
    remember(contents(repo), SETTINGS, ended())
    record = Repository.discover(repo.root).state / "verified.json"
    assert record.is_file()
    record.write_text(text, "utf-8")
    assert seen(repo) is None


def test_not_verified_is_not_known(repo: Repo) -> None:
    assert look(repo) == Unknown("not verified in this state", "unify-backend verify")


def test_a_part_is_not_the_whole(repo: Repo) -> None:
    remember(contents(repo), SETTINGS, ended(parts=(Part.APPLICATION,)))
    found = look(repo)
    assert isinstance(found, Unknown)
    assert found.fact == "only application verified in this state"


def test_an_entry_point_that_fails_is_open(repo: Repo) -> None:
    remember(contents(repo), SETTINGS, ended((entry(Verdict.SAME), entry(Verdict.FAILS))))
    found = look(repo)
    assert isinstance(found, StepOpen)
    assert found.fact == "1 of 2 entry points do not serve what they should"
    assert found.places == ("run.sh:1  fails",)


def test_a_loss_is_open(repo: Repo) -> None:
    lost = Difference(Aspect.ROUTE, ChangeDirection.LOST, "GET /users")
    remember(contents(repo), SETTINGS, ended((entry(Verdict.SAME),), (lost,)))
    found = look(repo)
    assert isinstance(found, StepOpen)
    assert found.places == ("route GET /users lost",)


def test_what_documents_only_show_does_not_decide(repo: Repo) -> None:
    result = ended((entry(Verdict.SAME), entry(Verdict.FAILS, shown=True)))
    remember(contents(repo), SETTINGS, result)
    assert look(repo) == StepDone("1 × same; 0 of 0 modules import, 0 routes")
