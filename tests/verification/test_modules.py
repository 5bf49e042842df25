"""Import health: each module by itself, the same from both engines."""

import os
from pathlib import Path

import pytest

from tests.verification.packages import target, written
from unify_backend.model.boots import FailureCause, MissingDependency, Place
from unify_backend.model.verification import Engine, ModuleHealth, ModuleState
from unify_backend.verification.import_check import import_health

ENGINES = [Engine.COLD, *([Engine.WARM] if hasattr(os, "fork") else [])]
SHOP = {
    "requirements.txt": "fastapi>=0.1\n\npython-nosuchthing==1.0  # for the parcels\n",
    "shop/__init__.py": "print('shop is imported')",
    "shop/plain.py": "VALUE = 1",
    # one cause, reached by three ways
    "shop/core/__init__.py": "",
    "shop/core/broken.py": "VALUE = 1\nundefined_name",
    "shop/core/user.py": "from shop.core.broken import VALUE",
    "shop/api/__init__.py": "from shop.core import user",
    "shop/api/orders.py": "VALUE = 1",
    "shop/api/deep/items.py": "VALUE = 1",
    # importable or not, depending on who is first
    "shop/circle/__init__.py": "",
    "shop/circle/first.py": "from shop.circle import second\nVALUE = 1",
    "shop/circle/second.py": "from shop.circle.first import VALUE",
    # ends in other ways
    "shop/odd/leaves.py": "import sys; sys.exit(0)",
    "shop/odd/crashes.py": "import os; os._exit(3)",
    "shop/odd/grammar.py": "def f(:\n    pass",
    "shop/odd/hangs.py": "import time; time.sleep(600)",
    "shop/odd/20240101_first.py": "VALUE = 1",
    "shop/parcels.py": "import nosuchthing.client",
    "shop/twice.py": "raise RuntimeError('never run: the package of this name is')",
    "shop/twice/__init__.py": "VALUE = 1",
    "shop/wrapped.py": """
        try:
            import shop.core.broken
        except NameError as error:
            raise RuntimeError("cannot go on") from error
    """,
    # leans on what somebody else imports
    "shop/leaning.py": "import xml\nNAME = xml.dom.__name__",
    "shop/leaning_deep.py": "from xml import dom\nNAME = dom.minidom.__name__",
    "shop/helping.py": "import xml.dom.minidom\nNAME = xml.dom.minidom.__name__",
    # a package that starts a thread: nothing may be forked from it
    "shop/threaded/__init__.py": """
        import threading, time
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    """,
    "shop/threaded/inner.py": "from shop.core import broken",
    "shop/threaded/fine.py": "VALUE = 1",
    "shop/half/__init__.py": """
        try:
            from shop.half import bad
        except ImportError:
            from shop.half import good
    """,
    "shop/half/bad.py": "import nosuchthing",
    "shop/half/good.py": "VALUE = 1",
}
BROKEN = FailureCause(
    "NameError", "name 'undefined_name' is not defined", Place("shop/core/broken.py", 2)
)


