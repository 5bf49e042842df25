"""What outranks the rules: people's decisions, history, and this tool's own files."""

from __future__ import annotations

import re
from functools import lru_cache

from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.model.globs import Globs
from unify_backend.model.references import Action
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.shims import OWN_FILES
from unify_backend.model.spans import Span
from unify_backend.references.decision import DECIDED, HISTORY, OPTED_OUT, OWN_FILE, Verdict
from unify_backend.references.pins import Pins, State
from unify_backend.references.suppressions import MARKER, opt_out

_OWN_TABLE = re.compile(
    r"^\[+tool\.unify-backend\b.*?(?=^\[(?!\[?tool\.unify-backend\b)|\Z)", re.MULTILINE | re.DOTALL
)
_found = lru_cache(maxsize=8)(history_reason)  # asked for each reference of a file
_WORD = re.compile(r"[\w.:/\\@-]")


class Overrides:
    """Applies decisions first, those about one place before wider ones, then history, then what
    concerns this tool's own configuration."""

    def __init__(self, settings: Settings) -> None:
        kept = [*settings.history, *filter(None, [settings.task_file, settings.changelog])]
        self._history = Globs(kept)
        self._wide = [(Globs([one.path]), one) for one in settings.decisions if one.line is None]
        self.pins = Pins(settings)

    def apply(
        self,
        path: str,
        text: str,
        span: Span,
        line: str,
        verdict: Verdict,
        would: str | None = None,
        form: str | None = None,
    ) -> Verdict:
        """The verdict that counts for the reference at `span`, which begins in `line`. `would` is
        what it becomes where only a decision makes it a reference; `form` its form, where known."""
        said = self._history.match(path) and "the document is about the past"
        history = said or _found(path, text)
        if pin := self.pins.at(path, text, span, form):
            decision, state = pin
            if state is State.WRITTEN:
                return Verdict(Action.KEEP, None, f"{_reason(decision)}: it is written here")
            if not (history and decision.action is Action.REWRITE and "*" in decision.path):
                return _decided(decision, verdict, text[span.start : span.end], would)
        for globs, decision in self._wide:
            if not globs.match(path):
                continue
            if history and decision.action is Action.REWRITE and "*" in decision.path:
                continue  # a wide rule does not reach what says how it was
            if fits(decision, text, span, line, form):
                return _decided(decision, verdict, text[span.start : span.end], would)
        if OWN_FILES.match(path) or (path.endswith("pyproject.toml") and _in_own(text, span)):
            return Verdict(Action.KEEP, None, OWN_FILE)
        if verdict.action is Action.KEEP:
            return verdict
        if MARKER in text and (said_here := _opted(text, span, line)):
            return said_here
        if history:
            return Verdict(Action.KEEP, None, f"{HISTORY}{history}")
        return verdict


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


def _reason(decision: Decision) -> str:
    return DECIDED + (f": {decision.reason}" if decision.reason else " in the configuration")


def _decided(decision: Decision, verdict: Verdict, text: str, would: str | None) -> Verdict:
    reason = _reason(decision)
    replacement = decision.replacement or verdict.replacement or would
    starts = decision.line is None and decision.text and text.startswith(decision.text)
    if decision.replacement and decision.text and starts:
        replacement = decision.replacement + text[len(decision.text) :]  # what follows it stays
    if decision.action is Action.REWRITE and replacement is None:
        return Verdict(
            Action.REVIEW,
            None,
            f"{reason}, but nothing is known to put in its place: give `replacement`",
        )
    if decision.action is Action.KEEP:
        replacement = None
    return Verdict(decision.action, replacement, reason)


def _opted(text: str, span: Span, line: str) -> Verdict | None:
    found = opt_out(text, line, text.rfind("\n", 0, span.start) + 1)
    return Verdict(Action.KEEP, None, OPTED_OUT + found.reason) if found and found.reason else None


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
    """The whole word around a reference, as a person would copy it into a decision."""
    start, end = span.start, span.end
    while start > 0 and _WORD.match(text, start - 1):
        start -= 1
    while end < len(text) and _WORD.match(text, end):
        end += 1
    return text[start:end]


def _in_own(text: str, span: Span) -> bool:
    return any(Span(*found.span()).holds(span) for found in _OWN_TABLE.finditer(text))
