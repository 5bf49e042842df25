"""What the end-to-end tests share: types, names, and the environment to run in."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CASE = Path(__file__).parents[2] / "fixtures" / "repositories" / "pixsim7"
IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
NAMES = ("--legacy", "shop_backend", "--canonical", "shop.backend.core")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str
    raw: bytes


Command = Callable[..., Ran]
Git = Callable[..., str]
Shop = Callable[..., Path]


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}
