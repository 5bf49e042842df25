"""Parts of the programs that run in the application's interpreter."""

import ast
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

import unify_backend.verification.programs as programs
from unify_backend.verification.programs import applications, plugins, routes

FOLDER = Path(programs.__file__).parent


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: str(file.name))
def test_the_programs_run_on_older_interpreters(file: Path) -> None:
    ast.parse(file.read_text("utf-8"), feature_version=(3, 8))
    if "class " in file.read_text("utf-8") or "def " in file.read_text("utf-8"):
        assert "from __future__ import annotations" in file.read_text("utf-8")


async def awaited() -> int:
    return 1


async def stepped() -> AsyncIterator[int]:
    yield 1


def plain() -> int:
    return 1


def generator() -> Iterator[int]:
    yield 1


def test_a_stub_is_of_the_same_kind() -> None:
    assert inspect.iscoroutinefunction(applications.nothing_like(awaited))
    assert inspect.isasyncgenfunction(applications.nothing_like(stepped))
    assert inspect.isgeneratorfunction(applications.nothing_like(generator))
    assert applications.nothing_like(plain)(1, a=2) is None
    manager = applications.nothing_like(asynccontextmanager(stepped))
    assert hasattr(manager("any"), "__aenter__")
    with applications.nothing_like(contextmanager(generator))() as value:
        assert value is None


def test_operations_follow_references() -> None:
    document: dict[str, Any] = {
        "components": {
            "parameters": {"page": {"in": "query", "name": "page", "schema": {"type": "integer"}}}
        },
        "paths": {
            "/a": {
                "parameters": [{"$ref": "#/components/parameters/page"}],
                "summary": "not an operation",
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/c/Item"}}
                            }
                        },
                    }
                },
            }
        },
    }
    assert routes.operations(document) == [
        {
            "path": "/a",
            "method": "post",
            "parameters": [
                {"place": "query", "name": "page", "required": False, "type": "integer"},
                {
                    "place": "body",
                    "name": "application/json",
                    "required": True,
                    "type": "array[Item]",
                },
            ],
        }
    ]


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "null | string"),
        ({"type": ["string", "null"]}, "null | string"),
        ({}, ""),
        (True, ""),
    ],
)
def test_kinds(schema: object, word: str) -> None:
    assert routes.kind(schema) == word


class Manager:
    """Not a registry: what it holds has no manifest."""

    def __init__(self) -> None:
        self.things = {"a": object()}


class Registry:
    def __init__(self) -> None:
        self.plugins = {"a": {"manifest": {"id": "a"}}, "b": {"manifest": {"id": "b"}}}
        self.loaded = ["a"]
        self.failed = {"c": "broken"}


REGISTRY, MANAGER = Registry(), Manager()


def test_registries_are_found_by_their_shape() -> None:
    found = plugins.found(__name__)
    here = f"{__name__}:REGISTRY"
    assert found == [
        {"name": "a", "state": "loaded", "registry": here, "reason": ""},
        {"name": "c", "state": "failed", "registry": here, "reason": "broken"},
    ]


@pytest.mark.parametrize(
    "expression", ["string:ascii_letters.nothing", "no.such.module:x", "string:x[0]"]
)
def test_an_expression_that_leads_nowhere_raises(expression: str) -> None:
    with pytest.raises((AttributeError, ImportError, ValueError)):
        plugins.configured(expression)
