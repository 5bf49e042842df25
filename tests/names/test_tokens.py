"""From the bare name to the whole thing that was written."""

import pytest

from unify_backend.model.package_move import PackageMove
from unify_backend.names.table import NameTable
from unify_backend.names.tokens import Kind, token_at

TABLE = NameTable([PackageMove.of("old", "new.pkg")])


@pytest.mark.parametrize(
    ("text", "kind", "token", "replacement"),
    [
        ("old.main:app", Kind.DOTTED, "old.main:app", "new.pkg.main:app"),
        ("old/main.py:10-20,", Kind.PATH, "old/main.py:10-20", "new/pkg/main.py:10-20"),
        ("old/api/.", Kind.PATH, "old/api/", "new/pkg/api/"),
        ("is it old/main.py?", Kind.PATH, "old/main.py", "new/pkg/main.py"),
        ("**old/api/**", Kind.PATH, "old/api/", "new/pkg/api/"),
        ("x old/api/**", Kind.PATH, "old/api/**", "new/pkg/api/**"),
        ("~~old/main.py~~", Kind.PATH, "old/main.py", "new/pkg/main.py"),
        ("old/{name}/<id>/*.py", Kind.PATH, "old/{name}/<id>/*.py", "new/pkg/{name}/<id>/*.py"),
        ("old\\api\\v1", Kind.PATH, "old\\api\\v1", "new\\pkg\\api\\v1"),
        ("old.pid", Kind.FILE_NAME, "old.pid", "new.pkg.pid"),
        ("old.tar.gz", Kind.FILE_NAME, "old.tar.gz", "new.pkg.tar.gz"),
        ("old.py", Kind.FILE_NAME, "old.py", "new.pkg.py"),
        ("old.log.handlers", Kind.DOTTED, "old.log.handlers", "new.pkg.log.handlers"),
        ("uses old. And", Kind.BARE, "old", "new.pkg"),
        ("old:latest", Kind.BARE, "old", "new.pkg"),
        ("x/old", Kind.PATH, "old", "new/pkg"),
        (r"old\.main\.app$", Kind.DOTTED, r"old\.main\.app", r"new\.pkg\.main\.app"),
        ("old/…", Kind.PATH, "old/", "new/pkg/"),
    ],
)
def test_tokens(text: str, kind: Kind, token: str, replacement: str) -> None:
    found = token_at(text, TABLE.scan(text)[0], len(text), escapes=False)
    assert (found.kind, found.text, found.replacement) == (kind, token, replacement)
    assert text[found.span.start : found.span.end] == token


@pytest.mark.parametrize(
    ("text", "kind", "token"),
    [
        (r'"old\n"', Kind.BARE, "old"),
        (r'"old\\n"', Kind.PATH, r"old\\n"),
        (r'"old\Main.py"', Kind.PATH, r"old\Main.py"),
        (r'"x/old\n"', Kind.PATH, "old"),
        (r'"old\\.main"', Kind.DOTTED, r"old\\.main"),
    ],
)
def test_escapes_end_a_token(text: str, kind: Kind, token: str) -> None:
    found = token_at(text, TABLE.scan(text)[0], len(text), escapes=True)
    assert (found.kind, found.text) == (kind, token)


def test_a_token_ends_before_the_next_one() -> None:
    text = "old/old/x"
    hits = TABLE.scan(text)
    first = token_at(text, hits[0], hits[1].span.start, escapes=False)
    assert first.text == "old/"


def test_context_is_of_the_same_line_and_bounded() -> None:
    text = f"above\n{'x' * 500} old {'y' * 500}\nbelow"
    token = token_at(text, TABLE.scan(text)[0], len(text), escapes=False)
    assert token.before == "x" * 159 + " "
    assert token.after == " " + "y" * 79
