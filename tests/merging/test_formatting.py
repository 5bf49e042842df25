"""Merging through the formatter of the repository; the formatter here is the installed ruff."""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code
from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.merging import formatting
from unify_backend.merging.formatting import configured_formatters, partly_formatted
from unify_backend.model.merge_plan import MergePlan, Prefer
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "formatting.yml").read_text("utf-8")
)
_SETTINGS = "[tool.ruff.format]\n"
posix = pytest.mark.skipif(os.name == "nt", reason="a script is a program")


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    return Past(tmp_path / "repo")


def merged(past: Past, **options: Any) -> MergePlan:
    contents = Snapshot(Repository.discover(past.root))
    return plan_merge(contents, Settings((MOVE,)), MergeOptions(**options))


def written(past: Past, case: dict[str, Any]) -> None:
    """The repository of a case."""
    past.commit("Begin", {"pyproject.toml": case.get("settings", _SETTINGS)})
    past.legacy("Write", {"ship.py": case["base"], "core.py": code("core")})
    past.copy()
    past.legacy("Legacy", {"ship.py": case["legacy"]})
    past.commit("Canonical", {"acme/shop/ship.py": case["canonical"]})


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(past: Past, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    written(past, case)
    [package] = merged(past).packages
    [file] = [file for file in package.files if file.path == "acme/shop/ship.py"]
    assert file.after is not None
    text = file.after.decode()
    assert (len(file.hunks), bool(file.formatter)) == (case["conflicts"], case["through"]), text
    assert [part for part in case.get("has", ()) if part not in text] == []
    checks = package.checks
    assert (checks.lost_definitions, checks.lost_lines, checks.unparsable) == ((), (), ())
    monkeypatch.setattr(formatting, "find_formatter", lambda *_: None)
    [package] = merged(past).packages
    [file] = [file for file in package.files if file.path == "acme/shop/ship.py"]
    assert len(file.hunks) == case["plain"]


def test_a_preferred_side_settles_only_what_is_left(past: Past) -> None:
    written(past, CASES[0])
    [package] = merged(past, prefer=Prefer.CANONICAL).packages
    [file] = [file for file in package.files if file.path == "acme/shop/ship.py"]
    assert file.after is not None
    assert b"fast=True" in file.after
    assert not file.preferred


def test_a_missing_formatter_is_said_once_and_the_merge_goes_on(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatting, "find_formatter", lambda *_: None)
    written(past, CASES[0])
    past.legacy("More", {"core.py": code("core", f1=1)})
    past.canonical("More", {"core.py": code("core", f1=2)})
    planned = merged(past)
    assert len(planned.conflicts) == 2
    assert len(planned.formatting) == 1
    assert planned.formatting[0].startswith("ruff is configured and not installed")


def test_no_formatter_is_looked_for_where_nothing_conflicts(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("looked for")

    monkeypatch.setattr(formatting, "find_formatter", fail)
    past.commit("Begin", {"pyproject.toml": _SETTINGS})
    past.legacy("Write", {"core.py": code("core")})
    past.copy()
    past.legacy("Legacy", {"core.py": code("core", f1=1)})
    planned = merged(past)
    assert (planned.conflicts, planned.formatting) == ((), ())


@posix
@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("import sys\nsys.exit('no' if '-' in sys.argv else 0)", ""),
        ("import sys\nprint('black, 22.1.0')\nsys.exit(0)", ""),  # whatever it gets
    ],
)
def test_a_formatter_that_fails_changes_nothing(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, problem: str
) -> None:
    written(past, CASES[0] | {"settings": "[tool.black]\n"})
    program(tmp_path / "env" / "bin" / "black", script)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "env"))
    planned = merged(past)
    assert [len(file.hunks) for file in planned.conflicts] == [1]
    assert [file.formatter for file in planned.conflicts] == [""]


