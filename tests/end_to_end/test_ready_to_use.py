"""What other repositories take from this one: the hooks file, the action, the examples."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.support import NAMES, Command, Git, Ran, Shop
from tests.end_to_end.tools import (
    EXPRESSION,
    ROOT,
    bash,
    beside,
    filled_in,
    on_path,
    project_copy,
    run,
    step,
)
from unify_backend.integrations.pre_commit import COPIES_HOOK, HOOKS
from unify_backend.integrations.templates import filled

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
posix = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")


def texts() -> dict[str, tuple[str, str]]:
    """Every YAML file for others: its text, and the schema that it has to keep."""
    written = ("github.yml", "vendor.github-workflows"), ("gitlab.yml", "vendor.gitlab-ci")
    files = {
        "action.yml": "vendor.github-actions",
        "docs/ci/github.yml": "vendor.github-workflows",
        "docs/ci/gitlab.yml": "vendor.gitlab-ci",
    }
    found = {path: ((ROOT / path).read_text("utf-8"), name) for path, name in files.items()}
    for name, schema in written:
        found[f"init's {name}"] = (filled(name, requirement='a "b"==1', stage="test"), schema)
    return found


@pytest.mark.parametrize("name", sorted(texts()))
def test_it_keeps_the_published_schema(name: str, tmp_path: Path) -> None:
    text, schema = texts()[name]
    place = tmp_path / "file.yml"
    place.write_text(text, "utf-8")
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    place.write_text(re.sub(r"(?m)^( *)(runs-on|script|using):", r"\1wrong:", text), "utf-8")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1, "the schema would let anything pass"


def scripts(node: object) -> list[str]:
    """Every `run` and `script` in a workflow, an action or a job."""
    match node:
        case dict():
            own = [node[key] for key in ("run", "script") if key in node]
            lines = ["\n".join(one) if isinstance(one, list) else one for one in own]
            return lines + [line for value in node.values() for line in scripts(value)]
        case list():
            return [line for value in node for line in scripts(value)]
        case _:
            return []


@posix
@pytest.mark.parametrize("name", sorted(texts()))
def test_no_script_holds_text_from_outside(name: str, tmp_path: Path) -> None:
    found = scripts(yaml.safe_load(texts()[name][0]))
    assert found or name == "docs/ci/github.yml"
    for script in found:
        assert EXPRESSION not in script
        place = tmp_path / "script.sh"
        place.write_text(script, "utf-8")
        assert run(["bash", "-n", str(place)], tmp_path, os.environ).code == 0


def test_the_examples_are_what_init_writes() -> None:
    text = (ROOT / "docs" / "ci" / "gitlab.yml").read_text("utf-8")
    assert text == filled("gitlab.yml", requirement="unify-backend", stage="test")


def test_every_hook_and_input_is_documented() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [one["id"] for one in hooks] == [*HOOKS, COPIES_HOOK]
    for name in [*HOOKS, COPIES_HOOK, *step(ROOT / "action.yml", "inputs")]:
        assert f"`{name}`" in PAGE, name


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as others get it: a repository to install from."""
    return project_copy(tmp_path_factory.mktemp("project"))


@pytest.fixture
def gated(command: Command, shop: Shop, git: Git) -> Path:
    """A repository with the configuration and a baseline, committed."""
    root = shop({"tools/use.py": "import shop_backend.api\n"})
    assert command(root, "init", *NAMES).code == 0
    assert command(root, "check", "--update-baseline").code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Gate")
    return root


