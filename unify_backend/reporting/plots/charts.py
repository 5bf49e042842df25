"""Small charts of text for a terminal of 80 columns."""

from collections.abc import Iterator

from unify_backend.model.history import PackageHistory
from unify_backend.model.report import Completion
from unify_backend.reporting.plots.divergence import LETTERS, WORDS, folders_of
from unify_backend.reporting.tables import printable

_BAR, _NAME = 40, 16


def area_bars(completion: Completion) -> Iterator[str]:
    """A bar for each area: what is left of what was there."""
    rows = completion.by_area()
    most = max((max(before or 0, now) for _, before, now in rows), default=0)
    for area, before, now in rows:
        was = now if before is None else before
        full, left = _length(max(was, now), most), _length(now, most)
        bar = "█" * left + "░" * (full - left)
        numbers = f"{now:,}" if before is None else f"{before:,} → {now:,}"
        yield f"{area.value:<{_NAME}}{bar:<{_BAR}} {numbers}"


def divergence_lines(history: PackageHistory, width: int = 80) -> Iterator[str]:
    """The divergence map: a sign for each file, a line for each folder with any that changed."""
    room = width - 24
    quiet = 0
    for folder in folders_of(history):
        signs = "".join(LETTERS[one.ahead] for one in folder.files)
        if not signs.strip("·"):
            quiet += len(signs)
            continue
        shown = signs if len(signs) <= room else f"{signs[: room - 6].rstrip('·')}· +{len(signs)}"
        yield f"{printable(folder.name or '(top)')[:22]:<23} {shown}"
    if quiet:
        yield f"{'other folders':<23} · × {quiet}"
    used = [f"{LETTERS[ahead]} {WORDS[ahead]}" for ahead, n in history.totals().items() if n]
    yield "  ".join(used[:3])
    if used[3:]:
        yield "  ".join(used[3:])


def _length(number: int, most: int) -> int:
    """In cells; what is there at all is seen."""
    return max(1, round(number / most * _BAR)) if number and most else 0
