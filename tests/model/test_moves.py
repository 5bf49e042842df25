"""Moves and globs: what can be, what cannot, and what belongs to whom."""

import re

import pytest

from unify_backend.model.configuration import settings_from
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.globs import Globs
from unify_backend.model.package_move import PackageMove, inside


def test_folders_follow_from_the_names() -> None:
    move = PackageMove.of("old", "acme.core")
    assert (move.legacy_path, move.canonical_path) == ("old", "acme/core")
    assert move.owns_legacy("old/a.py")
    assert not move.owns_legacy("older/a.py")
    assert move.owns_canonical("acme/core/a.py")
    assert not move.owns_canonical("acme/other.py")


def test_the_inner_tree_owns_its_files() -> None:
    inward = PackageMove.of("backend", "backend.core")
    assert inward.owns_canonical("backend/core/a.py")
    assert not inward.owns_legacy("backend/core/a.py")
    assert inward.owns_legacy("backend/a.py")
    outward = PackageMove.of("acme.old", "acme")
    assert outward.owns_legacy("acme/old/a.py")
    assert not outward.owns_canonical("acme/old/a.py")
    assert outward.owns_canonical("acme/a.py")


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "a//b", ".", "a:b", "a*"])
def test_folders_that_cannot_be(path: str) -> None:
    with pytest.raises(ConfigurationError, match="legacy-path"):
        PackageMove.of("old", "new", legacy_path=path)


def test_a_single_module_is_a_tree_of_one_file() -> None:
    move = PackageMove.of("old.a", "new.b", "old/a.py", "new/b.py")
    assert (move.legacy_path, move.canonical_path, move.module) == ("old/a", "new/b", True)
    assert [one for one in ("old/a.py", "old/a.pyi", "old/a/x.py", "old/a.txt", "old/ab.py")
            if move.owns_legacy(one)] == ["old/a.py", "old/a.pyi"]  # fmt: skip
    assert move.owns_canonical("new/b.py")
    assert not move.owns_canonical("new/b/__init__.py")
    assert move.target("old/a.pyi") == "new/b.pyi"
    assert (move.at_legacy("__init__.py"), move.at_canonical("__init__.pyi")) == (
        "old/a.py",
        "new/b.pyi",
    )
    assert inside("old/a.py", "old/a") == "__init__.py"
    assert (move.legacy_shown, move.canonical_root) == ("old/a.py", "new/b.py")
    assert move.places == ("old/a.py", "old/a.pyi", "new/b.py", "new/b.pyi")


def test_a_module_beside_a_folder_of_its_name() -> None:
    move = PackageMove.of("a", "a.b", "a.py", "a/b.py")
    assert not move.nested
    assert not move.owns_legacy("a/b.py")
    assert move.owns_canonical("a/b.py")


