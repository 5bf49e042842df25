"""Which version a copy was made of that equals none: what it shows, and what a merge does."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.commands.test_merge_files import planned
from tests.merging.past import Past, code, file_of, renamed
from unify_backend.merging.source_version import Shown, edited_words, former_words, shown
from unify_backend.model.history import Evidence
from unify_backend.model.merge_plan import MergeAction, MergedFile

OLD = "a b c d e f g h".split()


@pytest.mark.parametrize(
    ("why", "new", "copy", "expected"),
    [
        ("the change is there", "a b X d e f g h", "a b X d e Y g h", Shown(has=1)),
        ("the text before it is", "a b X d e f g h", "a b c d e Y g h", Shown(former=1)),
        ("neither is", "a b X d e f g h", "a b Y d e f g h", Shown(unclear=1)),
        ("what was added is not", "a b c d X e f g h", "a b Y d e f g h", Shown(without=1)),
        ("what was deleted is", "a b d e f g h", "a b c d e f Y h", Shown(former=1)),
        ("what was deleted is gone", "a b d e f g h", "a b d e f Y h", Shown(has=1)),
        (
            "what was deleted has become another",
            "a b d e f g h",
            "a b Y d e f g h",
            Shown(unclear=1),
        ),
        ("one change is there, one is not", "a X c d e f Z h", "a X c d e f g h", Shown(1, 1)),
        (
            "an exchange is not there",
            "a c b d e f g h",
            "a b c d e f Y h",
            Shown(former=1, without=1),
        ),
        ("an exchange is there", "a c b d e f g h", "a c b d e f Y h", Shown(has=2)),
        ("nothing changed", "a b c d e f g h", "a b Y d", Shown()),
        ("blank lines say nothing", "a b  d e f g h", "a b c d e f g h", Shown(former=1)),
    ],
)
def test_what_a_copy_shows(why: str, new: str, copy: str, expected: Shown) -> None:
    assert shown(OLD, new.split(" "), copy.split(" ")) == expected, why


def test_an_edit_of_the_changed_line_shows_the_change() -> None:
    assert shown(["f(1)"], ["f(100)"], ["f(0 + 100)"]) == Shown(has=1)
    assert shown(["f(1)"], ["f(100)"], ["f(0 + 1)"]) == Shown(unclear=1)


NAMES = ("cart", "price", "stock", "till", "desk", "sale")
Edits = dict[str, dict[str, int] | None]


def tree(**edits: dict[str, int] | None) -> dict[str, str | bytes | None]:
    """The six modules, some of them with other functions, some not there."""
    files: dict[str, str | bytes | None] = {f"{name}.py": code(name) for name in NAMES}
    for name, changed in edits.items():
        text = code(name, "old_shop", **changed) if changed is not None else None
        files[f"{name}.py"] = text
    return {path: text for path, text in files.items() if text is not None}


@dataclass(frozen=True)
class Case:
    """Commits of the legacy tree since the first one, then the copy, then what a merge does."""

    why: str
    legacy: list[Edits]
    copy: Edits
    how: dict[str, MergeAction]
    text: dict[str, str] = field(default_factory=dict)  # what a merged module says


MERGED, CONFLICT = MergeAction.MERGED, MergeAction.CONFLICT
UNCHANGED, GONE = MergeAction.UNCHANGED, MergeAction.STAYS_DELETED
FORK: Edits = {"cart": {"f7": 77}, "price": {"f3": 33}, "desk": {"f3": 34}}
CASES = [
    Case(
        "only a file that the fork edited, too, was edited before the fork came",
        [{"cart": {"f1": 11}}],
        FORK,
        {"cart": MERGED, "price": UNCHANGED, "desk": UNCHANGED},
        {"cart": code("cart", f1=11, f7=77)},
    ),
    Case(
        "by several commits",
        [{"cart": {"f1": 11}}, {"cart": {"f1": 12}}, {"price": {"f8": 88}}],
        FORK,
        {"cart": MERGED, "price": MERGED},
        {"cart": code("cart", f1=12, f7=77), "price": code("price", f3=33, f8=88)},
    ),
    Case(
        "the fork began between two of them",
        [{"cart": {"f1": 11}}, {"cart": {"f1": 11, "f4": 44}}],
        {**FORK, "cart": {"f1": 11, "f7": 77}},
        {"cart": MERGED},
        {"cart": code("cart", f1=11, f4=44, f7=77)},
    ),
    Case(
        "the copy has the edit, beside its own",
        [{"cart": {"f1": 11}}],
        {**FORK, "cart": {"f1": 11, "f7": 77}},
        {"cart": UNCHANGED},
    ),
    Case(
        "the copy says a third thing in that line: nobody knows who saw whose",
        [{"cart": {"f1": 11}}],
        {**FORK, "cart": {"f1": 99, "f7": 77}},
        {"cart": CONFLICT, "price": UNCHANGED},
    ),
    Case(
        "the same, but other files show that the fork is younger",
        [{"cart": {"f1": 11}}, {"till": {"f1": 1}, "sale": {"f1": 1}}],
        {**FORK, "cart": {"f1": 99}, "till": {"f1": 1}, "sale": {"f1": 1}},
        {"cart": UNCHANGED},
    ),
    Case(
        "the text from before the edit, and other files show that the fork is younger",
        [{"cart": {"f1": 11}}, {"till": {"f1": 1}, "sale": {"f1": 1}}],
        {**FORK, "till": {"f1": 1}, "sale": {"f1": 1}},
        {"cart": CONFLICT, "price": UNCHANGED},
    ),
    Case(
        "deleted before the fork came, which has it as it was",
        [{"cart": {"f1": 11}}, {"stock": None}],
        FORK,
        {"cart": MERGED, "stock": GONE},
    ),
    Case(
        "deleted before the fork came, which edited it",
        [{"cart": {"f1": 11}}, {"desk": None}],
        FORK,
        {"cart": MERGED, "desk": CONFLICT},
    ),
    Case(
        "one that came before the fork did",
        [{"bell": {}, "cart": {"f1": 11}}],
        FORK,
        {"cart": MERGED, "bell": MergeAction.MOVED},
    ),
    Case(
        "one that the copy left out, as other files show",
        [{"bell": {}}, {"till": {"f1": 1}, "sale": {"f1": 1}}],
        {**FORK, "till": {"f1": 1}, "sale": {"f1": 1}},
        {"bell": GONE},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_case(case: Case, tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    edits: Edits = {}
    for number, more in enumerate(case.legacy):
        edits = edits | more
        lost: dict[str, str | bytes | None] = {
            f"{name}.py": None for name, changed in edits.items() if changed is None
        }
        past.legacy(f"Edit {number}", {**tree(**edits), **lost})
    past.canonical("Import", tree(**case.copy))
    files = by_name(past)
    assert {name: files[name].how for name in case.how} == case.how
    said = {name: (files[name].after or b"").decode() for name in case.text}
    assert said == {name: renamed(text) for name, text in case.text.items()}


def by_name(past: Past) -> dict[str, MergedFile]:
    """The merged files by their modules."""
    files = [file for package in planned(past).packages for file in package.files]
    return {Path(file.path).stem: file for file in files}


def begun(tmp_path: Path) -> Past:
    """Six modules; one has an edit that came before the fork did."""
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    past.legacy("Fix", tree(cart={"f1": 11}))
    return past


def test_the_split_is_what_the_copy_was_made_of_and_the_note_says_so(tmp_path: Path) -> None:
    past = begun(tmp_path)
    past.canonical("Import", tree(**FORK))
    traced = past.trace()
    assert traced.split is not None
    assert traced.split.source.subject == "Begin"
    cart = file_of(traced, "cart.py")
    assert (cart.fork.evidence, past.base(cart)) == (Evidence.LIKENESS, code("cart"))
    assert "copied before what legacy changed next" in cart.note
    assert any("copied before" in note for note in by_name(past)["cart"].notes)


def test_legacy_is_the_copy(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.canonical("Begin", tree())
    past.canonical("Fix", tree(cart={"f1": 11}))
    past.legacy("Import", tree(**FORK))
    cart = by_name(past)["cart"]
    assert (cart.how, (cart.after or b"").decode()) == (
        MERGED,
        renamed(code("cart", f1=11, f7=77)),
    )


def test_a_file_that_was_moved_before_the_fork_came(tmp_path: Path) -> None:
    past = begun(tmp_path)
    past.legacy("Move", {"cart.py": None, "sales/basket.py": code("cart", f1=11, f5=55)})
    past.canonical("Import", tree(**FORK))
    cart = by_name(past)["cart"]
    assert cart.origin == "old_shop/sales/basket.py"
    assert (cart.after or b"").decode() == renamed(code("cart", f1=11, f5=55, f7=77))


@pytest.mark.parametrize(
    "layout",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("    ", "\t"),
        lambda text: text.replace("_base(", "_base( "),
    ],
    ids=["line ends", "tabs", "blanks"],
)
def test_the_layout_is_no_edit(tmp_path: Path, layout: Callable[[str], str]) -> None:
    """The copy has legacy's last edit, in another layout: nobody is asked about it."""
    past = begun(tmp_path)
    files = {**tree(**FORK), "cart.py": code("cart", f1=11, f7=77)}
    plain = {"till.py", "sale.py", "stock.py"}
    texts = {path: str(text) for path, text in files.items()}
    past.canonical(
        "Import", {path: text if path in plain else layout(text) for path, text in texts.items()}
    )
    assert by_name(past)["cart"].how is UNCHANGED


