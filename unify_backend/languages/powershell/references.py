"""PowerShell: comments, strings and what they are arguments of; the rest is command lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.key_values import addresses, lines_at, of_key, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.powershell.syntax import (
    DIALECT,
    StretchKind,
    Words,
    commands,
    parse_powershell,
    stretches,
)
from unify_backend.languages.scripts.arguments import contexts_of, takes_path
from unify_backend.languages.scripts.command_line import split_commands, unjoined
from unify_backend.languages.scripts.implied_paths import Place, implied_paths
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.languages.scripts.statements import Redirected, flattened
from unify_backend.languages.scripts.unknown_roots import behind_variables
from unify_backend.languages.scripts.window_titles import gives_title
from unify_backend.model.evidence import Label
from unify_backend.model.spans import Span

_JOINS = re.compile(r"(?i)\bCombine$")
_FORMS = {ContextKind.PATH_STRING: "path", ContextKind.LABEL: "label"}


class PowerShellReferences:
    """A light reading of tokens; there is no grammar to fail, so it never raises."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit."""
        text = fragment.text
        if not fragment.hits:
            return
        script, tokens = parse_powershell(text), stretches(text)
        called = [together for together in commands(script) if together.words]
        files = [
            file.target.span
            for statement, _ in flattened(script.statements)
            if isinstance(statement, Redirected)
            for file in statement.files
        ]
        at = 0
        rest: list[Span] = []
        for hit in fragment.hits:
            while at < len(tokens) and tokens[at][1].end <= hit.start:
                at += 1
            if at == len(tokens) or tokens[at][1].start > hit.start:
                rest.append(hit)
            elif tokens[at][0] is StretchKind.COMMENT:
                yield SyntaxContext(tokens[at][1], "powershell-comment", ContextKind.COMMENT)
            elif tokens[at][0] is StretchKind.HERE:
                yield SyntaxContext(tokens[at][1], "powershell-here-string", ContextKind.STRING)
            else:
                span = Span(tokens[at][1].start + 1, tokens[at][1].end - 1)
                if any(file.holds(hit) for file in files):
                    yield SyntaxContext(span, "powershell-path", ContextKind.PATH_STRING)
                else:
                    yield from _string(text, span, hit, called)
        yield from _commands(text, rest)
        yield from addresses(text, fragment.hits, "powershell-address")
        yield from of_machine(text, fragment.hits, "powershell")
        yield from behind_variables(text, fragment.hits, "powershell", "powershell")
        place = Place(fragment.hits, fragment.moves, "powershell")
        yield from implied_paths(script, DIALECT, place)


def _string(text: str, span: Span, hit: Span, called: list[Words]) -> Iterator[SyntaxContext]:
    if text[hit.start - 1] == "$":
        note = "a variable's name"
        yield SyntaxContext(hit, "powershell-variable", ContextKind.OTHER_NAME, note=note)
        return
    together, at = _word_at(called, hit)
    words = together.words
    if gives_title([word.text for word in words], at):
        note = "a window's title"
        yield SyntaxContext(span, "powershell-label", ContextKind.LABEL, note=note)
        return
    if any(_JOINS.search(word.text) for word in words[:at]):
        yield SyntaxContext(span, "powershell-path", ContextKind.PATH_STRING)
        return
    zones = [*contexts_of(words, [hit], "powershell-command")] if together.called else []
    options = [word.text.lower() for word in words[:at] if not word.quoted]
    name, is_variable = together.setting(at)
    if zones:
        for zone in zones:
            kind = _FORMS.get(zone.context, "command")
            yield replace(zone, form=f"powershell-{kind}")
    elif together.called and takes_path([word.text for word in words], at):
        yield SyntaxContext(span, "powershell-path", ContextKind.PATH_STRING)
    elif {"-argumentlist", "-args", "-arguments"} & set(options):
        yield SyntaxContext(span, "powershell-arguments", ContextKind.COMMAND)
    elif name:
        place = of_variable(name, text, hit) if is_variable else of_key(name, text, hit)
        form = "powershell-pid-file" if place.label is Label.PID_FILE else "powershell-value"
        yield place.at(span, form)
    elif together.called and at:
        yield SyntaxContext(span, "powershell-command", ContextKind.COMMAND)
    else:
        yield SyntaxContext(span, "powershell-string", ContextKind.STRING)


def _word_at(called: list[Words], hit: Span) -> tuple[Words, int]:
    """The innermost command that holds the name, and the number of the word."""
    for together in reversed(called):
        if (n := together.number(hit)) is not None:
            return together, n
    return Words(), 0


def _commands(text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    """Words outside strings and comments."""
    for line in lines_at(text, hits, "`"):
        start = len(line.text) - len(line.text.lstrip())
        prompt = re.match(r"[ \t]*PS(?:[ \t][^\n>]*)?>[ \t]*", line.text)
        start = prompt.end() if prompt else start
        for hit in line.hits:
            before = text[max(0, hit.start - 40) : hit.start]
            if re.search(r"\$\{?(?:\w+:)?$|\bfunction[ \t]+$|-$", before):
                yield SyntaxContext(
                    hit, "powershell-name", ContextKind.OTHER_NAME, note="an identifier"
                )
            elif re.match(r"[ \t]*=(?!=)", text[hit.end : hit.end + 8]):
                yield SyntaxContext(
                    hit, "powershell-key", ContextKind.KEY, note="a key of a hashtable"
                )
        yield SyntaxContext(
            Span(line.start + start, line.span.end), "powershell-command", ContextKind.COMMAND
        )
        for words in split_commands(unjoined(line.text[start:], "`"), line.start + start):
            yield from contexts_of(words, line.hits, "powershell-command")