@pytest.mark.parametrize("paths", [("old/a.py", "new/b"), ("old/a", "new/b.py")])
def test_a_module_stays_a_module(paths: tuple[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="is a single module"):
        PackageMove.of("old.a", "new.b", *paths)


def test_a_folder_may_be_written_loosely() -> None:
    assert PackageMove.of("old", "new", legacy_path="./src\\old/").legacy_path == "src/old"


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        ([("a", "b"), ("a", "c")], "moved twice"),
        ([("p.a", "p.b"), ("p.b", "p.a")], "circle"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "circle"),
    ],
)
def test_moves_that_exclude_each_other(packages: list[tuple[str, str]], message: str) -> None:
    table = {"packages": [{"legacy": old, "canonical": new} for old, new in packages]}
    with pytest.raises(ConfigurationError, match=message):
        settings_from(table, "here.toml")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"package": []}, "unknown key 'package'"),
        ({"packages": [{"legacy": "a"}]}, r"packages\[0\]\.canonical is missing"),
        ({"packages": [{"legacy": "a", "canonical": "b", "path": "c"}]}, r"packages\[0\]\.path"),
        ({"packages": [{"legacy": 1, "canonical": "b"}]}, "must be a string"),
        ({"history": "x"}, "list of strings"),
        ({"history": [1]}, "list of strings"),
        ({"also": {"a": 1}}, "table of strings"),
        ({"areas": {"nowhere": []}}, "unknown key 'areas.nowhere'"),
        ({"verify": {"pyton": 1}}, "verify.pyton"),
        ({"entrypoints": [{"name": "x"}]}, r"entrypoints\[0\]\.command"),
        ({"decisions": [{"path": "a", "action": "drop"}]}, "rewrite, review, keep"),
    ],
)
def test_wrong_configuration_names_the_key(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_from(table, "here.toml")
    assert caught.value.fact.startswith("here.toml")
    assert re.search(message, f"{caught.value.fact} {caught.value.reason}")


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("docs/**", ["docs/a", "docs/a/b.md"], ["docs", "x/docs/a"]),
        ("**/CHANGES*", ["CHANGES", "a/b/CHANGES.md"], ["a/XCHANGES", "CHANGES/a"]),
        ("*.md", ["a.md"], ["a/b.md", "a.mdx"]),
        ("a/?.py", ["a/b.py"], ["a/bb.py", "a//.py"]),
        ("[!a]*", ["b"], ["a", "ab"]),
        ("a[b", ["a[b"], ["ab"]),
        ("a+(b)", ["a+(b)"], ["aab"]),
        ("docs\\x.md", ["docs/x.md"], ["docs\\x.md"]),
    ],
)
def test_globs(glob: str, yes: list[str], no: list[str]) -> None:
    globs = Globs([glob])
    assert [path for path in yes if not globs.match(path)] == []
    assert [path for path in no if globs.match(path)] == []


def test_no_globs_match_nothing() -> None:
    assert not Globs([]).match("")


@pytest.mark.parametrize(
    ("name", "folders", "spelled", "outer"),
    [
        ("paint", ("lib/paint", "lib3/paint"), ("lib.paint", "lib3.paint"), (("lib", "lib3"),)),
        ("paint", ("paint", "src/paint"), ("paint", "paint"), ()),
        ("paint", ("src/paint", "paint"), ("src.paint", "paint"), (("src", "."),)),
        ("paint", ("py-2/paint", "py-3/paint"), ("paint", "paint"), (("py-2", "py-3"),)),
        (
            "acme.paint",
            ("lib/acme/paint", "src/acme/paint"),
            ("lib.acme.paint", "src.acme.paint"),
            (("lib/acme", "src/acme"), ("lib", "src")),
        ),
        (
            "acme.paint",
            ("acme/paint", "src/acme/paint"),
            ("acme.paint", "acme.paint"),
            (("acme", "src/acme"),),
        ),
    ],
)
def test_one_import_name_is_spelled_by_its_folders(
    name: str, folders: tuple[str, str], spelled: tuple[str, str], outer: tuple[object, ...]
) -> None:
    move = PackageMove.of(name, name, *folders)
    assert move.same_name
    assert (move.as_spelled.legacy, move.as_spelled.canonical) == spelled
    assert (move.as_spelled.legacy_path, move.as_spelled.canonical_path) == folders
    assert move.outer_folders == outer
    assert move.shown == f"{folders[0]} → {folders[1]}"


def test_two_names_are_spelled_as_they_are() -> None:
    move = PackageMove.of("old", "new", "lib/old", "src/new")
    assert move.as_spelled is move
    assert move.outer_folders == ()
    assert move.shown == "old → new"


@pytest.mark.parametrize("folders", [(), ("lib/paint", "lib/paint")])
def test_one_import_name_needs_two_folders(folders: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        PackageMove.of("paint", "paint", *folders)
    assert "onto itself" in raised.value.reason
    assert "--canonical-path DIR" in raised.value.step


def test_two_packages_below_the_same_two_folders() -> None:
    """No circle and no chain: their names stay."""
    table = {
        "packages": [
            {
                "legacy": name,
                "canonical": name,
                "legacy-path": f"lib/{name}",
                "canonical-path": f"lib3/{name}",
            }
            for name in ("paint", "_paint")
        ]
    }
    assert [move.same_name for move in settings_from(table, "test").moves] == [True, True]
