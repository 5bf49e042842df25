"""Uses of the legacy package that do not spell its name."""

from dataclasses import dataclass

from unify_backend.model.spans import Position, Span


@dataclass(frozen=True, slots=True)
class HiddenUse:
    """One place that depends on the legacy package without its name standing there.

    `text` is exactly what stands at `span`. `means` is its value, in one spelling whatever
    the quotes, blanks and line breaks are (`old.main:app`): the key by which a baseline knows it.
    `reason` says in one sentence why it is one, `advice` what to write instead; `replacement` is
    what the span becomes where that is certain (None: it needs review).
    """

    path: str
    span: Span
    start: Position
    end: Position
    text: str
    form: str
    means: str
    reason: str
    advice: str
    replacement: str | None
    legacy: str  # the move it belongs to, by its legacy name
