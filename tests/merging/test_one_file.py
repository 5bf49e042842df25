"""One file that cannot be merged never stops the others."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.merging.past import MOVE, Past, code, renamed
from unify_backend.commands import merge as command
from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
from unify_backend.merging.merge_tree import merge_files
from unify_backend.model.errors import Refused
from unify_backend.model.merge_plan import MergeAction, MergedFile, MergePlan
from unify_backend.model.settings import Settings
from unify_backend.references.renaming import Renamer
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

NAMES = ("cart", "till", "desk")


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Three modules and their copy; then both edit cart, legacy till, canonical desk."""
    past = Past(tmp_path / "repo")
    past.git("config", "gc.auto", "0")
    past.legacy("Start", {f"{name}.py": code(name) for name in NAMES})
    past.copy()
    past.legacy("Legacy", {"cart.py": code("cart", f1=10), "till.py": code("till", f1=10)})
    past.canonical("Canonical", {"cart.py": code("cart", f9=90), "desk.py": code("desk", f9=90)})
    return past


def planned(past: Past) -> tuple[MergePlan, dict[str, MergedFile]]:
    contents = Snapshot(Repository.discover(past.root))
    plan = plan_merge(contents, Settings(moves=(MOVE,)), MergeOptions())
    carry_out(contents, plan, allow_dirty=True)
    return plan, {Path(file.path).stem: file for file in plan.packages[0].files}


def hows(files: dict[str, MergedFile]) -> list[str]:
    return [files[name].how.value for name in NAMES]


def remove(place: Path) -> None:
    place.chmod(0o644)
    place.unlink()


def damage(place: Path) -> None:
    place.chmod(0o644)
    place.write_bytes(b"no object")


@pytest.mark.parametrize("spoil", [remove, damage])
@pytest.mark.parametrize("version", ["HEAD~3:old_shop/cart.py", "HEAD~2:acme/shop/cart.py"])
def test_an_object_that_git_lacks(past: Past, spoil: Callable[[Path], None], version: str) -> None:
    name = past.git("rev-parse", version)
    spoil(past.root / ".git" / "objects" / name[:2] / name[2:])
    _, files = planned(past)
    assert hows(files) == ["conflict", "took-legacy", "kept-canonical"]
    assert any(name in note for note in files["cart"].notes)
    assert "(10)" in (past.root / "acme/shop/till.py").read_text()


def test_an_object_that_nobody_asks_for_is_not_missed(past: Past) -> None:
    past.legacy("Other", {"lamp.py": code("lamp")})
    name = past.git("rev-parse", "HEAD:old_shop/lamp.py")
    past.legacy("Gone", {"lamp.py": None})
    remove(past.root / ".git" / "objects" / name[:2] / name[2:])
    assert hows(planned(past)[1]) == ["merged", "took-legacy", "kept-canonical"]


@pytest.mark.deep
def test_a_partial_clone_whose_origin_is_gone(past: Past, tmp_path: Path) -> None:
    past.git("mv", "old_shop/desk.py", "old_shop/table.py")
    past.commit("Move", {"old_shop/table.py": code("desk", f3=30)})
    past.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    past.git("clone", "-q", "--filter=blob:none", past.root.as_uri(), str(clone))
    past.root.rename(tmp_path / "gone")
    past.root = clone
    _, files = planned(past)
    assert files["cart"].how is MergeAction.CONFLICT
    assert files["till"].how is MergeAction.CONFLICT
    assert "git fetch brings it" in "; ".join(files["till"].notes)


