"""A small unification in a real repository, whose names, texts and commits are all hostile."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.repositories import made
from tests.commands.verified import ended, entry
from tests.end_to_end.support import environment
from unify_backend.commands.merge import MergeOptions as MergeWish
from unify_backend.commands.merge import carry_out, plan_merge
from unify_backend.commands.report.build import ReportOptions, complete
from unify_backend.model.boots import Boot, BootState, Route, RouteKind
from unify_backend.model.entry_results import Verdict
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action
from unify_backend.model.report import Completion
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.verification import (
    Aspect,
    ChangeDirection,
    Difference,
    ModuleHealth,
    State,
    Target,
    VerifyResult,
)
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

SCRIPT = "<script>document.title='owned'</script>"
PICTURE = "<img src=https://evil.example/x.png onerror=alert(1)>"
NAME = "q\"'&<b>.py" if sys.platform != "win32" else "q'&.py"
SETTINGS = Settings(
    (PackageMove.of("shop_backend", "shop.core"),),
    decisions=(Decision("*.yml", "shop_backend", Action.KEEP, f"`a` | {SCRIPT}"),),
    changelog="CHANGELOG.md",
)


def verification(routes: tuple[str, ...], where: str, why: str) -> VerifyResult:
    """An application that served `routes`, has lost the first one, and that a command in the file
    `where` fails to start."""

    def state(label: str, paths: tuple[str, ...]) -> State:
        served = tuple(Route(one, RouteKind.HTTP, ("GET",)) for one in paths)
        boot = Boot("shop.core:app", "fastapi", BootState.READY, routes=served)
        target = Target("", "shop.core", "shop/core", label)
        return State(target, ModuleHealth("shop.core", ()), boot)

    paths = tuple(one.removeprefix("GET ") for one in routes)
    before, now = state("shop_backend then", paths), state("now", paths[1:])
    lost = Difference(Aspect.ROUTE, ChangeDirection.LOST, routes[0], explanation=why)
    return ended(now, (entry(Verdict.FAILS, where, (why,)),), (lost,), before)


def _tell(doing: str, done: int, total: int) -> None:
    """Nobody looks."""


@pytest.fixture(scope="session")
def hostile_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package and its copy, each edited since; everything that could be markup is."""
    body = "".join(f"value_{n} = {n}\n" for n in range(20))
    tree = {"__init__.py": "", "main.py": f"import shop_backend.util\n{body}", "util.py": body}
    tree[NAME] = f"# {SCRIPT} {PICTURE}\n{body}"
    files = {f"shop_backend/{path}": text for path, text in tree.items()}
    files |= {
        "CHANGELOG.md": "# Changes\n\n## 2025-01-01\n\n- shop_backend is there.\n",
        "README.md": f"{PICTURE} `shop_backend/main.py` {SCRIPT}\n",
        "c.yml": "a: shop_backend\n",
    }
    repo = made(tmp_path_factory.mktemp("hostile") / "shop", files, subject=f"One {SCRIPT}")
    new = {path: text.replace("shop_backend", "shop.core") for path, text in tree.items()}
    repo.write(
        {"shop/__init__.py": "", **{f"shop/core/{path}": text for path, text in new.items()}}
    )
    repo.commit("Copy")
    repo.write({f"shop_backend/{NAME}": tree[NAME] + f"late = '{SCRIPT}'\n"})
    repo.commit(f"Legacy {PICTURE}")
    repo.write({"shop/core/util.py": f"{body}def more():\n    return '{PICTURE}'\n"})
    repo.write({"shop/core/main.py": new["main.py"].replace("value_3 = 3", "value_3 = 33")})
    repo.write(
        {"shop_backend/main.py": tree["main.py"].replace("value_3 = 3", "value_3 = '</pre>'")}
    )
    repo.commit(f"Both {SCRIPT}")
    return repo.root


@pytest.fixture(scope="session")
def hostile(hostile_root: Path) -> Completion:
    """The report's value of it, before anything is unified."""
    return completion_of(hostile_root)


@pytest.fixture(scope="session")
def merged(hostile_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Completion:
    """The same after a merge that left a conflict."""
    copy = tmp_path_factory.mktemp("merged") / "copy"
    subprocess.run(
        ["git", "clone", "-q", str(hostile_root), str(copy)], check=True, env=environment()
    )
    contents = Snapshot(Repository.discover(copy))
    carry_out(contents, plan_merge(contents, SETTINGS, MergeWish()), allow_dirty=False)
    return completion_of(copy)


def completion_of(root: Path, settings: Settings = SETTINGS) -> Completion:
    """The report's value of a repository."""
    contents = Snapshot(Repository.discover(root))
    return complete(contents, settings, ReportOptions("2025-03-04"), _tell)
