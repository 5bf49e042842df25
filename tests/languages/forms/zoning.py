"""What the tests of forms share: which zone each name in a text ends up in."""

import re
from dataclasses import dataclass

from unify_backend.languages.language import ContextKind, Fragment, ReferenceReader, SyntaxContext
from unify_backend.model.spans import Span

NAME = re.compile(r"(?<![A-Za-z0-9_])shop_backend(?![A-Za-z0-9_])")


@dataclass(frozen=True)
class Seen:
    """The innermost zone of one name, with the text that the zone covers."""

    text: str
    form: str
    context: ContextKind
    language: str | None
    escapes: bool
    note: str


def fragment_of(text: str, path: str = "file") -> Fragment:
    """A fragment with every `shop_backend` as a hit."""
    return Fragment(path, text, [Span(*found.span()) for found in NAME.finditer(text)])


def contexts_of(form: ReferenceReader, text: str, path: str = "file") -> list[SyntaxContext]:
    """All zones that a form finds."""
    return [one for one in form.contexts(fragment_of(text, path)) if isinstance(one, SyntaxContext)]


def seen(form: ReferenceReader, text: str, path: str = "file") -> list[Seen | None]:
    """For each name the smallest zone around it (the last of equal ones), None where none is."""
    zones = contexts_of(form, text, path)
    answer: list[Seen | None] = []
    for hit in fragment_of(text).hits:
        around = [zone for zone in zones if zone.span.holds(hit)]
        around.sort(key=lambda zone: zone.span.end - zone.span.start)
        smallest = [zone for zone in around if zone.span == around[0].span]
        answer.append(_seen(text, smallest[-1]) if around else None)
    return answer


def only(form: ReferenceReader, text: str, path: str = "file") -> Seen:
    """The zone of the one name in `text`; fails where there are more names or no zone."""
    (answer,) = seen(form, text, path)
    assert answer is not None, f"no zone around the name in {text!r}"
    return answer


def _seen(text: str, zone: SyntaxContext) -> Seen:
    covered = text[zone.span.start : zone.span.end]
    return Seen(covered, zone.form, zone.context, zone.language, zone.escapes, zone.note)
