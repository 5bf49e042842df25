"""LaTeX: files that are read in, code, labels; the rest is running text.

The environments are those of LaTeX itself and of the packages listings, minted, fancyvrb and alltt.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.detect import language_of_code
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.key_values import addresses, lines_at, of_key
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_BLOCK = re.compile(
    r"\\begin\{(?P<name>[BLv]?[Vv]erbatim|lstlisting|minted|alltt|code|pyconsole|pycode|pyblock)"
    r"(?P<star>\*?)\}(?P<options>(?:\[[^\]\n]*\])?)(?:\{(?P<label>[\w+-]+)\})?"
    r"(?P<code>.*?)(?:\\end\{(?P=name)(?P=star)\}|\Z)",
    re.DOTALL,
)
_LANGUAGE = re.compile(r"\blanguage=\{?(?:\[[^\]]*\])?(?P<label>[\w+-]+)")
_PYTHON = frozenset({"pyconsole", "pycode", "pyblock"})
_INSIDE = re.compile(
    r"\\(?P<command>[A-Za-z@]+)\*?(?:\[[^\]\n]*\])*(?P<before>(?:\{[^{}\n]*\})*)\{[^{}\n]*\Z"
)
_VERBATIM = re.compile(
    r"\\(?:verb\*?|lstinline(?:\[[^\]\n]*\])?)(?P<mark>[^\w\s{*])(?P<code>[^\n]*?)(?P=mark)"
)
_ENTRY = re.compile(r"@\w+\{[ \t]*\Z")  # of BibTeX
_FIELD = re.compile(r"(?:^|[,\s])(?P<key>\w+)[ \t]*=[ \t]*[{\"][^{}\"]*\Z")
_COMMENT = re.compile(r"(?:^|[^\\])(?:\\\\)*(?P<comment>%[^\n]*)")
_PATHS = frozenset(
    "input include includegraphics lstinputlisting verbatiminput inputminted subfile import "
    "subimport includestandalone bibliography addbibresource graphicspath includepdf "
    "InputIfFileExists VerbatimInput includesvg pgfplotstableread csvreader path "
    "inputpygments".split()
)
_LABELS = frozenset(
    "label ref autoref cref Cref pageref nameref eqref cite citep citet hyperlink hypertarget gls "
    "usepackage documentclass RequirePackage newcommand renewcommand def begin end index "
    "bibliographystyle DeclareMathOperator".split()
)
_CODE = frozenset(
    "texttt code verb lstinline mintinline pyth file filename lstset colorbox module "
    "package".split()
)


@dataclass(frozen=True, slots=True)
class _Block:
    """The code of an environment, and its language where it says one."""

    span: Span
    language: str | None


class LatexReferences:
    """Environments of code first, then the command around each name, then running text."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        blocks = [_block(match, text) for match in _BLOCK.finditer(text)]
        starts = [block.span.start for block in blocks]
        outside = []
        for hit in hits:
            number = bisect_right(starts, hit.start) - 1
            if number >= 0 and blocks[number].span.holds(hit):
                block = blocks[number]
                yield SyntaxContext(block.span, "latex-code", ContextKind.CODE_SPAN, block.language)
            else:
                outside.append(hit)
        yield from _running(text, outside)
        yield from addresses(text, hits, "latex-address")


def _block(match: re.Match[str], text: str) -> _Block:
    options = _LANGUAGE.search(match["options"])
    label = match["label"] or (options["label"] if options else "")
    span = Span(*match.span("code"))
    if match["name"] in _PYTHON:
        return _Block(span, "python")
    code = text[span.start : span.end]
    language = language_of_code(label, code) if label else guess_language(code)
    return _Block(span, language)


def _running(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    for line in lines_at(text, hits):
        yield SyntaxContext(line.span, "latex-text", ContextKind.PROSE)
        if comment := _COMMENT.search(line.text):
            span = Span(*comment.span("comment")).shift(line.start)
            yield SyntaxContext(span, "latex-comment", ContextKind.COMMENT)
        for verbatim in _VERBATIM.finditer(line.text):
            span = Span(*verbatim.span("code")).shift(line.start)
            yield SyntaxContext(
                span, "latex-code", ContextKind.CODE_SPAN, guess_language(verbatim["code"])
            )
        for hit in line.hits:
            yield from _within(line.text, line.start, hit)


def _within(line: str, start: int, hit: Span) -> Iterator[SyntaxContext]:
    at = hit.start - start
    if _ENTRY.search(line[:at]):
        note = "the key of an entry, which is cited"
        yield SyntaxContext(hit, "latex-label", ContextKind.LABEL, note=note)
    elif field := _FIELD.search(line[:at]):
        place = of_key(field["key"], line, Span(at, at + hit.end - hit.start))
        if place.context is ContextKind.LABEL:
            yield place.at(hit, "latex-field")
    inside = _INSIDE.search(line, 0, at)
    if inside is None:
        return
    begin = line.rindex("{", 0, at) + 1
    end = line.find("}", at)
    span = Span(start + begin, start + (end if end >= 0 else len(line)))
    command = inside["command"]
    if command in _PATHS and (command != "inputminted" or inside["before"]):
        yield SyntaxContext(span, "latex-path", ContextKind.PATH_STRING, from_file=True)
    elif command in _LABELS:
        note = "a label, a macro or a package of LaTeX"
        yield SyntaxContext(span, "latex-label", ContextKind.LABEL, note=note)
    elif command in _CODE:
        code = line[begin : span.end - start]
        yield SyntaxContext(span, "latex-code", ContextKind.CODE_SPAN, guess_language(code))
