"""What any command loads when it starts, and what a document for programs loads."""

import subprocess
import sys

from unify_backend.cli.app import COMMANDS

FORMATS = "unify_backend.reporting.diagnostics.formats"  # the words of an option
LIGHT = {
    "unify_backend",
    "unify_backend.model",
    "unify_backend.model.errors",
    "unify_backend.reporting",
    "unify_backend.reporting.diagnostics",
    FORMATS,
}


def loaded(code: str) -> set[str]:
    """The modules that are there after running `code` in an interpreter of its own."""
    text = f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_start_loads_its_command_and_nothing_below_the_command_line() -> None:
    code = "from unify_backend.cli.app import app_for; app_for(['check', 'a.py'])"
    ours = {module for module in loaded(code) if module.startswith("unify_")}
    assert {module for module in ours if not module.startswith("unify_backend.cli")} <= LIGHT
    commands = {f"unify_backend.cli.{name}" for name in COMMANDS}
    assert commands & ours == {"unify_backend.cli.check"}


def test_documents_for_programs_need_nothing_that_draws() -> None:
    names = "common diff inventory merge rename shim"
    code = "\n".join(f"import unify_backend.reporting.json.{part}" for part in names.split())
    assert not any(module.split(".")[0] == "rich" for module in loaded(code))
