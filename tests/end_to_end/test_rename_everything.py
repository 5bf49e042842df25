"""`rename --everything`: the product is renamed with its package."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git

Make = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Make:
    """`repository(files)` makes a committed repository."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "there"
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, "utf-8", newline="")
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "All")
        return root

    return make


FILES = {
    "lamp_kit/__init__.py": "class LampKitError(Exception):\n    name = 'lamp_kit'\n",
    "use.py": "import lamp_kit\n\nraise lamp_kit.LampKitError\n",
    "checks/common.py": "import lamp_kit\n",
    "checks/test_use.py": "from common import lamp_kit\n\nprint(lamp_kit.LampKitError)\n",
    "README.md": "# Lamp Kit\n\nA kit. `pip install lamp-kit`; see LAMP_KIT_HOME, a lamp_kit/.\n",
    "compose.yml": "services:\n  web:\n    image: registry.example/lamp_kit:1\n",
}


def test_the_name_goes_wherever_it_stands(repository: Make, command: Command, git: Git) -> None:
    root = repository(FILES)
    done = command(root, "rename", "lamp_kit", "light_set", "--everything", "--no-verify")
    assert done.code == 0, done.err
    assert "class LightSetError" in (root / "light_set/__init__.py").read_text("utf-8")
    assert "raise light_set.LightSetError" in (root / "use.py").read_text("utf-8")
    text = (root / "checks/test_use.py").read_text("utf-8")
    assert text == "from common import light_set\n\nprint(light_set.LightSetError)\n"
    text = (root / "README.md").read_text("utf-8")
    assert text == (
        "# Light Set\n\nA kit. `pip install light-set`; see LIGHT_SET_HOME, a light_set/.\n"
    )
    assert "registry.example/light_set:1" in (root / "compose.yml").read_text("utf-8")
    command(root, "undo")
    assert git(root, "status", "--porcelain") == ""


def test_without_it_the_product_keeps_its_name(repository: Make, command: Command) -> None:
    root = repository(FILES)
    done = command(root, "rename", "lamp_kit", "light_set", "--no-verify", "--format", "json")
    assert json.loads(done.out)["words"] == []
    text = (root / "README.md").read_text("utf-8")
    assert text == FILES["README.md"].replace("lamp_kit/", "light_set/")


def test_a_dry_run_lists_the_words(repository: Make, command: Command, git: Git) -> None:
    root = repository(FILES)
    arguments = ("lamp_kit", "light_set", "--everything", "--dry-run", "--format", "json")
    result = json.loads(command(root, "rename", *arguments).out)
    words = {word["text"] for word in result["words"]}
    assert {"LampKitError", "Lamp Kit", "LAMP_KIT_HOME", "lamp-kit"} <= words
    assert git(root, "status", "--porcelain") == ""


def test_what_is_not_the_product_stays(repository: Make, command: Command) -> None:
    stays = {
        "CHANGELOG.md": "# 1.0\n\nlamp was born.\n",
        "notes.md": "`lamp` was renamed to `light`.\n",
        "help.md": "Write to lamp@example.org; a lampshade is no clamp.\n",
        "old.md": "See https://github.com/owner/kit/blob/0123456789abcdef/lamp/on.py\n",
        "here.py": "NAME = 'lamp'  # unify-backend: keep — what the old one was called\n",
    }
    root = repository({**stays, "lamp/__init__.py": "", "lamp/on.py": "", "use.py": "LAMP = 1\n"})
    done = command(root, "rename", "lamp", "light", "--everything", "--no-verify")
    assert done.code == 0, done.err
    for path, text in stays.items():
        assert (root / path).read_text("utf-8") == text
    assert (root / "use.py").read_text("utf-8") == "LIGHT = 1\n"


def test_a_spelling_that_is_configured_counts_first(repository: Make, command: Command) -> None:
    also = 'also.LampKit = "LightSET"\n[[packages]]\nlegacy = "lamp_kit"\ncanonical = "light_set"\n'
    root = repository({**FILES, "unify-backend.toml": also})
    done = command(root, "rename", "lamp_kit", "light_set", "--everything", "--no-verify")
    assert done.code == 0, done.err
    assert "raise light_set.LightSETError" in (root / "use.py").read_text("utf-8")
