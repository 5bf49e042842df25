"""Jupyter notebooks: cells are read in their own language, outputs stay, metadata by its keys."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.detect import language_called
from unify_backend.languages.embedded_text import Reading, joined, json_escaped, json_reading
from unify_backend.languages.key_values import addresses, holding, key_itself, of_key
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.notebook.cells import Cell, Notebook, Value, read_notebook
from unify_backend.languages.notebook.magics import CellPart, stretches
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.references import StatementSplit
from unify_backend.model.spans import Edit, Span
from unify_backend.model.text import SOURCE

Read = Callable[[str, Fragment], Iterable[SyntaxContext | SplitReference]]
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\[bfnrt]\Z")
_HIDDEN = "directly behind an escape, which hides it: rename it by hand"
_ELEMENT = re.compile(r"[\[,](?P<gap>\s*)\Z")
_NEXT = re.compile(r"\"\s*,\s*(?=\")")
_LINE = re.compile(r"\bline (\d+)\b")
_RAW = {"text/x-rst": "restructuredtext", "text/restructuredtext": "restructuredtext"}
_RAW |= {"text/html": "html", "text/markdown": "markdown", "text/x-python": "python"}


class NotebookReferences:
    """Decodes the JSON of each cell and passes its text to the reader of the language.

    `read` gives the places in a text of a given language, nested ones included. It is asked with
    the cells' own text, because no escape and no JSON quote is part of a program.
    """

    def __init__(self, read: Read) -> None:
        self._read = read

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit. Raises FormError where the text is no notebook."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        notebook = read_notebook(text)
        programs: list[Reading] = []
        for cell in notebook.cells:
            whole = _extent(cell)
            if cell.kind == "code":
                programs += yield from self._code(cell, notebook.language, fragment)
            elif whole and holding(hits, whole):
                yield SyntaxContext(whole, "notebook-text", ContextKind.PROSE, escapes=True)
                language = _RAW.get(cell.format) if cell.kind == "raw" else "markdown"
                if language:
                    reading = json_reading(text, cell.source)
                    yield from self._hand_on(language, reading, f"notebook-{cell.kind}", fragment)
        yield from self._programs(programs, fragment)
        yield from _behind_escapes(notebook, fragment)
        yield from _others(notebook, fragment)
        yield from addresses(text, hits, "notebook-address")

    def _code(
        self, cell: Cell, kernel: str, fragment: Fragment
    ) -> Generator[SyntaxContext | SplitReference, None, list[Reading]]:
        """Zones of the parts of a cell that are not Python; returns the parts that are."""
        text = fragment.text
        whole = _extent(cell)
        if whole is None:
            return []
        if holding(fragment.hits, whole):
            yield SyntaxContext(whole, "notebook-code", ContextKind.CODE_SPAN, escapes=True)
        reading = json_reading(text, cell.source)
        if kernel not in {"python", "ipython", "python3", "python2"}:
            if language := language_called(kernel):
                yield from self._hand_on(language, reading, "notebook-code", fragment)
            return []
        pieces = list(stretches(reading.text))
        for stretch in pieces:
            if stretch.language != "python":
                yield from self._stretch(stretch, reading, fragment)
        program = reading.parts(stretch.span for stretch in pieces if stretch.language == "python")
        return [program] if program.text.strip() else []

    def _stretch(
        self, stretch: CellPart, reading: Reading, fragment: Fragment
    ) -> Iterator[SyntaxContext | SplitReference]:
        outer = reading.outer(stretch.span)
        if not holding(fragment.hits, outer):
            return
        yield SyntaxContext(outer, "notebook-magic", stretch.context, escapes=True)
        if stretch.language:
            part = reading.parts([stretch.span])
            yield from self._hand_on(stretch.language, part, "notebook-magic", fragment)

    def _programs(
        self, programs: Sequence[Reading], fragment: Fragment
    ) -> Iterator[SyntaxContext | SplitReference]:
        """All cells as one program, because a name that one cell imports is used in the others; a
        cell that cannot be parsed stands alone, so that it spoils no other."""
        whole: list[Reading] = []
        for program in programs:
            if SyntaxTree("python", program.text).broken:
                yield from self._hand_on("python", program, "notebook-code", fragment)
            else:
                whole.append(program)
        yield from self._hand_on("python", joined(whole), "notebook-code", fragment)

    def _hand_on(
        self, language: str, reading: Reading, form: str, fragment: Fragment
    ) -> Iterator[SyntaxContext | SplitReference]:
        """What the reader of `language` finds in a reading, with positions in the notebook."""
        hits = [inner for hit in fragment.hits if (inner := reading.inner(hit)) is not None]
        # The suffix of the path shows the reader of Python that all imports are present.
        path = f"{fragment.path}{SOURCE}" if language == "python" else fragment.path
        body = Fragment(path, reading.text, hits, fragment.moves)
        try:
            contexts = list(self._read(language, body))
        except FormError:  # the cell is not in the language it states: the zone around it counts
            return
        for context in contexts:
            outer, name = reading.outer(context.span), f"{form}/{context.form}"
            if isinstance(context, SyntaxContext):
                note = _LINE.sub(lambda line: _line_of(line, reading, fragment.text), context.note)
                yield replace(
                    context, span=outer, form=name, escapes=True, language=None, note=note
                )
            else:
                yield replace(_split_in(reading, context, fragment.text), span=outer, form=name)


def _split_in(reading: Reading, split: SplitReference, text: str) -> SplitReference:
    """A split name of a cell as it is written in the notebook, its span aside."""
    statement, open_ = split.statement, replace(split, replacement=None, statement=None)
    if split.replacement is None:
        return open_
    if statement:
        statement = _statement_in(reading, statement, text)
    elif _is_hidden(split.span, reading, text):
        return replace(open_, note=_HIDDEN)
    if not statement and not reading.whole(split.span):
        note = "an import over several lines of the notebook: rewrite it there"
        return replace(open_, note=note)
    return replace(split, replacement=json_escaped(split.replacement), statement=statement)


def _statement_in(reading: Reading, split: StatementSplit, text: str) -> StatementSplit | None:
    """The edits of a statement as edits of the notebook, in which each line may be a string of its
    own; None where a text would go over several of them."""
    edits: list[Edit] = []
    for edit in split.edits:
        if edit.replacement and not reading.whole(edit.span):
            return None
        parts = [edit.span]
        if not edit.replacement:
            inner = reading.text[edit.span.start : edit.span.end]
            lines = re.finditer(r"[^\n]*\n|[^\n]+", inner)
            parts = [Span(*line.span()).shift(edit.span.start) for line in lines]
        edits += (
            Edit(_with_quotes(reading.outer(part), text, not edit.replacement), edit.replacement)
            for part in parts
        )
    outer = replace(split, edits=tuple(edits)).with_line_break("\n")
    begin = reading.text.rfind("from", 0, split.names[0].start)
    lead = split.line_break.lstrip("\r\n")
    quote = reading.begins[begin - len(lead)] - 1
    element = _ELEMENT.search(text[max(0, quote - 200) : quote])
    gap = element["gap"] or " " if element else ""
    escaped = replace(outer, names=tuple(map(reading.outer, split.names)))
    escaped = escaped.mapped(lambda place: place, json_escaped)
    joint = f'\\n",{gap}"' if element and text[quote] == '"' else "\\n"
    return escaped.with_line_break(joint + json_escaped(lead))


def _with_quotes(span: Span, text: str, removed: bool) -> Span:
    """The span with the quotes and the comma around it, where a whole element of a list goes."""
    behind = _NEXT.match(text, span.end)
    whole = removed and text[span.start - 1] == '"' and text[span.end - 2 : span.end] == "\\n"
    return Span(span.start - 1, behind.end()) if whole and behind else span


def _is_hidden(span: Span, reading: Reading, text: str) -> bool:
    """Whether the `from` of a split import follows an escape, whose letter a search takes for a
    part of the word."""
    word = reading.text.rfind("from", 0, span.start)
    at = reading.begins[word] if word >= 0 else 0
    return bool(_ESCAPED.search(text[max(0, at - 40) : at]))


def _line_of(match: re.Match[str], reading: Reading, text: str) -> str:
    """The notebook's line, for a line that a note counts in the program."""
    start = 0
    for _ in range(int(match[1]) - 1):
        start = reading.text.find("\n", start) + 1
    at = reading.outer(Span(start, start + 1)).start if start < len(reading.text) else 0
    return f"line {text.count(chr(10), 0, at) + 1}"