@pytest.fixture(scope="module", params=ENGINES)
def health(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ModuleHealth:
    root = written(tmp_path_factory.mktemp("shop"), SHOP)
    # Only `hangs` may reach the limit: on a busy machine the others take seconds, too.
    found = import_health(target(root, timeout=10), engine=request.param)
    assert found.engine is request.param
    return found


def states(health: ModuleHealth) -> dict[str, ModuleState]:
    return {one.module.removeprefix("shop."): one.state for one in health.modules}


def test_every_file_is_counted_once(health: ModuleHealth) -> None:
    assert health.total == sum(name.endswith(".py") for name in SHOP)
    assert {one.path for one in health.modules} == {n for n in SHOP if n.endswith(".py")}


def test_what_can_be_imported(health: ModuleHealth) -> None:
    good = {name for name, state in states(health).items() if state is ModuleState.IMPORTABLE}
    assert good == {
        "shop", "plain", "core", "circle", "circle.second", "odd.20240101_first", "twice",
        "helping", "threaded", "threaded.fine", "half", "half.good",
    }  # fmt: skip
    assert health.importable == 13  # `twice` stands for two files


def test_one_cause_is_one_group_named_by_the_innermost_line(health: ModuleHealth) -> None:
    first = health.groups[0]
    assert first.cause == BROKEN
    assert [one.removeprefix("shop.") for one in first.modules] == [
        "api", "api.deep.items", "api.orders", "core.broken", "core.user", "threaded.inner",
        "wrapped",
    ]  # fmt: skip


def test_a_circle_is_told_from_the_side_that_fails(health: ModuleHealth) -> None:
    assert states(health)["circle.second"] is ModuleState.IMPORTABLE
    assert states(health)["circle.first"] is ModuleState.FAILED


def test_other_ends(health: ModuleHealth) -> None:
    by_name = {one.module.removeprefix("shop."): one for one in health.modules}
    assert by_name["odd.crashes"].state is ModuleState.CRASHED
    assert by_name["odd.hangs"].state is ModuleState.TIMED_OUT
    leaves, grammar = by_name["odd.leaves"].cause, by_name["odd.grammar"].cause
    assert leaves == FailureCause("SystemExit", "0", Place("shop/odd/leaves.py", 1))
    assert grammar is not None
    assert (grammar.error, grammar.place) == ("SyntaxError", Place("shop/odd/grammar.py", 1))


def test_a_missing_dependency_is_named_with_the_line_that_should_bring_it(
    health: ModuleHealth,
) -> None:
    parcels = next(one for one in health.modules if one.module == "shop.parcels")
    assert parcels.cause is not None
    place = Place("requirements.txt", 3)
    wanted = MissingDependency("nosuchthing", "python-nosuchthing", place)
    assert parcels.cause.missing == wanted
    assert parcels.cause.place == Place("shop/parcels.py", 1)


def test_nothing_is_taken_from_what_others_have_loaded(health: ModuleHealth) -> None:
    assert states(health)["leaning"] is ModuleState.FAILED
    assert states(health)["leaning_deep"] is ModuleState.FAILED
    assert states(health)["half.bad"] is ModuleState.FAILED


def test_a_hidden_file_says_what_hides_it(health: ModuleHealth) -> None:
    hidden = [one for one in health.modules if one.shadowed]
    assert [(one.path, one.shadowed) for one in hidden] == [
        ("shop/twice.py", "shop/twice/__init__.py")
    ]


def test_output_is_kept(health: ModuleHealth) -> None:
    broken = next(one for one in health.modules if one.module == "shop")
    assert "shop is imported" in broken.output


@pytest.mark.parametrize("engine", ENGINES)
def test_progress_and_no_trace_in_the_folder(tmp_path: Path, engine: Engine) -> None:
    root = written(tmp_path, {"src/shop/__init__.py": "", "src/shop/one.py": "import helper",
                              "helper.py": ""})  # fmt: skip
    before = sorted(root.rglob("*"))
    heard: list[tuple[int, int]] = []
    plain = target(root)
    placed = type(plain)(plain.root, "shop", "src/shop")
    found = import_health(placed, lambda done, total: heard.append((done, total)), engine)
    assert (found.importable, found.total) == (2, 2)
    assert heard[-1] == (2, 2)
    assert sorted(root.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the warm engine forks")
def test_a_dependency_that_starts_threads_is_imported_cold(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere", {"threading_dep.py": """
        import threading, time
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    """})  # fmt: skip
    root = written(tmp_path / "repo", {"shop/__init__.py": "", "shop/a.py": "import threading_dep"})
    found = import_health(target(root, env={"PYTHONPATH": str(tmp_path / "elsewhere")}))
    assert (found.engine, found.importable) == (Engine.COLD, 2)


@pytest.mark.skipif(len(ENGINES) < 2, reason="there is one engine here")
def test_both_engines_say_the_same_of_a_package_with_everything(tmp_path: Path) -> None:
    root = written(tmp_path, {name: text for name, text in SHOP.items() if "hangs" not in name})
    cold, warm = (import_health(target(root), engine=engine) for engine in ENGINES)
    assert [(one.module, one.state) for one in cold.modules] == [
        (one.module, one.state) for one in warm.modules
    ]
    told = [one.cause for one in cold.modules if one.state is ModuleState.FAILED]
    assert told == [one.cause for one in warm.modules if one.state is ModuleState.FAILED]
