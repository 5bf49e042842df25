"""Python files that could not be parsed: which interpreter could, and what to do about it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.references import Action, Finding, Names, Reference
from unify_backend.model.rewrite_plan import Unparsed
from unify_backend.repository.installed_pythons import find_parser


def unparsed_files(
    contents: Contents,
    references: Iterable[Reference],
    findings: Iterable[Finding],
    target: Callable[[str], str] = lambda path: path,
) -> Iterator[Unparsed]:
    """The files among `findings` that keep an undecided reference for that reason, sorted by path;
    `target` gives the path after the move. Starts other interpreters, once for each such file."""
    waiting = Counter(
        reference.path
        for reference in references
        if reference.action is Action.REVIEW and reference.names is not Names.CANONICAL
    )
    for finding in sorted(findings, key=lambda finding: finding.path):
        if finding.unparsed and (count := waiting[finding.path]):
            problem = finding.problem
            yield Unparsed(target(finding.path), problem, count, _cure(contents, finding.path))


def _cure(contents: Contents, path: str) -> str:
    ours = "Python {}.{}".format(*sys.version_info[:2])
    try:
        interpreter = find_parser(contents.read(path))
    except UnifyError:
        interpreter = None
    if interpreter is None:
        return f"neither {ours} nor another interpreter found here parses it: correct it by hand"
    if interpreter.version < (3, 11):
        return f"{interpreter.name} parses it, {ours} does not: change its old syntax, or by hand"
    return (
        f"{interpreter.name} parses it: install unify-backend for {interpreter.name} and run again"
    )