def _behind_escapes(notebook: Notebook, fragment: Fragment) -> Iterator[SplitReference]:
    """Names directly behind a rare escape (`\\fold.x`), whose letter hides them from a search."""
    for move in fragment.moves:
        for name in sorted({move.legacy, move.legacy_path}):
            hidden = re.compile(
                rf"(?<!\\)(?:\\\\)*\\[bf](?P<name>{re.escape(name)})(?![A-Za-z0-9_])"
            )
            for cell in notebook.cells:
                for span in cell.source:
                    for match in hidden.finditer(fragment.text, span.start, span.end):
                        place = Span(*match.span("name"))
                        yield SplitReference(place, "notebook-code", move, None, _HIDDEN)


def _extent(cell: Cell) -> Span | None:
    """From the first to the last of the strings that hold a cell's source."""
    return Span(cell.source[0].start, cell.source[-1].end) if cell.source else None


def _others(notebook: Notebook, fragment: Fragment) -> Iterator[SyntaxContext]:
    """Outputs, metadata and attachments."""
    for value in notebook.others:
        if held := holding(fragment.hits, value.span):
            yield _other(value, fragment.text, held[0])


def _other(value: Value, text: str, hit: Span) -> SyntaxContext:
    last = next((key for key in reversed(value.path) if not key.isdigit()), "")
    if "outputs" in value.path[:5]:
        note = "a recorded output"
        return SyntaxContext(
            value.span, "notebook-output", ContextKind.OTHER_NAME, escapes=True, note=note
        )
    if "kernelspec" in value.path or "language_info" in value.path:
        note = "a kernel's name"
        return SyntaxContext(
            value.span, "notebook-metadata", ContextKind.LABEL, escapes=True, note=note
        )
    place = key_itself(text, hit) if value.key else of_key(last, text, hit)
    return place.as_string().at(value.span, "notebook-metadata", escapes=True)
