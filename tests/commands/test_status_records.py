"""What `verify` leaves behind: true for the state it was seen in, and for no other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.repositories import MOVES, Repo, made
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.records import PARTS, recall, remember
from unify_backend.commands.status.running import verified
from unify_backend.model.boots import Boot, BootState
from unify_backend.model.entrypoints import (
    EntryPoint,
    EntryResult,
    Kind,
    Resolution,
    Source,
    Start,
    Tree,
    Verdict,
)
from unify_backend.model.phases import Phase
from unify_backend.model.settings import Settings
from unify_backend.model.status import Evidence, Holds, Open, Seen, SeenState, Unknown
from unify_backend.model.verification import (
    Aspect,
    Difference,
    ModuleHealth,
    State,
    Target,
    Turn,
)
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

SETTINGS = Settings(MOVES)
FILES = {
    "shop_backend/main.py": "import shop_backend\n",
    "shop/backend/core/main.py": "import shop.backend.core\n",
    "README.md": "Start it.\n",
    "run.sh": "python -m shop.backend.core.main\n",
}


@dataclass(frozen=True)
class Ended:
    """A verification as it may end."""

    entries: tuple[EntryResult, ...] = ()
    regressions: tuple[Difference, ...] = ()
    wrong: bool = False
    states: tuple[State, ...] = (
        State(
            Target("", "shop.backend.core", "shop/backend/core"),
            ModuleHealth("shop.backend.core", ()),
            Boot("shop.backend.core.main:app", "fastapi", BootState.READY),
        ),
    )


def entry(verdict: Verdict, shown: bool = False) -> EntryResult:
    start = Start("python", Kind.SERVER)
    where = (Source("run.sh", 1),)
    point = EntryPoint("run", where, ".", (), ("python",), start, Tree.CANONICAL, shown=shown)
    return EntryResult(point, verdict, Resolution(None))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return made(tmp_path / "shop", FILES)


def contents(repo: Repo) -> Snapshot:
    return Snapshot(Repository.discover(repo.root))


def seen(repo: Repo) -> Seen | None:
    return recall(contents(repo), SETTINGS)


def look(repo: Repo) -> Evidence:
    return verified(Facts(contents(repo), SETTINGS), Phase("1", "One", ("verified",)))


def test_it_is_remembered_as_it_was(repo: Repo) -> None:
    lost = Difference(Aspect.ROUTE, Turn.LOST, "GET /users")
    remember(contents(repo), SETTINGS, {"application"}, Ended((), (lost,), True))
    assert seen(repo) == Seen(
        ("application",),
        (SeenState("shop.backend.core", 0, 0, 0, "ready"),),
        (),
        ("route GET /users lost",),
        True,
    )


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
    remember(contents(repo), SETTINGS, (), Ended())
    change(repo)
    repo.run("add", "-A")
    assert (seen(repo) is not None) == counts
    repo.commit("change")
    assert (seen(repo) is not None) == counts


def test_uncommitted_code_counts_the_same_once_it_is_committed(repo: Repo) -> None:
    repo.write({"run.sh": "python -m shop.backend.core\n"})
    remember(contents(repo), SETTINGS, (), Ended())
    assert seen(repo) is not None
    repo.commit("now")
    assert seen(repo) is not None


def test_going_back_to_what_was_seen_counts_again(repo: Repo) -> None:
    remember(contents(repo), SETTINGS, (), Ended())
    repo.write({"run.sh": "exit 1\n"})
    assert seen(repo) is None
    repo.write({"run.sh": FILES["run.sh"]})
    assert seen(repo) is not None


def test_it_works_without_git(tmp_path: Path) -> None:
    repo = made(tmp_path / "shop", FILES, git=False)
    remember(contents(repo), SETTINGS, (), Ended())
    assert seen(repo) is not None
    repo.write({"run.sh": "exit 1\n"})
    assert seen(repo) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "other"}', '{"schema": 1, "key": 2}'])
def test_a_broken_record_is_none(repo: Repo, text: str) -> None:
    remember(contents(repo), SETTINGS, (), Ended())
    record = Repository.discover(repo.root).state / "verified.json"
    assert record.is_file()
    record.write_text(text, "utf-8")
    assert seen(repo) is None


def test_not_verified_is_not_known(repo: Repo) -> None:
    assert look(repo) == Unknown("not verified in this state", "unify-backend verify")


def test_a_part_is_not_the_whole(repo: Repo) -> None:
    remember(contents(repo), SETTINGS, {"application"}, Ended())
    found = look(repo)
    assert isinstance(found, Unknown)
    assert found.fact == "only application verified in this state"


def test_an_entry_point_that_fails_is_open(repo: Repo) -> None:
    ended = Ended((entry(Verdict.SAME), entry(Verdict.FAILS)), wrong=True)
    remember(contents(repo), SETTINGS, PARTS, ended)
    found = look(repo)
    assert isinstance(found, Open)
    assert found.fact == "1 of 2 entry points do not serve what they should"
    assert found.places == ("run.sh:1  fails",)


def test_a_loss_is_open(repo: Repo) -> None:
    lost = Difference(Aspect.ROUTE, Turn.LOST, "GET /users")
    remember(contents(repo), SETTINGS, (), Ended((entry(Verdict.SAME),), (lost,), True))
    found = look(repo)
    assert isinstance(found, Open)
    assert found.places == ("route GET /users lost",)


def test_what_documents_only_show_does_not_decide(repo: Repo) -> None:
    ended = Ended((entry(Verdict.SAME), entry(Verdict.FAILS, shown=True)))
    remember(contents(repo), SETTINGS, (), ended)
    assert look(repo) == Holds("1 × same; 0 of 0 modules import, 0 routes")
