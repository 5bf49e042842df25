"""How the laws are tried: with new examples at every desk, with the same ones in CI, and with
4,000 a law where somebody searches for faults (`HYPOTHESIS_PROFILE=search`)."""

import os

from hypothesis import HealthCheck, settings

from tests.effort import SEARCHED, SEARCHING

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "search",
    max_examples=SEARCHED,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
if SEARCHING:
    settings.load_profile("search")
elif os.environ.get("CI"):
    settings.load_profile("ci")
