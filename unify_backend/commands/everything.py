"""A product that is renamed with its package: every place that has its name, whatever it names.

The rules rewrite what is proven to be the package. Here a person has decided that the word goes
everywhere: titles, commands, distributions, images, variables, addresses, longer words. What tells
of the rename itself, history, addresses of mail and what a generator writes stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.model.errors import ConfigurationError, UnifyError
from unify_backend.model.evidence import NameKind, Reason
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.text import Binary, decode_file
from unify_backend.names.variants import restyled
from unify_backend.references.inventory import take_inventory
from unify_backend.repository.snapshot import Snapshot

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WHY = "the product is renamed with its package"
_STAYS = frozenset(
    {
        Reason.FORMER_NAME,
        Reason.STATES_RENAME,
        Reason.RESTATED_NEARBY,
        Reason.PERMANENT_LINK,
        Reason.E_MAIL,
        Reason.OPTED_OUT,
    }
)
# What other rules than those of a place say: no wide decision changes it, or none may.
_OF_FILES = frozenset(
    {
        Reason.BINARY,
        Reason.UNPARSED,
        Reason.REGENERATED,
        Reason.SHIM,
        Reason.SHIM_ENTRY,
        Reason.HISTORY,
        Reason.OWN_FILE,
        Reason.ESCAPED,
    }
)


def with_everything(
    contents: Snapshot, settings: Settings
) -> tuple[Settings, tuple[tuple[NameKind, int], ...]]:
    """The settings that rename the product too, and how many places that adds, by what they name.

    `also` of the configuration counts first, inside longer words too. Raises ConfigurationError for
    names with dots: no text but code calls a product so.
    """
    for move in settings.moves:
        if "." in move.legacy + move.canonical:
            raise ConfigurationError(
                f"--everything does not go with {move.shown}",
                "a product is called by one word, and a name with dots is no such word",
                "Leave --everything out, and name the spellings under `also` in the configuration.",
            )
    inventory = take_inventory(contents, settings, with_canonical=False)
    open_places = [
        reference
        for reference in inventory.references
        if reference.action is not Action.REWRITE and reference.names is not Names.CANONICAL
    ]
    also = dict(_longer_words(open_places, settings))
    stays = [reference for reference in open_places if reference.rule in _STAYS]
    generated = sorted({r.path for r in open_places if r.rule is Reason.REGENERATED})
    decisions = (
        *settings.decisions,
        *_pinned(contents, stays),
        *(Decision(path, None, Action.REVIEW, "generated: run it again") for path in generated),
        Decision("**", None, Action.REWRITE, _WHY),
    )
    added = Counter(
        reference.kind
        for reference in open_places
        if reference.rule not in _STAYS | _OF_FILES
        and (reference.names is not Names.LOOKALIKE or reference.text in also)
    )
    return replace(settings, also=tuple(sorted(also.items())), decisions=decisions), tuple(
        added.most_common()
    )


def _longer_words(places: Sequence[Reference], settings: Settings) -> Iterator[tuple[str, str]]:
    """What each look-alike becomes, where its style says it; and what is configured."""
    yield from settings.also
    for text in sorted({place.text for place in places if place.names is Names.LOOKALIKE}):
        new = text
        for old, becomes in sorted(settings.also, key=lambda pair: -len(pair[0])):
            new = new.replace(old, becomes)
        for move in settings.moves:
            if new == text and _holds_whole(text, move.legacy):
                new = restyled(text, move.legacy, move.canonical) or text
        if new != text:
            yield text, new


def _holds_whole(word: str, name: str) -> bool:
    """Whether `name` is a part of the longer `word`, once and whole: `LampError` and `my_lamp` hold
    `lamp`, `lampshade` and `clamp` hold other words."""
    wanted = name.replace("_", "").lower()
    if re.sub(r"[-_ ]", "", word).lower().count(wanted) != 1:
        return False
    parts = [part.lower() for part in _PARTS.findall(word)]
    return any(
        "".join(parts[start:end]) == wanted
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
    )


def _pinned(contents: Snapshot, places: Sequence[Reference]) -> Iterator[Decision]:
    """Decisions that keep these places alone."""
    lines: dict[str, list[str]] = {}
    for place in places:
        if place.path not in lines:
            lines[place.path] = _lines(contents, place.path)
        if place.start.line > len(lines[place.path]):
            continue
        whole = lines[place.path][place.start.line - 1]
        line = whole.strip()
        column = place.start.column - (len(whole) - len(whole.lstrip()))
        if line.startswith(place.text, column - 1):
            yield Decision(
                place.path, place.text, Action.KEEP, place.reason, line=line, column=column
            )


def _lines(contents: Snapshot, path: str) -> list[str]:
    try:
        decoded = decode_file(path, contents.read(path))
    except UnifyError:
        return []
    return [] if isinstance(decoded, Binary) else decoded.text.split("\n")
