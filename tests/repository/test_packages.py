"""Where a package lies, and where it goes."""

import pytest

from unify_backend.repository.packages import (
    Folders,
    PackageKind,
    PackagePlace,
    follow,
    packages_in,
    places_of,
)

REGULAR, MODULE, NAMESPACE = PackageKind.REGULAR, PackageKind.MODULE, PackageKind.NAMESPACE

PLACES = {
    "at the top": (["lib/__init__.py"], ["lib"]),
    "in src": (["src/lib/__init__.py", "src/lib/x.py"], ["src/lib"]),
    "beside a frontend": (["backend/lib/__init__.py", "frontend/lib/x.ts"], ["backend/lib"]),
    "deep in a service": (["services/api/src/lib/__init__.py"], ["services/api/src/lib"]),
    "a single file": (["lib.py"], ["lib.py"]),
    "a single file in src": (["src/lib.py"], ["src/lib.py"]),
    "stubs only": (["lib/__init__.pyi"], ["lib"]),
    "without __init__": (["lib/main.py"], ["lib"]),
    "the file that the package hides": (["lib.py", "lib/__init__.py"], ["lib"]),
    "the folder that the file hides": (["lib.py", "lib/tool.py"], ["lib.py"]),
    "twice": (["a/lib/__init__.py", "b/lib/__init__.py"], ["a/lib", "b/lib"]),
    "the top first": (["src/lib/__init__.py", "lib/__init__.py"], ["lib", "src/lib"]),
    "src before others": (["ab/lib/__init__.py", "src/lib/__init__.py"], ["src/lib", "ab/lib"]),
    "a project before others": (
        ["a/lib/__init__.py", "b/lib/__init__.py", "b/pyproject.toml"],
        ["b/lib", "a/lib"],
    ),
    "within itself": (["lib/lib/__init__.py"], ["lib", "lib/lib"]),
    "tests last": (["tests/lib/__init__.py", "z/lib/__init__.py"], ["z/lib", "tests/lib"]),
    # leave it alone
    "another language": (["lib/index.js", "lib/README.md"], []),
    "a part of another package": (["acme/__init__.py", "acme/lib/__init__.py"], []),
    "another word": (["src/libs/__init__.py", "mylib/__init__.py", "mylib.py"], []),
    "a file's ending": (["lib.pyx", "lib.txt"], []),
}


@pytest.mark.parametrize("case", PLACES.values(), ids=PLACES)
def test_places(case: tuple[list[str], list[str]]) -> None:
    paths, expected = case
    assert [place.path for place in places_of("lib", paths)] == expected


def test_places_of_a_dotted_name() -> None:
    paths = ["src/acme/lib/__init__.py", "src/acme/old.py", "acme/lib.py"]
    assert places_of("acme.lib", paths) == (
        PackagePlace("acme.lib", "acme/lib.py", MODULE),
        PackagePlace("acme.lib", "src/acme/lib", REGULAR),
    )
    (old,) = places_of("acme.old", paths)
    assert (old.path, old.kind, old.root) == ("src/acme/old.py", MODULE, "src")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["src/lib/__init__.py", "web/lib/x.py"], ["src/lib"]),  # any folder may be a namespace
        (["src/lib/__init__.py", "scripts/lib.py"], ["src/lib"]),  # a file beside a script
        (["lib/main.py", "src/lib/__init__.py"], ["lib", "src/lib"]),
        (["a/lib/__init__.py", "b/lib/__init__.py"], ["a/lib", "b/lib"]),
        (["a/lib/x.py", "b/lib/x.py", "docs/lib/__init__.py"], ["a/lib", "b/lib"]),
        (["lib/__init__.py", "examples/one/lib/__init__.py"], ["lib"]),
        (["acme/__init__.py", "acme/data/lib/__init__.py"], ["acme/data/lib"]),
        ([], []),
    ],
)
def test_between_which_places_only_a_person_can_choose(
    paths: list[str], expected: list[str]
) -> None:
    actual = Folders(paths).contenders(places_of("lib", paths))
    assert [place.path for place in actual] == expected


