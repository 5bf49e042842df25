"""What is held against the result of a merge: sources of every ending, in their own encoding."""

import pytest

from unify_backend.merging.checks import check
from unify_backend.model.history import ChangedSide, Evidence, FileHistory, ForkPoint, SideHistory
from unify_backend.model.merge_plan import Checks, MergeAction, MergedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.names.table import NameTable

MOVE = PackageMove.of("shop_backend", "shop.backend")
SIDE = b"def price(): ...\n"


def checks_of(name: str, side: bytes, after: bytes) -> Checks:
    fork, absent = ForkPoint(Evidence.NO_HISTORY), SideHistory(None)
    merged = MergedFile(
        f"shop/backend/{name}",
        f"shop_backend/{name}",
        MergeAction.MERGED,
        FileHistory(f"shop/backend/{name}", fork, ChangedSide.UNKNOWN, absent, absent),
        before=side,
        after=after,
        executable=False,
        legacy=side,
    )
    table = NameTable([MOVE])
    return check((MOVE,), MOVE, [merged], lambda _, data: data, lambda _: None, table)


@pytest.mark.parametrize("name", ["price.py", "price.pyi", "price.pyw"])
def test_a_result_that_does_not_parse_or_lost_something_is_found(name: str) -> None:
    broken = checks_of(name, SIDE, b"def price(:\n")
    assert [finding.partition(":")[0] for finding in broken.unparsable] == [f"shop/backend/{name}"]
    assert checks_of(name, SIDE, b"").lost_definitions == (f"shop/backend/{name}: price",)


@pytest.mark.parametrize("name", ["price.txt", "price.yml"])
def test_what_is_no_python_is_not_read_as_such(name: str) -> None:
    checks = checks_of(name, SIDE, b"def price(:\n")
    assert (checks.unparsable, checks.lost_definitions) == ((), ())


def test_a_stub_is_read_in_the_encoding_that_it_names() -> None:
    head = b"# coding: latin-1\nPRICE = '\xa3'\n"
    checks = checks_of("price.pyi", head + SIDE, head + b"def price(:\n")
    assert checks.unparsable