def test_a_line_of_a_tiny_file_and_a_binary_one(tmp_path: Path) -> None:
    past = Path(tmp_path / "repo")
    made = Past(past)
    small: dict[str, str | bytes | None] = {
        "version.py": 'VERSION = "1"\n',
        "logo.bin": b"\0one logo that is like no other",
    }
    made.legacy("Begin", {**tree(), **small})
    made.legacy(
        "Release", {"version.py": 'VERSION = "2"\n', "logo.bin": b"\0another logo, a new one"}
    )
    made.canonical("Import", {**tree(**FORK), **small})
    files = by_name(made)
    assert {files[name].how for name in ("version", "logo")} == {MergeAction.TOOK_LEGACY}


def test_a_fork_that_came_in_two_commits(tmp_path: Path) -> None:
    past = begun(tmp_path)
    whole = tree(**FORK)
    first = {
        path: text for path, text in whole.items() if path in {"till.py", "stock.py", "desk.py"}
    }
    past.canonical("Import a half", first)
    past.canonical("Import the rest", {path: whole[path] for path in whole.keys() - first.keys()})
    cart = by_name(past)["cart"]
    assert (cart.after or b"").decode() == renamed(code("cart", f1=11, f7=77))


def test_a_move_of_two_commits_is_no_deletion(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    past.legacy("Take it away", dict.fromkeys(tree()))
    past.canonical("Put it there", tree())
    past.legacy("A new one", {"bell.py": code("bell")})
    assert {file.how for file in by_name(past).values()} <= {
        MergeAction.KEPT_CANONICAL,
        MergeAction.MOVED,
    }


def test_a_file_moved_in_one_copy_and_deleted_in_the_other(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    past.copy()
    past.canonical("Move", {"cart.py": None, "basket.py": code("cart", f1=1)})
    past.legacy("Delete", {"cart.py": None})
    assert by_name(past)["basket"].how is CONFLICT


def test_a_line_that_one_commit_wrote_into_both_is_a_base(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    past.copy()
    line = {f"{folder}/version.py": "VERSION = 1\n" for folder in ("old_shop", "acme/shop")}
    past.commit("Both", line)
    past.legacy("Raise", {"version.py": "VERSION = 2\n"})
    assert by_name(past)["version"].how is MergeAction.TOOK_LEGACY


LATER = {"f4": 4, "f5": 5, "f6": 6}


def strict(text: str | bytes | None) -> str:
    """A module with another signature of its second function."""
    return re.sub(r"(def \w+_1)\(\)", r"\1(strict)", str(text))


@pytest.mark.parametrize(
    ("why", "changed", "lax", "how"),
    [
        ("several others took the word away, and several have it", "cart price stock till desk",
         "cart price stock", UNCHANGED),
        ("nobody else took it away", "cart price stock till desk", "cart", CONFLICT),
        ("only one other took it away", "cart price stock till desk", "cart price", CONFLICT),
        ("no file shows that the copy had this commit", "cart price stock",
         "cart price stock", CONFLICT),
        ("only one file shows it", "cart price stock till", "cart price stock", CONFLICT),
    ],
)  # fmt: skip
def test_an_edit_that_the_copy_made_everywhere(
    tmp_path: Path, why: str, changed: str, lax: str, how: MergeAction
) -> None:
    """The text from before a change is the copy's own edit where it made the same edit in other
    files, which are younger, and came with what else the commit changed."""
    past = Past(tmp_path / "repo")
    past.legacy("Begin", tree())
    after = {path: text for path, text in tree().items() if path.split(".")[0] in changed.split()}
    past.legacy("Strict", {path: strict(text) for path, text in after.items()})
    later = {
        path: strict(text) if path in after else text
        for path, text in tree(price=LATER, stock=LATER, till={}, sale=LATER).items()
    }
    past.legacy("Later", later)
    own = tree(cart={"f7": 77}, price=LATER, stock=LATER, sale=LATER)
    past.canonical(
        "Import",
        {
            path: strict(text) if path in after and path.split(".")[0] not in lax.split() else text
            for path, text in own.items()
        },
    )
    assert by_name(past)["cart"].how is how, why


@pytest.mark.parametrize(
    ("old", "new", "copy", "expected"),
    [
        ("class A:", "class A(object):", "class A:", [{"object": -1}]),
        ("f(1)\ng", "f(2)\ng", "f(1)\nh", [{"1": 1, "2": -1}]),
        ("f(1)", "f(2)", "f(2)", []),
        ("f(1)", "f(2)", "f(3)", []),
        ("(a)", "a", "(a)", [{}]),  # no word: that is no evidence
    ],
)
def test_the_words_of_an_edit_that_took_a_change_back(
    old: str, new: str, copy: str, expected: list[dict[str, int]]
) -> None:
    assert former_words(*(text.split("\n") for text in (old, new, copy))) == expected


def test_the_words_of_edits_are_told_line_by_line() -> None:
    source, copy = ["class A(object):", "x = 1", "y"], ["class A:", "x = 2", "y"]
    assert edited_words(source, copy) == [{"object": -1}, {"1": -1, "2": 1}]
    assert edited_words(source, ["class A:", "y"]) == [{"object": -1, "x": -1, "1": -1}]