@pytest.mark.deep
def test_the_hooks_of_this_project_run_under_pre_commit(
    source: Path, gated: Path, git: Git, tmp_path: Path
) -> None:
    env = on_path(tmp_path / "bin")
    env["PATH"] = env["PATH"].split(os.pathsep, 1)[1]  # the hook brings its own
    env.pop("PYTHONPATH")
    ids = "".join(f"  - id: {one}\n" for one in HOOKS)
    revision = git(source, "rev-parse", "HEAD").strip()
    (gated / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {source.as_posix()}\n  rev: {revision}\n  hooks:\n{ids}", "utf-8"
    )
    git(gated, "add", "-A")
    commit = [beside("pre-commit"), "run"]
    clean = run(commit, gated, env)
    assert clean.code == 0, clean.out + clean.err
    assert clean.out.count("Passed") == 2
    (gated / "a file ü.py").write_text("from shop_backend.api import app\n", "utf-8")
    git(gated, "add", "-A")
    (gated / "not staged.py").write_text("import shop_backend\n", "utf-8")
    failed = run([*commit, HOOKS[0]], gated, env)
    assert failed.code == 1
    assert "a file ü.py:1:6" in failed.out
    assert "not staged" not in failed.out
    git(gated, "commit", "-q", "--no-verify", "-m", "Past the hook")
    assert run([*commit, HOOKS[0]], gated, env).code == 0  # nothing is staged
    assert "a file ü.py:1:6" in run([*commit, HOOKS[1]], gated, env).out


Action = dict[str, str]


@pytest.fixture(scope="session")
def installed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Action:
    """What the action's install step puts out, after it was run."""
    if os.name == "nt":
        pytest.skip("the scripts are for a POSIX shell")
    folder = tmp_path_factory.mktemp("runner") / "work"
    folder.mkdir()
    values = {
        "steps.python.outputs.python-path": sys.executable,
        "github.action_path": str(source),
        "runner.temp": str(folder.parent),
    }
    done, put_out = run_step("install", {"version": ""}, values, folder)
    assert done.code == 0, done.err
    return put_out


def run_step(
    name: str, inputs: Mapping[str, str], values: Mapping[str, str], folder: Path
) -> tuple[Ran, Action]:
    """A step of the action with a shell script, as the runner runs it, and what it puts out."""
    steps = step(ROOT / "action.yml", "runs")["steps"]
    assert isinstance(steps, list)
    wanted = next(one for one in steps if one["id"] == name)
    defaults = step(ROOT / "action.yml", "inputs")
    known = {f"inputs.{key}": one["default"] for key, one in defaults.items()}  # type: ignore[index]
    known |= {f"inputs.{key}": value for key, value in inputs.items()} | dict(values)
    files = {key: folder.parent / key.lower() for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    env |= {key: str(file) for key, file in files.items()}
    env |= {key: filled_in(value, known) for key, value in wanted["env"].items()}
    done = bash(wanted["run"], folder, env)
    output = files["GITHUB_OUTPUT"]
    lines = output.read_text("utf-8").splitlines() if output.exists() else []
    return done, dict(line.split("=", 1) for line in lines)


def action(installed: Action, folder: Path, **inputs: str) -> Ran:
    """The action's last step."""
    values = {"steps.install.outputs.folder": installed["folder"]}
    return run_step("check", inputs, values, folder)[0]


@pytest.mark.deep
def test_the_action_annotates_and_writes_sarif(installed: Action, gated: Path, git: Git) -> None:
    assert action(installed, gated).code == 0
    base = git(gated, "rev-parse", "HEAD").strip()
    (gated / "new.py").write_text("import shop_backend.main\n")
    git(gated, "add", "-A")
    git(gated, "commit", "-q", "-m", "New")
    done = action(installed, gated, since=base, sarif="out file.sarif")
    assert done.code == 1, done.err
    assert "::error file=new.py,line=1," in done.out
    assert "1 new" in (gated.parent / "github_step_summary").read_text("utf-8")
    found = json.loads((gated / "out file.sarif").read_text("utf-8"))
    assert found["version"] == "2.1.0"
    assert len(found["runs"][0]["results"]) == 1
    text = action(installed, gated, format="text", args="--max\n 50")
    assert (text.code, "::error" in text.out) == (0, False)


HOSTILE = ("$(touch hit)", "`touch hit`", "; touch hit", '"; touch hit; "', "x\ntouch hit", "*")


@pytest.mark.deep
@pytest.mark.parametrize("name", ["args", "since", "sarif", "format"])
def test_no_input_is_run(name: str, installed: Action, gated: Path) -> None:
    for text in HOSTILE:
        done = action(installed, gated, **{name: text})
        assert not (gated / "hit").exists(), text
        assert done.code == (0 if name == "sarif" else 2), (text, done.err)
