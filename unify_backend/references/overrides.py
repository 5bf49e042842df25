"""The overrides of the rules: decisions, history, and this tool's own files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.model.evidence import Reason
from unify_backend.model.globs import Globs
from unify_backend.model.references import Action, Names
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.shims import OWN_FILES
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable
from unify_backend.references.decision import Classification
from unify_backend.references.pins import Pins, State
from unify_backend.references.suppressions import MARKER, opt_out

_OWN_TABLE = re.compile(
    r"^\[+tool\.unify-backend\b.*?(?=^\[(?!\[?tool\.unify-backend\b)|\Z)", re.MULTILINE | re.DOTALL
)
_found = lru_cache(maxsize=8)(history_reason)  # called for each reference of a file
_WORD = re.compile(r"[\w.:/\\@-]")


class Overrides:
    """Applies decisions first, those about one place before wider ones, then history, then the
    rules for this tool's own configuration."""

    def __init__(self, settings: Settings) -> None:
        history = [*settings.history, *filter(None, [settings.task_file, settings.changelog])]
        self._history = Globs(history)
        self._wide = [
            (Globs([decision.path]), decision)
            for decision in settings.decisions
            if decision.line is None
        ]
        self.pins = Pins(settings)
        self._names = NameTable(settings.moves) if self._wide else None

    def apply(
        self,
        path: str,
        text: str,
        span: Span,
        line: str,
        result: Classification,
        would: str | None = None,
        form: str | None = None,
    ) -> Classification:
        """What counts for the reference at `span`, which begins in `line`. `would` is what it
        becomes where only a decision makes it a reference; `form` its form, where known."""
        past = self._history.match(path) and "the document is about the past"
        history = past or _found(path, text)
        if pin := self.pins.at(path, text, span, form):
            decision, state = pin
            if state is State.WRITTEN:
                return _kept(result, Reason.DECIDED_BEFORE, _said(decision))
            if not (history and decision.action is Action.REWRITE and "*" in decision.path):
                return _decided(decision, result, would)
        for globs, decision in self._wide:
            if not globs.match(path):
                continue
            if history and decision.action is Action.REWRITE and "*" in decision.path:
                continue  # a decision for many files does not apply to documents about the past
            if fits(decision, text, span, line, form):
                return self._partly(decision, result, text, span, would)
        if OWN_FILES.match(path) or (path.endswith("pyproject.toml") and _in_own(text, span)):
            return _kept(result, Reason.OWN_FILE)
        if result.action is Action.KEEP:
            return result
        if _has_marker(text) and (reason := _opted_out(text, span, line)):
            return _kept(result, Reason.OPTED_OUT, reason)
        if history:
            return _kept(result, Reason.HISTORY, history)
        return result

    def _partly(
        self,
        decision: Decision,
        result: Classification,
        text: str,
        span: Span,
        would: str | None,
    ) -> Classification:
        """What a decision without a line makes of the reference at `span`: with a replacement, of
        the text in it that the decision names."""
        if decision.action is Action.KEEP or not (decision.replacement and decision.text):
            return _decided(decision, result, would)
        replacement = _with_text_replaced(text, span, decision.text, decision.replacement)
        if replacement is not None:
            begin = text.find(decision.text, span.start, span.end)
            before = text[span.start : begin] if begin > span.start else ""
            replacement = None if self._is_named_in(before) else replacement
        decided = _decided(replace(decision, replacement=replacement), result, None)
        if decision.action is Action.REWRITE and replacement is None:
            return replace(
                decided,
                action=Action.REVIEW,
                replacement=None,
                rule=Reason.DECIDED_BESIDE,
                split=None,
            )
        return decided

    def _is_named_in(self, text: str) -> bool:
        hits = self._names.scan(text) if self._names else ()
        return any(hit.names is Names.LEGACY for hit in hits)


