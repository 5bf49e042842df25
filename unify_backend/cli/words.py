"""Words of the command line that stand for values."""

from collections.abc import Sequence

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.references import Area

AREA_WORDS = {
    "backend": Area.BACKEND,
    "tests": Area.TESTS,
    "docs": Area.DOCS,
    "scripts": Area.SCRIPTS,
    "launcher": Area.LAUNCHER,
    "docker": Area.DOCKER,
    "ci": Area.CI,
    "config": Area.CONFIG,
    "frontend": Area.FRONTEND,
    "other": Area.OTHER,
}


def areas_of(words: Sequence[str] | None) -> frozenset[Area]:
    """The areas that `--only` names: a short word or the name in the tables, any letter case.

    Raises ConfigurationError for an unknown one. No words: the empty set, which means all.
    """
    by_name = {area.value.lower(): area for area in Area} | AREA_WORDS
    for word in words or ():
        if word.lower() not in by_name:
            raise ConfigurationError(
                f"--only {word!r} is no area", f"areas: {', '.join(AREA_WORDS)}", "Correct it."
            )
    return frozenset(by_name[word.lower()] for word in words or ())
