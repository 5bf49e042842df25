"""Starts the application and lists its routes, plugins and tables."""

# ruff: noqa: UP041

from __future__ import annotations

import asyncio
import faulthandler
import sys
import time
from typing import Any

from unify_backend.verification.programs import (
    applications,
    asgi,
    causes,
    compiled,
    plugins,
    records,
    routes,
    wsgi,
)
from unify_backend.verification.programs.importing import write

BODY = 20000  # characters of a body
LATER = 3.0  # seconds before the time limit at which to say where it hangs


def main(request: dict[str, Any]) -> None:
    """Starts the application; writes the answer early, and again when more is known."""
    compiled.keep(request["root"], request["code"])
    if "workers" in request:
        write(request["answer"], {"workers": plugins.workers(request)})
        return
    Booting(request).run()


class Booting:
    """One start of one application."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.begin = time.monotonic()
        self.answer: dict[str, Any] = {"app": request["app"], "state": "failed", "errors": {}}
        self.records = records.Records(request["root"], request["folder"])
        self.stubs = applications.Stubs(request["stubs"])

    def run(self) -> None:
        """Imports, starts, looks, asks, ends."""
        faulthandler.dump_traceback_later(max(1.0, self.request["timeout"] - LATER))
        self.records.watch()
        self.stubs.install()
        try:
            self.app = applications.load(self.request["app"])
            self.framework = applications.framework(self.app)
            self.answer["framework"] = self.framework
        except BaseException as error:
            self.fail(error)
            self.look(None)
            return
        if self.framework in applications.WSGI or self.framework == "django-wsgi":
            self.ready()
            self.look(self.app)
            self.answer["answers"] = [
                self.answered(path, wsgi.get(self.app, path)) for path in self.request["ask"]
            ]
            write(self.request["answer"], self.answer)
        else:
            asyncio.run(self.live())

    async def live(self) -> None:
        """The life of an ASGI application."""
        life = asgi.Lifespan(self.app)
        try:
            await asyncio.wait_for(life.start(), self.request["timeout"] - LATER * 2)
        except asyncio.TimeoutError:  # another class before Python 3.11
            self.answer["state"] = "timed out"
        except asgi.StartFailed as failed:
            self.fail(failed.cause or failed)
        except BaseException as error:
            self.fail(error)
        else:
            self.ready()
        self.look(self.app)
        if self.answer["state"] == "ready":
            self.answer["answers"] = [await self.ask(path, life) for path in self.request["ask"]]
            write(self.request["answer"], self.answer)
            self.answer["shutdown"] = await life.stop()
            write(self.request["answer"], self.answer)

    def ready(self) -> None:
        """The start-up has succeeded."""
        self.answer["state"] = "ready"
        self.answer["seconds"] = time.monotonic() - self.begin

    def fail(self, error: BaseException) -> None:
        """The start-up, or the import before it, has not."""
        cause = causes.cause(error, self.request["root"], self.request["folder"])
        self.answer["cause"] = cause

    def look(self, app: Any) -> None:
        """Adds the parts of the answer; a part that fails does not stop the others."""
        self.records.watching = False
        self.answer["records"] = self.records.found
        self.answer["stubs"] = self.stubs.used
        package = self.request["package"]
        self.part("plugins", self.plugins)
        self.part("tables", plugins.tables)
        if app is not None:
            self.part("routes", lambda: routes.routes(app, self.framework))
            if callable(getattr(app, "openapi", None)):
                self.part("operations", lambda: routes.operations(app.openapi()))
        self.answer["loaded"] = sorted(
            name for name in sys.modules if plugins.belongs(name, package)
        )
        write(self.request["answer"], self.answer)

    def plugins(self) -> list[dict[str, Any]]:
        """Those that the configuration names, else those that are found."""
        if not self.request["plugins"]:
            return plugins.found(self.request["package"])
        return [plugin for text in self.request["plugins"] for plugin in plugins.configured(text)]

    def part(self, name: str, find: Any) -> None:
        """One part of the answer, or why it is not there."""
        try:
            self.answer[name] = find()
        except Exception as error:
            cause = causes.cause(error, self.request["root"], self.request["folder"])
            self.answer["errors"][name] = cause

    async def ask(self, path: str, life: asgi.Lifespan) -> dict[str, Any]:
        """One path, by HTTP or, where only a WebSocket is there, by a handshake."""
        kinds = {route["kind"] for route in self.answer.get("routes", ()) if route["path"] == path}
        if kinds == {"websocket"}:
            return self.answered(path, await asgi.shake(self.app, path, life.state))
        return self.answered(path, await asgi.get(self.app, path, life.state))

    def answered(self, path: str, response: dict[str, Any]) -> dict[str, Any]:
        """A response as plain values."""
        body = response["body"].decode("utf-8", "replace")[:BODY]
        return {
            "path": path,
            "status": response["status"],
            "body": body,
            "error": response["error"],
        }
