"""Names in files that are no text: what is a name there, and what only looks so."""

import marshal
import pickle
import sqlite3
import sys
import types
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from unify_backend.model.evidence import NameKind
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.references.binary import is_pickle
from unify_backend.references.counting import OccurrenceCounter
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import Scanner

SHOP = PackageMove.of("old_backend", "acme.shop")
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def scan(path: str, data: bytes, move: PackageMove = SHOP) -> list[Reference]:
    """The legacy references of the file; the fast count agrees with them."""
    settings = Settings((move,))
    scanner = Scanner(settings, Resolver((move,), (), lambda path: None))
    found = [one for one in scanner.scan(path, data).references if one.names is Names.LEGACY]
    counter = OccurrenceCounter(settings)
    assert counter.count(path, data).total == len(found)
    assert counter.may_hold(data) or not found
    return found


def pickled(module: str, protocol: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """An object of a class in `module`, pickled."""
    made = types.ModuleType(module)
    made.Net = type("Net", (), {"__module__": module})  # type: ignore[attr-defined]
    package = module.partition(".")[0]
    monkeypatch.setitem(sys.modules, package, types.ModuleType(package))
    monkeypatch.setitem(sys.modules, module, made)
    return pickle.dumps(made.Net(), protocol)


def stored(name: str, data: bytes, how: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive with one member."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("module", ["old_backend", "old_backend.models"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_of_any_protocol_is_a_question(
    module: str, protocol: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    [place] = scan("data/net.pkl", pickled(module, protocol, monkeypatch))
    assert (place.action, place.kind, place.form) == (Action.REVIEW, NameKind.BINARY, "binary")
    assert place.reason == "inside a binary file: a pickle names it once"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_short_name_counts_where_the_format_bounds_it(
    protocol: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = PackageMove.of("app", "acme.shop")
    assert len(scan("a.pkl", pickled("app.models", protocol, monkeypatch), move)) == 1
    assert scan("a.pkl", pickled("myapplication.models", protocol, monkeypatch), move) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_of_another_package_is_none(
    protocol: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scan("a.pkl", pickled("very_old_backend_two", protocol, monkeypatch)) == []


def test_a_stored_archive_shows_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    data = stored("archive/data.pkl", pickled("old_backend.models", 2, monkeypatch))
    [place] = scan("model.pt", data)
    assert place.detail == "a torch archive names it once"
    [place] = scan("a.whl", stored("old_backend/__init__.py", b"x = 1", zipfile.ZIP_DEFLATED))
    assert place.detail == "a zip archive names it 2 times"


def test_a_database_names_it(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    database = sqlite3.connect(path)
    database.execute("create table jobs(name text, f text)")
    database.execute("insert into jobs values('nightly', 'old_backend.cli:main')")
    database.commit()
    database.close()
    [place] = scan("jobs.sqlite", path.read_bytes())
    assert place.detail == "an SQLite database names it once"


def test_compiled_code_names_it() -> None:
    code = marshal.dumps(compile("import old_backend.models", "x.py", "exec"))
    [place] = scan("code.bin", b"\0\1" + code)
    assert place.kind is NameKind.BINARY


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_names_it(encoding: str) -> None:
    [place] = scan("a.reg", 'name = "old_backend.main"\r\n'.encode(encoding))
    assert place.detail == "UTF-16 or UTF-32 without a mark names it once"
    assert scan("a.reg", 'name = "my_old_backend"\r\n'.encode(encoding)) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\0\x8f\x9azapp\xf3", "a letter whose number is no length of what follows"),
        (b"\0yapplication\0", "inside of a longer word"),
        (b"\0happy\0", "inside of a word"),
        (b"\0\x9aXapp8\xf3", "letters and digits around it, as compressed data has them"),
    ],
)
def test_a_short_name_without_a_boundary_is_no_evidence(data: bytes, why: str) -> None:
    assert scan("a.png", data, PackageMove.of("app", "acme.shop")) == [], why


@pytest.mark.parametrize(
    "text",
    [
        b"c is a letter.\nold_backend is a package.",
        b"(see old_backend)\n.",
        b"import old_backend.models\nx = 1.",
        b"",
        b".",
    ],
)
def test_prose_is_no_pickle(text: bytes) -> None:
    assert not is_pickle(text)
