"""A group that cannot be rewritten as a whole is left alone as a whole."""

from collections.abc import Mapping

from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.settings import Settings
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

START = "scripts/start.sh"
STOP = "launcher/stop.py"
FILES = {
    START: "exec python -m shop_backend.main\n",
    STOP: 'import subprocess\nsubprocess.run(["pkill", "-f", "shop_backend.main"])\n',
    "scripts/test.sh": "pytest --cov=shop_backend\n",
}


def planned(
    canonical: str,
    files: Mapping[str, str],
    areas: tuple[Area, ...] = (),
    paths: tuple[str, ...] = (),
    locked: str = "",
) -> RewritePlan:
    move = PackageMove.of("shop_backend", canonical)
    tree = dict.fromkeys([f"{move.canonical_path}/{one}.py" for one in ("__init__", "main")], "")
    contents, settings = MemoryContents({**tree, **files}), Settings((move,))
    inventory = take_inventory(contents, settings)
    return plan_rewrite(contents, settings, inventory, areas, paths, lambda path: path != locked)


def written(plan: RewritePlan) -> list[str]:
    return [one.path for one in plan.rewritten]


def asked(plan: RewritePlan) -> dict[str, str]:
    return {one.path: one.reason for one in plan.review}


def test_all_of_it_is_written_where_all_of_it_may_be() -> None:
    plan = planned("shop.backend", FILES)
    assert written(plan) == [STOP, START, "scripts/test.sh"]
    assert asked(plan) == {}


def test_one_area_alone_leaves_what_is_coupled_with_another() -> None:
    plan = planned("shop.backend", FILES, areas=(Area.SCRIPTS,))
    assert written(plan) == ["scripts/test.sh"]
    assert asked(plan) == {
        START: "moves with process of launcher/stop.py:2 'shop_backend.main': "
        "not all of them are in what was asked for"
    }


def test_one_path_alone_leaves_what_is_coupled_with_another() -> None:
    plan = planned("shop.backend", FILES, paths=(STOP,))
    assert written(plan) == []
    assert list(asked(plan)) == [STOP]


def test_both_areas_write_both() -> None:
    plan = planned("shop.backend", FILES, areas=(Area.SCRIPTS, Area.LAUNCHER))
    assert written(plan) == [STOP, START, "scripts/test.sh"]


def test_a_file_that_is_refused_keeps_its_partners_as_they_are() -> None:
    narrow = {**FILES, STOP: "# -*- coding: ascii -*-\n" + FILES[STOP]}
    plan = planned("läden.backend", narrow)
    assert [one.path for one in plan.refused] == [STOP]
    assert written(plan) == ["scripts/test.sh"]
    assert asked(plan) == {
        START: "moves with process of launcher/stop.py:3 'shop_backend.main': "
        "one of their files cannot be rewritten"
    }


def test_a_file_that_is_read_only_keeps_its_partners_as_they_are() -> None:
    plan = planned("shop.backend", FILES, locked=STOP)
    assert [one.path for one in plan.refused] == [STOP]
    assert written(plan) == ["scripts/test.sh"]
    assert list(asked(plan)) == [START]
