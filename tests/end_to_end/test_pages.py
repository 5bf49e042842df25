"""What the pages of the commands show is what the commands print on the bundled repository."""

import re
import shlex
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(one for one in ROOT.glob("docs/commands/*.md") if one.stem != "README"),
]
MERGE, REWRITE, SHIM = "merge --prefer canonical", "rewrite", "shim --prefer canonical"
BEFORE: dict[tuple[str, int], tuple[str, ...]] = {  # by page and shown command; else what it left
    ("shim", 0): (MERGE, REWRITE),
    ("undo", 0): (MERGE, SHIM),
    ("undo", 1): (REWRITE, "edit scripts/manage.sh"),
    ("report", 0): (MERGE, REWRITE, SHIM),
    ("check", 0): (
        "check --update-baseline",
        "write pixsim7_backend/services/rewards/rules.py",
        "write scripts/serve.py",
    ),
}
WRITTEN = {
    "pixsim7_backend/services/rewards/rules.py": '"""What a tier is worth."""\n',
    "scripts/serve.py": 'PACKAGE = "pixsim7_backend"\nAPP = f"{PACKAGE}.main:app"\n',
}
NOT_RUN = ("verify", "demo", "shim --check")  # seconds, and what is installed: differs
BLOCK = re.compile(
    r"^```\n(?P<fence>(?:(?!```)[^\n]*\n)*)```|(?P<indented>(?:^    [^\n]*\n|^\n(?=    ))+)", re.M
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A command on a page and the lines below it."""

    arguments: str
    lines: tuple[str, ...]


def shown(page: Path) -> Iterator[Shown]:
    """The commands with their output, from indented blocks and fences."""
    for block in BLOCK.finditer(page.read_text("utf-8")):
        text = block["fence"] or textwrap.dedent(block["indented"] or "")
        for part in re.split(r"^\$ unify-backend ", text, flags=re.MULTILINE)[1:]:
            arguments, *lines = part.splitlines()
            yield Shown(arguments, tuple(" ".join(one.split()) for one in lines if one.strip()))


def missing(wanted: Iterable[str], printed: str) -> list[str]:
    """The lines of a page that were not printed, in this order. One that ends in `…` is cut, one
    that begins so stands for any."""
    lines = [" ".join(one.split()) for one in printed.splitlines()]
    lost, at = list[str](), 0
    for one in wanted:
        if one.startswith("…"):
            continue
        found = next((n for n in range(at, len(lines)) if _same(one, lines[n])), None)
        if found is None:
            lost.append(one)
        else:
            at = found + 1
    return lost


def _same(wanted: str, line: str) -> bool:
    return line.startswith(wanted[:-1].rstrip()) if wanted.endswith("…") else line == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_is_printed(
    page: Path, built: Path, tmp_path: Path, command: Command, git: Git
) -> None:
    root = built
    for number, one in enumerate(shown(page)):
        if one.arguments.startswith(NOT_RUN):
            continue
        if not number or (page.stem, number) in BEFORE:
            root = shutil.copytree(built, tmp_path / f"{number}", symlinks=True)
            for step in BEFORE.get((page.stem, number), ()):
                prepare(root, step, command, git)
        ran = command(root, *shlex.split(one.arguments))
        assert one.lines, one
        assert missing(one.lines, f"{ran.err}\n{ran.out}") == [], one.arguments


def prepare(root: Path, step: str, command: Command, git: Git) -> None:
    """One step of what a page says was done before."""
    match step.split():
        case ["write", path]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(WRITTEN[path], "utf-8")
            git(root, "add", "--", path)
        case ["edit", path]:
            (root / path).write_text((root / path).read_text("utf-8") + "# mine\n", "utf-8")
        case arguments:
            assert command(root, *arguments, "--quiet").code == 0, step


def test_most_pages_show_output() -> None:
    run = [one for page in PAGES for one in shown(page) if not one.arguments.startswith(NOT_RUN)]
    assert len(run) >= len(PAGES)


def test_a_page_that_shows_something_else_is_noticed() -> None:
    assert missing(["1 file", "2 files", "…", "3 f…"], "1 file\nx\n2 files\n3 files") == []
    assert missing(["2 files", "1 file"], "1 file\n2 files") == ["1 file"]
    assert missing(["1,112 references"], "1,113 references") == ["1,112 references"]
