"""A minimal ASGI server without a socket: lifespan, HTTP requests, WebSocket handshakes."""

# ruff: noqa: UP041

from __future__ import annotations

import asyncio
from typing import Any

ASKING = 20.0  # seconds for one request
ENDING = 10.0  # seconds for the shutdown
HEADERS = [(b"host", b"localhost"), (b"accept", b"*/*"), (b"user-agent", b"unify-backend")]


class StartFailed(Exception):
    """The application said so; `cause` is its exception, where it raised one, too."""

    def __init__(self, message: str, cause: BaseException | None) -> None:
        super().__init__(message)
        self.cause = cause


class Lifespan:
    """The life of an application, from its start-up to its shutdown."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.state: dict[str, Any] = {}
        self.told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.task: asyncio.Task[Any] | None = None

    async def start(self) -> None:
        """Raises StartFailed. One without a lifespan raises at once, which is allowed."""
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "state": self.state,
        }
        self.task = asyncio.ensure_future(self.app(scope, self.told.get, self.said.put))
        await self.told.put({"type": "lifespan.startup"})
        message = await self.next()
        if message is not None and message["type"] == "lifespan.startup.failed":
            await asyncio.wait([self.task], timeout=ENDING)
            raised = self.task.exception() if self.task.done() else None
            raise StartFailed(str(message.get("message", "")), raised)

    async def next(self) -> dict[str, Any] | None:
        """What the application says next, or None where it has ended."""
        assert self.task is not None
        saying = asyncio.ensure_future(self.said.get())
        await asyncio.wait([saying, self.task], return_when=asyncio.FIRST_COMPLETED)
        if saying.done():
            return saying.result()
        saying.cancel()
        return None if self.said.empty() else self.said.get_nowait()

    async def stop(self) -> str:
        """Shuts down; says what went wrong, or nothing."""
        if self.task is None or self.task.done():
            return ""
        await self.told.put({"type": "lifespan.shutdown"})
        try:
            message = await asyncio.wait_for(self.next(), ENDING)
        except asyncio.TimeoutError:  # another class before Python 3.11
            self.task.cancel()
            return f"the shutdown did not end within {ENDING:.0f} seconds"
        if message is not None and message["type"] == "lifespan.shutdown.failed":
            return "the shutdown failed: " + str(message.get("message", ""))
        return ""


async def get(app: Any, path: str, state: dict[str, Any]) -> dict[str, Any]:
    """What `GET path` answers: `status`, `body`, `type`, and `error` where it raised."""
    answer: dict[str, Any] = {"status": None, "body": b"", "type": "", "error": ""}
    requested = False

    async def receive() -> dict[str, Any]:
        nonlocal requested
        if requested:
            await asyncio.sleep(ASKING * 2)  # the client stays
        requested = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer["status"] = message["status"]
            named = {bytes(key).lower(): bytes(value) for key, value in message["headers"]}
            answer["type"] = named.get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            answer["body"] += message.get("body", b"")

    try:
        await asyncio.wait_for(app(scope("http", path, state), receive, send), ASKING)
    except asyncio.TimeoutError:  # another class before Python 3.11
        answer["error"] = f"no answer within {ASKING:.0f} seconds"
    except Exception as error:  # Starlette answers 500 and raises it again
        answer["error"] = f"{type(error).__name__}: {error}"
    return answer


async def shake(app: Any, path: str, state: dict[str, Any]) -> dict[str, Any]:
    """The result of a WebSocket handshake at `path`: 101 accepted, 403 refused."""
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await incoming.put({"type": "websocket.connect"})
    task = asyncio.ensure_future(app(scope("websocket", path, state), incoming.get, outgoing.put))
    saying = asyncio.ensure_future(outgoing.get())
    await asyncio.wait([saying, task], timeout=ASKING, return_when=asyncio.FIRST_COMPLETED)
    answer: dict[str, Any] = {"status": None, "body": b"", "type": "", "error": ""}
    if saying.done():
        answer["status"] = 101 if saying.result()["type"] == "websocket.accept" else 403
    elif task.done() and task.exception() is not None:
        answer["error"] = f"{type(task.exception()).__name__}: {task.exception()}"
    else:
        answer["error"] = f"no answer within {ASKING:.0f} seconds"
    await incoming.put({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait([task], timeout=1.0)
    for future in (saying, task):
        future.cancel()
    return answer


def scope(kind: str, path: str, state: dict[str, Any]) -> dict[str, Any]:
    """The scope of a request from this machine."""
    plain, _, query = path.partition("?")
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "ws" if kind == "websocket" else "http",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": list(HEADERS),
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
        "state": dict(state),
    }
