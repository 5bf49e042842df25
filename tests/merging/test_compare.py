"""The whole diff: what it adds to pairing and classes, and laws for any two trees."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.merging.compare import compare
from unify_backend.model.file_source import Contents, Skip
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding
from unify_backend.model.tree_diff import Pair, PairClass
from unify_backend.names.table import NameTable

Build = Callable[..., Contents]

FILES = {
    "old_shop/.env.example": "A=1\n",
    "old_shop/a.py": "import old_shop.b\n",
    "old_shop/b.py": "x = 1\n",
    "old_shop/c.py": "x = 1\n",
    "old_shop/d.py": "x = 1\n",
    "old_shop/e.py": "x = 1\n",
    "acme/shop/a.py": "import acme.shop.b\n",
    "acme/shop/b.py": "x = 1\n",
    "acme/shop/c.py": "x = (1)\n",
    "acme/shop/d.py": "x = 1  # one\n",
    "acme/shop/e.py": "x = 2\n",
    "acme/shop/new.py": "",
    "setup.py": "x = 1\n",
}


def test_a_diff(memory: Build, move: PackageMove, table: NameTable) -> None:
    found = compare(memory(FILES), [move], table)
    (package,) = found.packages
    assert package.move == move
    assert [(pair.path, pair.cls) for pair in package.pairs] == [
        ("a.py", PairClass.RENAMED),
        ("b.py", PairClass.IDENTICAL),
        ("c.py", PairClass.FORMATTING),
        ("d.py", PairClass.COMMENTS),
        ("e.py", PairClass.DIVERGENT),
    ]
    assert (package.only_legacy, package.only_canonical) == ((".env.example",), ("new.py",))
    assert (package.legacy_files, package.canonical_files) == (6, 6)
    assert [pair.path for pair in package.different] == ["c.py", "d.py", "e.py"]
    assert (found.undeclared, found.findings) == ((), ())
    assert found.totals() == {
        "identical": 1, "renamed": 1, "formatting": 1, "comments": 1, "divergent": 1,
        "only_legacy": 1, "only_canonical": 1, "undeclared": 0,
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_a_finding_and_the_rest_is_compared(
    memory: Build, move: PackageMove, table: NameTable
) -> None:
    found = compare(memory({**FILES, "old_shop/b.py": None}), [move], table)
    pairs = {pair.path: pair for pair in found.packages[0].pairs}
    assert pairs["b.py"] == Pair("b.py", PairClass.DIVERGENT, note="cannot be read")
    assert found.findings == (Finding("old_shop/b.py", "cannot be read: old_shop/b.py is locked"),)
    assert len(pairs) == 5


def test_what_is_not_followed_is_a_finding(
    memory: Build, move: PackageMove, table: NameTable
) -> None:
    links = ["old_shop/link.py", "docs/link"]
    found = compare(memory(FILES, links=links), [move], table)
    assert found.findings == (Finding("old_shop/link.py", Skip.LINK.value),)


def test_a_file_that_does_not_parse_is_found_on_its_own_side(
    memory: Build, move: PackageMove, table: NameTable
) -> None:
    found = compare(memory({**FILES, "acme/shop/e.py": "x = \n"}), [move], table)
    (finding,) = found.findings
    assert finding.path == "acme/shop/e.py"
    assert finding.problem.startswith("does not parse as Python: ")
    assert finding.problem.endswith("(line 1)")


def test_a_mode_that_differs_is_noted(memory: Build, move: PackageMove, table: NameTable) -> None:
    executable = ["old_shop/a.py", "acme/shop/b.py", "old_shop/d.py", "acme/shop/d.py"]
    found = compare(memory(FILES, executable=executable), [move], table)
    notes = {pair.path: pair.note for pair in found.packages[0].pairs if pair.note}
    assert notes == {"a.py": "executable only in legacy", "b.py": "executable only in canonical"}


def test_a_copy_nobody_declared_is_told(memory: Build, move: PackageMove, table: NameTable) -> None:
    code = "".join(f"value_{n} = {n}\n" for n in range(50))
    found = compare(memory({**FILES, "x/a.py": code, "y/a.py": code}), [move], table)
    assert [(one.first, one.second) for one in found.undeclared] == [("x", "y")]
    assert found.totals()["undeclared"] == 1


# Laws

NAMES = st.sampled_from(
    ["a.py", "b/__init__.py", "b/c.json", "d.yml", "e.toml", ".env", "README.md", "run.sh", "x.bin"]
)
TEXTS = st.lists(
    st.sampled_from(
        [
            "import old_shop.cart\n", "from acme.shop import cart\n", "root = 'old_shop/cart'\n",
            "x = 1\n", "\t", "\r\n", "# old_shop\n", "[old_shop]\n", '"old_shop": 1\n', "{", "}",
            "\0", "\ufeff", "ä", "old-shop ",
        ]
    ),
    max_size=6,
).map(lambda parts: "".join(parts).encode())  # fmt: skip
TREES = st.dictionaries(NAMES, TEXTS | st.binary(max_size=40))


def both(legacy: dict[str, bytes], canonical: dict[str, bytes]) -> dict[str, bytes]:
    return {f"old_shop/{path}": data for path, data in legacy.items()} | {
        f"acme/shop/{path}": data for path, data in canonical.items()
    }


@given(tree=TREES)
def test_a_tree_is_identical_to_itself(
    tree: dict[str, bytes], memory: Build, move: PackageMove, table: NameTable
) -> None:
    found = compare(memory(both(tree, tree)), [move], table)
    assert found.findings == ()
    assert found.totals()["identical"] == len(tree) == sum(found.totals().values())


@given(tree=TREES)
def test_a_tree_is_the_same_as_its_renamed_self(
    tree: dict[str, bytes], memory: Build, move: PackageMove, table: NameTable
) -> None:
    def renamed(data: bytes) -> bytes:
        if b"\0" in data:
            return data
        return table.canonicalise(data.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        )

    canonical = {path: renamed(data) for path, data in tree.items()}
    found = compare(memory(both(tree, canonical)), [move], table)
    for pair in found.packages[0].pairs:
        same = tree[pair.path] == canonical[pair.path]
        assert pair.cls is (PairClass.IDENTICAL if same else PairClass.RENAMED)
    assert found.findings == ()


@given(legacy=TREES, canonical=TREES)
def test_swapping_the_trees_swaps_the_sides_and_keeps_the_classes(
    legacy: dict[str, bytes],
    canonical: dict[str, bytes],
    memory: Build,
    move: PackageMove,
    table: NameTable,
) -> None:
    (there,) = compare(memory(both(legacy, canonical)), [move], table).packages
    (back,) = compare(memory(both(canonical, legacy)), [move], table).packages
    assert [(one.path, one.cls) for one in there.pairs] == [
        (one.path, one.cls) for one in back.pairs
    ]
    assert (there.only_legacy, there.only_canonical) == (back.only_canonical, back.only_legacy)
    assert there.legacy_files == len(legacy)
    assert there.canonical_files == len(canonical)
