"""Before against after, on values."""

from dataclasses import replace

import pytest

from unify_backend.model.boots import (
    Answer,
    Boot,
    BootState,
    FailureCause,
    Operation,
    Parameter,
    Place,
    Plugin,
    PluginState,
    Route,
    RouteKind,
    Table,
    Worker,
    WorkerKind,
)
from unify_backend.model.verification import (
    Aspect,
    ChangeDirection,
    Comparison,
    ModuleHealth,
    ModuleResult,
    ModuleState,
    State,
    Target,
    Verdict,
)
from unify_backend.verification.comparing import compare
from unify_backend.verification.response_diff import differences

CAUSE = FailureCause("NameError", "name 'x' is not defined", Place("shop/a.py", 3))
MODULES = ("", ".a", ".b", ".c")
PAGE = Parameter("query", "page", False, "integer")


def state(package: str = "shop", failing: tuple[str, ...] = (), **parts: object) -> State:
    results = tuple(
        ModuleResult(
            package + name,
            "",
            ModuleState.FAILED if name in failing else ModuleState.IMPORTABLE,
            CAUSE if name in failing else None,
        )
        for name in MODULES
    )
    good = Boot(
        f"{package}.main:app",
        "fastapi",
        BootState.READY,
        routes=(Route("/a", RouteKind.HTTP, ("GET",)), Route("/w", RouteKind.WEBSOCKET)),
        operations=(Operation("/a", "get", (PAGE,)),),
        answers=(Answer("/health", 200, '{"status": "healthy", "time": "2024-01-01T10:00:00Z"}'),),
        plugins=(Plugin("orders", PluginState.LOADED),),
        tables=(Table("orders", ("id", "name")),),
        workers=(Worker(f"{package}.worker:Settings", WorkerKind.ARQ, ("send",)),),
    )
    booted = replace(good, **parts)  # type: ignore[arg-type]
    target = Target("/nowhere", package, package.replace(".", "/"))
    return State(target, ModuleHealth(package, results), booted, ("abc",))


def told(found: Comparison) -> list[tuple[Aspect, ChangeDirection, str]]:
    return [(one.aspect, one.turn, one.name) for one in found.differences]


def test_the_same_under_another_name_is_the_same() -> None:
    found = compare(state("shop_backend"), state("shop.backend.core"))
    assert told(found) == []
    assert found.verdict is Verdict.SAME


def test_modules_that_no_longer_import_are_one_group() -> None:
    found = compare(state(failing=(".c",)), state(failing=(".a", ".b", ".c")))
    assert told(found) == [
        (Aspect.MODULE, ChangeDirection.LOST, "shop.a"),
        (Aspect.MODULE, ChangeDirection.LOST, "shop.b"),
    ]
    assert [(one.cause, one.modules) for one in found.groups] == [(CAUSE, ("shop.a", "shop.b"))]
    row = found.rows[0]
    assert (row.before, row.after, row.change) == ("3/4", "1/4", -2)
    assert row.why == "3 for one reason: name 'x' is not defined (shop/a.py:3)"


def test_gains_alone_are_no_regression() -> None:
    found = compare(state(failing=(".a",)), state())
    assert told(found) == [(Aspect.MODULE, ChangeDirection.GAINED, "shop.a")]
    assert found.verdict is Verdict.BETTER


def test_a_loss_is_explained() -> None:
    found = compare(state(), state(failing=(".a",)), lambda one: f"because of {one.name}")
    assert [one.explanation for one in found.regressions] == ["because of shop.a"]


