"""Compose files as services: fixtures/data/compose.yml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from unify_backend.languages.compose.syntax import Service, projects

FILE = Path(__file__).parents[2] / "fixtures" / "data" / "compose.yml"
CASES = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def value(service: Service, name: str) -> Any:
    if name == "context":
        return service.build and service.build.context
    found = getattr(service, name)
    return list(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_service_is(case: dict[str, Any]) -> None:
    found, unreadable = projects(case["files"], case["files"].get)
    assert not unreadable
    services = {service.name: service for project in found for service in project.services}
    assert services.keys() == case["says"].keys(), case["why"]
    for name, values in case["says"].items():
        for key, expected in values.items():
            assert value(services[name], key) == expected, case["why"]
