"""Every command of fixtures/commands/commands.yml in every container that can hold it.

A command means the same wherever it is written, so that it gets the same verdict; what a container
really reads otherwise is an exception with its reason, in the data.
"""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.settings import Settings
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

FOLDER = Path(__file__).parents[2] / "fixtures" / "commands"
COMMANDS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "commands.yml").read_text("utf-8"))
CONTAINERS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "containers.yml").read_text("utf-8"))
MOVE = PackageMove.of("shop_backend", "shop.backend.main")
TREE = """__init__.py __main__.py main.py Dockerfile requirements.txt api/__init__.py
api/v1/assets.py infrastructure/database/alembic.ini plugins/chat/manifest.py
services/user_service.py workers/__init__.py workers/arq_worker.py""".split()
SOURCES = {"main.py": b"app = object()\n", "workers/arq_worker.py": b"class WorkerSettings: ...\n"}
ACTIONS = {"rewrite": "r", "review": "?", "keep": "k"}


def _written(container: dict[str, Any], command: str) -> str:
    """The container's text with the command in it."""
    text: str = container["text"]
    quote = container.get("quote")
    if "COMMAND" in text:
        if quote == "json" and '"source": [!COMMAND]' in text:
            return text.replace("!COMMAND", json.dumps(f"!{command}"))
        shown = json.dumps(command) if quote == "json" else command
        return text.replace("COMMAND", f"'{command}'" if quote == "yaml" else shown)
    words = [json.dumps(word) for word in shlex.split(command)]
    text = text.replace("FIRST", words[0]).replace("REST", ", ".join(words[1:]))
    return text.replace("WORDS", ", ".join(words))


def _verdict(container: dict[str, Any], command: str) -> tuple[str, str]:
    """The actions of the legacy names in the container's file, and its text afterwards."""
    files = {
        f"{root}/{name}": SOURCES.get(name, b"")
        for root in (MOVE.legacy_path, MOVE.canonical_path)
        for name in TREE
    }
    path = container["path"]
    text = _written(container, command)
    contents = MemoryContents({**files, path: text.encode()})
    settings = Settings((MOVE,))
    inventory = take_inventory(contents, settings)
    references = sorted(
        (one for one in inventory.references if one.path == path and one.names is Names.LEGACY),
        key=lambda reference: reference.span.start,
    )
    plan = plan_rewrite(contents, settings, inventory)
    after = {one.path: one.after.decode() for one in plan.rewritten}.get(path, text)
    if container.get("backslashes"):
        after = after.replace("\\", "/")
    return "".join(ACTIONS[reference.action.value] for reference in references), after


def _cells(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The containers that can hold the command."""
    shell = case.get("shell", False)
    return [one for one in CONTAINERS if not shell or one.get("shell", True)]


@pytest.mark.parametrize("case", COMMANDS, ids=[case["command"] for case in COMMANDS])
def test_one_verdict_in_every_container(case: dict[str, Any]) -> None:
    wrong = {}
    for container in _cells(case):
        expected = {**case, **case.get("except", {}).get(container["name"], {})}
        want = (
            expected["actions"],
            _written(container, expected.get("after", case["command"])),
        )
        got = _verdict(container, case["command"])
        if got != want:
            wrong[container["name"]] = got
    assert not wrong, case["why"]
