"""Lists of path patterns: ignore files, .gitattributes, CODEOWNERS, MANIFEST.in."""

import re
from collections.abc import Iterator

from unify_backend.codemods.places import lines_at
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

_PATTERN = re.compile(r"[ \t]*(?P<pattern>\"[^\"\n]*\"|(?:[^\s\\]|\\.)+)")
_DIRECTIVE = re.compile(
    r"[ \t]*(?:(?:global-|recursive-)?(?:include|exclude)|graft|prune)(?=[ \t])"
)


class PatternsForm:
    """One pattern a line; what follows it are attributes or owners."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit; never raises."""
        name = fragment.path.rsplit("/", 1)[-1]
        manifest = name.lower().startswith("manifest")
        owners = name == "CODEOWNERS"
        for line in lines_at(fragment.text, fragment.hits):
            text = line.text
            if text.lstrip().startswith("#"):
                yield Zone(line.span, "pattern-comment", Context.COMMENT)
            elif owners and re.match(r"[ \t]*\^?\[", text):
                yield Zone(line.span, "pattern-section", Context.LABEL, note="a section of owners")
            elif manifest or not name.startswith((".gitattributes", "CODEOWNERS")):
                head = _DIRECTIVE.match(text) if manifest else None
                span = Span(line.start + (head.end() if head else 0), line.span.end)
                ignores = not manifest and not owners
                yield Zone(span, "pattern-path", Context.PATH_VALUE, foresees=ignores)
            elif found := _PATTERN.match(text):
                yield Zone(
                    Span(*found.span("pattern")).shift(line.start),
                    "pattern-path",
                    Context.PATH_VALUE,
                )
                rest = Span(line.start + found.end(), line.span.end)
                note = "an owner" if owners else "an attribute"
                yield Zone(rest, "pattern-owner", Context.LABEL, note=note)
                yield from _comment(line.start, text, found.end())


def _comment(start: int, text: str, after: int) -> Iterator[Zone]:
    if found := re.compile(r"[ \t]#").search(text, after):
        yield Zone(
            Span(start + found.start() + 1, start + len(text)), "pattern-comment", Context.COMMENT
        )