def fits(decision: Decision, text: str, span: Span, line: str, form: str | None) -> bool:
    """Whether a decision that is not pinned is about the reference at `span` of the file's `text`,
    which begins in `line`. Its path is not looked at."""
    if decision.form is not None and form not in {None, decision.form}:
        return False
    return (
        decision.text is None
        or decision.text in spoken(text, span)
        or (" " in decision.text and _covers(decision.text, text, span, line))
    )


def _kept(result: Classification, rule: Reason, detail: str = "") -> Classification:
    undone = replace(result, action=Action.KEEP, replacement=None, split=None)
    return replace(undone, rule=rule, detail=detail)


def _said(decision: Decision) -> str:
    return f": {decision.reason}" if decision.reason else " in the configuration"


def _decided(decision: Decision, result: Classification, would: str | None) -> Classification:
    if decision.action is Action.KEEP:
        return _kept(result, Reason.DECIDED, _said(decision))
    replacement = decision.replacement or result.replacement or would
    stuck = decision.action is Action.REWRITE and replacement is None
    rule = Reason.DECIDED_OPEN if stuck else Reason.DECIDED
    same = decision.action is result.action and replacement == result.replacement
    if same and result.rule is not Reason.BOUND_ELSEWHERE:  # the file alone does not prove that one
        rule = Reason.DECIDED_ALIKE if decision.action is Action.REWRITE else rule
    return replace(
        result,
        action=Action.REVIEW if stuck else decision.action,
        replacement=replacement,
        rule=rule,
        detail=_said(decision),
        split=None if decision.replacement else result.split,
    )


def _with_text_replaced(text: str, span: Span, part: str, becomes: str) -> str | None:
    """The reference at `span` of the file's `text` with `part`, which a decision names, as it
    `becomes`; None where the reference alone cannot be changed so.

    What else the reference holds stays. Where the part is wider than the reference, what lies
    outside must be in the replacement, too.
    """
    begins = list(_positions(text, span, part))
    if span.start in begins:
        begins = [span.start]  # the name itself, rather than another like it in its path
    if len(begins) != 1:
        return None
    begin, end = begins[0], begins[0] + len(part)
    lead, tail = text[begin : max(begin, span.start)], text[min(end, span.end) : end]
    fits_around = becomes.startswith(lead) and becomes.endswith(tail)
    if not fits_around or len(becomes) < len(lead) + len(tail):
        return None
    core = becomes[len(lead) : len(becomes) - len(tail)]
    return text[span.start : max(begin, span.start)] + core + text[min(end, span.end) : span.end]


def _positions(text: str, span: Span, part: str) -> Iterator[int]:
    """Where `part` begins, as often as it overlaps `span`."""
    at = text.find(part, max(0, span.start - len(part) + 1), span.end + len(part) - 1)
    while at >= 0:
        yield at
        at = text.find(part, at + 1, span.end + len(part) - 1)


@lru_cache(maxsize=8)
def _has_marker(text: str) -> bool:
    return MARKER in text


def _opted_out(text: str, span: Span, line: str) -> str:
    opted_out = opt_out(text, line, text.rfind("\n", 0, span.start) + 1)
    return opted_out.reason if opted_out else ""


def _covers(part: str, text: str, span: Span, line: str) -> bool:
    """Whether the reference is in a `part` of its line, not only beside one."""
    begin = text.rfind("\n", 0, span.start) + 1
    at = line.find(part)
    while at >= 0:
        if Span(begin + at, begin + at + len(part)).overlaps(span):
            return True
        at = line.find(part, at + 1)
    return False


def spoken(text: str, span: Span) -> str:
    """The whole word around a reference, as the user would copy it into a decision."""
    start, end = span.start, span.end
    while start > 0 and _WORD.match(text, start - 1):
        start -= 1
    while end < len(text) and _WORD.match(text, end):
        end += 1
    return text[start:end]


def _in_own(text: str, span: Span) -> bool:
    return any(Span(*match.span()).holds(span) for match in _OWN_TABLE.finditer(text))