@posix
def test_a_program_that_the_repository_tracks_is_not_run(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    script = f"open({str(ran)!r}, 'w')\nprint('black, 1.0')"
    monkeypatch.delenv("VIRTUAL_ENV")
    monkeypatch.setenv("PATH", f"{past.root}{os.pathsep}{os.environ['PATH']}")
    for place in (".venv/bin/black", "black"):
        program(past.root / place, script)
    past.write({"black.py": script, "click.py": script})
    written(past, CASES[0] | {"settings": "[tool.black]\n"})
    merged(past)
    assert not ran.exists()


@posix
def test_an_old_formatter_without_a_file_name_is_run_without_one(
    past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(past, CASES[0] | {"settings": "[tool.black]\n"})
    base = CASES[0]["base"]
    script = (
        "import sys\n"
        "if '--version' in sys.argv: print('black, version 19.10b0'); sys.exit(0)\n"
        "if '--stdin-filename' in sys.argv:\n"
        "    print('Error: no such option: --stdin-filename', file=sys.stderr); sys.exit(2)\n"
        f"text = sys.stdin.read()\nprint({CASES[0]['canonical']!r} if text == {base!r} else text, "
        "end='')\n"
    )
    program(tmp_path / "env" / "bin" / "black", script)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "env"))
    [package] = merged(past).packages
    assert [file.formatter for file in package.files if file.formatter] == ["black 19.10b0"]


def program(place: Path, script: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!{sys.executable}\n{script}\n", "utf-8")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"pyproject.toml": "[tool.black]\n[tool.isort]\n"}, ["isort", "black"]),
        ({"pyproject.toml": "[tool.black]\n[tool.ruff]\n"}, ["black"]),  # ruff is the linter
        ({"acme/ruff.toml": "line-length = 80\n"}, ["ruff"]),
        ({"setup.cfg": "[isort]\nprofile = black\n"}, ["isort"]),
        (
            {
                ".pre-commit-config.yaml": "repos:\n- repo: https://example.org/black\n"
                "  rev: v22.3.0\n  hooks:\n  - id: black\n"
                "    args: [--line-length=99, --check, -S, --code, import os]\n"
            },
            ["black 22.3.0 --line-length=99 -S"],
        ),
        ({"pyproject.toml": "[tool.mypy]\n"}, []),
        ({"docs/ruff.toml": ""}, []),  # for other folders
        (
            {"pyproject.toml": "[tool.black\n", "setup.cfg": "x\n", ".pre-commit-config.yaml": "]"},
            [],
        ),
    ],
)
def test_what_a_repository_is_configured_for(
    past: Past, files: dict[str, str], names: list[str]
) -> None:
    past.commit("Settings", files)
    contents = Snapshot(Repository.discover(past.root))
    wanted = configured_formatters(contents, ["old_shop", "acme/shop"])
    shown = [" ".join(filter(None, (one.name, one.version, *one.options))) for one in wanted]
    assert shown == names


@pytest.mark.parametrize(
    ("base", "formatted", "side", "after", "result"),
    [
        ("a=1\n\nb=2\n", "a = 1\n\nb = 2\n", "a = 1\n\nb=2\n", "a = 1\n\nb = 2\n",
         "a = 1\n\nb=2\n"),
        ("a=1\n\nb=2\n", "a = 1\n\nb = 2\n", "a = 1\n\nb = 2\nc=3\n", "a = 1\n\nb = 2\nc = 3\n",
         "a = 1\n\nb=2\n"),
        ("a=1\n\nb=2\n", "a = 1\n\nb = 2\n", "a = 1\n\nb = 2\n", "a = 1\n\nb = 2\n",
         "a = 1\n\nb = 2\n"),
        ("a=1\n\nb=2\n", "a = 2\n\nb = 2\n", "a = 1\n\nb=2\n", "a = 1\n\nb = 2\n", "a=1\n\nb=2\n"),
    ],
)  # fmt: skip
def test_a_base_is_formatted_where_the_sides_are(
    base: str, formatted: str, side: str, after: str, result: str
) -> None:
    assert partly_formatted(base, formatted, [(side, after)]) == result
