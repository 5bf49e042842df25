"""A name in the style of another: `OLD_NAME` → `NEW_NAME`, `Old Name` → `New Name`."""

import re


def restyled(word: str, legacy: str, canonical: str) -> str | None:
    """What `word`, which holds a variant of the last segment of `legacy`, would be called after
    `canonical`: letter case and joints as in `word`, everything else of it kept. None where the
    style is not plain.

    The canonical words are those of its last segment, or of the whole name where the last segment
    alone says nothing of the old one (`old_backend` → `old.backend.main`).
    """
    old = [part for part in legacy.rsplit(".", 1)[-1].lower().split("_") if part]
    pattern = re.compile(r"([-_ ]?)".join(map(re.escape, old)), re.IGNORECASE)
    match = pattern.search(word)
    if match is None or not old:
        return None
    written = match.group()
    pieces, at = [], 0
    for part in old:
        at = written.lower().index(part, at)
        pieces.append(written[at : at + len(part)])
        at += len(part)
    joint = match.group(1) if len(old) > 1 else ""
    words = _cased(pieces, _new_words(legacy, canonical), joint)
    if words is None:
        return None
    as_before = {piece.lower(): piece for piece in pieces}  # `PixStore` has a spelling of its own
    new = joint.join(as_before.get(new_word.lower(), new_word) for new_word in words)
    return word[: match.start()] + new + word[match.end() :]


def _new_words(legacy: str, canonical: str) -> list[str]:
    old = set(legacy.rsplit(".", 1)[-1].lower().split("_"))
    segments = [segment.split("_") for segment in canonical.lower().split(".")]
    shared = any(old & set(segment) for segment in segments[:-1])
    return [word for segment in (segments if shared else segments[-1:]) for word in segment]


def _cased(pieces: list[str], words: list[str], joint: str) -> list[str] | None:
    """`words` in the letter case of `pieces`; None where that has no rule."""
    if all(piece.isupper() or piece.isdigit() for piece in pieces):
        return [word.upper() for word in words]
    if all(piece.islower() or piece.isdigit() for piece in pieces):
        return words
    capital = [word[:1].upper() + word[1:] for word in words]
    if all(piece[:1].isupper() for piece in pieces):
        return capital
    if pieces[0][:1].isupper() and all(piece.islower() for piece in pieces[1:]):
        return [capital[0], *words[1:]]
    return [words[0], *capital[1:]] if joint == "" and pieces[0].islower() else None
