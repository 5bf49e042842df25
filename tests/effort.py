"""How long laws are tried: a moment at every run, thousands of examples when asked to search."""

import os

SEARCHED = 4_000
SEARCHING = os.environ.get("HYPOTHESIS_PROFILE") == "search"


def examples(quick: int) -> int:
    """The number of examples to try: `quick`, or `SEARCHED` with `HYPOTHESIS_PROFILE=search`."""
    return SEARCHED if SEARCHING else quick
