"""PowerShell: comments, strings and what they are arguments of; the rest is command lines."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import addresses, lines_at, of_key, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.powershell.syntax import (
    DIALECT,
    StretchKind,
    parse_powershell,
    stretches,
)
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import split_commands, unjoined
from unify_backend.languages.scripts.implied_paths import Place, implied_paths
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.model.spans import Span

_PATH_CALL = re.compile(
    r"(?i)(?:\b(?:Join-Path|Split-Path|Test-Path|Resolve-Path|Set-Location|Push-Location|cd|pushd|"
    r"Get-Content|Set-Content|Add-Content|Out-File|Get-ChildItem|gci|ls|dir|cat|Get-Item|New-Item|"
    r"Remove-Item|Copy-Item|Move-Item|Import-Module|Combine\()(?:[^;|\n{}]*)"
    r"|-(?:Path|LiteralPath|WorkingDirectory|ChildPath|FilePath|Destination|Include|Exclude|Filter)"
    r"[ \t:]+(?:[^;|\n{}-]*,[ \t]*)?)$"
)
_LABEL_CALL = re.compile(
    r"(?i)(?:-(?:Name|ServiceName|DisplayName|Title|TaskName|Database|ProcessName|Tag)[ \t:]+"
    r"|\b(?:Get|Stop|Start|Restart|New)-(?:Service|Process|Job|ScheduledTask)[ \t]+"
    r"|WindowTitle[ \t]*=[ \t]*)$"
)
_ARGUMENTS = re.compile(r"(?i)-(?:ArgumentList|Args|Arguments)[ \t]+[@(]*[^;|{}]*$")
_COMMAND_TEXT = re.compile(
    r"(?i)(?:Invoke-Expression|iex|-Command|-c|cmd(?:\.exe)?[ \t]+/[ck])[ \t]+$"
)
_ASSIGNED = re.compile(
    r"(?:\$(?:\w+:)?(?P<name>\w+)|(?:^|[{;\n])[ \t]*[\"']?(?P<key>[\w-]+)[\"']?)"
    r"[ \t]*\+?=[ \t]*(?:@?\([^)]*)?$"
)


class PowerShellReferences:
    """A light reading of tokens; there is no grammar to fail, so it never raises."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit."""
        text = fragment.text
        tokens = stretches(text) if fragment.hits else []
        at = 0
        rest: list[Span] = []
        for hit in fragment.hits:
            while at < len(tokens) and tokens[at][1].end <= hit.start:
                at += 1
            if at < len(tokens) and tokens[at][1].start <= hit.start:
                yield from _token(text, *tokens[at], hit)
            else:
                rest.append(hit)
        yield from _commands(text, rest)
        yield from addresses(text, fragment.hits, "powershell-address")
        yield from of_machine(text, fragment.hits, "powershell")
        if fragment.hits:
            place = Place(fragment.hits, fragment.moves, "powershell")
            yield from implied_paths(parse_powershell(text), DIALECT, place)


def _token(text: str, kind: StretchKind, span: Span, hit: Span) -> Iterator[SyntaxContext]:
    match kind:
        case StretchKind.COMMENT:
            yield SyntaxContext(span, "powershell-comment", ContextKind.COMMENT)
        case StretchKind.HERE:
            yield SyntaxContext(span, "powershell-here-string", ContextKind.STRING)
        case StretchKind.STRING:
            inner = Span(span.start + 1, span.end - 1)
            before = text[max(0, span.start - 400) : span.start]
            yield from _string(text, before, inner, hit)


def _string(text: str, before: str, span: Span, hit: Span) -> Iterator[SyntaxContext]:
    line = before[before.rfind("\n") + 1 :]
    if text[hit.start - 1] == "$":
        yield SyntaxContext(
            hit, "powershell-variable", ContextKind.OTHER_NAME, note="a variable's name"
        )
    elif _LABEL_CALL.search(line):
        note = "a window's title" if "title" in line.lower() else "a name of something else"
        yield SyntaxContext(span, "powershell-label", ContextKind.LABEL, note=note)
    elif _PATH_CALL.search(line):
        yield SyntaxContext(span, "powershell-path", ContextKind.PATH_STRING)
    elif match := _COMMAND_TEXT.search(line):
        language = "batch" if "cmd" in match[0].lower() else "powershell"
        yield SyntaxContext(span, "powershell-command", ContextKind.COMMAND, language)
    elif _ARGUMENTS.search(before):
        yield SyntaxContext(span, "powershell-arguments", ContextKind.COMMAND)
    elif match := _ASSIGNED.search(before):
        name = match["name"] or match["key"]
        place = of_variable(name, text, hit) if match["name"] else of_key(name, text, hit)
        form = "powershell-pid-file" if place.note == "a PID file" else "powershell-value"
        yield SyntaxContext(span, form, place.context, note=place.note)
    elif re.match(r"[ \t]*[&.]?[ \t]*[\w.-]+[ \t]", line) and not re.search(r"=|-\w+$", line):
        yield SyntaxContext(span, "powershell-command", ContextKind.COMMAND)
        yield from _commands(text, [hit])
    else:
        yield SyntaxContext(span, "powershell-string", ContextKind.STRING)


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
