"""Review at a pseudo-terminal: each key, going back, Ctrl-C, and odd keys."""

import os
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, environment
from tests.terminal import at_terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
PROMPTS = (b"> ", b"becomes: ")
FILES: dict[str, bytes | str] = {
    "tools/a.py": 'NAME = "shop_backend"\nOTHER = 1\nLABEL = "shop_backend"\n',
    "tools/b.py": 'NAME = "shop_backend"\n',
}


@pytest.fixture
def configured(shop: Shop, command: Command, git: Git) -> Path:
    root = shop(FILES)
    assert command(root, "init", *NAMES).code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "configure")
    return root


class Terminal:
    """`unify-backend review` in one repository."""

    def __init__(self, executable: list[str], root: Path) -> None:
        self._executable = executable
        self.root = root

    def press(self, *keys: str | bytes, options: tuple[str, ...] = ()) -> tuple[int, str]:
        """Presses these keys, one at each prompt."""
        data = [key.encode() if isinstance(key, str) else key for key in keys]
        env = {**environment(), "TERM": "xterm"}
        command = [*self._executable, "review", *options]
        return at_terminal(command, self.root, env, data, PROMPTS)

    def decided(self) -> list[tuple[str, str, str | None]]:
        """What the configuration says: the file, the line and what is done."""
        table = tomllib.loads((self.root / "unify-backend.toml").read_text("utf-8"))
        found: list[dict[str, Any]] = table.get("decisions", [])
        return [(one["path"], one["line"], one["action"]) for one in found]


@pytest.fixture
def terminal(executable: list[str], configured: Path) -> Terminal:
    return Terminal(executable, configured)


def test_a_key_needs_no_return_and_answers_one_place(terminal: Terminal) -> None:
    code, shown = terminal.press("k", "r", "q")
    assert code == 0, shown
    assert "Traceback" not in shown
    assert terminal.decided() == [
        ("tools/a.py", 'NAME = "shop_backend"', "keep"),
        ("tools/a.py", 'LABEL = "shop_backend"', "rewrite"),
    ]


def test_what_happens_either_way_is_shown(terminal: Terminal) -> None:
    _, shown = terminal.press("q")
    assert "Scripts: shop_backend" in shown
    assert "keep      it stays, and `check` accepts it; whatever reads it" in shown
    assert 'rewrite   NAME = "shop.backend.core"' in shown
    assert "2 more like this (capital letter)" in shown


def test_back_takes_the_last_answer_back(terminal: Terminal) -> None:
    code, shown = terminal.press("b", "k", "r", "b", "b", "s", "k", "q")
    assert code == 0, shown
    assert "this is the first question" in shown
    assert terminal.decided() == [("tools/a.py", 'LABEL = "shop_backend"', "keep")]


def test_back_goes_over_what_a_capital_letter_answered(terminal: Terminal) -> None:
    code, shown = terminal.press("K", options=("tools/a.py",))
    assert code == 0, shown
    assert len(terminal.decided()) == 2, "asked about one file, so answered for one file"


def test_going_back_after_the_last_question_but_one(terminal: Terminal) -> None:
    terminal.press("s", "K", "q")
    assert terminal.decided() == [
        ("tools/a.py", 'LABEL = "shop_backend"', "keep"),
        ("tools/b.py", 'NAME = "shop_backend"', "keep"),
    ], "a capital letter is about this place and those behind it, not about a skipped one"


@pytest.mark.parametrize("leave", ["q", "\x04", "Q"], ids=["q", "Ctrl-D", "Q"])
def test_leaving_keeps_what_was_answered(terminal: Terminal, leave: str) -> None:
    code, shown = terminal.press("k", leave)
    assert code == 0, shown
    assert len(terminal.decided()) == 1


