"""The application after its start-up: what is there, and what only looks like success."""

from pathlib import Path

import pytest

from tests.effort import HANGING
from tests.verification.packages import target, written
from unify_backend.model.boots import (
    Boot,
    BootState,
    FindingKind,
    Operation,
    Parameter,
    Place,
    Plugin,
    PluginState,
    RouteKind,
    Worker,
    WorkerKind,
)
from unify_backend.verification.startup import boot

SHOP = {
    "shop/__init__.py": "",
    "shop/main.py": """
        import logging
        from contextlib import asynccontextmanager
        from importlib import import_module
        from pathlib import Path
        from fastapi import APIRouter, FastAPI, Response, WebSocket
        from shop.database import connect

        class Registry:
            def __init__(self):
                self.plugins = {}
                self.failed = {}

            def load(self, folder):
                for file in sorted(Path(folder).glob("*/manifest.py")):
                    name = file.parent.name
                    try:
                        module = import_module(f"{folder.replace('/', '.')}.{name}.manifest")
                    except Exception as error:
                        logging.getLogger("plugins").exception("cannot load %s", name)
                        self.failed[name] = str(error)
                        continue
                    self.plugins[name] = {"manifest": module.manifest, "router": module.router}
                    app.include_router(module.router, prefix="/api")

        registry = Registry()

        @asynccontextmanager
        async def lifespan(app):
            await connect()
            registry.load("shop/plugins")
            logging.getLogger("quiet").propagate = False
            logging.getLogger("quiet").warning("the cache is cold")
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/")
        def root():
            return {"status": "running"}

        @app.get("/ready")
        def ready(response: Response):
            response.status_code = 503
            return {"status": "unavailable"}

        @app.websocket("/live")
        async def live(socket: WebSocket):
            await socket.accept()
            await socket.receive()

        inner = FastAPI()
        inner.add_api_route("/leaf", lambda: {}, methods=["GET"])
        app.mount("/inner", inner)
    """,
    "shop/database.py": """
        async def connect():
            raise ConnectionError("no database here")
    """,
    "shop/plugins/__init__.py": "",
    "shop/plugins/orders/__init__.py": "",
    "shop/plugins/orders/manifest.py": """
        from fastapi import APIRouter
        manifest = {"id": "orders"}
        router = APIRouter()

        @router.get("/orders/{number}")
        def order(number: int, full: bool = False):
            return {}
    """,
    "shop/plugins/parcels/__init__.py": "",
    "shop/plugins/parcels/manifest.py": "import nosuchthing",
    "shop/worker.py": """
        async def send(context): ...
        class WorkerSettings:
            functions = [send]
            max_jobs = 3
    """,
}
STUBS = ["shop.database:connect"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("fastapi")
    return written(tmp_path_factory.mktemp("booted"), SHOP)


@pytest.fixture(scope="module")
def started(root: Path) -> Boot:
    return boot(target(root, stubs=STUBS, probe=["/ready 200|503", "/live", "/inner/leaf"]))


def kinds(found: Boot) -> set[FindingKind]:
    return {one.kind for one in found.findings}


def test_it_is_found_and_started_with_its_stub(started: Boot) -> None:
    assert (started.app, started.framework, started.state) == (
        "shop.main:app",
        "fastapi",
        BootState.READY,
    )
    assert started.cause is None
    assert 0 < started.seconds < 60


def test_routes_after_start_up(started: Boot) -> None:
    own = {(one.path, one.kind, one.methods) for one in started.routes if not one.own}
    assert own == {
        ("/", RouteKind.HTTP, ("GET",)),
        ("/ready", RouteKind.HTTP, ("GET",)),
        ("/live", RouteKind.WEBSOCKET, ()),
        ("/inner", RouteKind.MOUNT, ()),
        ("/inner/leaf", RouteKind.HTTP, ("GET",)),
        ("/api/orders/{number}", RouteKind.HTTP, ("GET",)),
    }
    order = next(one for one in started.routes if "orders" in one.path)
    assert order.endpoint == "shop.plugins.orders.manifest.order"


def test_operations_with_their_parameters(started: Boot) -> None:
    assert started.paths == ("/", "/api/orders/{number}", "/ready")
    order = next(one for one in started.operations if "orders" in one.path)
    assert order == Operation(
        "/api/orders/{number}",
        "get",
        (
            Parameter("path", "number", True, "integer"),
            Parameter("query", "full", False, "boolean"),
        ),
    )


def test_answers(started: Boot) -> None:
    told = {one.path: (one.status, one.as_expected) for one in started.answers}
    assert told == {
        "/": (200, True),
        "/health": (404, True),
        "/ready": (503, True),
        "/live": (101, True),
        "/inner/leaf": (200, True),
    }


def test_plugins_and_the_exception_that_was_swallowed(started: Boot) -> None:
    assert started.plugins == (
        Plugin("orders", PluginState.LOADED),
        Plugin("parcels", PluginState.FAILED),
    )
    assert {one.registry for one in started.plugins} == {"shop.main:registry"}
    assert kinds(started) == {FindingKind.SWALLOWED, FindingKind.PLUGIN_FAILED}
    swallowed = next(one for one in started.findings if one.kind is FindingKind.SWALLOWED)
    assert "cannot load parcels" in swallowed.fact
    assert "nosuchthing" in swallowed.reason


def test_warnings_are_kept_though_their_logger_is_silent(started: Boot) -> None:
    told = [(one.level, one.logger, one.message) for one in started.records]
    assert ("warning", "quiet", "the cache is cold") in told


def test_workers(started: Boot) -> None:
    assert started.workers == (Worker("shop.worker:WorkerSettings", WorkerKind.ARQ, ("send",)),)


def test_a_failed_start_says_why_and_what_was_there_then(root: Path) -> None:
    found = boot(target(root))
    assert found.state is BootState.FAILED
    assert found.cause is not None
    assert str(found.cause) == "no database here (shop/database.py:3)"
    assert "/" in {one.path for one in found.routes}
    assert FindingKind.START_FAILED in kinds(found)
    assert found.answers == ()


def test_from_the_wrong_folder_it_starts_with_nothing_and_the_finding_says_why(
    root: Path, tmp_path: Path
) -> None:
    found = boot(target(root, stubs=STUBS, cwd=str(tmp_path)))
    assert (found.state, found.plugins) == (BootState.READY, ())
    assert {FindingKind.NO_PLUGINS, FindingKind.WRONG_FOLDER} <= kinds(found)
    wrong = next(one for one in found.findings if one.kind is FindingKind.WRONG_FOLDER)
    assert wrong.names == ("shop/plugins",)
    assert "shop/main.py:31" in wrong.reason


def test_an_unexpected_status_a_useless_stub_and_a_configured_registry(root: Path) -> None:
    found = boot(
        target(
            root,
            stubs=[*STUBS, "shop.database:close", "shop.nowhere:f"],
            probe=["/ready 200"],
            plugins=["shop.main:registry.plugins.keys()"],
        )
    )
    assert found.loaded == ("orders",)
    assert [one.names for one in found.findings if one.kind is FindingKind.HEALTH] == [("/ready",)]
    unused = {
        one.names: one.reason for one in found.findings if one.kind is FindingKind.UNUSED_STUB
    }
    assert unused == {
        ("shop.database:close",): "shop.database has no close",
        ("shop.nowhere:f",): "its module was not imported",
    }


def test_no_application(tmp_path: Path) -> None:
    root = written(tmp_path, {"shop/__init__.py": "value = 1"})
    found = boot(target(root))
    assert (found.state, kinds(found)) == (BootState.NOT_FOUND, {FindingKind.NO_APPLICATION})


def test_no_route_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    root = written(
        tmp_path, {"shop/__init__.py": "", "shop/app.py": "import fastapi\napp = fastapi.FastAPI()"}
    )
    found = boot(target(root))
    assert kinds(found) == {FindingKind.NO_ROUTES}


PLAIN = {
    "asgi": (
        """
        async def app(scope, receive, send):
            assert scope["type"] == "http"
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"here"})
        """,
        BootState.READY,
    ),
    "wsgi": (
        """
        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"here"]
        """,
        BootState.READY,
    ),
    "hanging": (
        """
        async def app(scope, receive, send):
            import asyncio
            await asyncio.sleep(600)
        """,
        BootState.TIMED_OUT,
    ),
    "stuck": ("import time\ntime.sleep(600)\napp = None", BootState.TIMED_OUT),
    "broken": ("raise ValueError('not today')", BootState.FAILED),
    "gone": ("import os\nos._exit(4)", BootState.FAILED),
}


@pytest.mark.parametrize("name", ["asgi", "wsgi", "broken", "gone", "hanging"])
def test_plain_applications(tmp_path: Path, name: str) -> None:
    source, state = PLAIN[name]
    root = written(tmp_path, {"shop/__init__.py": "", "shop/main.py": source})
    limit = 8 if state is BootState.TIMED_OUT else HANGING
    found = boot(target(root, app="shop.main:app", timeout=limit))
    assert found.state is state
    if state is BootState.READY:
        answer = found.answer("/")
        assert answer is not None
        assert (found.framework, answer.status, answer.body) == (name, 200, "here")
    else:
        assert found.cause is not None
    if name == "broken":
        assert found.cause is not None
        assert found.cause.place == Place("shop/main.py", 1)


def test_a_factory_is_called(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    source = """
        from fastapi import FastAPI

        def create_app():
            app = FastAPI()
            app.add_api_route("/made", lambda: {})
            return app
    """
    root = written(tmp_path, {"shop/__init__.py": "", "shop/main.py": source})
    found = boot(target(root))
    assert found.app == "shop.main:create_app()"
    assert "/made" in {one.path for one in found.routes}


def test_a_missing_interpreter_is_an_error(tmp_path: Path) -> None:
    root = written(tmp_path, {"shop/__init__.py": ""})
    with pytest.raises(OSError, match="nowhere"):
        boot(target(root, app="shop:app", python="nowhere/python"))
