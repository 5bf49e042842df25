"""Texts that name both packages: they state the rename, or would say a thing twice after it."""

from __future__ import annotations

import re
from functools import lru_cache

from unify_backend.languages.language import ContextKind
from unify_backend.model.text import PYTHON_FILES
from unify_backend.references.place import VERBATIM, Place, as_folder


def _contrasts(place: Place) -> bool:
    """Whether the canonical package's parent is named beside it, as one says of two trees."""
    move = place.token.hit.spelling.move
    pattern = _parents(move.canonical, move.legacy)
    return bool(pattern.search(place.before) or pattern.search(place.after))


@lru_cache(maxsize=64)
def _parents(canonical: str, legacy: str) -> re.Pattern[str]:
    """The parents of the canonical package that have at least two segments, whole."""
    parts = canonical.split(".")
    parents = [parts[:n] for n in range(2, len(parts)) if ".".join(parts[:n]) != legacy]
    body = "|".join(r"[./\\]".join(map(re.escape, parent)) for parent in parents) or r"(?!)"
    return re.compile(rf"(?<![\w./\\-])(?:{body})(?![\w-]|[./\\]+[\w-])")


_BECOMES = re.compile(
    r"[`'\"*_)\]]*\s*(?:→|->|=>|⇒|➜|⟶|"
    r"(?:(?:was|is|has been|to be)\s+)?(?:renamed|moved)\s+(?:in)?to\b|"
    r"(?:becomes?|became|replaced by|superseded by)\b)\s*[`'\"*_(\[]*"
)


def states(place: Place) -> bool:
    """Whether the text says what this very name becomes, or that there are two trees.

    No rewrite can have made such words: it would have changed both of two equal names, or neither.
    """
    if place.context not in VERBATIM:
        return False
    if place.stated and (match := _BECOMES.match(place.after)):
        new = as_folder(place) if place.bare else place.token.replacement
        ways = {place.token.replacement, new or ""}
        return any(place.after.startswith(way, match.end()) for way in ways if way)
    return _contrasts(place)


def restated(place: Place) -> object:
    """The line near by that says the same of the canonical package, where both only tell of it."""
    code = place.path.endswith(PYTHON_FILES)
    tells = place.context in VERBATIM or (place.code and not code)
    return tells and place.zone.repeats and str(place.zone.repeats)


def surely_restated(place: Place) -> object:
    """The same where both lines hold their names in the same kind of place. A rewrite would have
    changed both or neither, so it is none that wrote the other one."""
    return place.zone.repeats_alike and restated(place)


def surely_repeats(place: Place) -> object:
    """The same of an entry that would stand there twice."""
    return place.zone.repeats_alike and repeats_nearby(place)


def repeats_nearby(place: Place) -> object:
    """The line near by that a list, a setting or a command would hold twice."""
    entry = (
        not place.code and place.context not in VERBATIM and place.context is not ContextKind.LABEL
    )
    return entry and place.zone.repeats and str(place.zone.repeats)


def says_both(place: Place) -> bool:
    """Whether the line of a text names both packages. Whoever names the package that the other one
    lies in says nothing of a rename."""
    rising = place.token.hit.spelling.move.into_parent
    return place.stated and place.context in VERBATIM and not rising


def repeats(place: Place) -> bool:
    """Whether another line than a text's names both packages; a copy names two by its nature."""
    if place.zone.destination:
        return False
    return place.stated and not place.code and place.context not in VERBATIM
