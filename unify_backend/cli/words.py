"""Words of the command line that stand for values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.model.references import Area


def areas_of(words: Sequence[str] | None) -> frozenset[Area]:
    """The areas that `--only` names: a short word or the name in the tables, any letter case.

    Raises ConfigurationError for an unknown one. No words: the empty set, which means all.
    """
    from unify_backend.model.references import Area

    short = {area.name.lower(): area for area in Area}
    by_name = short | {area.value.lower(): area for area in Area}
    for word in words or ():
        if word.lower() not in by_name:
            raise ConfigurationError(
                f"--only {word!r} is no area", f"areas: {', '.join(short)}", "Correct it."
            )
    return frozenset(by_name[word.lower()] for word in words or ())
