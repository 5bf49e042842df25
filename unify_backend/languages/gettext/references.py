"""Catalogues of gettext: where a text was found is a path; texts and translations stay.

The format is that of GNU gettext's manual ("The Format of PO Files").
"""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import addresses, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span

_PLACES = re.compile(r"\ufeff?(?:\#~[ \t]*)?\#:")
_COMMENT = re.compile(r"\ufeff?\#(?![,|~=])")
_HEADER = re.compile(r"[ \t]*\"(?:Project-Id-Version|Report-Msgid-Bugs-To|Language-Team|X-[\w-]+):")
_TEXT = "a text that programs look up by its words, or its translation"


class GettextReferences:
    """Places, comments, and texts."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits):
            if places := _PLACES.match(line.text):
                span = Span(line.start + places.end(), line.span.end)
                yield SyntaxContext(
                    span, "gettext-place", ContextKind.PATH_VALUE, evidence=Evidence.DIRECTIVE
                )
            elif _COMMENT.match(line.text):
                yield SyntaxContext(line.span, "gettext-comment", ContextKind.COMMENT)
            else:
                note = "a project's name" if _HEADER.match(line.text) else _TEXT
                yield SyntaxContext(line.span, "gettext-text", ContextKind.LABEL, note=note)
        yield from addresses(fragment.text, fragment.hits, "gettext-address")
