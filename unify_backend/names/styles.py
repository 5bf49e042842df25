"""A name in the style of another: `OLD_NAME` → `NEW_NAME`, `Old Name` → `New Name`."""

import re


def restyled(word: str, legacy: str, canonical: str) -> str | None:
    """What `word`, which holds a variant of the last segment of `legacy`, would be called after
    `canonical`: letter case and joints as in `word`, everything else of it kept. None where the
    style is not plain.

    The canonical words are those of its last segment, or of the whole name where the last segment
    alone says nothing of the old one (`old_backend` → `old.backend.main`).
    """
    old = [one for one in legacy.rsplit(".", 1)[-1].lower().split("_") if one]
    pattern = re.compile(r"([-_ ]?)".join(map(re.escape, old)), re.IGNORECASE)
    found = pattern.search(word)
    if found is None or not old:
        return None
    written = found.group()
    pieces, at = [], 0
    for part in old:
        at = written.lower().index(part, at)
        pieces.append(written[at : at + len(part)])
        at += len(part)
    joint = found.group(1) if len(old) > 1 else ""
    words = _cased(pieces, _new_words(legacy, canonical), joint)
    if words is None:
        return None
    as_before = {one.lower(): one for one in pieces}  # `PixStore` has a spelling of its own
    new = joint.join(as_before.get(one.lower(), one) for one in words)
    return word[: found.start()] + new + word[found.end() :]


def _new_words(legacy: str, canonical: str) -> list[str]:
    old = set(legacy.rsplit(".", 1)[-1].lower().split("_"))
    segments = [one.split("_") for one in canonical.lower().split(".")]
    shared = any(old & set(one) for one in segments[:-1])
    return [word for one in (segments if shared else segments[-1:]) for word in one]


def _cased(pieces: list[str], words: list[str], joint: str) -> list[str] | None:
    """`words` in the letter case of `pieces`; None where that has no rule."""
    if all(one.isupper() or one.isdigit() for one in pieces):
        return [one.upper() for one in words]
    if all(one.islower() or one.isdigit() for one in pieces):
        return words
    capital = [one[:1].upper() + one[1:] for one in words]
    if all(one[:1].isupper() for one in pieces):
        return capital
    if pieces[0][:1].isupper() and all(one.islower() for one in pieces[1:]):
        return [capital[0], *words[1:]]
    return [words[0], *capital[1:]] if joint == "" and pieces[0].islower() else None
