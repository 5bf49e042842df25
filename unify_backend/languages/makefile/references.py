"""Makefiles: recipes are shell, targets are names, variables go by their use."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Line, addresses, key_itself, lines_at, of_variable
from unify_backend.languages.language import Context, Fragment, Zone
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


class MakefileForm:
    """Logical lines: a backslash at the end joins them."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit; never raises, a line that is nothing else is a command."""
        for line in lines_at(fragment.text, fragment.hits, "\\"):
            yield from _line(line, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "makefile-address")


def _line(line: Line, text: str) -> Iterator[Zone]:
    comment = re.match(r"[ \t]*#", line.text)
    if comment:
        yield Zone(line.span, "makefile-comment", Context.COMMENT)
    elif recipe := re.match(r"(?:\t|[ ]{2,}(?![\w.-]+[ \t]*[:?+!]?=[ \t]))[ \t]*[@+-]*", line.text):
        start = line.start + recipe.end()
        yield Zone(Span(start, line.span.end), "makefile-recipe", Context.COMMAND, "shell")
    elif found := VARIABLE.match(line.text):
        yield from _variable(line, found, text)
    elif found := _INCLUDE.match(line.text):
        yield Zone(_span(line, found, "path"), "makefile-include", Context.PATH_VALUE)
    elif found := _SEARCHED.match(line.text):
        yield Zone(_span(line, found, "path"), "makefile-path", Context.PATH_VALUE)
    elif found := RULE.match(line.text):
        yield from _rule(line, found, text)
    else:
        yield Zone(line.span, "makefile-line", Context.COMMAND, "shell")
    yield from _trailing(line)


def _variable(line: Line, found: re.Match[str], text: str) -> Iterator[Zone]:
    for hit in line.hits:
        if _span(line, found, "name").holds(hit):
            yield Zone(hit, "makefile-variable", Context.OTHER_NAME, note="a variable's name")
    value = _span(line, found, "value")
    for hit in line.hits:
        if value.holds(hit) and re.search(r"\$[({]$", text[max(0, hit.start - 2) : hit.start]):
            yield Zone(hit, "makefile-variable", Context.OTHER_NAME, note="a variable's name")
        elif value.holds(hit):
            place = of_variable(found["name"], text, hit)
            yield Zone(value, "makefile-variable", place.context, note=place.note)
    for shell in _SHELL.finditer(line.text):
        span = _span(line, shell, "code")
        if any(span.holds(hit) for hit in line.hits):
            yield Zone(span, "makefile-shell", Context.COMMAND, "shell")


def _rule(line: Line, found: re.Match[str], text: str) -> Iterator[Zone]:
    if found["recipe"]:
        yield Zone(_span(line, found, "recipe"), "makefile-recipe", Context.COMMAND, "shell")
    for hit in line.hits:
        for group in ("targets", "needs"):
            if _span(line, found, group).holds(hit):
                place = key_itself(text, hit)
                named = place.context is not Context.KEY
                target = group == "targets" or _is_target(text, hit)
                bare = Context.LABEL if target else Context.PATH_VALUE
                context = place.context if named else bare
                note = "a make target" if context is Context.LABEL else ""
                yield Zone(_word(text, hit), "makefile-target", context, note=note)


def _is_target(text: str, hit: Span) -> bool:
    """Whether a rule makes what is called like this; else a prerequisite is a file or a folder."""
    name = rf"(?<![\w./\\-]){re.escape(text[hit.start : hit.end])}(?![\w./\\-])"
    rule = rf"^(?![\t#])[^:=#\n]*{name}[^:=#\n]*:(?!=)|^\.PHONY[^\n]*{name}"
    return re.search(rule, text, re.MULTILINE) is not None


def _trailing(line: Line) -> Iterator[Zone]:
    """A comment behind a line that is no recipe (there, the shell finds it)."""
    if not line.text.startswith(("\t", "  ")) and (found := re.search(r"[ \t]#.*", line.text)):
        span = _span(line, found, 0)
        if any(span.holds(hit) for hit in line.hits):
            yield Zone(span, "makefile-comment", Context.COMMENT)


def _word(text: str, hit: Span) -> Span:
    before = re.search(r"[^\s:]*$", text[max(0, hit.start - 200) : hit.start])
    after = re.match(r"[^\s:]*", text[hit.end : hit.end + 200])
    lead, tail = before.group() if before else "", after.group() if after else ""
    return Span(hit.start - len(lead), hit.end + len(tail))


def _span(line: Line, found: re.Match[str], group: str | int) -> Span:
    return Span(*found.span(group)).shift(line.start)
