"""How long things are tried: less at every run, all of it where all tests run (`make test-deep`),
and laws with thousands of examples where somebody searches for faults."""

import os

_ASKED = os.environ.get("HYPOTHESIS_PROFILE")
DEEP = _ASKED == "deep"
SEARCHING = _ASKED == "search"
SEARCHED = 4_000

HANGING = 600  # seconds: a limit that only a program that hangs can reach, on a busy machine too


def examples(usual: int) -> int:
    """How many examples a law is tried with: half of `usual` by `make test`, five times as many as
    `usual` by `make test-deep`, `SEARCHED` with `HYPOTHESIS_PROFILE=search`."""
    if SEARCHING:
        return SEARCHED
    return usual * 5 if DEEP else usual // 2
