"""The phases of a unification, as a configuration may name them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: `id` as the task file writes it, and the names of the checks that it takes."""

    id: str
    title: str
    checks: tuple[str, ...]


DEFAULT_PHASES = (
    Phase(
        "34.1",
        "Inventory and differences of the two trees",
        ("structures", "divergences", "references", "summary"),
    ),
    Phase(
        "34.2",
        "Canonical package and imports",
        ("canonical-tree", "code", "tests", "launcher", "configuration", "documentation"),
    ),
    Phase(
        "34.3",
        "Scripts, launcher and containers",
        ("scripts", "launcher", "docker", "containers", "verified"),
    ),
    Phase(
        "34.4",
        "One tree on disk",
        ("legacy-tree", "forwarding", "nothing-named", "changelog", "documents"),
    ),
)
