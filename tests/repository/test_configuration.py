"""Finding, reading and writing the configuration."""

import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from unify_backend.model.changes import Create, Replace
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.repository.configuration import (
    check_trees,
    configured,
    find_settings,
    need_both_trees,
)

MOVE = PackageMove.of("old", "acme.core")
ENTRY = '[[packages]]\nlegacy = "old"\ncanonical = "acme.core"\n'


def test_nothing_is_found_in_an_empty_folder(tmp_path: Path) -> None:
    assert find_settings(tmp_path, None, []) is None


def test_a_pyproject_of_others_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 1\n")
    assert find_settings(tmp_path, None, []) is None


@pytest.mark.parametrize("name", ["pyproject.toml", "unify-backend.toml"])
def test_both_files_are_read(tmp_path: Path, name: str) -> None:
    text = ENTRY if name.startswith("unify") else ENTRY.replace("[[", "[[tool.unify-backend.")
    (tmp_path / name).write_text(text)
    settings = find_settings(tmp_path, None, [])
    assert settings is not None
    assert (settings.moves, settings.source) == ((MOVE,), name)


def test_two_configurations_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "unify-backend.toml").write_text(ENTRY)
    (tmp_path / "pyproject.toml").write_text(ENTRY.replace("[[", "[[tool.unify-backend."))
    with pytest.raises(ConfigurationError, match="both"):
        find_settings(tmp_path, None, [])


def test_a_named_file_counts(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(ENTRY)
    settings = find_settings(tmp_path, tmp_path / "mine.toml", [])
    assert settings is not None
    assert settings.moves == (MOVE,)
    with pytest.raises(ConfigurationError, match=r"gone\.toml"):
        find_settings(tmp_path, tmp_path / "gone.toml", [])


@pytest.mark.parametrize(
    ("paths", "fits", "why"),
    [
        (["pixsim7_backend/main.py", "pixsim7/backend/main/main.py"], True, "both trees"),
        (["pixsim7/backend/main/main.py"], True, "the migration is done: the gate must hold"),
        (["pixsim7_backend/main.py"], False, "it may be on its way to anywhere"),
        (["pixsim7/backend/mainframe.py", "pixsim7/main.py"], False, "another folder"),
        ([], False, "nothing"),
    ],
)
def test_a_profile_is_known_by_its_canonical_folder(
    paths: list[str], fits: bool, why: str, tmp_path: Path
) -> None:
    settings = find_settings(tmp_path, None, paths)
    assert (settings is not None) is fits, why
    if settings is not None:
        assert settings.moves == (PackageMove.of("pixsim7_backend", "pixsim7.backend.main"),)


def profiles() -> list[str]:
    """The built-in ones, by name."""
    files = resources.files("unify_backend.profiles").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@pytest.mark.parametrize("name", profiles())
def test_a_profile_is_told_from_others_by_its_canonical_folder(name: str, tmp_path: Path) -> None:
    text = (resources.files("unify_backend.profiles") / f"{name}.toml").read_text("utf-8")
    for entry in tomllib.loads(text)["packages"]:
        assert entry["canonical"].count(".") >= 2, "a short name may be anybody's"


@pytest.mark.parametrize("pyproject", [None, "# ours\n[project]\nname = 'x'  # keep\n", "\r\n"])
@pytest.mark.parametrize("name", profiles())
def test_a_profile_is_written_with_all_it_says(
    name: str, pyproject: str | None, tmp_path: Path
) -> None:
    text = (resources.files("unify_backend.profiles") / f"{name}.toml").read_text("utf-8")
    move = PackageMove.of(**tomllib.loads(text)["packages"][0])
    profile = find_settings(tmp_path, None, [f"{move.canonical_path}/main.py"])
    assert profile is not None
    assert profile.history
    before = (pyproject or "").encode()
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_bytes(before)
    (change,) = configured(tmp_path, profile, (MOVE,)).changes
    assert isinstance(change, Create | Replace)
    assert change.data.startswith(before)
    assert b'# legacy = "old"' in change.data
    (tmp_path / change.path).write_bytes(change.data)
    assert find_settings(tmp_path, None, []) == replace(profile, source=change.path)


def test_a_pyproject_that_takes_no_table_is_left(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = {black = {}}\n")
    with pytest.raises(ConfigurationError, match="nothing can be appended"):
        configured(tmp_path, Settings((MOVE,)))


def test_written_configuration_is_read_back(tmp_path: Path) -> None:
    moves = (MOVE, PackageMove.of("lib", "acme.lib", "src/lib", "src/acme/lib"))
    (change,) = configured(tmp_path, Settings(moves)).changes
    assert isinstance(change, Create)
    (tmp_path / change.path).write_bytes(change.data)
    settings = find_settings(tmp_path, None, [])
    assert settings is not None
    assert settings.moves == moves


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"# mine\n[project]\nname = 'x'  # keep\n",
        b"[project]\r\nname = 'x'\r\n",
        b"[tool.black]\nline-length = 1",
        b"a = 1\n\n\n",
    ],
)
def test_a_pyproject_keeps_every_byte(tmp_path: Path, before: bytes) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(before)
    other = PackageMove.of("b", "c")
    (change,) = configured(tmp_path, Settings((MOVE,)), (other,)).changes
    assert isinstance(change, Replace)
    assert change.data.startswith(before)
    assert b"\n" not in change.data.replace(b"\r\n", b"") or b"\r\n" not in before
    parsed = tomllib.loads(change.data.decode())
    assert parsed["tool"]["unify-backend"]["packages"] == [
        {"legacy": "old", "canonical": "acme.core"}
    ]
    assert b'# legacy = "b"' in change.data


def test_init_does_not_overwrite(tmp_path: Path) -> None:
    (tmp_path / "unify-backend.toml").write_text(ENTRY)
    with pytest.raises(ConfigurationError, match="already"):
        configured(tmp_path, Settings((MOVE,)))


def test_missing_trees() -> None:
    settings = Settings((MOVE,))
    check_trees(settings, ["old/a.py"])
    check_trees(settings, ["acme/core/a.py"])
    with pytest.raises(RepositoryError, match="neither old/ nor acme/core/"):
        check_trees(settings, ["x.py"])
    with pytest.raises(RepositoryError, match="canonical package acme/core/"):
        need_both_trees(settings, ["old/a.py"])


def test_a_tree_in_src_is_pointed_at() -> None:
    with pytest.raises(RepositoryError) as caught:
        check_trees(Settings((MOVE,)), ["src/old/__init__.py"])
    assert "--legacy-path src/old" in caught.value.step
    assert "--canonical-path src/acme/core" in caught.value.step
