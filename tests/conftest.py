"""How the laws are tried: with new examples at every desk, with the same ones in CI, and with as
many as `tests/effort.py` says."""

import os

from hypothesis import HealthCheck, settings

from tests.effort import SEARCHING, examples

# Tests run programs in repositories that they then expect to be clean, and Python's compiled files
# would be new ones there.
os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")

USUAL = examples(100)  # for a law that does not say how many
settings.register_profile("desk", max_examples=USUAL, deadline=None)
settings.register_profile(
    "ci", max_examples=USUAL, derandomize=True, deadline=None, print_blob=True
)
settings.register_profile(
    "search",
    max_examples=USUAL,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
if SEARCHING:
    settings.load_profile("search")
else:
    settings.load_profile("ci" if os.environ.get("CI") else "desk")
