"""`rename` on packages of every shape: what moves, what follows, what is left, what is refused."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document, lay_out

Make = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Make:
    """`repository(files)` makes a committed repository."""

    def make(files: Mapping[str, str]) -> Path:
        return lay_out(tmp_path / "there", files, git)

    return make


SHAPES: dict[str, tuple[tuple[str, str], dict[str, str], str, str]] = {
    "flat": (
        ("lamp", "torch_light"),
        {"lamp/__init__.py": "X = 1\n", "lamp/on.py": "from lamp import X\n"},
        "torch_light/on.py",
        "import torch_light.on",
    ),
    "src-layout, deeper": (
        ("lamp", "acme.lamp"),
        {"src/lamp/__init__.py": "X = 1\n", "src/lamp/on.py": "from . import X\n"},
        "src/acme/lamp/on.py",
        "import acme.lamp.on",
    ),
    "namespace": (
        ("corp.lamp", "corp.light.lamp"),
        {"src/corp/lamp/__init__.py": "X = 1\n", "src/corp/other/__init__.py": "Y = 2\n"},
        "src/corp/light/lamp/__init__.py",
        "import corp.light.lamp, corp.other",
    ),
    "single file": (
        ("lamp", "light"),
        {"lamp.py": "X = 1\n"},
        "light.py",
        "import light",
    ),
    "single file into a package": (
        ("lamp", "acme.lamp"),
        {"src/lamp.py": "X = 1\n", "src/acme/__init__.py": ""},
        "src/acme/lamp.py",
        "import acme.lamp",
    ),
    "a module of a package, imported by its neighbours": (
        ("acme.lamp", "acme.light"),
        {
            "acme/__init__.py": "from .lamp import X\nfrom . import lamp\nY = lamp.X\n",
            "acme/lamp.py": "from . import bulb\n\nX = bulb.W\n",
            "acme/bulb.py": "W = 40\n",
        },
        "acme/light.py",
        "import acme; assert acme.Y == 40",
    ),
    "a package out of a package": (
        ("acme.lamp", "light"),
        {
            "acme/__init__.py": "",
            "acme/base.py": "B = 3\n",
            "acme/lamp/__init__.py": "from ..base import B\nfrom .. import base as ground\n",
            "acme/use.py": "from . import lamp\nfrom .lamp import B as b\nC = lamp.B + b\n",
        },
        "light/__init__.py",
        "import light, acme.use; assert acme.use.C == 6",
    ),
    "a module out of its package": (
        ("acme.lamp", "light"),
        {
            "acme/__init__.py": "",
            "acme/bulb.py": "W = 40\n",
            "acme/lamp.py": "from . import bulb\nfrom\t.bulb import W\nV = bulb.W\n",
            "use.py": "from acme import lamp\nV = lamp.V\n",
        },
        "light.py",
        "import light, use; assert use.V == light.W == 40",
    ),
    "a module deeper into its package": (
        ("acme.lamp", "acme.on.lamp"),
        {
            "acme/__init__.py": "from .lamp import V\n",
            "acme/bulb.py": "W = 40\n",
            "acme/lamp.py": "from .bulb import W as V\n",
        },
        "acme/on/lamp.py",
        "import acme; assert acme.V == 40",
    ),
    "a module that is imported together with others": (
        ("acme.lamp", "light.lamp"),
        {
            "acme/__init__.py": "",
            "acme/bulb.py": "W = 40\n",
            "acme/cord.py": "L = 2\n",
            "acme/lamp.py": "from acme import bulb, cord\n\nV = bulb.W\n",
            "light/__init__.py": "",
            "acme/own.py": "from . import (\n    bulb,  # glass\n    lamp as l,  # metal\n)\n",
            "use.py": "from acme import bulb, lamp, cord  # noqa: E401\n"
            "if lamp: from acme import lamp, cord\n",
            "run.sh": 'python -c "from acme import lamp, bulb; print(lamp.V)"\n',
        },
        "light/lamp.py",
        "import acme.own, use; assert use.lamp.V == acme.own.l.V == use.bulb.W == 40",
    ),
    "a package into itself": (
        ("lamp", "lamp.inner"),
        {"lamp/__init__.py": "X = 1\n", "lamp/on.py": "from lamp import X\n"},
        "lamp/inner/on.py",
        "import lamp.inner.on",
    ),
    "a package into itself, nothing in its __init__.py": (
        ("lamp", "lamp.inner"),
        {"lamp/__init__.py": "", "lamp/on.py": "", "use.py": "import lamp.on\n"},
        "lamp/__init__.py",
        "import lamp.inner.on, use",
    ),
    "a package into itself, two levels, a file of its parent's name": (
        ("lamp", "lamp.lamp.inner"),
        {"lamp/__init__.py": "", "lamp/inner.py": "X = 1\n"},
        "lamp/lamp/inner/inner.py",
        "import lamp.lamp.inner.inner",
    ),
    "a package into its parent, which has modules of its own": (
        ("acme.lamp", "acme"),
        {
            "acme/__init__.py": "# Ours\n",
            "acme/shade.py": "from .lamp.on import X\nfrom acme.lamp import on as switch\n",
            "acme/lamp/__init__.py": "# Ours\nfrom acme.lamp import on\n",
            "acme/lamp/on.py": "from .. import kit\nX = kit.X\n",
            "acme/kit.py": "X = 1\n",
            "use.py": "import acme.lamp\nfrom acme import lamp\nY = acme.lamp.on.X\n",
        },
        "acme/on.py",
        "import acme.shade, use; assert acme.on.X == use.Y == acme.shade.switch.X == 1",
    ),
    "a package into its parent, whose __init__.py says more": (
        ("acme.lamp", "acme"),
        {
            "acme/__init__.py": "from acme.lamp.on import X\n",
            "acme/lamp/__init__.py": "",
            "acme/lamp/on.py": "X = 1\n",
        },
        "acme/on.py",
        "import acme.on; assert acme.X == 1",
    ),
    "a package in the place of its parent": (
        ("acme.lamp", "acme"),
        {"acme/lamp/__init__.py": "", "acme/lamp/lamp/__init__.py": "X = 1\n"},
        "acme/lamp/__init__.py",
        "import acme.lamp; assert acme.lamp.X == 1",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_package_of_any_shape_moves_and_still_imports(
    shape: str, repository: Make, command: Command, git: Git
) -> None:
    names, files, lies, program = SHAPES[shape]
    root = repository({**files, "README.md": f"Use `import {names[0]}`.\n"})
    done = command(root, "rename", *names, "--no-verify", "--format", "json")
    assert done.code == 0, done.err
    result = document(done.out)
    assert (root / lies).is_file()
    assert result["refused"] == result["unparsed"] == result["indirect"] == []
    assert f"import {names[1]}" in (root / "README.md").read_text("utf-8")
    paths = [str(root), str(root / "src")]
    code = f"import sys; sys.path[:0] = {paths!r}; {program}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    command(root, "undo")
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dry_run_writes_nothing_and_prints_what_git_applies(
    shape: str, repository: Make, command: Command, git: Git
) -> None:
    names, files, lies, _ = SHAPES[shape]
    root = repository(files)
    said = command(root, "rename", *names, "--dry-run")
    assert said.code == 0, said.err
    assert len(said.out.splitlines()) <= 25
    patch = command(root, "rename", *names, "--dry-run", "--diff")
    assert git(root, "status", "--porcelain") == ""
    git(root, "apply", "--check", "-", stdin=patch.raw)
    git(root, "apply", "-", stdin=patch.raw)
    assert (root / lies).is_file()


def test_what_the_package_imports_is_compared(repository: Make, command: Command) -> None:
    root = repository({"lamp/__init__.py": "", "lamp/on.py": "import lamp\n"})
    done = command(root, "rename", "lamp", "light")
    assert done.code == 0, done.err
    assert "2 of 2 modules imported before, 2 of 2 now: no regression" in done.out


def test_a_single_file_is_compared_too(repository: Make, command: Command) -> None:
    root = repository({"lamp.py": "X = 1\n", "use.py": "import lamp\n"})
    done = command(root, "rename", "lamp", "light")
    assert done.code == 0, done.err
    assert "1 of 1 modules imported before, 1 of 1 now: no regression" in done.out


def test_what_does_not_import_any_more_is_a_finding(repository: Make, command: Command) -> None:
    computed = 'import importlib\n\nm = importlib.import_module("la" + "mp.off")\n'
    root = repository({"lamp/__init__.py": "", "lamp/on.py": computed, "lamp/off.py": ""})
    done = command(root, "rename", "lamp", "light")
    assert done.code == 1
    assert "lost: module" in done.out
    assert "light.on" in done.out


def test_the_old_name_can_forward(repository: Make, command: Command) -> None:
    root = repository({"lamp.py": "X = 1\n"})
    done = command(root, "rename", "lamp", "light", "--shim", "--no-verify")
    assert done.code == 0, done.err
    code = "import lamp, light; assert lamp is light"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=root, check=True)


@pytest.mark.parametrize(
    ("packages", "said"),
    [
        ('[build-system]\nbuild-backend = "flit_core.buildapi"\n', "flit ships one module"),
        ('[build-system]\nbuild-backend = "odd.build"\n', "how odd.build chooses packages"),
        ("[tool.ruff]\nline-length = 88\n", ""),
    ],
)
def test_a_forwarding_package_that_is_not_shipped_is_told(
    packages: str, said: str, repository: Make, command: Command
) -> None:
    root = repository({"lamp/__init__.py": "X = 1\n", "pyproject.toml": packages})
    done = command(root, "rename", "lamp", "light", "--shim", "--no-verify")
    assert done.code == 0, done.err
    assert said in " ".join(done.out.split())
    assert ("to check in the build" in done.out) is bool(said)


def test_a_place_that_is_taken_is_refused(repository: Make, command: Command, git: Git) -> None:
    root = repository({"lamp/__init__.py": "", "light/__init__.py": ""})
    done = command(root, "rename", "lamp", "light")
    assert done.code == 4
    assert "unify-backend migrate --legacy lamp --canonical light" in done.err
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("lamp/on.py", "on.py"),
        ("lamp/__init__.py", "__init__.py"),
        ("lamp/data/x.json", "data/x.json"),
    ],
)
def test_what_the_parent_has_itself_is_not_overwritten(
    inner: str, outer: str, repository: Make, command: Command, git: Git
) -> None:
    files = {"acme/lamp/__init__.py": "", f"acme/{inner}": "1\n", f"acme/{outer}": "2\n"}
    root = repository(files)
    done = command(root, "rename", "acme.lamp", "acme", "--no-verify")
    assert done.code == 4
    assert f"acme/{outer} (acme/{inner})" in done.err
    assert git(root, "status", "--porcelain") == ""


LINKS = [
    ("tool.py", "lamp/on.py", "light/on.py"),
    ("bin/tool", "../lamp/on.py", "light/on.py"),
    ("old", "lamp", "light"),
    ("lamp/use.py", "../use.py", "light/use.py"),
    ("lamp/off.py", "on.py", "light/off.py"),
    ("here.py", "use.py", None),
    ("lamps", "lampshade", None),
]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
@pytest.mark.parametrize(("link", "leads", "told"), LINKS)
def test_a_link_that_does_not_follow_is_named(
    link: str, leads: str, told: str | None, repository: Make, command: Command, git: Git
) -> None:
    root = repository({"lamp/__init__.py": "", "lamp/on.py": "", "lampshade/a": "", "use.py": ""})
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(leads)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "A link")
    done = command(root, "rename", "lamp", "light", "--no-verify")
    assert done.code == (3 if told else 0), done.err
    assert not told or f"{link}: a symbolic link to {leads}" in done.out
    assert (told or "") in done.out
    command(root, "undo")
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("names", "files", "taken"),
    [
        (("lamp", "light"), ["lamp/__init__.py", "light.py"], "light.py"),
        (("lamp", "light"), ["lamp.py", "light/on.py"], "light/on.py"),
        (("lamp", "lamp.on"), ["lamp/__init__.py", "lamp/on.py"], "lamp/on.py"),
        (("acme.lamp", "acme"), ["acme/lamp/on.py", "acme.pyi"], "acme.pyi"),
    ],
)
def test_a_name_that_is_taken_in_the_other_shape_is_refused(
    names: tuple[str, str],
    files: list[str],
    taken: str,
    repository: Make,
    command: Command,
    git: Git,
) -> None:
    root = repository({path: "X = 1\n" for path in files})
    done = command(root, "rename", *names)
    assert done.code == 4, done.out
    assert f"{taken} is there already" in done.err
    assert git(root, "status", "--porcelain") == ""


def test_twice_does_not_take_the_module_beside_the_package(
    repository: Make, command: Command, git: Git
) -> None:
    root = repository({"lamp/__init__.py": "", "lamp.py": "", "use.py": "import lamp\n"})
    assert command(root, "rename", "lamp", "acme.lamp", "--no-verify").code == 0
    before = git(root, "status", "--porcelain", "-uall")
    again = command(root, "rename", "lamp", "acme.lamp", "--no-verify")
    assert again.code == 4
    assert git(root, "status", "--porcelain", "-uall") == before


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"lamp/__init__.py": ""}, "packages that are: lamp"),
        ({"README.md": ""}, "no Python file is tracked here"),
        ({"a/src/off/__init__.py": "", "b/src/off/__init__.py": ""}, "--legacy-path a/src/off"),
    ],
)
def test_a_package_that_is_not_found_is_asked_for(
    files: dict[str, str], said: str, repository: Make, command: Command
) -> None:
    done = command(repository(files), "rename", "off", "on")
    assert done.code == 2
    assert said in done.err


def test_a_file_that_cannot_be_parsed_is_named(repository: Make, command: Command) -> None:
    root = repository(
        {
            "lamp/__init__.py": "",
            "lamp/fine.py": "import lamp\n",
            "lamp/odd.py": "import lamp\n\nprint 'on'\nx = = 1\n",
            "tools.py": "from lamp import fine\nx = = 1\n",
        }
    )
    done = command(root, "rename", "lamp", "light", "--no-verify", "--format", "json")
    assert done.code == 3
    unparsed = document(done.out)["unparsed"]
    assert [(one["path"], one["references"]) for one in unparsed] == [
        ("light/odd.py", 1),
        ("tools.py", 1),
    ]
    assert all("correct it by hand" in one["cure"] for one in unparsed)
    assert (root / "light/odd.py").read_text("utf-8").startswith("import lamp\n")
    told = command(root, "rewrite", "--legacy", "lamp", "--canonical", "light")
    assert told.code == 3
    assert "2 files could not be parsed" in told.out


NEWER = {
    (3, 12): "type Pair = tuple[int, int]\n",
    (3, 14): 'x = t"{1}"\n',
}


@pytest.mark.parametrize("version", [one for one in NEWER if one > sys.version_info[:2]])
def test_the_interpreter_that_could_parse_it_is_named(
    version: tuple[int, int], repository: Make, command: Command
) -> None:
    from unify_backend.repository.installed_pythons import find_parser

    code = NEWER[version]
    if (known := find_parser(code.encode())) is None:
        pytest.skip(f"no Python {version[0]}.{version[1]} or newer is found here")
    root = repository({"lamp/__init__.py": "", "new.py": f"import lamp\n\n{code}"})
    done = command(root, "rename", "lamp", "light", "--no-verify")
    assert done.code == 3
    assert f"{known.name} parses it" in done.out


@pytest.mark.parametrize("flags", [(), ("--dry-run",), ("--only", "docs")])
def test_rewrite_waits_for_the_move(
    flags: tuple[str, ...], repository: Make, command: Command, git: Git
) -> None:
    root = repository({"src/lamp/__init__.py": "", "use.py": "import lamp\n"})
    names = ("--legacy", "lamp", "--canonical", "acme.lamp", "--legacy-path", "src/lamp")
    done = command(root, "rewrite", *names, "--canonical-path", "src/acme/lamp", *flags)
    assert done.code == 4
    paths = "--legacy-path src/lamp --canonical-path src/acme/lamp"
    assert f"unify-backend rename lamp acme.lamp {paths}" in done.err
    assert "migrate" in done.err
    assert "merge" in done.err
    assert git(root, "status", "--porcelain") == ""


def test_merge_says_what_a_move_left(repository: Make, command: Command) -> None:
    root = repository(
        {
            "lamp/__init__.py": "",
            "notes.yml": "name: x\nother: lamp\n",
            "bad.py": "import lamp\n)\n",
        }
    )
    done = command(root, "merge", "--legacy", "lamp", "--canonical", "light")
    assert done.code == 3
    assert "1 file could not be parsed" in done.out
    assert "need review" in done.out or "needs review" in done.out


def test_a_new_place_that_git_ignores_is_named(repository: Make, command: Command) -> None:
    root = repository({"lamp/__init__.py": "", "lamp/on.py": "", ".gitignore": "lib/\n*.log\n"})
    done = command(root, "rename", "lamp", "acme.lib.lamp", "--no-verify", "--format", "json")
    facts = [one["fact"] for one in document(done.out)["advice"] if "git ignores" in one["fact"]]
    assert len(facts) == 1
    assert "and 1 more file" in facts[0] or "and 2 more files" in facts[0]
    command(root, "undo")
    fine = command(root, "rename", "lamp", "acme.lamp", "--no-verify", "--format", "json")
    assert not [one for one in document(fine.out)["advice"] if "git ignores" in one["fact"]]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
@pytest.mark.parametrize(
    ("prepare", "said", "cure"),
    [
        (["git", "mv", "lamp", "real"], "lamp is a symbolic link", "Rename what it leads to"),
        (["git", "sparse-checkout", "set", "other"], "not in the work tree", "sparse-checkout"),
        (["git", "mv", "lamp", "light"], "but light is (light)", "inventory --legacy lamp"),
    ],
)
def test_why_a_package_is_not_found(
    prepare: list[str], said: str, cure: str, repository: Make, command: Command, git: Git
) -> None:
    root = repository({"lamp/__init__.py": "", "other/__init__.py": ""})
    git(root, *prepare[1:])
    if "real" in prepare:
        (root / "lamp").symlink_to("real")
        git(root, "add", "-A")
    done = command(root, "rename", "lamp", "light")
    assert done.code == 2
    assert said in done.err
    assert cure in done.err


def test_what_another_folder_of_the_namespace_package_holds_stays(
    repository: Make, command: Command
) -> None:
    use = "import lamp.off\nimport lamp.on\nfrom lamp.off import A\nfrom lamp.on import B\n"
    root = repository(
        {"a/src/lamp/on.py": "B = 1\n", "b/src/lamp/off.py": "A = 1\n", "use.py": use}
    )
    done = command(root, "rename", "lamp", "light", "--legacy-path", "a/src/lamp", "--no-verify")
    assert done.code == 0, done.err
    assert (root / "use.py").read_text("utf-8") == use.replace("lamp.on", "light.on")
