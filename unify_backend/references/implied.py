"""References that do not hold the name; they are listed and decided like all others."""

from collections.abc import Iterable
from dataclasses import replace

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Inventory, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.references.areas import Areas
from unify_backend.references.decision import Classification
from unify_backend.references.overrides import Overrides
from unify_backend.references.parts import with_parts


class ImpliedReferences:
    """Makes references out of places that another part of the tool found."""

    def __init__(self, settings: Settings) -> None:
        self._areas = Areas(settings.moves, settings.areas)
        self._overrides = Overrides(settings)

    def at(
        self, path: str, text: str, span: Span, form: str, move: PackageMove, result: Classification
    ) -> Reference:
        """The reference at `span` of the file's `text`; a decision of the configuration outranks
        `result`."""
        lines = LineIndex(text)
        decided = self._overrides.apply(
            path, text, span, lines.line_of(span.start), result, form=form
        )
        return Reference(
            path,
            span,
            lines.position(span.start),
            lines.position(span.end),
            text[span.start : span.end],
            Names.IMPLIED,
            form,
            self._areas.of(path),
            decided.action,
            decided.replacement,
            None,
            decided.rule,
            decided.detail,
            move.legacy,
            decided.kind,
            decided.evidence,
        )


def with_implied(inventory: Inventory, implied: Iterable[Reference]) -> Inventory:
    """The inventory with more references in it, those left out that overlap one which holds the
    name."""
    added = list(implied)
    named: dict[str, list[Span]] = {reference.path: [] for reference in added}
    for reference in inventory.references:
        if reference.path in named and reference.names is not Names.LOOKALIKE:
            named[reference.path].append(reference.span)
    fitting = [
        reference
        for reference in added
        if not any(span.overlaps(reference.span) for span in named[reference.path])
    ]
    everything = sorted(
        (*inventory.references, *fitting), key=lambda reference: (reference.path, reference.span)
    )
    return replace(inventory, references=with_parts(everything))
