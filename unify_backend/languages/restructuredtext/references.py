"""reStructuredText: directives, roles, literals, doctests, targets; running text stays prose."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from unify_backend.languages.detect import language_of_code
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.documents.transcripts import PYTHON, WINDOWS, typed
from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.languages.key_values import (
    DISTRIBUTION,
    addresses,
    continues,
    holding,
    lines_at,
    of_key,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.restructuredtext.layout import adornments, cell
from unify_backend.languages.restructuredtext.syntax import Kind, RestBlock, rest_blocks
from unify_backend.languages.scripts.machines import entered_clones
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

_MODULES = frozenset(
    "module currentmodule class function method attribute exception data decorator property "
    "classmethod staticmethod type click typer inheritance-diagram apidoc-module".split()
)
_PATHS = frozenset(
    "literalinclude include image figure csv-table plantuml graphviz uml download openapi raw "
    "video thumbnail mdinclude include-code".split()
)
_COMMANDS = frozenset({"program-output", "command-output", "runblock"})
_ENTRIES = {"index": "an entry of the index", "program": "a program's name"}
_MODULE_ROLES = frozenset(
    "mod class func meth attr exc obj data const decorator any type deco autolink autoref".split()
)
_PATH_ROLES = frozenset({"file", "path", "download", "src", "source", "example", "include"})
_DISTRIBUTION_ROLES = frozenset({"pypi", "dist"})
_LABEL_ROLES = {
    "ref": "a label of the documents",
    "numref": "a label of the documents",
    "doc": "a document's name: it changes when the document is called otherwise",
    "term": "an entry of the glossary",
    "option": "an option's name",
    "envvar": "an environment variable",
    "index": "an entry of the index",
    "program": "a program's name",
    "command": "a program's name",
    "kbd": "a key",
    "guilabel": "a label of a window",
    "menuselection": "a label of a window",
    "token": "a name of a grammar",
    "keyword": "a name of a grammar",
    "abbr": "an abbreviation",
    "math": "a formula",
    "issue": "a number of a tracker",
    "user": "a user's name",
    "cite": "a citation",
}
_WORDED = frozenset({"command", "program", "option"})  # roles whose text may be a whole command
_OPTIONS = {  # of `argparse`, `autoprogram` and their like, beside what keys say anywhere
    "module": ContextKind.MODULE_VALUE,
    "ref": ContextKind.MODULE_VALUE,
    "factory": ContextKind.MODULE_VALUE,
    "filename": ContextKind.PATH_VALUE,
    "diff": ContextKind.PATH_VALUE,
    "synopsis": ContextKind.PROSE,
    "caption": ContextKind.PROSE,
    "alt": ContextKind.PROSE,
    "title": ContextKind.PROSE,
    "deprecated": ContextKind.PROSE,
    "target": ContextKind.CODE_SPAN,
}
_NAMED = {"prog": "a program's name", "name": "a label of the documents", "class": "a style"}
_OTHER_DOMAINS = frozenset({"c", "cpp", "js", "rst", "std", "math", "go", "rb", "php", "dn"})
_INLINE = re.compile(
    r"""``(?P<literal>(?:[^`]|`(?!`)){1,3000}?)``(?!`)
    |(?<![\w`])(?::(?P<role>[A-Za-z][\w.+:-]{0,60}):)?`(?P<text>[^`]{1,3000})`
     (?:(?P<anchor>__?)(?!\w)|:(?P<suffix>[A-Za-z][\w.+:-]{0,60}):)?
    |(?<![\w|])\|(?P<substitution>[^|\s](?:[^|\n]{0,200}[^|\s])?)\|(?!\w)
    |\[(?P<citation>[\w.-]{1,100})\]_(?!\w)""",
    re.VERBOSE,
)
_TITLED = re.compile(r"(?P<title>.*?)\s*<(?P<target>[^<>]+)>\Z", re.DOTALL)
_DOTTED = re.compile(r"[~!]?[A-Za-z_]\w*(?:\.\w+)+")
_NAME = re.compile(r"\s*(?:(?:async|class|static|abstract|final)\s+)*[!~.]?(?P<name>[\w.:]+)")
_SHELL = r"(?:\[[^\]\n]{1,60}\][ \t]?)?(?:\([\w.-]+\)[ \t]?)?(?:[\w.@~:/-]+[ \t]?)?"
_PROMPT = re.compile(rf"[ \t]*(?:{PYTHON}|{WINDOWS}|(?P<shell>{_SHELL}[$%]))[ \t]+")
_ROOT = re.compile(rf"[ \t]*(?:{PYTHON}|{WINDOWS}|(?P<shell>{_SHELL}[$%#]))[ \t]+")
_IN_TABLE = re.compile(rf"[ \t]+(?:{WINDOWS}|(?P<shell>{_SHELL}\$))[ \t]+")  # commands in cells
_SESSIONS = frozenset({"console", "shell-session", "terminal"})  # where `#` is root's prompt
_TRANSCRIPT = re.compile(
    r"^[ \t]*(?:>>>|PS(?: [^>\n]*)?>|[A-Z]:\\[^>\n]*>"
    r"|(?:\([\w.-]+\)[ \t]?)?(?:[\w.-]+@[\w.~:/-]+[ \t]?)?\$)[ \t]",
    re.MULTILINE,
)
_LINKED = re.compile(r"\s*`?(?P<target>[^`\n]*?)(?:`?_)?\s*\Z")


class RestructuredTextReferences:
    """Blocks first, then roles and literals around each hit, then prose."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit, and the lines below titles that grow; never raises."""
        text, hits = fragment.text, fragment.hits
        blocks = rest_blocks(text) if hits else []
        starts = [block.span.start for block in blocks]
        inside: dict[int, list[Span]] = {}
        for hit in hits:
            at = bisect_right(starts, hit.start) - 1
            if at >= 0 and blocks[at].span.holds(hit):
                inside.setdefault(at, []).append(hit)
        for at, held in inside.items():
            yield from _block(text, blocks[at], held)
            if blocks[at].kind is Kind.PARAGRAPH:
                yield from _titles(fragment, held)
            elif blocks[at].kind in {Kind.LITERAL, Kind.BODY}:
                yield from _drawing(fragment, blocks[at].span)
        yield from addresses(text, hits, "rst-address")
        yield from web_addresses(text, hits, "rst-address")
        yield from entered_clones(text, hits, "rst")


def _drawing(fragment: Fragment, span: Span) -> Iterator[SyntaxContext | SplitReference]:
    """Folders in a drawn tree, where the block is one."""
    code = fragment.text[span.start : span.end]
    for moved in moved_folders(code, fragment.moves) if is_drawing(code) else ():
        name = moved.branch.name.shift(span.start)
        if moved.problem:
            yield SyntaxContext(
                name,
                "rst-tree",
                ContextKind.CONFLICT,
                note=moved.problem,
                evidence=Evidence.DIAGRAM,
            )
        elif not moved.branch.text.endswith(("/", "\\")):
            yield SyntaxContext(name, "rst-tree", ContextKind.PATH_STRING)
        if moved.padding:
            gap, note = moved.branch.gap.shift(span.start), "the note behind it keeps its column"
            yield SplitReference(
                gap,
                "rst-tree",
                moved.move,
                moved.padding,
                note,
                names=Names.IMPLIED,
                kind=NameKind.PROSE,
                evidence=Evidence.DIAGRAM,
            )


def _titles(fragment: Fragment, hits: Sequence[Span]) -> Iterator[SplitReference]:
    """Title lines that are shorter than the renamed titles."""
    text = fragment.text
    if not fragment.moves:
        return
    names = NameTable(fragment.moves)
    for hit in hits:
        for adornment in adornments(text, hit, names.canonicalise):
            note = "the line of a title, which must be as long as the title"
            yield SplitReference(
                adornment.span,
                "rst-title",
                fragment.moves[0],
                adornment.replacement,
                note,
                names=Names.IMPLIED,
                follows=hit,
                companion=True,
                reason=Reason.HEADING,
                kind=NameKind.PROSE,
            )


def _block(text: str, block: RestBlock, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    span = block.span
    match block.kind:
        case Kind.PARAGRAPH:
            yield SyntaxContext(span, "rst-prose", ContextKind.PROSE)
            zones = [*_inline(text, span, hits), *_prompted(text, hits, _IN_TABLE)]
            yield from _outside_tables(text, span, hits, zones)
        case Kind.ARGUMENT:
            yield from _argument(text, block, hits)
        case Kind.OPTION:
            yield from _option(text, block, hits)
        case Kind.BODY if block.name == "toctree":
            yield from _contents(text, hits)
        case Kind.BODY if block.name.startswith("autosummary"):
            for line in lines_at(text, hits):
                yield SyntaxContext(line.span, "rst-directive", ContextKind.MODULE_VALUE)
        case Kind.BODY:
            label = block.argument if block.name not in {"doctest", "testcode"} else "python"
            yield from _code(text, span, label or block.highlight, hits)
        case Kind.LITERAL:
            yield from _code(text, span, block.highlight, hits)
        case Kind.DOCTEST:
            yield SyntaxContext(span, "rst-output", ContextKind.CODE_SPAN)
            yield from _prompted(text, hits, _PROMPT)
        case Kind.COMMENT:
            yield SyntaxContext(span, "rst-comment", ContextKind.COMMENT)
        case Kind.LABEL:
            yield SyntaxContext(
                span, "rst-label", ContextKind.LABEL, note="a label of the documents"
            )
        case Kind.TARGET:
            match = _LINKED.match(text[span.start : span.end])
            target = Span(*match.span("target")).shift(span.start) if match else span
            yield SyntaxContext(target, "rst-link", ContextKind.CODE_SPAN)


def _outside_tables(
    text: str, block: Span, hits: Sequence[Span], zones: Sequence[SyntaxContext]
) -> Iterator[SyntaxContext]:
    """The zones of a paragraph; in a table with fixed columns only names of others stay."""
    for hit in hits:
        word = cell(text, block, hit)
        around = [zone for zone in zones if zone.span.holds(hit)]
        if word is None or any(zone.context is ContextKind.LABEL for zone in around):
            yield from around
        else:
            note = "in a table drawn with characters: its columns must move with the name"
            yield SyntaxContext(word, "rst-table", ContextKind.CONFLICT, note=note)


def _argument(text: str, block: RestBlock, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """What follows a directive's `::`."""
    name, span = block.name, block.span
    if name.startswith("auto") or name in _MODULES:
        yield from _signature(text, span, hits)
    elif name in _PATHS:
        yield SyntaxContext(span, "rst-directive", ContextKind.PATH_VALUE)
    elif name in _COMMANDS:
        yield SyntaxContext(span, "rst-directive", ContextKind.COMMAND, "shell")
    elif name in _ENTRIES:
        yield SyntaxContext(span, "rst-directive", ContextKind.LABEL, note=_ENTRIES[name])
    else:
        yield SyntaxContext(span, "rst-prose", ContextKind.PROSE)
        yield from _inline(text, span, hits)


def _signature(text: str, span: Span, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """A module's, class's or function's name; in the parentheses behind it parameters and types."""
    match = _NAME.match(text[span.start : span.end])
    name = Span(*match.span("name")).shift(span.start) if match else span
    for hit in hits:
        if name.holds(hit) or "(" not in text[span.start : hit.start]:
            yield SyntaxContext(
                Span(min(name.start, hit.start), span.end), "rst-directive", _MODULE
            )
        elif continues(text, hit):
            yield SyntaxContext(span, "rst-signature", ContextKind.CODE_SPAN)
        else:
            note = "a parameter's or another name in a signature"
            yield SyntaxContext(hit, "rst-signature", ContextKind.OTHER_NAME, note=note)


_MODULE = ContextKind.MODULE_VALUE


def _option(text: str, block: RestBlock, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """The value of an option, by the option's name."""
    name, span = block.option, block.span
    if note := _NAMED.get(name):
        yield SyntaxContext(span, "rst-option", ContextKind.LABEL, note=note)
    elif name == "file" or (name == "source" and block.name in _PATHS):
        yield SyntaxContext(span, "rst-option", ContextKind.PATH_VALUE)
    elif context := _OPTIONS.get(name):
        yield SyntaxContext(span, "rst-option", context)
        yield from _inline(text, span, hits)
    else:
        place = of_key(name.rsplit("-", 1)[-1], text, hits[0])
        yield place.at(span, "rst-option")


def _contents(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """Entries of a table of contents: `Title <document>` or the document alone."""
    for line in lines_at(text, hits):
        titled = _TITLED.match(line.text)
        for hit in line.hits:
            if titled and hit.end <= line.start + titled.end("title"):
                yield SyntaxContext(
                    Span(*titled.span("title")).shift(line.start), "rst-prose", ContextKind.PROSE
                )
            elif text[hit.end : hit.end + 1] == "/":
                yield SyntaxContext(line.span, "rst-directive", ContextKind.PATH_VALUE)
            else:
                note = "a document's name: it changes when the document is called otherwise"
                yield SyntaxContext(line.span, "rst-directive", ContextKind.CONFLICT, note=note)


def _code(text: str, span: Span, label: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """A block of code, by its label or by what it looks like."""
    code = text[span.start : span.end]
    language = language_of_code(label.split(" ", 1)[0], code) if label else guess_language(code)
    if language in {None, "shell", "python", "powershell", "batch"} and _TRANSCRIPT.search(code):
        yield SyntaxContext(span, "rst-output", ContextKind.CODE_SPAN)
        yield from _prompted(text, hits, _ROOT if label in _SESSIONS else _PROMPT)
    elif label and language is None and label not in {"text", "none", "default", "guess"}:
        note = f"in a block of {label}"
        yield SyntaxContext(span, "rst-code", ContextKind.STRING, note=note, reason=Reason.ALONE)
    else:
        yield SyntaxContext(span, "rst-code", ContextKind.CODE_SPAN, language)


def _prompted(text: str, hits: Sequence[Span], prompt: re.Pattern[str]) -> Iterator[SyntaxContext]:
    """The commands of a transcript; what stands between them is output."""
    for context, line, match in typed(text, hits, prompt, "rst-code"):
        yield context
        shown = Span(*match.span()).shift(line.start)
        if match.lastgroup == "shell" and holding(line.hits, shown):
            note = "a prompt: where one is"
            yield SyntaxContext(shown, "rst-prompt", ContextKind.LABEL, note=note)


def _inline(text: str, span: Span, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """Literals, roles, references and substitutions in running text."""
    for match in _INLINE.finditer(text, span.start, span.end):
        held = holding(hits, Span(*match.span()))
        if not held:
            continue
        if match["literal"] is not None:
            code = Span(*match.span("literal"))
            yield SyntaxContext(
                code, "rst-literal", ContextKind.CODE_SPAN, guess_language(match["literal"])
            )
        elif match["substitution"] or match["citation"]:
            note = "a substitution's or a citation's name"
            yield SyntaxContext(Span(*match.span()), "rst-label", ContextKind.LABEL, note=note)
        else:
            yield from _interpreted(text, match, held)


def _interpreted(text: str, match: re.Match[str], hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """What stands in backquotes: a role's text, a hyperlink, or the default role's."""
    inner = Span(*match.span("text"))
    role = (match["role"] or match["suffix"] or "").lower()
    titled = _TITLED.match(match["text"])
    target = Span(*titled.span("target")).shift(inner.start) if titled else inner
    if titled and holding(hits, title := Span(*titled.span("title")).shift(inner.start)):
        yield SyntaxContext(title, "rst-prose", ContextKind.PROSE)
    if not holding(hits, target):
        return
    if match["anchor"]:
        refers = not titled or text[target.end - 1] == "_"
        note = "a label of the documents" if refers else ""
        context = ContextKind.LABEL if refers else ContextKind.CODE_SPAN
        yield SyntaxContext(target, "rst-label" if refers else "rst-link", context, note=note)
    elif not role:
        # `<name>` is a placeholder anywhere else; with a title and dots it is what the title is of
        dotted = titled and _DOTTED.fullmatch(text, target.start, target.end)
        yield SyntaxContext(
            target, "rst-interpreted", ContextKind.NAME if dotted else ContextKind.CODE_SPAN
        )
    else:
        yield _role(role, target, text, titled is not None, hits)


def _role(role: str, span: Span, text: str, titled: bool, hits: Sequence[Span]) -> SyntaxContext:
    """The zone of a role's target."""
    domain, _, name = role.rpartition(":")
    value = text[span.start : span.end]
    if domain.split(":", 1)[0] in _OTHER_DOMAINS - {"std"}:
        return SyntaxContext(span, "rst-role", ContextKind.LABEL, note="a name in another language")
    if name in _WORDED and re.search(r"\S\s+\S", value):
        return SyntaxContext(span, "rst-role", ContextKind.COMMAND, "shell")
    if name in _DISTRIBUTION_ROLES:
        return DISTRIBUTION.at(span, "rst-role")
    if note := _LABEL_ROLES.get(name):
        return SyntaxContext(span, "rst-role", ContextKind.LABEL, note=note)
    if name in _MODULE_ROLES:
        lead = len(value) - len(value.lstrip("~!. \n"))
        target = Span(span.start + lead, span.end)
        # `<name>` is a placeholder anywhere else, so the words around the name must not decide
        first = titled and hits[-1].start == target.start
        return SyntaxContext(
            target, "rst-role", ContextKind.NAME if first else ContextKind.MODULE_VALUE
        )
    if name in _PATH_ROLES:
        return SyntaxContext(span, "rst-role", ContextKind.PATH_VALUE)
    return SyntaxContext(span, "rst-role", ContextKind.CODE_SPAN, guess_language(value))