def test_names_that_cannot_be_replaced(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced = Renamer.__call__

    def refusing(self: Renamer, path: str, data: bytes) -> bytes:
        if path.endswith("cart.py"):
            raise Refused(f"{path} cannot be renamed", "two edits overlap", "Correct them.")
        return replaced(self, path, data)

    monkeypatch.setattr(Renamer, "__call__", refusing)
    before = (past.root / "acme/shop/cart.py").read_bytes()
    _, files = planned(past)
    assert hows(files) == ["conflict", "took-legacy", "kept-canonical"]
    assert "two edits overlap" in files["cart"].notes[0]
    assert (past.root / "acme/shop/cart.py").read_bytes() == before


def test_a_result_that_would_not_be_right(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:

    def wrong(*arguments: object) -> tuple[MergedFile, ...]:
        return tuple(
            replace(file, after=b"def cart_0(:\n") if file.path.endswith("cart.py") else file
            for file in merge_files(*arguments)  # type: ignore[arg-type]
        )

    monkeypatch.setattr(command, "merge_files", wrong)
    plan, files = planned(past)
    assert hows(files) == ["conflict", "took-legacy", "kept-canonical"]
    assert "this is a bug" in files["cart"].notes[0]
    assert plan.packages[0].checks.unparsable == ()
    assert (past.root / "acme/shop/cart.py").read_text() == renamed(code("cart", f9=90))


def test_another_encoding_on_one_side(past: Past) -> None:
    latin = '# -*- coding: latin-1 -*-\nNAME = "M\u00fcller"\n\n\ndef a():\n    return 1\n'
    past.legacy("Latin", {"cart.py": latin.encode("latin-1")})
    past.commit("Copy", {"acme/shop/cart.py": latin.encode("latin-1")})
    past.commit("Edit", {"acme/shop/cart.py": latin.replace("1\n", "2\n").encode("latin-1")})
    past.legacy("UTF-8", {"cart.py": latin.partition("\n")[2]})
    assert hows(planned(past)[1]) == ["merged", "took-legacy", "kept-canonical"]
    text = (past.root / "acme/shop/cart.py").read_bytes().decode("utf-8")
    assert "M\u00fcller" in text
    assert "return 2" in text


def test_the_executable_bit_is_told(past: Past) -> None:
    past.git("update-index", "--chmod=+x", "old_shop/desk.py")
    place = past.root / "old_shop/desk.py"
    place.chmod(0o755)
    past.git("commit", "-q", "-m", "Mode")
    _, files = planned(past)
    assert files["desk"].how is MergeAction.MERGED
    assert "executable" in files["desk"].notes[0]


def test_a_block_that_was_moved_to_another_file_and_deleted(past: Past) -> None:
    text = code("cart")
    at = text.index("def cart_11")
    past.legacy("Move", {"cart.py": text[:at], "till.py": code("till") + text[at:]})
    past.canonical("Delete", {"cart.py": text[:at]})
    note = "; ".join(planned(past)[1]["till"].notes)
    assert "acme/shop/cart.py: canonical deleted them there, legacy moved them here" in note


def test_letters_of_two_encodings_are_not_written_into_one_file(past: Past) -> None:
    """No coding line says what a text is written in."""
    text = "caf\u00e9\nmilk\nwater\nbread\n"
    both = {f"{folder}/list.txt": text.encode("latin-1") for folder in ("old_shop", "acme/shop")}
    past.commit("Latin", both)
    past.legacy("UTF-8", {"list.txt": text})
    edited = (text + "m\u00fcsli\n").encode("latin-1")
    past.commit("Edit", {"acme/shop/list.txt": edited})
    _, files = planned(past)
    assert files["list"].how is MergeAction.CONFLICT
    assert "no UTF-8" in files["list"].notes[0]
    assert (past.root / "acme/shop/list.txt").read_bytes() == edited
    assert hows(files) == ["merged", "took-legacy", "kept-canonical"]


def test_stray_bytes_that_a_side_has_beside_letters_stay(past: Past) -> None:
    text = "caf\u00e9\nmilk\nwater\nbread\n".encode() + b"\xff\n"
    past.commit("Mixed", {f"{folder}/list.txt": text for folder in ("old_shop", "acme/shop")})
    past.commit("Edit", {"old_shop/list.txt": text.replace(b"milk", b"oil")})
    past.commit("More", {"acme/shop/list.txt": text.replace(b"bread", b"salt")})
    assert planned(past)[1]["list"].how is MergeAction.MERGED
    result = (past.root / "acme/shop/list.txt").read_bytes()
    assert result == text.replace(b"milk", b"oil").replace(b"bread", b"salt")


@pytest.mark.parametrize(
    ("legacy", "canonical"), [("conf", "conf/main.ini"), ("conf/main.ini", "conf")]
)
def test_a_file_in_the_place_of_a_folder_does_not_stop_the_others(
    past: Past, legacy: str, canonical: str
) -> None:
    past.legacy("Legacy", {legacy: "a = 1\n"})
    past.commit("Canonical", {f"acme/shop/{canonical}": "b = 2\n"})
    plan, files = planned(past)
    assert hows(files) == ["merged", "took-legacy", "kept-canonical"]
    [conflict] = plan.conflicts
    assert (conflict.origin, conflict.after) == (f"old_shop/{legacy}", None)
    assert "is in the way" in conflict.notes[0]
    assert (past.root / "old_shop" / legacy).read_text() == "a = 1\n"
    assert (past.root / "acme/shop" / canonical).read_text() == "b = 2\n"
    past.legacy("Let it go", {legacy: None})
    assert not planned(past)[0].conflicts


@pytest.mark.parametrize(
    ("legacy", "canonical"), [("conf", "conf/main.ini"), ("conf/main.ini", "conf")]
)
def test_a_folder_takes_the_place_of_a_file_that_nobody_edited(
    tmp_path: Path, legacy: str, canonical: str
) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Start", {canonical: "a = 1\n", **{f"{name}.py": code(name) for name in NAMES}})
    past.copy()
    shutil.rmtree(past.root / "old_shop" / canonical.partition("/")[0], ignore_errors=True)
    (past.root / "old_shop" / canonical).unlink(missing_ok=True)
    past.commit("Delete")
    past.legacy("Another", {legacy: "a = 2\n"})
    plan, _ = planned(past)
    assert not plan.conflicts
    assert (past.root / "acme/shop" / legacy).read_text() == "a = 2\n"


def test_a_file_that_both_moved_says_where_legacy_has_it(past: Past) -> None:
    past.git("mv", "old_shop/cart.py", "old_shop/bag.py")
    past.commit("Bag")
    past.git("mv", "acme/shop/cart.py", "acme/shop/wagon.py")
    past.commit("Wagon")
    merged = planned(past)[1]["wagon"]
    assert merged.how is MergeAction.MERGED
    assert merged.notes == (
        "both moved it, legacy to old_shop/bag.py and canonical to acme/shop/wagon.py; "
        "it stays there",
    )


def test_a_read_only_file_does_not_stop_the_others(past: Past) -> None:
    place = past.root / "acme/shop/till.py"
    place.chmod(0o444)
    before = place.read_bytes()
    _, files = planned(past)
    assert hows(files) == ["merged", "conflict", "kept-canonical"]
    assert "read-only" in files["till"].notes[0]
    assert place.read_bytes() == before
    place.chmod(0o644)
    assert hows(planned(past)[1]) == ["settled", "took-legacy", "kept-canonical"]


def test_what_git_does_not_track_is_not_replaced_and_stops_no_other(past: Past) -> None:
    past.legacy("More", {"more.py": code("more")})
    place = past.root / "acme/shop/more.py"
    place.write_text("MINE = 1\n", "utf-8")
    (past.root / ".git/info/exclude").write_text("acme/shop/more.py\n", "utf-8")
    _, files = planned(past)
    assert hows(files) == ["merged", "took-legacy", "kept-canonical"]
    assert files["more"].how is MergeAction.CONFLICT
    assert "git does not track it" in files["more"].notes[0]
    assert place.read_text("utf-8") == "MINE = 1\n"
    assert (past.root / "old_shop/more.py").is_file()
    place.unlink()
    assert planned(past)[1]["more"].how is MergeAction.MOVED


def test_a_file_in_which_git_left_a_conflict_waits_and_stops_no_other(past: Past) -> None:
    past.switch("side")
    past.legacy("Side", {"till.py": code("till", f1=11)})
    past.switch("main")
    past.legacy("Main", {"till.py": code("till", f1=12)})
    with pytest.raises(AssertionError):
        past.git("merge", "-q", "side")
    before = (past.root / "acme/shop/till.py").read_bytes()
    _, files = planned(past)
    assert hows(files) == ["merged", "conflict", "kept-canonical"]
    assert "git left a conflict in old_shop/till.py" in files["till"].notes[0]
    assert (past.root / "acme/shop/till.py").read_bytes() == before
    past.legacy("Settled", {"till.py": code("till", f1=12)})
    assert hows(planned(past)[1]) == ["settled", "took-legacy", "kept-canonical"]


def test_a_moved_file_is_brought_where_another_one_has_its_old_place(past: Past) -> None:
    """What canonical has at that place is a question; what legacy moved is not gone with it."""
    past.git("mv", "old_shop/cart.py", "old_shop/bag.py")
    past.commit("Move")
    past.legacy("Another", {"cart.py": code("fresh")})
    _, files = planned(past)
    assert (files["bag"].how, files["cart"].how) == (MergeAction.MOVED, MergeAction.CONFLICT)
    assert "another file in its place" in files["bag"].notes[0]
