"""The routes of an application and what its OpenAPI document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def routes(app: Any, framework: str) -> list[dict[str, Any]]:
    """Every route, those of mounted applications and included routers too."""
    if framework == "flask":
        from unify_backend.verification.programs import wsgi

        return wsgi.flask_routes(app)
    if framework.startswith("django"):
        from unify_backend.verification.programs import wsgi

        return wsgi.django_routes()
    return list(walk(getattr(app, "routes", None) or (), ""))


def walk(entries: Any, prefix: str) -> Iterator[dict[str, Any]]:
    """The routes of a router. Newer FastAPI keeps an included router as one entry."""
    for route in entries:
        if hasattr(route, "original_router"):
            context = getattr(route, "include_context", None)
            inner = prefix + (getattr(context, "prefix", "") or "")
            yield from walk(route.original_router.routes, inner)
            continue
        path = prefix + str(getattr(route, "path", ""))
        names = {ancestor.__name__ for ancestor in type(route).__mro__}
        endpoint = getattr(route, "endpoint", None)
        if "WebSocketRoute" in names:
            yield one_route(path, "websocket", (), endpoint)
        elif "Mount" in names or "Host" in names:
            yield one_route(path, "mount", (), getattr(route, "app", None))
            yield from walk(getattr(route, "routes", None) or (), path)
        else:
            yield one_route(path, "http", getattr(route, "methods", None) or (), endpoint)


def one_route(path: str, kind: str, methods: Any, endpoint: Any) -> dict[str, Any]:
    """As plain values. HEAD comes with GET and is left out."""
    named = {str(method) for method in methods}
    if "GET" in named:
        named.discard("HEAD")
    function = getattr(endpoint, "func", endpoint)  # functools.partial
    module = str(getattr(function, "__module__", "") or "")
    name = str(getattr(function, "__qualname__", type(function).__name__))
    return {
        "path": path,
        "kind": kind,
        "methods": sorted(named),
        "endpoint": module + "." + name if module and endpoint is not None else "",
        "own": kind == "http" and module.split(".")[0] in ("fastapi", "starlette"),
    }


def operations(document: Any) -> list[dict[str, Any]]:
    """Every operation of an OpenAPI document with its parameters."""
    entries = []
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                declared = [*item.get("parameters", ()), *operation.get("parameters", ())]
                parameters = [parameter(document, declaration) for declaration in declared]
                parameters += body(operation.get("requestBody"))
                entries.append({"path": path, "method": method, "parameters": parameters})
    return entries


def parameter(document: Any, declaration: Any) -> dict[str, Any]:
    """One parameter, looked up where it is a reference."""
    if "$ref" in declaration:
        name = declaration["$ref"].rpartition("/")[2]
        declaration = document.get("components", {}).get("parameters", {}).get(name, {"name": name})
    return {
        "place": str(declaration.get("in", "")),
        "name": str(declaration.get("name", "")),
        "required": bool(declaration.get("required", False)),
        "type": kind(declaration.get("schema", {})),
    }


def body(request_body: Any) -> Iterator[dict[str, Any]]:
    """The request body as a parameter for each media type."""
    if not isinstance(request_body, dict):
        return
    for media, content in request_body.get("content", {}).items():
        yield {
            "place": "body",
            "name": media,
            "required": bool(request_body.get("required", False)),
            "type": kind(content.get("schema", {})),
        }


def kind(schema: Any) -> str:
    """A schema in a word: `integer`, `array[Item]`, `string | null`."""
    if not isinstance(schema, dict):
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(sorted(kind(option) for option in schema[key]))
    types = schema.get("type", "")
    if types == "array":
        return "array[{}]".format(kind(schema.get("items", {})))
    return " | ".join(sorted(types)) if isinstance(types, list) else str(types)
