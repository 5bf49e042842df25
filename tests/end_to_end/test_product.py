"""`rename --everything`: what is called after the package follows, whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document

LAMP: dict[str, str] = {
    "red_lamp/__init__.py": '"""Red Lamp."""\nfrom red_lamp.bulb import RedLampError\n',
    "red_lamp/bulb.py": (
        "import os\n\n\nclass RedLampError(Exception):\n    pass\n\n\n"
        'URL = os.environ.get("RED_LAMP_URL", "https://red-lamp.example.org")\n'
        'HOME = os.path.expanduser("~/.red_lamp/settings.toml")\n'
    ),
    "red_lamp/red_lamp.css": ".red-lamp { color: red }\n",
    "docs/red_lamp.md": "# RedLamp\n\n![a lamp](red-lamp.svg), a red lamp\n",
    "docs/red-lamp.svg": "<svg/>\n",
    "pyproject.toml": (
        '[project]\nname = "red-lamp"\nversion = "1"\n\n[build-system]\n'
        'requires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    ),
    "compose.yml": "services:\n  web:\n    image: acme/red-lamp:1\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.0\n\n- RedLampError of red-lamp is new\n",
}


@pytest.fixture
def laid_out(tmp_path: Path, git: Git) -> Path:
    """The repository of a product."""
    return lay_out(tmp_path / "there", LAMP, git)


def lay_out(root: Path, files: Mapping[str, str], git: Git) -> Path:
    """Writes and commits the files."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8", newline="")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All")
    return root


def test_everything_is_renamed_in_its_own_style(command: Command, laid_out: Path) -> None:
    done = command(laid_out, "rename", "red_lamp", "acme.blue_torch", "--everything")
    assert done.code == 0, done.out + done.err
    assert (laid_out / "acme/blue_torch/bulb.py").read_text("utf-8") == (
        "import os\n\n\nclass BlueTorchError(Exception):\n    pass\n\n\n"
        'URL = os.environ.get("BLUE_TORCH_URL", "https://blue-torch.example.org")\n'
        'HOME = os.path.expanduser("~/.blue_torch/settings.toml")\n'
    )
    assert (
        (laid_out / "acme/blue_torch/blue_torch.css").read_text("utf-8").startswith(".blue-torch")
    )
    assert (laid_out / "docs/blue_torch.md").read_text("utf-8") == (
        "# BlueTorch\n\n![a lamp](blue-torch.svg), a red lamp\n"
    )
    assert (laid_out / "docs/blue-torch.svg").is_file()
    assert not (laid_out / "docs/red-lamp.svg").exists()
    assert 'name = "blue-torch"' in (laid_out / "pyproject.toml").read_text("utf-8")
    assert (laid_out / "compose.yml").read_text("utf-8").endswith("image: acme/blue-torch:1\n")
    assert (laid_out / "CHANGELOG.md").read_text("utf-8") == LAMP["CHANGELOG.md"]
    assert "set or kept outside of this repository" in done.out


def test_without_it_only_the_package_is(command: Command, laid_out: Path) -> None:
    done = command(laid_out, "rename", "red_lamp", "acme.blue_torch", "--no-verify")
    assert done.code == 0, done.out + done.err
    assert "RED_LAMP_URL" in (laid_out / "acme/blue_torch/bulb.py").read_text("utf-8")
    assert (laid_out / "docs/red-lamp.svg").is_file()
    assert 'name = "red-lamp"' in (laid_out / "pyproject.toml").read_text("utf-8")


def test_undo_takes_it_back(command: Command, laid_out: Path, git: Git) -> None:
    command(laid_out, "rename", "red_lamp", "blue_torch", "--everything", "--no-verify")
    assert command(laid_out, "undo").code == 0
    assert git(laid_out, "status", "--porcelain") == ""


def test_a_single_word_is_renamed_alone(command: Command, laid_out: Path) -> None:
    words = ["--also", "RED_LAMP_URL=TORCH_URL", "--no-verify"]
    done = command(laid_out, "rename", "red_lamp", "blue_torch", *words)
    assert done.code == 0, done.out + done.err
    text = (laid_out / "blue_torch/bulb.py").read_text("utf-8")
    assert "TORCH_URL" in text
    assert "RedLampError" in text


def test_a_word_of_another_project_stays_whole(command: Command, tmp_path: Path, git: Git) -> None:
    plugin = "import red_lamp_extras\nfrom red_lamp import bulb\n\nred_lamp_extras.on(bulb)\n"
    root = lay_out(tmp_path / "there", {**LAMP, "use.py": plugin}, git)
    done = command(
        root, "rename", "red_lamp", "blue_torch", "--everything", "--no-verify", "--format", "json"
    )
    assert (root / "use.py").read_text("utf-8") == plugin.replace("red_lamp ", "blue_torch ")
    words = {word["text"]: word for word in document(done.out)["words"]}
    assert words["red_lamp_extras"]["action"] == "review"
    assert words["red_lamp_extras"]["places"] == 2
    assert words["RedLampError"]["action"] == "rewrite"


def test_a_file_in_the_way_is_refused(command: Command, tmp_path: Path, git: Git) -> None:
    root = lay_out(tmp_path / "there", {**LAMP, "docs/blue-torch.svg": "<svg/>\n"}, git)
    done = command(root, "rename", "red_lamp", "blue_torch", "--everything")
    assert done.code == 4
    assert "docs/blue-torch.svg is there already" in done.err
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["red_lamp", "acme.red_lamp", "--everything"], "--everything has no word to rename"),
        (["red_lamp", "blue_torch", "--also", "RedLamp"], "does not name two words"),
    ],
)
def test_what_cannot_be_meant(
    command: Command, laid_out: Path, words: list[str], message: str
) -> None:
    done = command(laid_out, "rename", *words)
    assert done.code == 2
    assert message in done.err


def test_a_name_in_another_style_is_one_word(command: Command, tmp_path: Path, git: Git) -> None:
    files = {
        "RedLamp/__init__.py": "NAME = 'RedLamp'\n",
        "RedLamp.svg": "<svg/>\n",
        "README.md": "# RedLamp\n\n![RedLamp](RedLamp.svg) RED_LAMP_URL\n",
    }
    root = lay_out(tmp_path / "there", files, git)
    done = command(root, "rename", "RedLamp", "torch", "--also", "RedLamp=Torch", "--no-verify")
    assert done.code == 0, done.err
    assert (root / "torch/__init__.py").read_text("utf-8") == "NAME = 'Torch'\n"
    assert (root / "README.md").read_text("utf-8") == (
        "# Torch\n\n![Torch](Torch.svg) RED_LAMP_URL\n"
    )
    assert (root / "Torch.svg").is_file()
