"""What a baseline became, for people."""

from collections.abc import Iterator

from rich.text import Text

from unify_backend.model.baseline import Kept


def baselined_report(kept: Kept, verbose: bool) -> Iterator[Text]:
    """`+N/-M`, and with `verbose` each entry."""
    yield Text(
        f"{kept.path}: +{len(kept.added):,}/-{len(kept.removed):,}, {kept.entries:,} entries"
    )
    for old, new in kept.moved:
        yield Text(f"  moved: {old} → {new}")
    for sign, entries in (("+", kept.added), ("-", kept.removed)) if verbose else ():
        for one in entries:
            yield Text(f"  {sign} {one.path}  {one.kind}  {one.text}")
