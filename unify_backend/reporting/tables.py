"""Building blocks of the text reports."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from unify_backend.model.text import printable


def table(*columns: tuple[str, str], title: str = "") -> Table:
    """An open table: each column a heading and `left`, `right` or `fold` (left, wraps)."""
    grid = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
    )
    for heading, kind in columns:
        grid.add_column(
            heading,
            justify="right" if kind == "right" else "left",
            overflow="fold",
            no_wrap=kind == "right",
        )
    return grid


def heading(text: str) -> Text:
    """A line that starts a part of a report."""
    return Text(f"\n{text}", style="bold")


def plain(text: str, style: str = "") -> Text:
    """Text as it is; lone surrogates of odd file names become readable escapes."""
    return Text(printable(text), style=style)


def count(number: int, singular: str, many: str | None = None) -> str:
    """`1 file`, `2,014 files`."""
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"


def number(value: int) -> str:
    """A count for a table, with thousands separators; `·` for zero."""
    return f"{value:,}" if value else "·"


def most_first(paths: Iterable[str], limit: int = 3) -> str:
    """The folders and files, the most frequent first: `docs/ 412, README.md 14, 5 more`. Where all
    lie in one folder its content is listed instead: `tests/: scenarios/ 13, test_api.py 8`."""
    left, lead = list(paths), ""
    while left and all("/" in path for path in left) and len({p.split("/")[0] for p in left}) == 1:
        top = left[0].split("/")[0]
        if lead and len(lead) + len(top) > 24:
            break
        left, lead = [path.partition("/")[2] for path in left], f"{lead}{top}/"
        if len(set(left)) == 1:
            break
    tops = Counter(path.partition("/")[0] + "/" if "/" in path else path for path in left)
    ranked = sorted(tops.items(), key=lambda item: (-item[1], item[0]))
    if lead and len(ranked) == 1:
        return f"{printable(lead + ranked[0][0])} {ranked[0][1]:,}"
    shown = [f"{printable(name)} {times:,}" for name, times in ranked[:limit]]
    if len(ranked) > limit:
        shown.append(f"{len(ranked) - limit} more")
    return (f"{printable(lead)}: " if lead else "") + ", ".join(shown)


def listed(items: Sequence[str], limit: int, indent: str = "  ") -> list[Text]:
    """Lines for a list, cut after `limit` with the number left out."""
    lines = [plain(f"{indent}{item}") for item in items[:limit]]
    if len(items) > limit:
        lines.append(plain(f"{indent}… {len(items) - limit:,} more: --verbose", "dim"))
    return lines
