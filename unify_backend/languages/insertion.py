"""Text put into a text: an insertion cannot lose what is there."""

from collections.abc import Sequence

from unify_backend.model.spans import Edit, Span, splice


def insert(text: str, added: Sequence[tuple[int, str]]) -> str:
    """`text` with each string put in at its offset, in the line ends of `text`. Of several at one
    offset the first stands first."""
    newline = "\r\n" if "\r\n" in text else "\n"
    merged: dict[int, str] = {}
    for at, new in added:
        merged[at] = merged.get(at, "") + new.replace("\n", newline)
    return splice(text, (Edit(Span(at, at), new) for at, new in merged.items()))


def at_end(text: str, block: str) -> str:
    """`block` (whole lines) as it follows `text`: on a line of its own, after an empty one."""
    if not text:
        return block
    return f"\n{block}" if text.endswith("\n") else f"\n\n{block}"