def test_ctrl_c_keeps_what_was_answered(terminal: Terminal) -> None:
    code, shown = terminal.press("k", "\x03")
    assert code == 130, shown
    assert "1 decision written" in shown
    assert len(terminal.decided()) == 1
    code, _ = terminal.press("r", "e", "\x03")
    assert code == 130, "while something is typed"
    assert len(terminal.decided()) == 2


def test_ctrl_c_at_the_first_question_writes_nothing(terminal: Terminal, git: Git) -> None:
    code, shown = terminal.press("\x03")
    assert code == 130, shown
    assert git(terminal.root, "status", "--short") == ""


def test_arrows_letters_of_other_scripts_and_return_are_no_answers(terminal: Terminal) -> None:
    code, shown = terminal.press("\x1b[A", "\x1bOP", "ж", "\r", "€", "1", "k", "q")
    assert code == 0, shown
    assert len(terminal.decided()) == 1


def test_another_text_is_typed_as_a_line(terminal: Terminal) -> None:
    code, shown = terminal.press("e", "acme shop\r", "e", "\r", "q")
    assert code == 0, shown
    table = tomllib.loads((terminal.root / "unify-backend.toml").read_text("utf-8"))
    assert [one["replacement"] for one in table["decisions"]] == ["acme shop"]


def test_nothing_is_asked_twice(terminal: Terminal) -> None:
    terminal.press("k", "q")
    _, shown = terminal.press("q")
    assert "tools/a.py:3" in shown
    assert "tools/a.py:1" not in shown
    terminal.press("K")
    code, shown = terminal.press("q")
    assert code == 0
    assert "nothing to review" in shown


def test_a_dry_run_asks_and_writes_nothing(terminal: Terminal, git: Git) -> None:
    code, shown = terminal.press("k", "q", options=("--dry-run",))
    assert code == 0, shown
    assert "1 decision would be written" in shown
    assert git(terminal.root, "status", "--short") == ""


@pytest.mark.parametrize("first", ["rename", "merge", "inventory", "shim"])
def test_the_next_command_works_as_it_is_pasted(
    first: str, executable: list[str], tmp_path: Path, git: Git, command: Command
) -> None:
    root = tmp_path / "plain"
    (root / "src/lamp").mkdir(parents=True)
    (root / "src/lamp/__init__.py").write_text("X = 1\n", "utf-8")
    (root / "use.py").write_text('NAME = "lamp"\n', "utf-8")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All")
    names = (
        "--legacy",
        "lamp",
        "--canonical",
        "acme.lamp",
        "--legacy-path",
        "src/lamp",
        "--canonical-path",
        "src/acme/lamp",
    )
    if first == "shim":
        assert command(root, "merge", *names).code == 0
    arguments = ("rename", "lamp", "acme.lamp", "--no-verify") if first == "rename" else None
    env = {**environment(), "TERM": "xterm", "COLUMNS": "400"}
    _, shown = at_terminal([*executable, *(arguments or (first, *names))], root, env, [], PROMPTS)
    line = shown[shown.index("next: ") + len("next: ") :].splitlines()[0].partition("   ")[0]
    assert line.startswith("unify-backend ")
    again = shlex.split(line)[1:]
    done = command(root, *again, *(["--list"] if again[0] == "review" else []))
    assert done.code in {0, 1}, done.err


def test_what_check_says_to_run_works_as_it_is_pasted(
    tmp_path: Path, git: Git, command: Command
) -> None:
    (tmp_path / "lamp").mkdir()
    (tmp_path / "lamp/__init__.py").write_text("", "utf-8")
    (tmp_path / "use.py").write_text('NAME = "lamp"\n', "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "All")
    assert command(tmp_path, "rename", "lamp", "light", "--no-verify").code == 0
    done = command(tmp_path, "check", "--legacy", "lamp", "--canonical", "light", "--max", "0")
    assert done.code == 1
    line = done.out[done.out.index("run: ") + len("run: ") :].splitlines()[0]
    assert command(tmp_path, *shlex.split(line)[1:], "--list").code == 0
