"""The configuration of verify."""

import pytest

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.verify_settings import ProbePath, VerifySettings


def test_defaults() -> None:
    settings = VerifySettings.of(())
    assert settings == VerifySettings()
    assert [one.path for one in settings.probe] == ["/", "/health", "/ready"]


def test_all_keys() -> None:
    settings = VerifySettings.of(
        {
            "python": ".venv/bin/python",
            "cwd": "backend",
            "timeout": 5,
            "env": {"DEBUG": True, "PORT": 8001, "NAME": "x"},
            "stubs": ["a.b:c"],
            "probe": ["/ready 200|503", "/extra"],
            "plugins": ["a:b.c()"],
            "masks": ["build"],
            "app": "a.main:app",
        }.items()
    )
    assert settings.env == (("DEBUG", "true"), ("NAME", "x"), ("PORT", "8001"))
    assert settings.probe[2:] == (ProbePath("/ready", (200, 503)), ProbePath("/extra"))
    assert settings.timeout == 5.0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("timeout", 0),
        ("timeout", True),
        ("timeout", "60"),
        ("env", ["A=1"]),
        ("env", {"A": ["1"]}),
        ("stubs", "a:b"),
        ("stubs", ["a.b.c"]),
        ("probe", ["health"]),
        ("probe", ["/health yes"]),
        ("probe", ["/health 99"]),
        ("python", 3),
        ("masks", [1]),
    ],
)
def test_what_cannot_be_meant(key: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=f"verify.{key}"):
        VerifySettings.of(((key, value),))
