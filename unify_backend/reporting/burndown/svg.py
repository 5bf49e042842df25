"""The burn-down as an SVG picture without external resources."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

from unify_backend.model.history import Burndown, Point
from unify_backend.model.text import printable
from unify_backend.reporting.burndown.scale import count_ticks, places, time_ticks
from unify_backend.reporting.tables import count

_WIDTH, _HEIGHT = 960, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 88, 56
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_MARKED = 5  # changes that get a dot
_LONGEST = 80  # characters of the names in the heading
# Colours that keep 3:1 against their ground and differ in lightness too, for eyes and printers
# that see no hue. A page may set the --burndown-… properties itself.
_STYLE = """
.burndown{--ground:var(--burndown-ground,#fff);--ink:var(--burndown-ink,#1f2328);
--faint:var(--burndown-faint,#d0d7de);--soft:var(--burndown-soft,#59636e);
--legacy:var(--burndown-legacy,#b3400f);--canonical:var(--burndown-canonical,#1f6feb);
--outside:var(--burndown-outside,#7d8590);
font:13px system-ui,-apple-system,"Segoe UI",sans-serif;max-width:100%;height:auto}
@media (prefers-color-scheme:dark){.burndown{--ground:var(--burndown-ground,#0d1117);
--ink:var(--burndown-ink,#e6edf3);--faint:var(--burndown-faint,#30363d);
--soft:var(--burndown-soft,#9198a1);--legacy:var(--burndown-legacy,#e8743b);
--canonical:var(--burndown-canonical,#4493f8);--outside:var(--burndown-outside,#8b949e)}}
.burndown .ground{fill:var(--ground)}.burndown text{fill:var(--ink)}
.burndown .soft{fill:var(--soft)}.burndown .name{font-size:17px;font-weight:600}
.burndown .grid{stroke:var(--faint)}.burndown .axis{stroke:var(--soft)}
.burndown .legacy{fill:var(--legacy)}.burndown .canonical{fill:var(--canonical)}
.burndown .outside{fill:var(--outside)}
.burndown .active{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}
.burndown .change{fill:var(--ground);stroke:var(--ink);stroke-width:1.5}
"""
_Amount = Callable[[Point], int]


def with_edge(burndown: Burndown) -> Burndown:
    """Adds a point some time after the last one. A count is drawn from its commit to the next one,
    so the last count would have no width without it."""
    points = burndown.points
    if not points:
        return burndown
    first, last = (datetime.fromisoformat(point.when) for point in (points[0], points[-1]))
    later = last + max(timedelta(hours=1), abs(last - first) / 25)
    edge = replace(points[-1], when=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return replace(burndown, points=(*points, edge))


_LAYERS: tuple[tuple[str, str, _Amount], ...] = (
    ("legacy", "legacy tree", lambda point: point.legacy_tree),
    ("canonical", "canonical tree", lambda point: point.canonical_tree),
    ("outside", "elsewhere", lambda point: point.outside),
)


def burndown_svg(burndown: Burndown) -> str:
    """The legacy references over time, stacked by tree, as one `<svg>` element.

    Valid as a file and within an HTML page; light and dark by the reader's preference; no script,
    no font and no picture from elsewhere; every text from the repository escaped. A dashed line
    shows what does not stay by intention, dots the largest changes with their commits.
    """
    body = list(_plot(burndown.points)) if burndown.points else [_nothing()]
    names = ", ".join(burndown.legacy)
    short = names if len(names) <= _LONGEST else f"{names[:_LONGEST]}…"
    title = _text(f"References to {names}, commit by commit")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="burndown" role="img" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
            'aria-labelledby="burndown-title burndown-desc">',
            f'<title id="burndown-title">{title}</title>',
            f'<desc id="burndown-desc">{_text(_told(burndown))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>',
            f'<text class="name" x="{_LEFT}" y="30">{_text(f"References to {short}")}</text>',
            *body,
            "</svg>",
            "",
        ]
    )


def _told(burndown: Burndown) -> str:
    points = burndown.points
    if not points:
        return "No commits."
    first, last = points[0], points[-1]
    return (
        f"{count(len(points), 'commit')} from {first.when[:10]} to {last.when[:10]}: "
        f"{count(first.total, 'reference')} at first, {last.total:,} at last "
        f"({last.legacy_tree:,} in the legacy tree, {last.canonical_tree:,} in the canonical tree, "
        f"{last.outside:,} elsewhere; {last.active:,} without those that stay by intention)."
    )


def _plot(points: Sequence[Point]) -> Iterator[str]:
    ticks = count_ticks(max(point.total for point in points))
    at = [_LEFT + fraction * _PLOT_WIDTH for fraction in places(points)]

    def height(amount: float) -> float:
        return _TOP + _PLOT_HEIGHT * (1 - amount / (ticks[-1] or 1))

    yield from _grid(points, ticks, height)
    shown = _steps(points, at)
    floor = [0] * len(shown)
    for kind, _, amount in _LAYERS:
        top = [low + amount(point) for low, (_, point) in zip(floor, shown, strict=True)]
        upper = _staircase([(x, height(y)) for (x, _), y in zip(shown, top, strict=True)])
        lower = _staircase([(x, height(y)) for (x, _), y in zip(shown, floor, strict=True)])
        if top != floor:
            yield f'<path class="{kind}" d="M{_path([*upper, *reversed(lower)])}Z"/>'
        floor = top
    line = _staircase([(x, height(point.active)) for x, point in shown])
    yield f'<path class="active" d="M{_path(line)}"/>'
    yield from _changes(points, at, height)
    yield from _legend(points)


def _steps(points: Sequence[Point], at: Sequence[float]) -> list[tuple[float, Point]]:
    """The points that the picture can show: the last one of each half pixel, and the end."""
    shown: dict[int, tuple[float, Point]] = {}
    for x, point in zip(at, points, strict=True):
        shown[round(x * 2)] = (x, point)
    return [*shown.values(), (float(_LEFT + _PLOT_WIDTH), points[-1])]


def _staircase(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners of a step function: a count is constant until the next commit."""
    stairs: list[tuple[float, float]] = []
    for x, y in corners:
        if stairs and stairs[-1][1] != y:
            stairs.append((x, stairs[-1][1]))
        if not stairs or stairs[-1] != (x, y):
            stairs.append((x, y))
    return stairs


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _grid(
    points: Sequence[Point], ticks: Sequence[int], height: Callable[[float], float]
) -> Iterator[str]:
    right, bottom = _LEFT + _PLOT_WIDTH, _TOP + _PLOT_HEIGHT
    for tick in ticks:
        y = height(tick)
        kind = "grid" if tick else "axis"
        yield f'<path class="{kind}" d="M{_LEFT} {y:.1f}H{right}"/>'
        yield _label(_LEFT - 8, y + 4, f"{tick:,}", "end")
    for time_tick in time_ticks(points, 7):
        x = _LEFT + time_tick.at * _PLOT_WIDTH
        anchor = "end" if time_tick.at > 0.98 else "middle"
        yield f'<path class="axis" d="M{x:.1f} {bottom}v5"/>'
        yield _label(x, bottom + 20, time_tick.label, anchor)
    yield _label(_LEFT + _PLOT_WIDTH / 2, bottom + 42, "date of the commit (UTC)", "middle")
    middle = _TOP + _PLOT_HEIGHT / 2
    yield (
        f'<text class="soft" transform="translate(16 {middle:.0f}) rotate(-90)" '
        'text-anchor="middle">references</text>'
    )


def _changes(
    points: Sequence[Point], at: Sequence[float], height: Callable[[float], float]
) -> Iterator[str]:
    """A dot with the commit's subject at each of the largest changes."""
    changes = [
        (points[n].total - points[n - 1].total, n)
        for n in range(1, len(points))
        if points[n].total != points[n - 1].total
    ]
    largest = sorted(changes, key=lambda pair: (-abs(pair[0]), pair[1]))[:_MARKED]
    for change, n in sorted(largest, key=lambda pair: pair[1]):
        point = points[n]
        words = f"{point.when[:10]} {point.commit[:9]} {signed(change)}: {point.subject}"
        yield (
            f'<circle class="change" cx="{at[n]:.1f}" cy="{height(point.total):.1f}" r="4">'
            f"<title>{_text(words)}</title></circle>"
        )


def _legend(points: Sequence[Point]) -> Iterator[str]:
    """What the colours mean, with the counts at the end."""
    x, y, last = _LEFT, 60, points[-1]
    for kind, name, amount in _LAYERS:
        yield f'<rect class="{kind}" x="{x}" y="{y - 11}" width="14" height="14" rx="2"/>'
        words = f"{name} {amount(last):,}"
        yield _label(x + 20, y + 1, words, "start", "")
        x += 44 + 7 * len(words)
    yield f'<path class="active" d="M{x} {y - 4}h24"/>'
    words = f"to go {last.active:,} (without what stays by intention)"
    yield _label(x + 30, y + 1, words, "start", "")


def _label(x: float, y: float, words: str, anchor: str, kind: str = "soft") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_text(words)}</text>'


def _nothing() -> str:
    return _label(_WIDTH / 2, _HEIGHT / 2, "no commits", "middle")


def _text(words: str) -> str:
    return escape(printable(words))


def signed(change: int) -> str:
    """`+12`, `−1,054`; nothing for no change."""
    return f"{'+' if change > 0 else '−'}{abs(change):,}" if change else ""
