"""Axes for the plots: where each commit stands in time, and round numbers to label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unify_backend.model.history import Point

_HOUR, _DAY = 3_600, 86_400
_STEPS = (
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 4, 7, 14, 28, 91, 182, 364, 728, 1_820, 3_640)),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A label of an axis at `at`, a fraction of its length."""

    at: float
    label: str


def places(points: Sequence[Point]) -> list[float]:
    """Where each commit stands on the time axis, from 0 to 1, in ascending order. A commit whose
    date is before that of its predecessor gets the predecessor's place, because the clocks of
    authors differ. Commits of the same second are spread evenly."""
    times: list[float] = []
    for point in points:
        times.append(max(_seconds(point), times[-1] if times else float("-inf")))
    if not times:
        return []
    span = times[-1] - times[0]
    if span == 0:
        return [n / max(1, len(times) - 1) for n in range(len(times))]
    return [(time - times[0]) / span for time in times]


def time_ticks(points: Sequence[Point], most: int) -> list[AxisLabel]:
    """At most `most` labels of the time axis, at full hours or days (UTC)."""
    times = [_seconds(point) for point in points]
    if not times:
        return []
    first, last = times[0], max(times)
    if first == last:
        return [AxisLabel(0.0, _moment(first, _DAY))]
    step = next(
        (candidate for candidate in _STEPS if (last - first) / candidate < most), _STEPS[-1]
    )
    begin = -(-first // step) * step
    moments = (begin + n * step for n in range(int((last - begin) // step) + 1))
    ticks = [
        AxisLabel((moment - first) / (last - first), _moment(moment, step)) for moment in moments
    ]
    return ticks[:: max(1, -(-len(ticks) // most))]


def count_ticks(largest: int, most: int = 5) -> list[int]:
    """Round numbers from 0 to the first that is not below `largest`, about `most` of them."""
    for step in _round_numbers():
        if largest <= step * most:
            return list(range(0, max(1, -(-largest // step)) * step + 1, step))
    raise AssertionError("round numbers go on for ever")


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _seconds(point: Point) -> int:
    return int((datetime.fromisoformat(point.when) - _EPOCH).total_seconds())


def _moment(seconds: int, step: int) -> str:
    moment = _EPOCH + timedelta(seconds=seconds)
    return moment.strftime("%m-%d %H:%M") if step < _DAY else moment.date().isoformat()
