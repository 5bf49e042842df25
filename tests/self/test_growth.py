"""What measures growth sees a square, lets a straight line pass, and is deceived by no pause."""

from collections.abc import Callable

import pytest

from tests import growth as measured
from tests.growth import MOST, growth


class Clock:
    """Processor time that passes as it is told."""

    def __init__(self, costs: Callable[[int], float], pauses: int = 0) -> None:
        self.now, self._costs, self._pauses = 0.0, costs, pauses

    def process_time(self) -> float:
        return self.now

    def work(self, size: int) -> None:
        self.now += self._costs(size)
        if self._pauses and size == 8_000:
            self._pauses -= 1
            self.now += 100


@pytest.mark.parametrize(
    ("costs", "pauses", "passes"),
    [
        (lambda size: size / 8_000, 0, True),
        (lambda size: size / 8_000, 1, True),
        (lambda size: (size / 8_000) ** 2, 0, False),
        (lambda size: size / 8_000_000, 0, True),  # too short to tell
    ],
    ids=["line", "line with a pause", "square", "short"],
)
def test_growth(
    costs: Callable[[int], float], pauses: int, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(costs, pauses)
    monkeypatch.setattr(measured, "time", clock)
    assert (growth(clock.work, int, 8_000) < MOST) is passes