@pytest.mark.parametrize(
    ("legacy", "canonical", "path", "expected"),
    [
        ("lib", "acme.lib", "lib", "acme/lib"),
        ("lib", "acme.lib", "src/lib", "src/acme/lib"),
        ("lib", "acme.lib", "services/api/src/lib", "services/api/src/acme/lib"),
        ("lib", "acme.lib", "lib.py", "acme/lib.py"),
        ("lib", "acme.lib", "src/lib.py", "src/acme/lib.py"),
        ("acme.old", "acme", "src/acme/old", "src/acme"),
        ("lib", "lib.core", "src/lib", "src/lib/core"),
        ("lib", "acme.lib", "lib/lib", "lib/acme/lib"),
        ("a.b", "c", "x/a/b", "x/c"),
        # the folder has another name than the package, as setuptools' package_dir allows
        ("acme.lib", "acme.core.lib", "src/lib", "src/core/lib"),
        ("acme", "acme.core", "src", "src/core"),
        ("lib", "acme.lib", "python/lib_v1", "python/acme/lib"),
        ("lib", "acme.lib", "lib_v1", "acme/lib"),
    ],
)
def test_follow(legacy: str, canonical: str, path: str, expected: str) -> None:
    assert follow(legacy, canonical, path) == expected


@pytest.mark.parametrize("root", ["", "src/", "backend/", "services/api/src/"])
@pytest.mark.parametrize("names", [("lib", "acme.lib"), ("a.b", "a.c.d"), ("a.b", "a"), ("a", "b")])
def test_following_back_leads_back(root: str, names: tuple[str, str]) -> None:
    old, new = names
    path = root + old.replace(".", "/")
    assert follow(new, old, follow(old, new, path)) == path


IN = {
    "a src layout": (
        ["src/shop/__init__.py", "src/shop/a.py", "setup.py", "tests/__init__.py"],
        [],
        [("shop", "src/shop", REGULAR)],
    ),
    "parts of a namespace": (
        ["src/acme/a/__init__.py", "src/acme/b/__init__.py"],
        [],
        [("acme.a", "src/acme/a", REGULAR), ("acme.b", "src/acme/b", REGULAR)],
    ),
    "a Django project": (
        ["manage.py", "shop/__init__.py", "shop/urls.py", "cart/__init__.py"],
        [],
        [("shop", "shop", REGULAR), ("cart", "cart", REGULAR)],
    ),
    "an application without __init__": (
        ["app/main.py", "app/routers/items.py"],
        [],
        [("app", "app", NAMESPACE)],
    ),
    "single files": (
        ["lib.py", "setup.py", "conftest.py", "test_lib.py"],
        [],
        [("lib", "lib.py", MODULE)],
    ),
    "a backend, as its folder": (
        ["backend/lib/__init__.py"],
        [],
        [("backend.lib", "backend/lib", REGULAR)],
    ),
    "a backend, as its imports say": (
        ["backend/lib/__init__.py"],
        ["lib.models", "lib", "os"],
        [("lib", "backend/lib", REGULAR)],
    ),
    "a backend, as a project of its own": (
        ["backend/lib/__init__.py", "backend/requirements.txt", "frontend/package.json"],
        [],
        [("lib", "backend/lib", REGULAR)],
    ),
    "behind a folder that no import can name": (
        ["my-service/lib/__init__.py"],
        [],
        [("lib", "my-service/lib", REGULAR)],
    ),
    "a root with a program in it": (
        ["backend/lib/__init__.py", "backend/main.py"],
        ["lib"],
        [("lib", "backend/lib", REGULAR)],
    ),
    "src as the package": (["src/main.py"], ["src.main"], [("src", "src", NAMESPACE)]),
    "src as the root": (["src/main.py"], [], [("main", "src/main.py", MODULE)]),
    "scripts that somebody imports": (
        ["scripts/a.py"],
        ["scripts.a"],
        [("scripts", "scripts", NAMESPACE)],
    ),
    "a folder without __init__ inside a package": (
        ["shop/__init__.py", "shop/jobs/nightly.py"],
        [],
        [("shop", "shop", REGULAR)],
    ),
    # leave it alone
    "scripts": (["scripts/a.py", "bin/b.py"], [], []),
    "tests and documents": (["tests/__init__.py", "tests/unit/t.py", "docs/conf.py"], [], []),
    "foreign code": (["vendor/six/__init__.py", "node_modules/x/y.py"], [], []),
    "templates in a package": (
        ["tool/__init__.py", "tool/skeleton/app/__init__.py"],
        [],
        [("tool", "tool", REGULAR)],
    ),
    "no Python": (["README.md", "src/index.ts"], [], []),
    "nothing": ([], [], []),
}


@pytest.mark.parametrize("case", IN.values(), ids=IN)
def test_packages_in(
    case: tuple[list[str], list[str], list[tuple[str, str, PackageKind]]],
) -> None:
    paths, imported, expected = case
    actual = packages_in(paths, imported)
    assert [(place.module, place.path, place.kind) for place in actual] == expected
