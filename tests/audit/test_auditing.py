"""The command, end to end, in real repositories: what it finds, the baseline, options, outputs."""

import json
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from unify_backend.audit.package import Package
from unify_backend.audit.run import choose
from unify_backend.audit.run import run as run_rules
from unify_backend.cli.app import app_for
from unify_backend.model.spans import LineIndex

FILES = {
    "old_app/__init__.py": "",
    "acme/app/__init__.py": "",
    "acme/app/jobs.py": "def run():\n    return helper(1)\n",
    "acme/app/a.py": "from acme.app.jobs import run, stop\n",
    "tools/run.py": "print(undefined)\n",
    "unify-backend.toml": '[[packages]]\nlegacy = "old_app"\ncanonical = "acme.app"\n',
}
Audit = Callable[..., Result]


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Audit:
    for path, text in FILES.items():
        write(tmp_path, path, text)
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    git("add", "-A")
    return lambda *words: CliRunner().invoke(app_for(["audit"]), ["audit", *words])


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8", newline="")


def git(*words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def new(result: Result) -> list[tuple[str, int | None, str]]:
    return [(one["path"], one["line"], one["rule"]) for one in json.loads(result.stdout)["new"]]


BOTH = [("acme/app/a.py", 1, "missing-import"), ("acme/app/jobs.py", 2, "undefined-name")]


def test_the_canonical_package_is_looked_at(audit: Audit) -> None:
    result = audit("--format", "json")
    assert (result.exit_code, new(result)) == (1, BOTH)


def test_only_one_rule_and_one_left_out(audit: Audit) -> None:
    assert new(audit("--format", "json", "--rule", "missing-import")) == BOTH[:1]
    assert new(audit("--format", "json", "--disable", "missing-import")) == BOTH[1:]


def test_paths_inside_and_outside_of_the_package(audit: Audit) -> None:
    assert new(audit("acme/app/jobs.py", "--format", "json")) == BOTH[1:]
    assert new(audit("tools", "--format", "json")) == [("tools/run.py", 1, "undefined-name")]


def test_a_repository_that_is_not_configured_needs_a_path(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "unify-backend.toml").unlink()
    assert exit_of(audit()) == 2
    assert new(audit("acme/app", "--format", "json")) == BOTH


def test_what_the_baseline_knows_passes(audit: Audit, tmp_path: Path) -> None:
    assert audit("--update-baseline").exit_code == 0
    git("add", "-A")
    git("commit", "-qm", "known")
    assert audit().exit_code == 0
    write(tmp_path, "acme/app/jobs.py", "# moved down\n\n\ndef run():\n    return helper( 1 )\n")
    assert audit().exit_code == 0, "lines move and code is formatted"
    write(tmp_path, "acme/app/jobs.py", "def run():\n    return other(1)\n")
    result = audit("--format", "json")
    assert new(result) == [("acme/app/jobs.py", 2, "undefined-name")], "one gone, one new"
    assert [one["text"] for one in json.loads(result.stdout)["stale"]] == ["helper"]
    write(tmp_path, "acme/app/jobs.py", "def run(): ...\n")
    assert audit().exit_code == 0, "what is gone is no reason to fail"
    strict = audit("--strict")
    assert strict.exit_code == 1
    assert "audit --prune" in strict.stdout


def test_the_baseline_goes_along_with_a_file(audit: Audit) -> None:
    audit("--update-baseline")
    git("add", "-A")
    git("commit", "-qm", "known")
    git("mv", "acme/app/jobs.py", "acme/app/work.py")
    result = audit("--format", "json", "--rule", "undefined-name")
    assert (result.exit_code, new(result)) == (0, [])
    assert json.loads(result.stdout)["moved"] == [
        {"from": "acme/app/jobs.py", "to": "acme/app/work.py"}
    ]


def test_the_baseline_does_not_grow_by_itself(audit: Audit, tmp_path: Path) -> None:
    audit("--update-baseline")
    write(tmp_path, "acme/app/jobs.py", "print(one, two)\n")
    before = (tmp_path / "unify-backend-audit-baseline.json").read_bytes()
    assert exit_of(audit("--update-baseline")) == 4
    assert (tmp_path / "unify-backend-audit-baseline.json").read_bytes() == before
    assert "+3/-1" in audit("--update-baseline", "--allow-growth").stdout
    write(tmp_path, "acme/app/jobs.py", "one = 1\nprint(one, two)\ndef run(): ...\n")
    assert "+0/-2" in audit("--prune").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--rule", "no-such-rule"),
        ("--disable", "no-such-rule"),
        ("--baseline", "gone.json"),
        ("--update-baseline", "--rule", "missing-import"),
        ("--allow-growth",),
        ("no/such/path",),
    ],
)
def test_what_cannot_be_meant_is_told(audit: Audit, words: tuple[str, ...]) -> None:
    assert exit_of(audit(*words)) == 2


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ('[audit]\ndisabled = ["a"]\n', "audit.disabled"),
        ('[audit]\ndisable = ["no-such-rule"]\n', "no-such-rule"),
        ("[audit.rules.adhoc-engine]\nplace = 3\n", "adhoc-engine.place"),
        ('[audit.rules.adhoc-engine]\nplaces = "3"\n', "adhoc-engine.places"),
        ('[audit.rules.adhoc-engine]\nhomes = "x"\n', "adhoc-engine.homes"),
        ('[audit.rules.adhoc-engine]\nseverity = ["bad"]\n', "severity"),
        ("[audit.rules.no-such-rule]\n", "no-such-rule"),
    ],
)
def test_a_wrong_configuration_is_told(
    audit: Audit, tmp_path: Path, table: str, named: str
) -> None:
    write(tmp_path, "unify-backend.toml", table + FILES["unify-backend.toml"])
    result = audit()
    assert exit_of(result) == 2
    assert named in str(result.exception) + result.stderr


