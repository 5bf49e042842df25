"""Makefiles: recipes are shell, targets are names, variables go by their use."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Line, addresses, key_itself, lines_at, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

VARIABLE = re.compile(
    r"[ ]*(?:export[ \t]+|override[ \t]+|unexport[ \t]+|set[ \t]+)*(?P<name>[\w.-]+)[ \t]*"
    r"(?P<operator>(?:\?|\+|:{1,3}|!)?=)[ \t]*(?P<value>.*)",
    re.DOTALL,
)
_INCLUDE = re.compile(r"[ ]*(?:-|s)?(?:include|import|mod\??)[ \t]+(?P<path>[^#]*)")
_SEARCHED = re.compile(r"vpath[ \t]+\S+[ \t]+(?P<path>[^#]*)")
RULE = re.compile(
    r"(?P<targets>[^:#=\n]+?)[ \t]*(?:\([^)]*\))?:(?!=)(?P<needs>[^;#=]*)(?P<recipe>;.*)?"
)
_SHELL = re.compile(r"\$[({]shell[ \t]+(?P<code>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)[)}]")


class MakefileReferences:
    """Logical lines: a backslash at the end joins them."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises, because a line of no other kind is a command."""
        for line in lines_at(fragment.text, fragment.hits, "\\"):
            yield from _line(line, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "makefile-address")


def _line(line: Line, text: str) -> Iterator[SyntaxContext]:
    comment = re.match(r"[ \t]*#", line.text)
    if comment:
        yield SyntaxContext(line.span, "makefile-comment", ContextKind.COMMENT)
    elif recipe := re.match(r"(?:\t|[ ]{2,}(?![\w.-]+[ \t]*[:?+!]?=[ \t]))[ \t]*[@+-]*", line.text):
        start = line.start + recipe.end()
        yield SyntaxContext(
            Span(start, line.span.end), "makefile-recipe", ContextKind.COMMAND, "shell"
        )
    elif match := VARIABLE.match(line.text):
        yield from _variable(line, match, text)
    elif match := _INCLUDE.match(line.text):
        yield SyntaxContext(_span(line, match, "path"), "makefile-include", ContextKind.PATH_VALUE)
    elif match := _SEARCHED.match(line.text):
        yield SyntaxContext(_span(line, match, "path"), "makefile-path", ContextKind.PATH_VALUE)
    elif match := RULE.match(line.text):
        yield from _rule(line, match, text)
    else:
        yield SyntaxContext(line.span, "makefile-line", ContextKind.COMMAND, "shell")
    yield from _trailing(line)


def _variable(line: Line, match: re.Match[str], text: str) -> Iterator[SyntaxContext]:
    for hit in line.hits:
        if _span(line, match, "name").holds(hit):
            yield SyntaxContext(
                hit, "makefile-variable", ContextKind.OTHER_NAME, note="a variable's name"
            )
    value = _span(line, match, "value")
    for hit in line.hits:
        if value.holds(hit) and re.search(r"\$[({]$", text[max(0, hit.start - 2) : hit.start]):
            yield SyntaxContext(
                hit, "makefile-variable", ContextKind.OTHER_NAME, note="a variable's name"
            )
        elif value.holds(hit):
            place = of_variable(match["name"], text, hit)
            yield place.at(value, "makefile-variable")
    for shell in _SHELL.finditer(line.text):
        span = _span(line, shell, "code")
        if any(span.holds(hit) for hit in line.hits):
            yield SyntaxContext(span, "makefile-shell", ContextKind.COMMAND, "shell")


def _rule(line: Line, match: re.Match[str], text: str) -> Iterator[SyntaxContext]:
    if match["recipe"]:
        yield SyntaxContext(
            _span(line, match, "recipe"), "makefile-recipe", ContextKind.COMMAND, "shell"
        )
    for hit in line.hits:
        for group in ("targets", "needs"):
            if _span(line, match, group).holds(hit):
                place = key_itself(text, hit)
                named = place.context is not ContextKind.KEY
                target = group == "targets" or _is_target(text, hit)
                bare = ContextKind.LABEL if target else ContextKind.PATH_VALUE
                context = place.context if named else bare
                note = "a make target" if context is ContextKind.LABEL else ""
                yield SyntaxContext(_word(text, hit), "makefile-target", context, note=note)


def _is_target(text: str, hit: Span) -> bool:
    """Whether a rule makes what is called like this; else a prerequisite is a file or a folder."""
    name = rf"(?<![\w./\\-]){re.escape(text[hit.start : hit.end])}(?![\w./\\-])"
    rule = rf"^(?![\t#])[^:=#\n]*{name}[^:=#\n]*:(?!=)|^\.PHONY[^\n]*{name}"
    return re.search(rule, text, re.MULTILINE) is not None


def _trailing(line: Line) -> Iterator[SyntaxContext]:
    """A comment behind a line that is no recipe (there, the shell finds it)."""
    if not line.text.startswith(("\t", "  ")) and (match := re.search(r"[ \t]#.*", line.text)):
        span = _span(line, match, 0)
        if any(span.holds(hit) for hit in line.hits):
            yield SyntaxContext(span, "makefile-comment", ContextKind.COMMENT)


def _word(text: str, hit: Span) -> Span:
    before = re.search(r"[^\s:]*$", text[max(0, hit.start - 200) : hit.start])
    after = re.match(r"[^\s:]*", text[hit.end : hit.end + 200])
    lead, tail = before.group() if before else "", after.group() if after else ""
    return Span(hit.start - len(lead), hit.end + len(tail))


def _span(line: Line, match: re.Match[str], group: str | int) -> Span:
    return Span(*match.span(group)).shift(line.start)
