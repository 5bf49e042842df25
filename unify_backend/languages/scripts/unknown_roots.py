"""Paths behind variables in scripts: whether what the variable holds is this repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.scripts.variable_uses import VariableUse
from unify_backend.languages.scripts.variables import script_variables
from unify_backend.model.spans import Span

_LEAD = re.compile(
    r"(?P<written>\$\{?(?:env:)?(?P<name>[A-Za-z_]\w*)\}?|%(?P<percent>[A-Za-z_]\w*)%)"
    r"(?:[/\\]+[\w.-]+)*[/\\]+$"
)
_LONGER = re.compile(r"[\w.-]")  # a file that is called after the package, or another name
# Variables that are called after the checkout, or that a CI service sets to it
_CHECKOUT = re.compile(
    r"(?i)(?:^|_)(?:root|repo|repository|project|proj|workspace|checkout|top|topdir|base|basedir|src|"
    r"srcdir|source|here|pwd|cwd|script|scripts|curdir)(?:$|_|dir|path)|_BUILD_DIR$|"
    r"^(?:BUILD_SOURCESDIRECTORY|DIR|SCRIPTPATH|PSScriptRoot|CD)$"
)
_HERE = re.compile(
    r"(?i)BASH_SOURCE|\$\{?0\b|\bpwd\b|\$\{?PWD\b|rev-parse|~dp0|%CD%|PSScriptRoot|MyInvocation|"
    r"Get-Location"
)
# Programs that give a path from a path
_OF_PATH = re.compile(
    r"[\"']?(?:\$\(|`)\s*(?:dirname|realpath|readlink)(?:\s+-[\w-]+)*\s+(.+)", re.S
)
_READ = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*)|%([A-Za-z_]\w*)%")
_RUNS = re.compile(r"\$\(|`")
_ELSEWHERE = re.compile(r"[\"']?(?:/(?!/)|~|[A-Za-z]:[/\\])")
_DEEPEST = 5  # variables that are set from others


def behind_variables(
    text: str, hits: Iterable[Span], form: str, language: str
) -> Iterator[SyntaxContext]:
    """Zones for names of paths that begin with a variable which leads out of the repository, or of
    which only a program that runs tells where it leads. `language` is that of the script."""
    uses: Sequence[VariableUse] | None = None
    for hit in hits:
        lead = _LEAD.search(text[max(0, hit.start - 160) : hit.start])
        if lead is None or _LONGER.match(text, hit.end):
            continue
        if uses is None:
            uses = script_variables(text, language)
        if _is_elsewhere(lead["name"] or lead["percent"], uses, text, _DEEPEST):
            note = f"behind {lead['written']}, which is not known to be this repository"
            yield SyntaxContext(hit, f"{form}-root", ContextKind.CONFLICT, note=note)


def _is_elsewhere(name: str, uses: Sequence[VariableUse], text: str, depth: int) -> bool:
    """Whether one of the values that the variable is set to leads out of the repository; where the
    script does not set it, whether its name is not that of a checkout."""
    folded = name.lower()
    setting = [use for use in uses if use.sets and use.name.lower() == folded]
    if not setting:
        return _CHECKOUT.search(name) is None
    values = [text[use.held.start : use.held.end] for use in setting if use.held is not None]
    return depth > 0 and any(_leads_out(value, uses, text, depth) for value in values)


def _leads_out(value: str, uses: Sequence[VariableUse], text: str, depth: int) -> bool:
    if _HERE.search(value) or not depth:
        return False
    if path := _OF_PATH.match(value):
        return _leads_out(path[1].lstrip("\"'"), uses, text, depth - 1)
    if _RUNS.search(value) or _ELSEWHERE.match(value):
        return True
    first = _READ.match(value.lstrip("\"'"))
    return first is not None and _is_elsewhere(first[1] or first[2], uses, text, depth - 1)
