"""Names in commands that belong to the machine: folders at its root, installed programs, clones."""

import re
from collections.abc import Iterable, Iterator

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.spans import Span

# Folders at the root of a machine or a container
MACHINE_FOLDERS = "var|etc|tmp|opt|srv|usr|run|root|mnt|media|Temp"
_AT_ROOT = re.compile(r"(?:^|[\s=:,;(<>@\[])[\"']?/$")
_REST = re.compile(r"(?:/[\w.@+~*?$%{}/-]*)?")
_PROGRAM = re.compile(r"(?:/bin/|\\Scripts\\|/Scripts/)$", re.IGNORECASE)
_ENDS = re.compile(r"(?![\w/\\.:])")
_ENTERED = re.compile(r"\b(?:mkdir|md|cd|pushd)\s+[\"']?$")
_MADE_NOTE = "a folder that is made here: not the package's, or one that stands in for it"
_ROOT_NOTE = "a folder at the root: of a machine or a container, not of this repository"


def of_machine(text: str, hits: Iterable[Span], form: str) -> Iterator[SyntaxContext]:
    """Zones for names in command lines that are neither the package nor a tracked folder."""
    for hit in hits:
        before = text[max(0, hit.start - 60) : hit.start]
        ends = _ENDS.match(text, hit.end)
        if _AT_ROOT.search(before) and (rest := _REST.match(text, hit.end)):
            span = Span(hit.start - 1, rest.end())
            yield SyntaxContext(span, f"{form}-root", ContextKind.CONFLICT, note=_ROOT_NOTE)
        elif ends and _PROGRAM.search(before):
            yield SyntaxContext(
                hit, f"{form}-program", ContextKind.LABEL, note="an installed program"
            )
        elif entered := [*entered_clones(text, [hit], form)]:
            yield from entered
        elif ends and _ENTERED.search(before) and is_made(text, hit):
            yield SyntaxContext(hit, f"{form}-made", ContextKind.CONFLICT, note=_MADE_NOTE)


def entered_clones(text: str, hits: Iterable[Span], form: str) -> Iterator[SyntaxContext]:
    """Zones for `cd <name>` below the `git clone` that makes the folder, in commands and in
    documents that show them line by line."""
    for hit in hits:
        before = text[max(0, hit.start - 60) : hit.start].rstrip("\"'")
        if before.endswith("cd ") and _ENDS.match(text, hit.end) and is_clone(text, hit):
            note = "the repository's own folder, as git clone makes it"
            yield SyntaxContext(hit, f"{form}-clone", ContextKind.LABEL, note=note)


def is_made(text: str, hit: Span) -> bool:
    """Whether a `mkdir` here or above makes a folder of that name: the package's is there.
    With `-p` it may well be the package's."""
    name = re.escape(text[hit.start : hit.end])
    creation = rf"\b(?:mkdir|md)\s+[\"']?{name}[\"']?[ \t]*(?:\r?\n|&&|;|\Z)"
    begin = max(0, hit.start - 2000)
    return re.search(creation, text[begin : hit.end + 2]) is not None


def is_clone(text: str, hit: Span) -> bool:
    """Whether a `git clone` above makes a folder of that name."""
    name = re.escape(text[hit.start : hit.end])
    clone = rf"\bgit clone [^\n]*[/:]{name}(?:\.git)?/?[ \t]*(?:\r?\n|&&|;)"
    return re.search(clone, text[max(0, hit.start - 2000) : hit.start]) is not None