def test_rules_are_configured(audit: Audit, tmp_path: Path) -> None:
    table = (
        '[audit]\ndisable = ["missing-import"]\n[audit.rules.undefined-name]\nseverity = ["note"]\n'
    )
    write(tmp_path, "unify-backend.toml", table + FILES["unify-backend.toml"])
    assert audit().exit_code == 0
    assert audit("--fail-on", "note").exit_code == 1
    allow = '[audit.rules.undefined-name]\nallow = ["acme/app/jobs.py"]\n'
    write(tmp_path, "unify-backend.toml", allow + FILES["unify-backend.toml"])
    assert new(audit("--format", "json")) == BOTH[:1]


def test_every_output_is_written(audit: Audit, tmp_path: Path) -> None:
    result = audit("--format", "json", "--output", "sarif=a.sarif")
    document = json.loads(result.stdout)
    schema = resources.files("unify_backend.reporting") / "schemas" / "audit.json"
    jsonschema.validate(document, json.loads(schema.read_text("utf-8")))
    sarif = json.loads((tmp_path / "a.sarif").read_text("utf-8"))
    assert {one["ruleId"] for one in sarif["runs"][0]["results"]} == {
        "missing-import",
        "undefined-name",
    }
    assert "acme/app/jobs.py" in audit("--format", "github").stdout
    text = audit().stdout
    assert "instead: " in text
    assert "2 found" in text


def test_rules_are_listed(audit: Audit) -> None:
    assert "undefined-name" in audit("--list-rules").stdout
    assert "builtins = []" in audit("--list-rules", "-v").stdout
    document = json.loads(audit("--list-rules", "--format", "json").stdout)
    schema = resources.files("unify_backend.reporting") / "schemas" / "auditrules.json"
    jsonschema.validate(document, json.loads(schema.read_text("utf-8")))


def test_without_git_and_with_odd_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "app/__init__.py", "")
    (tmp_path / "app" / "latin.py").write_bytes(
        "# coding: latin-1\nx = 'größe', gone\n".encode("latin-1")
    )
    (tmp_path / "app" / "marked.py").write_bytes(b"\xef\xbb\xbfprint(gone)\r\n")
    (tmp_path / "app" / "wrong.py").write_bytes(b"x = '\xff'\n")
    (tmp_path / "app" / "zeros.py").write_bytes(b"\0\0")
    result = CliRunner().invoke(app_for(["audit"]), ["audit", "app", "--format", "json"])
    assert new(result) == [
        ("app/latin.py", 2, "undefined-name"),
        ("app/marked.py", 1, "undefined-name"),
        ("app/wrong.py", None, "unreadable-module"),
        ("app/zeros.py", None, "unreadable-module"),
    ]


def test_a_module_that_is_not_tracked_yet_is_there(audit: Audit, tmp_path: Path) -> None:
    write(tmp_path, "acme/app/a.py", "from acme.app import fresh\nimport acme.app.deep.down\n")
    assert [one[0] for one in new(audit("--format", "json"))] == ["acme/app/a.py"] * 2 + [
        "acme/app/jobs.py"
    ]
    write(tmp_path, "acme/app/fresh.py", "")
    write(tmp_path, "acme/app/deep/down.py", "")
    assert new(audit("--format", "json")) == BOTH[1:]


def test_nothing_to_look_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    write(tmp_path, "notes/a.txt", "")
    git("add", "-A")
    done = CliRunner().invoke(app_for(["audit"]), ["audit", "notes"])
    assert exit_of(done) == 2


def test_twice_is_the_same(audit: Audit) -> None:
    assert audit("--format", "json").stdout == audit("--format", "json").stdout


def exit_of(result: Result) -> int:
    """The exit code, also where the error is left to the process's border."""
    error = result.exception
    return int(getattr(error, "exit_code", result.exit_code))


@given(st.lists(st.sampled_from([
    "import os\n", "from app.b import *\n",
    "x: Missing = 1\n", "print(größe)\n", "def f(a=b): ...\n",
    "class A(B):\n    metadata: int\n", "__all__ = ['x', 'y']\n", "\f\n", "if x:\r\n  y = z\r\n",
    "from . import b, gone\n", "register()\n", "f'{missing!r:>{width}}'\n", "del x\n", "@\n",
    "a = b\r", "\0",
]), max_size=6))  # fmt: skip
def test_any_module_is_read_and_every_place_is_in_it(parts: list[str]) -> None:
    files = {"app/__init__.py": "".join(parts), "app/b.py": "".join(reversed(parts))}
    package = Package("app", "app", sorted(files), files.get)
    for one in run_rules([package], choose({}, ""), lambda path: True).values():
        if one.start and one.end:
            index = LineIndex(files[one.path])
            assert index.line_of(index.line_span(one.start.line).start) == one.line
            assert (one.start.line, one.start.column) <= (one.end.line, one.end.column)
