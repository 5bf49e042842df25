"""The way through scripts: what a starting folder adds, what repeats, what is left."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.languages.language import Fragment, SplitReference
from unify_backend.languages.registry import READERS
from unify_backend.languages.scripts.folders import SOMEWHERE
from unify_backend.languages.scripts.implied_paths import implied_from, starting_folder
from unify_backend.languages.scripts.import_path import imported_by
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Edit, Span, splice
from unify_backend.names.table import NameTable

MOVES = (PackageMove.of("shop_backend", "shop.backend.main"),)
TABLE = NameTable(MOVES)
PIECES = [
    "cd shop_backend",
    "cd ..",
    "cd api",
    "cd ../..",
    "cd -",
    "pushd shop_backend",
    "popd",
    "(cd shop_backend",
    ")",
    "ls ../x",
    "PYTHONPATH=.. python main.py",
    "uvicorn main:app",
    "if true; then",
    "fi",
    "else",
    "for x in 1; do",
    "done",
    "f() {",
    "}",
    "f",
    "|| exit",
    "| cat",
    "A=shop_backend/api",
    'cd "$A"',
    "WORKDIR /app/shop_backend",
    "RUN cd ..",
    "FROM x",
    ":label",
    "@(",
    "^",
    "`",
    '"',
    "'",
    "\\",
    "bash -c '",
    "alias f='cd shop_backend && ls ..'",
    "make -C shop_backend X=..",
]
SCRIPTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", " && ", " ", "; ", " & "])),
    max_size=12,
).map(lambda parts: "".join(piece + joint for piece, joint in parts))
LANGUAGES = ["shell", "batch", "powershell", "dockerfile", "makefile"]


def splits_of(language: str, text: str) -> list[SplitReference]:
    """What a form finds in `text` that no search sees."""
    hits = [hit.span for hit in TABLE.scan(text)]
    found = READERS[language].contexts(Fragment("x", text, hits, MOVES))
    return [one for one in found if isinstance(one, SplitReference)]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=examples(150), deadline=None)
@given(text=SCRIPTS)
def test_implied_places_are_apart_and_settle(language: str, text: str) -> None:
    found = splits_of(language, text)
    spans = sorted(one.span for one in found)
    assert all(a.end <= b.start for a, b in pairwise(spans)), spans
    names = [hit.span for hit in TABLE.scan(text)]
    for one in found:
        assert one.names is Names.IMPLIED
        assert not any(one.span.overlaps(name) for name in names)
    edits = [Edit(one.span, one.replacement) for one in found if one.replacement and not one.review]
    for hit in TABLE.scan(text):
        if hit.names is Names.LEGACY:
            edits.append(Edit(hit.span, "shop/backend/main"))
    assert not splits_of(language, splice(text, edits))


def test_a_starting_folder_adds_what_the_text_does_not_tell() -> None:
    text = "pip install -r ../requirements.txt\ncd shop_backend && ls ..\n"
    hits = [hit.span for hit in TABLE.scan(text)]
    path = "./shop_backend/api"
    folder = starting_folder(path, [Span(2, 14)], MOVES)
    found = list(implied_from(text, hits, MOVES, folder, "yaml"))
    assert [(text[: one.span.start].count("\n"), one.replacement) for one in found] == []
    plain = "pip install -r ../../requirements.txt\n"
    (one,) = implied_from(plain, [], MOVES, folder, "yaml")
    assert (plain[one.span.start : one.span.end], one.replacement, one.form) == (
        "../..",
        "../../../..",
        "yaml-folder",
    )


@pytest.mark.parametrize("path", ["docs", "${{ matrix.folder }}", "/", "."])
def test_a_starting_folder_elsewhere_adds_nothing(path: str) -> None:
    folder = starting_folder(path, [], MOVES)
    assert folder.move is None
    assert list(implied_from("ls ..\n", [], MOVES, folder, "yaml")) == []
    assert list(implied_from("ls ..\n", [], MOVES, SOMEWHERE, "yaml")) == []


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("uvicorn main:app --reload", "main"),
        ("python -m uvicorn api.main:create_app()", "api.main"),
        ("uv run --with x uvicorn main:app", "main"),
        ("poetry run celery -A workers.app worker", "workers.app"),
        ("celery --app=workers worker", "workers"),
        ("arq workers.x.Settings", "workers.x.Settings"),
        ("gunicorn -w 4 main:app", "main"),
        ("python3.12 -m workers.job", "workers.job"),
        ("sudo -u web uvicorn main:app", "main"),
        ("python main.py", None),
        ("python -m pytest tests", None),
        ("python -m http.server", None),
        ("python -c main", None),
        ("alembic upgrade head", None),
        ("docker run -p 80:80 main", None),
        ("uvicorn --help", None),
        ("flask run", None),
        ("", None),
    ],
)
def test_modules_that_a_command_imports(command: str, module: str | None) -> None:
    words = command.split()
    found = [words[one.index][one.begin : one.end] for one in imported_by(words)]
    assert found == ([module] if module else [])


def test_the_reason_names_both_folders() -> None:
    (one,) = splits_of("shell", "cd shop_backend && cd ..\n")
    assert one.note == "counts from shop_backend, which becomes shop/backend/main"
