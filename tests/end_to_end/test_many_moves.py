"""Several moves in one configuration: side by side, inside one another, one after the other."""

from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, Shop
from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git_run
from unify_backend.repository.snapshot import Snapshot

BODY = 'NAME = __name__.rpartition(".")[2]\nVALUE = "{}: long enough to be told from others"\n'
FILES: dict[str, bytes | str] = {
    "pkg/__init__.py": "",
    "pkg/a/__init__.py": BODY.format("a"),
    "pkg/a/x.py": BODY.format("x"),
    "pkg/b.py": BODY.format("b"),
    "main.py": (
        "import pkg.a\nimport pkg.b\nfrom pkg.a.x import VALUE\n"
        "print(pkg.a.VALUE, pkg.b.VALUE, VALUE)\n"
    ),
}


def configuration(moves: list[tuple[str, str]]) -> str:
    """`[[packages]]` of these moves; a name that ends in `.py` is a single module."""
    return "".join(
        f'[[packages]]\nlegacy = "{old.removesuffix(".py")}"\n'
        f'canonical = "{new.removesuffix(".py")}"\n'
        + (
            f'legacy-path = "{old[:-3].replace(".", "/")}.py"\n'
            f'canonical-path = "{new[:-3].replace(".", "/")}.py"\n'
            if old.endswith(".py")
            else ""
        )
        for old, new in moves
    )


CASES: list[tuple[str, list[tuple[str, str]], str]] = [
    (
        "a module inside of a package that moves, to another place",
        [("pkg", "lib"), ("pkg.a.x.py", "lib.other.y.py")],
        "import lib.a\nimport lib.b\nfrom lib.other.y import VALUE\n"
        "print(lib.a.VALUE, lib.b.VALUE, VALUE)\n",
    ),
    (
        "a module that leaves the package beside it",
        [("pkg.a", "pkg.z"), ("pkg.a.x.py", "pkg.y.py")],
        "import pkg.z\nimport pkg.b\nfrom pkg.y import VALUE\n"
        "print(pkg.z.VALUE, pkg.b.VALUE, VALUE)\n",
    ),
    (
        "a module that becomes one of a package of its own name",
        [("pkg.b.py", "pkg.b.core.py")],
        "import pkg.a\nimport pkg.b.core\nfrom pkg.a.x import VALUE\n"
        "print(pkg.a.VALUE, pkg.b.core.VALUE, VALUE)\n",
    ),
    (
        "an inner package that goes above the outer one",
        [("pkg.a", "lib"), ("pkg", "lib.old")],
        "import lib\nimport lib.old.b\nfrom lib.x import VALUE\n"
        "print(lib.VALUE, lib.old.b.VALUE, VALUE)\n",
    ),
    (
        "two that change nothing for each other",
        [("pkg.a", "pkg.sub.a"), ("pkg.b.py", "pkg.sub.c.py")],
        "import pkg.sub.a\nimport pkg.sub.c\nfrom pkg.sub.a.x import VALUE\n"
        "print(pkg.sub.a.VALUE, pkg.sub.c.VALUE, VALUE)\n",
    ),
]


@pytest.mark.parametrize(
    ("moves", "after"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_moves_that_touch(
    shop: Shop, command: Command, git: Git, moves: list[tuple[str, str]], after: str
) -> None:
    root = shop({**FILES, "unify-backend.toml": configuration(moves)})
    assert command(root, "merge").code == 0
    git(root, "add", "-A")
    git(root, "commit", "-qm", "moved")
    assert command(root, "rewrite").code == 0
    assert (root / "main.py").read_text() == after
    done = command(root, "rewrite")
    assert done.out.startswith("nothing to rewrite")


def test_history_is_read_once_for_all_moves(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = range(12)
    root = shop({"pkg/__init__.py": "", **{f"pkg/m{n}.py": BODY.format(n) for n in numbers}})
    asked: list[str] = []
    run = git_run.run

    def counted(folder: Path, *words: str, stdin: bytes | None = None) -> bytes:
        asked.append(words[0])
        return run(folder, *words, stdin=stdin)

    monkeypatch.setattr(git_run, "run", counted)
    moves = [
        PackageMove.of(f"pkg.m{n}", f"pkg.sub.m{n}", f"pkg/m{n}.py", f"pkg/sub/m{n}.py")
        for n in numbers
    ]
    contents = Snapshot(Repository.discover(root))
    planned = plan_merge(contents, Settings(tuple(moves)), MergeOptions())
    assert len(planned.packages) == len(moves)
    assert (asked.count("log"), asked.count("rev-list")) == (0, 1)
    assert asked.count("cat-file") <= 2
