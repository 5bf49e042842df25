"""From two names to a move: where the packages lie."""

import pytest

from unify_backend.model.errors import ConfigurationError
from unify_backend.repository.locating import Locator

LIB, ACME = "lib/__init__.py", "acme/lib/__init__.py"

# paths, what is asked (legacy, canonical, legacy-path, canonical-path), what comes out
MOVES = {
    "both follow from the names": ([LIB, ACME], (), ("lib", "acme/lib")),
    "in src": ([f"src/{LIB}"], (), ("src/lib", "src/acme/lib")),
    "beside a frontend": (
        [f"backend/{LIB}", "frontend/lib/index.ts", "lib/index.js"],
        (),
        ("backend/lib", "backend/acme/lib"),
    ),
    "in a service": (
        [f"services/api/src/{LIB}"],
        (),
        ("services/api/src/lib", "services/api/src/acme/lib"),
    ),
    "both in src": ([f"src/{LIB}", f"src/{ACME}"], (), ("src/lib", "src/acme/lib")),
    "the new one is in src already": ([LIB, f"src/{ACME}"], (), ("lib", "src/acme/lib")),
    "the new one is at the top already": (
        [f"src/{LIB}", ACME],
        ("lib", "acme.lib", "src/lib"),
        ("src/lib", "acme/lib"),
    ),
    "the old one is gone": ([f"src/{ACME}"], (), ("src/lib", "src/acme/lib")),
    "the old one is gone from the top": ([ACME], (), ("lib", "acme/lib")),
    "the old one is gone, and a stranger has its name": (
        [ACME, f"services/x/{LIB}"],
        (),
        ("lib", "acme/lib"),
    ),
    "nothing is there": (["README.md"], (), ("lib", "acme/lib")),
    "files without Python": (["lib/index.html"], (), ("lib", "acme/lib")),
    "a path and no other": (
        ["python/lib/a.py"],
        ("lib", "acme.lib", "python/lib"),
        ("python/lib", "python/acme/lib"),
    ),
    "the new path and no other": (
        [f"src/{LIB}"],
        ("lib", "acme.lib", None, "src/acme/lib"),
        ("src/lib", "src/acme/lib"),
    ),
    "the new path of old, the old package gone": (
        [f"src/{ACME}"],
        ("lib", "acme.lib", None, "src/acme/lib"),
        ("lib", "src/acme/lib"),
    ),
    "both paths": ([], ("lib", "acme.lib", "a/b", "c/d"), ("a/b", "c/d")),
    "written as Windows does": (
        [f"src/{LIB}"],
        ("lib", "acme.lib", ".\\src\\lib\\"),
        ("src/lib", "src/acme/lib"),
    ),
    "a stranger has the new name": (
        ["src/old/__init__.py", "tools/utils/__init__.py"],
        ("old", "utils"),
        ("src/old", "src/utils"),
    ),
    "a stranger in a test has the new name": (
        [LIB, f"tests/{ACME}"],
        (),
        ("lib", "acme/lib"),
    ),
    "another service has the new name": (
        ["a/app/__init__.py", "a/app/old/__init__.py", "b/app/__init__.py", "b/app/new/x.py"],
        ("app.old", "app.new"),
        ("a/app/old", "a/app/new"),
    ),
    "from a namespace": (
        ["src/acme/lib/__init__.py"],
        ("acme.lib", "lib"),
        ("src/acme/lib", "src/lib"),
    ),
    "into itself": (
        ["src/lib/__init__.py", "src/lib/core/__init__.py"],
        ("lib", "lib.core"),
        ("src/lib", "src/lib/core"),
    ),
    "out of itself": (
        ["src/lib/__init__.py", "src/lib/core/__init__.py"],
        ("lib.core", "lib"),
        ("src/lib/core", "src/lib"),
    ),
    "a single file": (["lib.py", "acme/__init__.py"], (), ("lib.py", "acme/lib.py")),
    "a single file in src": (["src/lib.py"], (), ("src/lib.py", "src/acme/lib.py")),
    "a single file, by its path": (
        ["tools/lib.py"],
        ("lib", "acme.lib", "tools/lib.py"),
        ("tools/lib.py", "tools/acme/lib.py"),
    ),
    "a single file that is gone": (["src/acme/lib.py"], (), ("src/lib.py", "src/acme/lib.py")),
    "a package, and a file has the new name": (
        [LIB, "src/acme/lib.py"],
        (),
        ("lib", "acme/lib"),
    ),
    "the top of two": ([LIB, f"src/{LIB}"], (), ("lib", "acme/lib")),
}


@pytest.mark.parametrize("case", MOVES.values(), ids=MOVES)
def test_where_the_packages_lie(
    case: tuple[list[str], tuple[str | None, ...], tuple[str, str]],
) -> None:
    paths, requested, expected = case
    legacy, canonical, *supplied = requested or ("lib", "acme.lib")
    assert legacy is not None
    assert canonical is not None
    move = Locator(paths).move(legacy, canonical, *supplied)
    assert (move.legacy_root, move.canonical_root) == expected


@pytest.mark.parametrize(
    ("paths", "supplied", "names"),
    [
        ([f"a/{LIB}", f"b/{LIB}"], (None, None), ["a/lib/", "b/lib/", "--legacy-path a/lib"]),
        (["a/lib/x.py", "b/lib/x.py"], (None, None), ["a/lib/ (namespace package)"]),
        ([f"my libs/{LIB}", f"b/{LIB}"], (None, None), ['--legacy-path "my libs/lib"']),
        (
            [LIB, f"a/{ACME}", f"b/{ACME}"],
            ("lib", None),
            ["acme.lib could be 2", "--canonical-path a/acme/lib or --canonical-path b/acme/lib"],
        ),
    ],
)
def test_where_nothing_decides_a_person_is_asked(
    paths: list[str], supplied: tuple[str | None, str | None], names: list[str]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Locator(paths).move("lib", "acme.lib", *supplied)
    output = f"{caught.value.fact}\n{caught.value.reason}\n{caught.value.step}"
    assert all(name in output for name in names), output


@pytest.mark.parametrize(
    ("paths", "note"),
    [
        ([LIB, f"src/{LIB}"], "lib could be src/lib/ as well; lib/ is taken for it"),
        ([ACME, f"x/{LIB}"], "lib could be x/lib/ as well; the old package is taken to be gone"),
        ([LIB, f"tests/{LIB}"], ""),
        ([LIB, "x/lib/script.py"], ""),
        ([f"src/{LIB}", f"src/{ACME}"], ""),
    ],
)
def test_what_could_be_meant_as_well_is_said(paths: list[str], note: str) -> None:
    locator = Locator(paths)
    locator.move("lib", "acme.lib")
    assert len(locator.notes) == bool(note)
    assert "".join(locator.notes).startswith(note)


def test_init_leaves_no_doubt() -> None:
    with pytest.raises(ConfigurationError, match="lib could be 2 different"):
        Locator([LIB, f"src/{LIB}"], ask=True).move("lib", "acme.lib")
    move = Locator([f"backend/{LIB}", f"src/{ACME}"], ask=True).move("lib", "acme.lib")
    assert (move.legacy_root, move.canonical_root) == ("backend/lib", "src/acme/lib")
    move = Locator([LIB, f"src/{LIB}"], ask=True).move("lib", "acme.lib", "src/lib")
    assert (move.legacy_root, move.canonical_root) == ("src/lib", "src/acme/lib")
    gone = Locator([ACME, "scripts/lib.py"], ask=True).move("lib", "acme.lib")
    assert (gone.legacy_root, gone.canonical_root) == ("lib", "acme/lib")
