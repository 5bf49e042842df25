"""How long things are tried: laws with a few examples at every run, with more where all tests
run (`make test-deep`), with thousands where somebody searches for faults."""

import os

_ASKED = os.environ.get("HYPOTHESIS_PROFILE")
DEEP = _ASKED == "deep"
SEARCHING = _ASKED == "search"
SEARCHED = 4_000
SHARE = 5  # a quick run tries one in so many
LEAST = 20

HANGING = 600  # seconds: a limit that only a program that hangs can reach, on a busy machine too


def examples(deep: int) -> int:
    """How many examples a law is tried with: `deep` by `make test-deep`, a fifth of them (and at
    least 20) by `make test`, `SEARCHED` with `HYPOTHESIS_PROFILE=search`."""
    if SEARCHING:
        return SEARCHED
    return deep if DEEP else max(LEAST, deep // SHARE)
