"""`rename --everything`: what is called after the package follows, whole or not at all."""

from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document, lay_out

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


LAMP_KIT = {
    "lamp_kit/__init__.py": "class LampKitError(Exception):\n    name = 'lamp_kit'\n",
    "use.py": "import lamp_kit\n\nraise lamp_kit.LampKitError\n",
    "checks/common.py": "import lamp_kit\n",
    "checks/test_use.py": "from common import lamp_kit\n\nprint(lamp_kit.LampKitError)\n",
    "README.md": "# Lamp Kit\n\nA kit. `pip install lamp-kit`; see LAMP_KIT_HOME, a lamp_kit/.\n",
    "compose.yml": "services:\n  web:\n    image: registry.example/lamp_kit:1\n",
}


def test_the_name_goes_wherever_it_stands(tmp_path: Path, command: Command, git: Git) -> None:
    root = lay_out(tmp_path / "there", LAMP_KIT, git)
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


def test_without_it_the_product_keeps_its_name(tmp_path: Path, command: Command, git: Git) -> None:
    root = lay_out(tmp_path / "there", LAMP_KIT, git)
    done = command(root, "rename", "lamp_kit", "light_set", "--no-verify", "--format", "json")
    assert document(done.out)["words"] == []
    text = (root / "README.md").read_text("utf-8")
    assert text == LAMP_KIT["README.md"].replace("lamp_kit/", "light_set/")


def test_a_dry_run_lists_the_words(tmp_path: Path, command: Command, git: Git) -> None:
    root = lay_out(tmp_path / "there", LAMP_KIT, git)
    arguments = ("lamp_kit", "light_set", "--everything", "--dry-run", "--format", "json")
    result = document(command(root, "rename", *arguments).out)
    words = {word["text"] for word in result["words"]}
    assert {"LampKitError", "Lamp Kit", "LAMP_KIT_HOME", "lamp-kit"} <= words
    assert git(root, "status", "--porcelain") == ""


def test_what_is_not_the_product_stays(tmp_path: Path, command: Command, git: Git) -> None:
    stays = {
        "CHANGELOG.md": "# 1.0\n\nlamp was born.\n",
        "notes.md": "`lamp` was renamed to `light`.\n",
        "help.md": "Write to lamp@example.org; a lampshade is no clamp.\n",
        "old.md": "See https://github.com/owner/kit/blob/0123456789abcdef/lamp/on.py\n",
        "here.py": "NAME = 'lamp'  # unify-backend: keep — what the old one was called\n",
    }
    root = lay_out(
        tmp_path / "there",
        {**stays, "lamp/__init__.py": "", "lamp/on.py": "", "use.py": "LAMP = 1\n"},
        git,
    )
    done = command(root, "rename", "lamp", "light", "--everything", "--no-verify")
    assert done.code == 0, done.err
    for path, text in stays.items():
        assert (root / path).read_text("utf-8") == text
    assert (root / "use.py").read_text("utf-8") == "LIGHT = 1\n"


def test_a_spelling_that_is_configured_counts_first(
    tmp_path: Path, command: Command, git: Git
) -> None:
    also = 'also.LampKit = "LightSET"\n[[packages]]\nlegacy = "lamp_kit"\ncanonical = "light_set"\n'
    root = lay_out(tmp_path / "there", {**LAMP_KIT, "unify-backend.toml": also}, git)
    done = command(root, "rename", "lamp_kit", "light_set", "--everything", "--no-verify")
    assert done.code == 0, done.err
    assert "raise light_set.LightSETError" in (root / "use.py").read_text("utf-8")


def test_two_files_that_would_get_one_name_are_refused(
    tmp_path: Path, command: Command, git: Git
) -> None:
    files = {"lamp_kit/__init__.py": "", "Lamp-Kit.md": "One.\n", "LampKit.md": "Two.\n"}
    root = lay_out(tmp_path / "there", files, git)
    words = ["--everything", "--also", "Lamp-Kit=Lights", "--also", "LampKit=Lights"]
    done = command(root, "rename", "lamp_kit", "light_set", *words)
    assert done.code == 4
    assert "would both be called Lights.md" in done.err
    assert git(root, "status", "--porcelain") == ""
