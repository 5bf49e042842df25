"""Source code in which Python is only named: identifiers stay, comments and strings are looked at.

A string is a module where a call that imports Python takes it, a command or a word of one where a
call that starts programs does, and a path where a call opens it. Anything else is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.code.scanner import Piece, Pieces, Syntax
from unify_backend.languages.key_values import addresses, holding
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import words_at
from unify_backend.languages.scripts.programs import find
from unify_backend.model.evidence import Evidence, Label, Reason
from unify_backend.model.spans import Span

# CPython's C API; Boost.Python, pybind11 and nanobind; PyO3; Python.NET, PythonKit; PyCall of Ruby
# and Julia, PythonCall; reticulate; Chaquopy; lupa: what each calls the import of a Python module
_IMPORT = re.compile(
    r"(?:\bPyImport_\w+\(\s*(?:PyUnicode_\w+\(\s*)?|\bPyCapsule_Import\(\s*"
    r"|\b(?:python|module_?|bp|nb|py|PyModule|PyCall|reticulate|PyCore)(?:::|\.)+import_?\w*\(\s*(?:py\s*,\s*)?"
    r"|\bPy(?:thon)?\.[Ii]mport\(\s*|\bpy(?:import|from)\b\s*\(?\s*|\bgetModule\(\s*"
    r"|\bimport_from_path\(\s*|\#\[py\w+\([^\]\n]*\bmodule\s*=\s*)\Z"
)
_PY_IMPORT = re.compile(r"@?\bpyimport[ \t]+:?\Z")  # where no quotes stand around the module
_STARTS = re.compile(
    r"(?:\b_?w?(?:system|popen)|\bproc_open|\bshell_exec|\bpassthru|\bos\.execute|\bexec[lv]?[pe]*"
    r"|\bcommandLine|\bspawn[lv]?[pe]*|\bexec\.Command(?:Context)?|\bProcessBuilder|\bCommand::new"
    r"|\bProcess\.(?:Start|run)|\bProcess\.spawn|\bOpen3\.\w+|\bcapture[23]e?|%x)"
    r"\s*[({]?\s*(?:\w+\s*,\s*)?\Z"
)
_OPENS = re.compile(
    r"(?:\b_?w?(?:fopen|open|opendir|access|chdir|freopen)|\b(?:std::)?[io]?fstream(?:\s+\w+)?"
    r"|\b(?:fs::|filesystem::)?[Pp]ath(?:s\.get|\.of|::new|Buf::from)|\bnew\s+File(?:\w*Stream)?"
    r"|\bFile(?:::|\.)\w+|\bDir(?:::|\.)\w+|\bos\.(?:Open\w*|ReadFile|ReadDir|Stat|Chdir)"
    r"|\bfilepath\.\w+|\binclude_(?:str|bytes)!|\b(?:current_dir|read_to_string|file_get_contents)"
    r"|\bio\.open|\breadLines|\bread\.\w+)\s*\(\s*\Z"
)
_SHOWS = re.compile(
    r"\b(?:f?printf?(?:ln)?!?|puts|echo|error|raise|die|warn|console\.\w+|[\w.]*log(?:ger)?\.\w+)"
    r"\s*\(?\s*\Z"
)
_BETWEEN = re.compile(r"[\s,\[]*+(?:\)\s*\.args?\(\s*&?\s*\[?\s*)?")
_INCLUDE = re.compile(r"^[ \t]*\#[ \t]*(?:include|import)[ \t]+[<\"]?\Z", re.MULTILINE)
# `}  // namespace old`: what a comment says of the code around it
_DECLARED = re.compile(r"\b(?:namespace|class|struct|enum|trait|crate|mod)[ \t]+(?:\w+::)*\Z")
_ANGLE = re.compile(r"[^>\n]*")
_FAR = 200  # characters in front of a string that say what takes it


def comment_of(span: Span, form: str) -> SyntaxContext:
    """A comment on code whose own identifiers may be called like the package."""
    note = "in a comment on code that is not Python, whose names it may mean"
    return SyntaxContext(
        span, f"{form}-comment", ContextKind.COMMENT, note=note, reason=Reason.ALONE
    )


class CodeReferences:
    """Places by comments and strings. A language says its `form` (the beginning of each form's
    name), its `syntax`, and what its identifiers are (`note`)."""

    form: str
    syntax: Syntax
    note = "an identifier, which is no Python"

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        pieces = Pieces(text, self.syntax)
        for hit in hits:
            number = pieces.number_at(hit)
            if number is None:
                yield self.outside(fragment, hit)
                continue
            piece = pieces.all[number]
            if piece.comment:
                yield comment_of(piece.span, self.form)
                if _DECLARED.search(self.before(text, hit)):
                    yield self._identifier(hit)
                continue
            yield from self.string(fragment, piece, hit)
            yield from self._words(fragment, pieces, number, hit)
        yield from addresses(text, hits, f"{self.form}-address")

    def outside(self, fragment: Fragment, hit: Span) -> SyntaxContext:
        """The place of a name that stands in no string."""
        before = self.before(fragment.text, hit)
        if _PY_IMPORT.search(before):
            return self._module(hit, escapes=False)
        if _INCLUDE.search(before):
            end = _ANGLE.match(fragment.text, hit.end)
            span = Span(hit.start, end.end() if end else hit.end)
            return SyntaxContext(span, f"{self.form}-path", ContextKind.PATH_STRING)
        return self._identifier(hit)

    def string(self, fragment: Fragment, piece: Piece, hit: Span) -> Iterator[SyntaxContext]:
        """The places of a name in a string, by what takes the string."""
        before = self.before(fragment.text, piece.span)
        if _IMPORT.search(before):
            yield self.module(piece)
        elif _STARTS.search(before):
            yield self.command(piece)
        elif _OPENS.search(before) or _INCLUDE.search(before):
            yield self.path(piece)
        elif _SHOWS.search(before):
            yield replace(self.unknown(piece), label=Label.SHOWN)
        else:
            yield self.unknown(piece)

    def before(self, text: str, span: Span) -> str:
        """What stands in front of a string or a name, a few lines at most."""
        return text[max(0, span.start - _FAR) : span.start]

    def path(
        self, piece: Piece, evidence: Evidence = Evidence.KNOWN_CALL, *, from_file: bool = False
    ) -> SyntaxContext:
        """A string that is a path, which `evidence` shows."""
        return SyntaxContext(
            piece.inner,
            f"{self.form}-path",
            ContextKind.PATH_STRING,
            escapes=piece.escapes,
            evidence=evidence,
            from_file=from_file,
        )

    def command(self, piece: Piece, language: str = "shell") -> SyntaxContext:
        """A string that is a command line."""
        form = f"{self.form}-command"
        return SyntaxContext(
            piece.inner, form, ContextKind.COMMAND, language, escapes=piece.escapes
        )

    def named(self, piece: Piece, note: str) -> SyntaxContext:
        """A string that is the name of something else; `note` says of what."""
        form = f"{self.form}-string"
        return SyntaxContext(piece.inner, form, ContextKind.LABEL, escapes=piece.escapes, note=note)

    def unknown(self, piece: Piece) -> SyntaxContext:
        """A string of whose use nothing is known."""
        form = f"{self.form}-string"
        return SyntaxContext(piece.inner, form, ContextKind.STRING, escapes=piece.escapes)

    def module(self, piece: Piece) -> SyntaxContext:
        """A string that is the name of a Python module."""
        return self._module(piece.inner, piece.escapes)

    def _identifier(self, hit: Span) -> SyntaxContext:
        form = f"{self.form}-identifier"
        return SyntaxContext(hit, form, ContextKind.OTHER_NAME, note=self.note)

    def _module(self, span: Span, escapes: bool) -> SyntaxContext:
        return SyntaxContext(
            span,
            f"{self.form}-import",
            ContextKind.MODULE_STRING,
            escapes=escapes,
            evidence=Evidence.KNOWN_CALL,
        )

    def _words(
        self, fragment: Fragment, pieces: Pieces, number: int, hit: Span
    ) -> Iterator[SyntaxContext]:
        """Words of a command that is written as a list of strings."""
        strings = pieces.joined(fragment.text, number, _BETWEEN)
        if len(strings) < 2:
            return
        words = words_at(fragment.text, [string.inner for string in strings])
        started = _STARTS.search(self.before(fragment.text, strings[0].span))
        if started or find(words[0].text) is not None:
            piece = pieces.all[number]
            form = f"{self.form}-command"
            yield SyntaxContext(piece.inner, form, ContextKind.COMMAND, escapes=piece.escapes)
            for zone in contexts_of(words, holding([hit], piece.inner), form):
                yield replace(zone, escapes=piece.escapes)
