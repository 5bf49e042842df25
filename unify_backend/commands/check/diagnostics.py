"""Turns violations into diagnostics: the place, the message, the replacement and the command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from unify_backend.commands.check.rules import GROWN, MEANT, NAMED, RULES, STALE, UNREAD
from unify_backend.model.baseline import Entry
from unify_backend.model.checking import (
    Evaluation,
    NewIndirectUse,
    NewLegacyFile,
    NewReference,
    Scope,
    UnreadFile,
    Violation,
)
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport
from unify_backend.model.file_source import Contents, scanned_text
from unify_backend.model.references import Action, Reference
from unify_backend.model.settings import quoted
from unify_backend.references.suppressions import MARKER

Names = Mapping[str, tuple[str, str]]  # legacy → what both packages are called


class Diagnoser:
    """Makes diagnostics of one state; reads each file's lines once. `named` completes a
    command so that it can be pasted."""

    def __init__(
        self, contents: Contents, names: Names, baseline: str, named: Callable[[str], str] = str
    ) -> None:
        self._contents = contents
        self._names = names
        self._baseline = baseline
        self._named_as = named
        self._lines = lru_cache(maxsize=4)(self._read_lines)

    def report(
        self, judged: Evaluation, strict: bool = False, limit: int | None = None
    ) -> DiagnosticReport:
        """Everything that is new, and with `strict` what is stale. With a `limit`, nothing as long
        as there is no more than that."""
        within = limit is not None and len(judged.violations) <= limit
        new = () if within else judged.verdicts.new
        diagnostics = [self._one(entry, judged.violations[entry]) for entry in new]
        if strict:
            diagnostics.extend(map(self._stale, judged.verdicts.stale))
        diagnostics.sort(key=_order)
        stale = len(judged.verdicts.stale)
        return DiagnosticReport(
            "check",
            RULES,
            tuple(diagnostics),
            tuple(self._summary(judged, strict, limit)),
            (
                ("new", len(judged.verdicts.new)),
                ("known", len(judged.verdicts.known)),
                ("stale", stale),
                ("opted_out", judged.opted_out),
                ("files", judged.files),
            ),
        )

    def _one(self, entry: Entry, violation: Violation) -> Diagnostic:
        match violation:
            case NewReference(reference, waits):
                return self._named(entry, reference, waits)
            case NewIndirectUse(use):
                return Diagnostic(
                    MEANT.id,
                    use.path,
                    use.reason,
                    entry.fingerprint,
                    start=use.start,
                    end=use.end,
                    line=self._line(use.path, use.start.line),
                    advice=use.advice,
                    replacement=use.replacement,
                )
            case NewLegacyFile(path, legacy_path, canonical):
                return Diagnostic(
                    GROWN.id,
                    path,
                    f"a new file in {legacy_path}, which is on its way out",
                    entry.fingerprint,
                    advice=f"put it at {canonical}",
                )
            case UnreadFile(finding):
                return Diagnostic(
                    UNREAD.id,
                    finding.path,
                    finding.problem,
                    entry.fingerprint,
                    advice="repair it, or let it into the baseline",
                )

    def _named(self, entry: Entry, reference: Reference, waits: str) -> Diagnostic:
        line = self._line(reference.path, reference.start.line)
        old, new = self._names[reference.legacy]
        certain = reference.action is Action.REWRITE and not waits and not reference.split
        sure = reference.replacement if certain else None
        path = quoted(reference.path)
        command = "review" if reference.action is Action.REVIEW else "rewrite"
        return Diagnostic(
            NAMED.id,
            reference.path,
            f"names {old}, which is now {new}",
            entry.fingerprint,
            start=reference.start,
            end=reference.end,
            line=line,
            advice=_advice(reference, waits, MARKER in line),
            replacement=sure,
            command="" if waits else self._named_as(f"unify-backend {command} {path}"),
        )

    def _stale(self, entry: Entry) -> Diagnostic:
        subject = f"`{entry.text}` ({entry.kind})" if entry.text else entry.kind
        return Diagnostic(
            STALE.id,
            entry.path,
            f"the baseline lists {subject} here, and it is gone",
            entry.fingerprint,
            advice=f"take it out of {self._baseline}",
            command=self._named_as("unify-backend check --prune"),
        )

    def _summary(self, judged: Evaluation, strict: bool, limit: int | None) -> Iterator[str]:
        verdicts = judged.verdicts
        known, stale = len(verdicts.known), len(verdicts.stale)
        opted_out = f", {judged.opted_out:,} kept by a comment" if judged.opted_out else ""
        if limit is not None:
            yield f"{len(judged.violations):,} left, {limit:,} allowed (--max){opted_out}"
            return
        yield (
            f"{len(verdicts.new):,} new, {known:,} known{opted_out}, in {judged.files:,} "
            f"{'file' if judged.files == 1 else 'files'} ({judged.scope.value})"
        )
        if judged.scope is Scope.WHOLE and judged.started:
            yield _progress(judged.started, known + len(verdicts.new))
        if stale and not strict:
            yield f"{stale:,} entries of the baseline are gone: unify-backend check --prune"

    def _line(self, path: str, number: int) -> str:
        lines = self._lines(path)
        return lines[number - 1] if number <= len(lines) else ""

    def _read_lines(self, path: str) -> list[str]:
        return [
            line.removesuffix("\r")
            for line in (scanned_text(self._contents, path) or "").split("\n")
        ]


def _progress(started: int, left: int) -> str:
    if left > started:
        return f"the migration: {left - started:,} more than when it began with {started:,}"
    done = (started - left) * 100 // started
    return f"the migration: {left:,} left of {started:,} at the start, {done} % done"


def _advice(reference: Reference, waits: str, marked: bool) -> str:
    if marked:
        return "the comment that keeps it gives no reason: `unify-backend: keep — why`"
    if waits:
        return f"this file goes with the merge: make the change in {waits}"
    if reference.action is Action.REWRITE and reference.replacement is not None:
        own = "in an import of its own: " if reference.split else ""
        return f"{own}{reference.replacement}"
    would = f"{reference.replacement}, if it is meant: " if reference.replacement else ""
    return f"{would}needs review ({reference.reason})"


def _order(diagnostic: Diagnostic) -> tuple[str, tuple[int, int], str, str]:
    return diagnostic.path, _place(diagnostic), diagnostic.rule, diagnostic.fingerprint


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.start.line, diagnostic.start.column) if diagnostic.start else (0, 0)
