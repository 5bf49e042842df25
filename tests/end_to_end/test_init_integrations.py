"""`init --ci` and `--lint`: what it writes, and that the linters and hooks it sets up work."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document
from tests.end_to_end.tools import bash, beside, filled_in, on_path, run, step

ALL = ("github", "gitlab", "pre-commit")
EVERYTHING = [word for one in ALL for word in ("--ci", one)]
EVERYTHING += ["--lint", "ruff", "--lint", "import-linter"]
PYPROJECT = """\
[project]
name = "shop"  # keep

[tool.ruff]
line-length = 90

[tool.importlinter]
root_package = "shop"
"""
HOOKS = "repos:\n- repo: local\n  hooks:\n  - {id: own, name: own, entry: git, language: system}\n"
THEIRS = {
    "pyproject.toml": PYPROJECT.replace("\n", "\r\n"),
    ".pre-commit-config.yaml": HOOKS,
    ".gitlab-ci.yml": "stages: [build]\nbuild:\n  stage: build\n  script: [make]",
    ".github/workflows/ci.yml": "on: push\n",
}
posix = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def test_everything_is_added_once_and_taken_back(command: Command, shop: Shop) -> None:
    root = shop(dict(THEIRS))
    before = tree(root)
    shown = command(root, "init", *NAMES, *EVERYTHING, "--dry-run")
    assert (shown.code, tree(root)) == (0, before)
    done = command(root, "init", *NAMES, *EVERYTHING)
    assert done.code == 0, done.err
    after = tree(root)
    assert after["pyproject.toml"].count(b"\r\n") == after["pyproject.toml"].count(b"\n")
    for path, data in before.items():
        rest = iter(after[path].splitlines())
        assert all(line in rest for line in data.splitlines()), path  # lines were only added
    assert after.keys() - before.keys() == {
        ".github/workflows/unify-backend.yml",
        ".gitlab/unify-backend.yml",
    }
    assert b'stage: "build"' in (root / ".gitlab" / "unify-backend.yml").read_bytes()
    again = command(root, "init", *EVERYTHING)
    assert (again.code, tree(root)) == (0, after)
    assert again.out.count("has it already") == 6
    assert command(root, "undo").code == 0
    assert tree(root) == before


@pytest.mark.parametrize("wanted", [(), ("--ci", "pre-commit")])
@pytest.mark.parametrize("theirs", [None, "# ours\n[project]\nname = 'x'  # keep\n"])
def test_a_profile_is_written_whole(
    wanted: tuple[str, ...], theirs: str | None, pixsim7: Path, command: Command
) -> None:
    """The same is found with it as without: the history documents, the task file, the changelog."""
    (pixsim7 / "pyproject.toml").unlink(missing_ok=True)
    if theirs is not None:
        (pixsim7 / "pyproject.toml").write_text(theirs, "utf-8", newline="\n")
    before = document(command(pixsim7, "inventory", "--format", "json").out)
    done = command(pixsim7, "init", "--allow-dirty", *wanted)
    assert done.code == 0, done.err
    path = pixsim7 / ("pyproject.toml" if theirs is not None else "unify-backend.toml")
    text = path.read_text("utf-8")
    assert text.startswith(theirs or "# Which package becomes which")
    table = tomllib.loads(text)
    found = table["tool"]["unify-backend"] if theirs is not None else table
    assert found.keys() == {"history", "task-file", "changelog", "packages"}
    after = document(command(pixsim7, "inventory", "--format", "json").out)
    own = (path.name, ".pre-commit-config.yaml")
    for one in (before, after):
        one["references"] = [ref for ref in one["references"] if ref["path"] not in own]
    assert after["references"] == before["references"]


def test_the_result_as_json(command: Command, shop: Shop) -> None:
    root = shop({".pre-commit-config.yaml": "repos: []\n"})
    done = command(root, "init", *NAMES, *EVERYTHING, "--format", "json")
    assert done.code == 3
    found = document(done.out)
    assert found["path"] == "unify-backend.toml"
    outcomes = {(one["target"], one["path"]): one["outcome"] for one in found["integrations"]}
    assert outcomes == {
        ("github", ".github/workflows/unify-backend.yml"): "added",
        ("gitlab", ".gitlab/unify-backend.yml"): "added",
        ("gitlab", ".gitlab-ci.yml"): "added",
        ("pre-commit", ".pre-commit-config.yaml"): "by-hand",
        ("ruff", "ruff.toml"): "by-hand",
        ("import-linter", "pyproject.toml"): "by-hand",
    }
    assert (root / ".pre-commit-config.yaml").read_bytes() == b"repos: []\n"
    again = document(command(root, "init", "--ci", "gitlab", "--format", "json").out)
    assert (again["path"], again["packages"]) == (None, [])


def test_what_is_left_to_a_person_is_said_with_the_text(command: Command, shop: Shop) -> None:
    root = shop({".pre-commit-config.yaml": "repos: []\n"})
    done = command(root, "init", *NAMES, "--ci", "pre-commit")
    assert done.code == 3
    assert ".pre-commit-config.yaml is left to you: the list under `repos:`" in done.out
    assert "      - id: unify-backend-check\n" in done.out


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({".pre-commit-config.yaml": b"\0\1"}, 2, ".pre-commit-config.yaml is no text"),
        (
            {".pre-commit-config.yaml": b"repos:\n- repo: \xff\n"},
            3,
            "is not UTF-8",
        ),
        ({"unify-backend.toml": "history = []\n"}, 2, "nothing says which package becomes which"),
    ],
    ids=["binary", "not UTF-8", "a configuration without packages"],
)
def test_bad_files_are_left_alone(
    files: dict[str, bytes | str], code: int, says: str, command: Command, shop: Shop
) -> None:
    root = shop(files)
    path, data = next(iter(files.items()))
    names = () if path == "unify-backend.toml" else NAMES
    done = command(root, "init", *names, "--ci", "pre-commit")
    assert done.code == code
    assert says in done.out + done.err
    assert (root / path).read_bytes() == (data if isinstance(data, bytes) else data.encode())


def test_uncommitted_edits_are_not_written_over(command: Command, shop: Shop) -> None:
    root = shop(dict(THEIRS))
    edited = b"repos:\n- repo: mine\n"
    (root / ".pre-commit-config.yaml").write_bytes(edited)
    done = command(root, "init", *NAMES, *EVERYTHING)
    assert done.code == 4
    assert "--allow-dirty" in done.err
    assert (root / ".pre-commit-config.yaml").read_bytes() == edited
    assert not (root / ".gitlab").exists()


def test_a_requirement_needs_something_to_install_it(command: Command, shop: Shop) -> None:
    done = command(shop(), "init", *NAMES, "--requirement", "x")
    assert done.code == 2
    assert "--requirement is given without --ci" in done.err


def test_ruff_flags_the_legacy_import_and_no_other(
    command: Command, shop: Shop, tmp_path: Path
) -> None:
    root = shop({"ruff.toml": 'target-version = "py311"\n'})
    assert command(root, "init", *NAMES, "--lint", "ruff").code == 0
    (root / "bad.py").write_text("import shop_backend.api\nfrom shop_backend import main\n")
    (root / "good.py").write_text("import shop.backend.core.api\nimport shop_backend_tools\n")
    env = on_path(tmp_path / "bin")
    words = [beside("ruff"), "check", "--no-cache", "--output-format", "json"]
    every = json.loads(run([*words, "."], root, env).out)
    found = [one for one in every if one["code"] == "TID251"]
    assert [Path(one["filename"]).name for one in found] == ["bad.py", "bad.py"]
    assert "import shop.backend.core instead" in found[0]["message"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[tool.importlinter]\nroot_package = "shop"\n'),
        (".importlinter", "[importlinter]\nroot_package = shop\n"),
        ("setup.cfg", "[importlinter]\nroot_packages =\n    shop\n    shop_backend\n"),
    ],
)
def test_import_linter_flags_the_legacy_import_and_no_other(
    path: str, text: str, command: Command, shop: Shop, tmp_path: Path
) -> None:
    root = shop({path: text})
    assert command(root, "init", *NAMES, "--lint", "import-linter").code == 0
    env = on_path(tmp_path / "bin")
    clean = run([beside("lint-imports"), "--no-cache"], root, env)
    assert clean.code == 0, clean.out + clean.err
    assert "shop_backend is legacy: import shop.backend.core instead KEPT" in clean.out
    (root / "shop" / "use.py").write_text("from shop_backend import api\n")
    broken = run([beside("lint-imports"), "--no-cache"], root, env)
    assert broken.code == 1
    assert "shop_backend is legacy: import shop.backend.core instead BROKEN" in broken.out


def test_import_linter_inside_one_package(command: Command, shop: Shop, tmp_path: Path) -> None:
    root = shop(
        {".importlinter": "[importlinter]\nroot_package = shop\n", "shop/old/__init__.py": ""}
    )
    names = ("--legacy", "shop.old", "--canonical", "shop.backend.core")
    assert command(root, "init", *names, "--lint", "import-linter").code == 0
    env = on_path(tmp_path / "bin")
    assert run([beside("lint-imports"), "--no-cache"], root, env).code == 0
    (root / "shop" / "use.py").write_text("import shop.old\n")
    assert run([beside("lint-imports"), "--no-cache"], root, env).code == 1


def test_the_linters_entries_outlive_rewrite(command: Command, shop: Shop, git: Git) -> None:
    root = shop({**THEIRS, "setup.cfg": "[importlinter]\nroot_package = shop\n"})
    (root / "use.py").write_text("import shop_backend.api\n")
    assert command(root, "init", *NAMES, *EVERYTHING, "--allow-dirty").code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Linters")
    written = {path: (root / path).read_bytes() for path in ("pyproject.toml", "setup.cfg")}
    assert command(root, "rewrite").code == 0
    assert (root / "use.py").read_text() == "import shop.backend.core.api\n"
    assert written == {path: (root / path).read_bytes() for path in written}
    assert command(root, "check", "--update-baseline").code == 0
    listed = (root / "unify-backend-baseline.json").read_text()
    assert "pyproject.toml" not in listed
    assert "setup.cfg" not in listed


@pytest.fixture
def gated(command: Command, shop: Shop, git: Git) -> Path:
    """A repository with the gate in it, and a baseline of what is there."""
    root = shop({"tools/use.py": "import shop_backend.api\n"})
    ready = [word for one in ALL for word in ("--ci", one)]
    assert command(root, "init", *NAMES, *ready).code == 0
    assert command(root, "check", "--update-baseline").code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Gate")
    return root


def test_the_hook_stops_a_new_reference(gated: Path, git: Git, tmp_path: Path) -> None:
    env = on_path(tmp_path / "bin")
    commit = [beside("pre-commit"), "run", "unify-backend-check"]
    (gated / "clean é.txt").write_text("nothing\n", "utf-8")
    git(gated, "add", "-A")
    passed = run(commit, gated, env)
    assert passed.code == 0, passed.out + passed.err
    (gated / "a file ü.py").write_text("x = 1\nfrom shop_backend.api import app\n", "utf-8")
    (gated / "data.bin").write_bytes(b"\0\1\2")
    git(gated, "add", "-A")
    failed = run(commit, gated, env)
    assert failed.code == 1
    assert "a file ü.py:2:6" in failed.out
    assert "shop.backend.core" in failed.out
    everything = run([*commit, "--all-files"], gated, env)
    assert everything.code == 1
    assert "tools/use.py" not in everything.out


@posix
@pytest.mark.parametrize("known", [True, False], ids=["merge request", "default branch"])
def test_the_job_of_gitlab_reports_what_is_new(
    known: bool, gated: Path, git: Git, tmp_path: Path
) -> None:
    job = step(gated / ".gitlab" / "unify-backend.yml", "unify-backend")
    env = on_path(tmp_path / "bin")
    if known:
        env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = git(gated, "rev-parse", "HEAD").strip()
    lines = job["script"]
    assert isinstance(lines, list)
    script = "\n".join(line for line in lines if not line.startswith("python -m pip install"))
    assert script.count("\n") == 0
    assert bash(script, gated, env).code == 0
    (gated / "new.py").write_text("import shop_backend.main\n")
    git(gated, "add", "-A")
    git(gated, "commit", "-q", "-m", "New")
    failed = bash(script, gated, env)
    assert failed.code == 1, failed.err
    assert "new.py:1:8" in failed.out
    found = json.loads((gated / "gl-code-quality-report.json").read_text("utf-8"))
    assert [one["location"]["path"] for one in found] == ["new.py"]


@posix
@pytest.mark.parametrize("known", [True, False], ids=["pull request", "push"])
def test_the_workflow_of_github_annotates_what_is_new(
    known: bool, gated: Path, git: Git, tmp_path: Path
) -> None:
    last = step(gated / ".github" / "workflows" / "unify-backend.yml", "jobs", "check", "steps", -1)
    base = git(gated, "rev-parse", "HEAD").strip() if known else ""
    given = last["env"]
    assert isinstance(given, dict)
    values = {"github.event.pull_request.base.sha": base}
    env = on_path(tmp_path / "bin") | {k: filled_in(v, values) for k, v in given.items()}
    assert bash(str(last["run"]), gated, env).code == 0
    (gated / "new.py").write_text("import shop_backend.main\n")
    git(gated, "add", "-A")
    git(gated, "commit", "-q", "-m", "New")
    failed = bash(str(last["run"]), gated, env)
    assert failed.code == 1, failed.err
    assert "::error file=new.py,line=1," in failed.out