CHANGES = [
    ("a route is gone", {"routes": (Route("/w", RouteKind.WEBSOCKET),)},
     [(Aspect.ROUTE, ChangeDirection.LOST, "GET /a")]),
    ("a new route is a gain",
     {"routes": (*state().boot.routes, Route("/n", RouteKind.HTTP, ("PUT",)))},
     [(Aspect.ROUTE, ChangeDirection.GAINED, "PUT /n")]),
    ("registered twice is one more", {"routes": (*state().boot.routes, state().boot.routes[1])},
     [(Aspect.ROUTE, ChangeDirection.GAINED, "websocket /w")]),
    ("a path is gone", {"operations": ()}, [(Aspect.PATH, ChangeDirection.LOST, "/a")]),
    ("another method", {"operations": (Operation("/a", "post"),)},
     [(Aspect.OPERATION, ChangeDirection.LOST, "GET /a"),
      (Aspect.OPERATION, ChangeDirection.GAINED, "POST /a")]),
    ("a parameter is gone", {"operations": (Operation("/a", "get"),)},
     [(Aspect.OPERATION, ChangeDirection.WORSE, "GET /a")]),
    ("a parameter must be given now",
     {"operations": (Operation("/a", "get", (replace(PAGE, required=True),)),)},
     [(Aspect.OPERATION, ChangeDirection.WORSE, "GET /a")]),
    ("a new one that may be left out",
     {"operations": (Operation("/a", "get", (PAGE, Parameter("query", "size", False)),),)},
     [(Aspect.OPERATION, ChangeDirection.CHANGED, "GET /a")]),
    ("a plugin is gone", {"plugins": (Plugin("orders", PluginState.FAILED, "", "broken"),)},
     [(Aspect.PLUGIN, ChangeDirection.LOST, "orders")]),
    ("a table is gone", {"tables": ()}, [(Aspect.TABLE, ChangeDirection.LOST, "orders")]),
    ("a column is gone", {"tables": (Table("orders", ("id",)),)},
     [(Aspect.TABLE, ChangeDirection.WORSE, "orders")]),
    ("a new column is neither", {"tables": (Table("orders", ("id", "name", "sum")),)},
     [(Aspect.TABLE, ChangeDirection.CHANGED, "orders")]),
    ("a task is gone", {"workers": (Worker("shop.worker:Settings", WorkerKind.ARQ, ()),)},
     [(Aspect.WORKER, ChangeDirection.WORSE, "shop.worker:Settings")]),
    ("a worker breaks", {"workers": (Worker("shop.worker:Settings", WorkerKind.ARQ, (), CAUSE),)},
     [(Aspect.WORKER, ChangeDirection.WORSE, "shop.worker:Settings")]),
    ("only the time differs",
     {"answers": (Answer("/health", 200, '{"status": "healthy", "time": "2025-01-01"}'),)},
     []),
    ("the body says something else",
     {"answers": (Answer("/health", 200, '{"status": "degraded"}'),)},
     [(Aspect.HEALTH, ChangeDirection.CHANGED, "GET /health")]),
    ("no health any more", {"answers": (Answer("/health", 500),)},
     [(Aspect.HEALTH, ChangeDirection.WORSE, "GET /health")]),
    ("where the endpoint is defined does not matter",
     {"routes": tuple(replace(one, endpoint="elsewhere.f") for one in state().boot.routes)}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parts", "wanted"), CHANGES, ids=[one[0] for one in CHANGES])
def test_changes(
    name: str, parts: dict[str, object], wanted: list[tuple[Aspect, ChangeDirection, str]]
) -> None:
    assert told(compare(state(), state(**parts))) == wanted  # type: ignore[arg-type]


def test_backwards_what_was_lost_is_gained() -> None:
    lost = compare(state(), state(failing=(".a",), routes=(), tables=(), plugins=()))
    gained = compare(state(failing=(".a",), routes=(), tables=(), plugins=()), state())
    assert [one.name for one in lost.regressions] == [one.name for one in gained.gains]
    assert gained.verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (("a",), ("b",), ChangeDirection.CHANGED),
        (("a",), ("a", "b"), ChangeDirection.WORSE),
        (("a", "b"), ("c",), ChangeDirection.CHANGED),
        (("a",), (), ChangeDirection.WORSE),
        ((), ("a",), ChangeDirection.GAINED),
    ],
)
def test_heads(before: tuple[str, ...], after: tuple[str, ...], turn: ChangeDirection) -> None:
    found = compare(replace(state(), heads=before), replace(state(), heads=after))
    assert [one.turn for one in found.differences] == [turn]


def test_start_up() -> None:
    broken = state(state=BootState.FAILED, cause=CAUSE, answers=(), routes=())
    found = compare(state(), broken)
    assert (Aspect.STARTUP, ChangeDirection.WORSE, "shop.main:app") in told(found)
    assert (Aspect.HEALTH, ChangeDirection.WORSE, "GET /health") in told(found)
    rows = {one.name: one.why for one in found.rows}
    assert rows["routes after start-up"] == f"start-up fails: {CAUSE}"


@pytest.mark.parametrize(
    ("before", "after", "masks", "same"),
    [
        ('{"uptime": 3, "ok": true}', '{"uptime": 9, "ok": true}', (), True),
        ('{"request_id": "a"}', '{"request_id": "b"}', (), True),
        ('{"seen": "2024-05-01 10:00:00"}', '{"seen": "2025-05-01 11:00:00"}', (), True),
        ('{"url": "http://localhost:8001/x"}', '{"url": "http://localhost:9/x"}', (), True),
        ('{"build": 1}', '{"build": 2}', ("build",), True),
        ('{"build": 1}', '{"build": 2}', (), False),
        ('{"providers": ["a", "b"]}', '{"providers": ["b", "a"]}', (), True),
        ('{"providers": ["a", "b"]}', '{"providers": ["a"]}', (), False),
        ('{"id": {"deep": 1}}', '{"id": {"deep": 2}}', (), False),
        ("up since 2024-01-01", "up since 2025-01-01", (), True),
        ("up", "down", (), False),
        ('{"valid": true}', '{"valid": false}', (), False),
    ],
)
def test_bodies(before: str, after: str, masks: tuple[str, ...], same: bool) -> None:
    assert (differences(before, after, masks) == ()) is same
    assert differences(before, before, masks) == ()


def test_a_body_is_told_by_place() -> None:
    assert differences('{"a": {"b": [1, 2]}}', '{"a": {"b": [1]}}') == ("a.b.1: 2 → —",)
