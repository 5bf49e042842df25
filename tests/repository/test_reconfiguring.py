"""Other packages in a configuration that is there: everything else stays."""

import tomllib
from pathlib import Path

import pytest

from unify_backend.model.changes import Replace
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.package_move import PackageMove
from unify_backend.repository.configuration_edits import with_packages

NEW = PackageMove.of("lib", "acme.lib", "src/lib", "src/acme/lib")
PLAIN = PackageMove.of("jobs", "acme.jobs")

ONE = """\
# our configuration
history = ["CHANGELOG*"]  # keep

# the backend
[[packages]]
legacy = "old"  # since 2019
canonical = 'acme.core'

# what people decided
[[decisions]]
path = "x.yml"
action = "keep"
"""
CASES = {
    "one for one, its comments stay": (
        ONE,
        [NEW],
        ONE.replace('"old"', '"lib"').replace(
            "'acme.core'\n",
            '"acme.lib"\nlegacy-path = "src/lib"\ncanonical-path = "src/acme/lib"\n',
        ),
    ),
    "paths that follow go": (
        '[[packages]]\nlegacy = "a"\nlegacy-path = "x/a" # odd\ncanonical = "b"\n',
        [PLAIN],
        '[[packages]]\nlegacy = "jobs"\n# odd\ncanonical = "acme.jobs"\n',
    ),
    "the same again": (
        "[[packages]]\nlegacy=\"jobs\"\ncanonical =  'acme.jobs'\n",
        [PLAIN],
        "[[packages]]\nlegacy=\"jobs\"\ncanonical =  'acme.jobs'\n",
    ),
    "fewer": (
        '[[packages]]\nlegacy = "a"\ncanonical = "b"\n\n'
        '# the second\n[[packages]]\n# why\nlegacy = "c"\ncanonical = "d"\n\n[shim]\n',
        [PLAIN],
        '[[packages]]\nlegacy = "jobs"\ncanonical = "acme.jobs"\n\n# the second\n# why\n\n[shim]\n',
    ),
    "more": (
        '[[packages]]\nlegacy = "a"\ncanonical = "b"\n\n[shim]\n',
        [PLAIN, PackageMove.of("c", "d")],
        '[[packages]]\nlegacy = "jobs"\ncanonical = "acme.jobs"\n\n'
        '[[packages]]\nlegacy = "c"\ncanonical = "d"\n\n[shim]\n',
    ),
    "none until now": (
        'history = ["x"]\n',
        [PLAIN],
        'history = ["x"]\n\n[[packages]]\nlegacy = "jobs"\ncanonical = "acme.jobs"\n',
    ),
    "without a line's end": (
        '[[packages]]\nlegacy = "a"\ncanonical = "b"',
        [PackageMove.of("a", "b", "src/a", "src/b")],
        '[[packages]]\nlegacy = "a"\ncanonical = "b"\n'
        'legacy-path = "src/a"\ncanonical-path = "src/b"\n',
    ),
    "Windows' line ends": (
        '[[packages]]\r\nlegacy = "a"\r\ncanonical = "b"\r\n',
        [PackageMove.of("a", "b", "src/a", "src/b")],
        '[[packages]]\r\nlegacy = "a"\r\ncanonical = "b"\r\n'
        'legacy-path = "src/a"\r\ncanonical-path = "src/b"\r\n',
    ),
    "as one value": (
        'changelog = "C.md" # ours\npackages = [{ legacy = "a", canonical = "b" }]\n[shim]\n',
        [PLAIN],
        'changelog = "C.md" # ours\n'
        'packages = [{legacy = "jobs", canonical = "acme.jobs"}]\n[shim]\n',
    ),
}


def _result(path: Path, before: str, moves: list[PackageMove]) -> str:
    path.write_bytes(before.encode())
    (change,) = with_packages(path.parent, path, moves).changes
    assert isinstance(change, Replace)
    return change.data.decode()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_packages_are_replaced(case: tuple[str, list[PackageMove], str], tmp_path: Path) -> None:
    before, moves, after = case
    path = tmp_path / "unify-backend.toml"
    assert _result(path, before, moves) == after
    assert _result(path, after, moves) == after  # the second time nothing changes


def test_in_a_pyproject_all_else_stays(tmp_path: Path) -> None:
    before = (
        '[project]\nname = "x"  # ours\n\n[tool.unify-backend]\nhistory = ["a"]\n\n'
        '[[tool.unify-backend.packages]]\nlegacy = "a"\ncanonical = "b"\n\n[tool.black]\n'
    )
    after = _result(tmp_path / "pyproject.toml", before, [PLAIN])
    assert after == before.replace('"a"\ncanonical = "b"', '"jobs"\ncanonical = "acme.jobs"')


@pytest.mark.parametrize(
    "before",
    [
        'tool = {unify-backend = {packages = [{legacy = "a", canonical = "b"}]}, x = """\n"""}\n',
        '[tool]\nunify-backend.packages = [{legacy = "a", canonical = "b"}]  # why\n',
        '[[tool.unify-backend.packages]]\nlegacy = """a"""\ncanonical = "b"\n',
        '[tool.x]\ntext = """\n[[tool.unify-backend.packages]]\nlegacy = "a"\n"""\n'
        '[[tool.unify-backend.packages]]\nlegacy = "a"\ncanonical = "b"\n',
    ],
    ids=["inline", "dotted", "a long string", "a text that looks like a table"],
)
def test_what_is_written_oddly_is_replaced(before: str, tmp_path: Path) -> None:
    after = tomllib.loads(_result(tmp_path / "pyproject.toml", before, [PLAIN]))
    old = tomllib.loads(before)
    packages = after["tool"]["unify-backend"].pop("packages")
    assert packages == [{"legacy": "jobs", "canonical": "acme.jobs"}]
    del old["tool"]["unify-backend"]["packages"]
    assert after == old


def test_what_would_lose_a_comment_is_left(tmp_path: Path) -> None:
    path = tmp_path / "unify-backend.toml"
    before = '[[packages]]\nlegacy = """a"""  # why\ncanonical = "b"\n'
    with pytest.raises(ConfigurationError, match="cannot be replaced for sure") as caught:
        _result(path, before, [PLAIN])
    assert 'legacy = "jobs"' in caught.value.reason
    assert path.read_text("utf-8") == before


def test_a_file_outside_the_repository_is_left(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[packages]]\nlegacy = "a"\ncanonical = "b"\n', "utf-8")
    (tmp_path / "repository").mkdir()
    with pytest.raises(ConfigurationError, match="outside the repository"):
        with_packages(tmp_path / "repository", path, [PLAIN])
