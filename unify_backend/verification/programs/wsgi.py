"""The same for WSGI: one request, and the routes of Flask and Django."""

from __future__ import annotations

import io
import sys
from typing import Any


def get(app: Any, path: str) -> dict[str, Any]:
    """What `GET path` answers: `status`, `body`, `type`, and `error` where it raised."""
    answer: dict[str, Any] = {"status": None, "body": b"", "type": "", "error": ""}
    plain, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": plain,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        answer["status"] = int(status.split(" ")[0])
        answer["type"] = {key.lower(): value for key, value in headers}.get("content-type", "")
        return lambda data: None

    try:
        answer["body"] = b"".join(app(environ, start))
    except Exception as error:
        answer["error"] = f"{type(error).__name__}: {error}"
    return answer


def flask_routes(app: Any) -> list[dict[str, Any]]:
    """The rules of the URL map."""
    routes = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        routes.append(
            {
                "path": rule.rule,
                "kind": "http",
                "methods": sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}),
                "endpoint": f"{view.__module__}.{view.__qualname__}"
                if hasattr(view, "__qualname__")
                else rule.endpoint,
                "own": rule.endpoint == "static",
            }
        )
    return routes


def django_routes() -> list[dict[str, Any]]:
    """The URL patterns, includes followed."""
    from django.urls import get_resolver  # type: ignore[import-not-found,unused-ignore]

    routes: list[dict[str, Any]] = []

    def walk(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, path)
                continue
            view = pattern.callback
            name = "{}.{}".format(view.__module__, getattr(view, "__qualname__", view))
            own = name.startswith("django.")
            routes.append(
                {"path": path, "kind": "http", "methods": [], "endpoint": name, "own": own}
            )

    walk(get_resolver().url_patterns, "/")
    return routes
