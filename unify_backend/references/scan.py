"""Finds the references in one file: each name, the place where it stands, and its decision.

The search for names is complete by construction and knows no format; forms only say what kind of
place a name stands in. So a form that misses something cannot lose a reference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from unify_backend.languages.contexts import Places, place
from unify_backend.languages.detect import language_of
from unify_backend.languages.generated import is_regenerated
from unify_backend.languages.language import (
    ContextKind,
    Fragment,
    ReferenceReader,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.python.equivalence import syntax_problem
from unify_backend.languages.python.source import SyntaxProblem, python_source
from unify_backend.languages.registry import READERS
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import imported_names
from unify_backend.model.references import Action, Finding, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.shims import PACKAGING, is_generated
from unify_backend.model.spans import LineIndex, Span
from unify_backend.model.text import (
    PYTHON_FILES,
    Binary,
    Text,
    may_name_encoding,
)
from unify_backend.names.also import AlsoTable
from unify_backend.names.candidates import Candidates
from unify_backend.names.escapes import EscapedNames
from unify_backend.names.prefilter import SplitLiteralPrefilter
from unify_backend.names.table import NameTable, Occurrence
from unify_backend.names.tokens import Token, token_at
from unify_backend.names.variants import LookalikeTable, lookalikes_of
from unify_backend.references import patterns
from unify_backend.references.areas import Areas
from unify_backend.references.binary import (
    BinaryNames,
    decode_tracked,
    first_of,
    may_hold_wide,
    seems,
)
from unify_backend.references.classify import Classifier, Step
from unify_backend.references.decision import Classification, is_decided, is_history
from unify_backend.references.limits import LARGEST, dense
from unify_backend.references.outer_folders import OneName
from unify_backend.references.overrides import Overrides
from unify_backend.references.parts import with_parts
from unify_backend.references.product import ProductNames
from unify_backend.references.resolution import LeadsTo, Resolver
from unify_backend.references.scan_memory import ScanMemory

_DOCUMENTS = frozenset({"markdown", "notebook"})
_CANONICAL = Classification(Action.KEEP, None, Reason.CANONICAL, kind=NameKind.MODULE)
_BINARY = Classification(Action.REVIEW, None, Reason.BINARY, kind=NameKind.BINARY)
_ALSO = Classification(
    Action.REWRITE, None, Reason.ALSO, kind=NameKind.SPELLING, evidence=Evidence.DECISION
)
_ALSO_STAYS = replace(_ALSO, action=Action.REVIEW, rule=Reason.ALSO_STAYS)
_ALSO_FOREIGN = replace(_ALSO, action=Action.REVIEW, rule=Reason.ALSO_FOREIGN)
_LOOKALIKE = Classification(Action.KEEP, None, Reason.LOOKALIKE, kind=NameKind.LOOKALIKE)
_ESCAPED = Classification(
    Action.REVIEW, None, Reason.ESCAPED, kind=NameKind.UNKNOWN, evidence=Evidence.SPELLED_ALIKE
)
_OF_COMMANDS = frozenset({Evidence.PROGRAM_OPTION, Evidence.STARTED_COMMAND})
_SCRIPTS = frozenset({"shell", "batch", "powershell"})
_NEAR = 3  # lines around one that may name the other folder
_FROM_BESIDE = re.compile(rb"\bfrom[ \t]+\.")  # what a single module imports by dots is beside it
_FROM_ABOVE = re.compile(rb"\bfrom[ \t]+\.[ \t]*\.")


# The rules that were asked about each name, and what the classifier made of it
Trace = dict[Span, tuple[tuple[Step, ...], Classification]]


@dataclass(frozen=True, slots=True)
class FileReferences:
    """What one file holds, in order of place."""

    references: tuple[Reference, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """A file while it is read."""

    path: str
    text: str
    hits: Sequence[Occurrence]
    lines: LineIndex
    problem: str  # why nothing in it may be rewritten, or ""
    also: Sequence[Span] = ()  # spellings that a person wants renamed with the package
    escaped: Sequence[tuple[Span, str]] = ()  # names with escapes in them
    regenerated: bool = False  # what a generator writes again
    generated: bool = False  # a part of a forwarding package, which names what it forwards


class Scanner:
    """Reads one file at a time; holds what is the same for all of them."""

    def __init__(
        self,
        settings: Settings,
        resolver: Resolver,
        forms: Mapping[str, ReferenceReader] = READERS,
        memory: ScanMemory | None = None,
        with_canonical: bool = True,
    ) -> None:
        """`memory` has what an earlier reading left, and gets what this one finds. Without
        `with_canonical` a file that holds only the new names may be left out."""
        self._moves = settings.moves
        self._imported = imported_names(settings.moves)
        self._forms = forms
        self._memory = memory
        self._with_canonical = with_canonical
        self._names = NameTable(settings.moves, outer=True)
        self._binary_names = BinaryNames(self._names)
        self._candidates = Candidates(settings.moves)
        self._index = MoveIndex(settings.moves)
        self._also = AlsoTable(settings.also)
        self._product = ProductNames(settings.moves, settings.also)
        self._lookalikes = LookalikeTable(
            lookalikes_of([move.legacy for move in settings.moves if not move.same_name])
        )
        self._needles = (*self._names.needles, *self._also.needles)
        self._escaped = EscapedNames(settings.moves)
        self._areas = Areas(settings.moves, settings.areas)
        self._overrides = Overrides(settings)
        self._resolver = resolver
        self._one_name = OneName(settings.moves, resolver)
        self._classifier = Classifier(resolver)
        self._splits_literal = SplitLiteralPrefilter(settings.moves)

    def matters(self, path: str, data: bytes) -> bool:
        """A quick look: false where the file certainly holds no reference."""
        if self._may_hold(data) or self._escaped.may_hold(data) or self._climbs(path, data):
            return True
        return path.endswith(PYTHON_FILES) and self._splits_literal(data)

    def _may_hold(self, data: bytes) -> bool:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16: the names are spelled wide
            return True
        lowered = data.lower()
        named = any(needle in lowered for needle in self._needles)
        return named or may_hold_wide(self._needles, lowered)

    def _climbs(self, path: str, data: bytes) -> bool:
        """Whether a module of a package with dots in its name imports from above itself, which
        may name another package by nothing but its last segment."""
        owners = [
            owner
            for owner in (*self._index.legacy_owners(path), *self._index.canonical_owners(path))
            if "." in owner.legacy
        ]
        return any((_FROM_BESIDE if owner.module else _FROM_ABOVE).search(data) for owner in owners)

    def scan(self, path: str, data: bytes, trace: Trace | None = None) -> FileReferences:
        """All references in a file. Never raises for its content: that becomes a finding. What the
        classifier asked is added to `trace`."""
        if not self.matters(path, data):
            return FileReferences((), ())
        return self.read(path, data, trace)

    def read(self, path: str, data: bytes, trace: Trace | None = None) -> FileReferences:
        """As `scan`, for a file of which `matters` is known."""
        decoded = decode_tracked(path, data)
        if isinstance(decoded, Binary):
            return self._binary(path, data)
        text = decoded.text
        hits = self._names.scan(text)
        also = [span for span, _ in self._also.scan(text, [hit.span for hit in hits])]
        hits = [hit for hit in hits if not any(span.holds(hit.span) for span in also)]
        language = language_of(path, text[:200])
        if language == "batch" and (behind := self._names.behind_own_folder(text)):
            hits = sorted((*hits, *behind), key=lambda hit: hit.span)
        escaped = self._with_escapes(data, text, language, also)
        taken = {span.start for span, _ in escaped}
        hits = [hit for hit in hits if hit.span.start not in taken]
        legacy = any(hit.names is Names.LEGACY for hit in hits)
        findings: list[Finding] = []
        problem = ""
        # A document speaks of two trees by the new name alone; `%~dp0old` is one word to a search.
        unseen = (language == "markdown" and bool(hits)) or language == "batch"
        dotted = any("." in move.legacy for move in self._names.moves)
        if (
            legacy
            or unseen
            or dotted
            or (path.endswith(PYTHON_FILES) and self._splits_literal(data))
        ):
            language, problem = self._fit(path, data, decoded, language, len(hits), findings)
            moves = self._candidates.of(path, text, hits, language in _DOCUMENTS)
            fragment = Fragment(path, text, [hit.span for hit in hits], moves)
            places = self._places(language, fragment)
            if places.problem:
                findings.append(Finding(path, f"{places.problem}; read as plain text"))
        elif not (self._with_canonical or also or escaped or self._lookalikes.scan(text, [])):
            return FileReferences((), ())
        else:  # names of the canonical package alone need no parser
            places = Places(
                tuple(SyntaxContext(h.span, language, ContextKind.PROSE) for h in hits), (), ""
            )
        file = _File(
            path,
            text,
            hits,
            LineIndex(text),
            problem,
            also,
            escaped,
            is_regenerated(path, text),
            is_generated(data),
        )
        held = self._held(file, places)
        exact = [_waiting(reference, held) for reference in self._exact(file, places, trace)]
        renamed = {
            reference.span.start for reference in exact if reference.action is Action.REWRITE
        }
        references = [*exact, *self._split(file, places, renamed)]
        references += self._others(file)
        known = [reference.span for reference in references if reference.names is Names.LEGACY]
        references += [
            self._reference(
                file, span, Names.LEGACY, "escaped", replace(_ESCAPED, detail=legacy), legacy
            )
            for span, legacy in escaped
            if not any(other.start <= span.start < other.end for other in known)
        ]
        references.sort(key=lambda reference: reference.span)
        return FileReferences(with_parts(references), tuple(findings))

    def _with_escapes(
        self, data: bytes, text: str, language: str, taken: Sequence[Span]
    ) -> list[tuple[Span, str]]:
        """The names with escapes in them, beside what is `taken`, each with its legacy name."""
        if len(text) > LARGEST or not self._escaped.may_hold(data):
            return []
        return [
            (span, legacy)
            for span, legacy in self._escaped.scan(text, language)
            if not any(span.overlaps(other) for other in taken)
        ]

    def _places(self, language: str, fragment: Fragment) -> Places:
        if self._memory is None:
            return place(self._forms, language, fragment)
        return self._memory.places(self._forms, language, fragment)

    def _fit(
        self,
        path: str,
        data: bytes,
        decoded: Text,
        language: str,
        names: int,
        findings: list[Finding],
    ) -> tuple[str, str]:
        """The language to read the file as, and why nothing in it may be rewritten ("" if it may).

        What is wrong with the file is added to `findings`.
        """
        if not decoded.lossless:
            findings.append(
                Finding(
                    path,
                    "not valid in its encoding (not UTF-8, or the coding "
                    "line is wrong): the bytes that do not fit stay as they are",
                )
            )
        if len(decoded.text) > LARGEST:
            findings.append(
                Finding(
                    path,
                    f"too large to be read as {language} ({len(data):,} bytes): read as plain text",
                )
            )
            return "text", ""
        if dense(decoded.text, names):
            findings.append(
                Finding(
                    path,
                    f"too many names on one line to be read as {language} ({names:,} in the file): "
                    "read as plain text",
                )
            )
            return "text", ""
        if language == "python" and path.endswith(PYTHON_FILES):
            find = partial(_syntax_problem, data, decoded)
            problem = find() if self._memory is None else self._memory.problem(data, find)
            if problem:
                findings.append(Finding(path, f"cannot be parsed as Python ({problem})", True))
                return language, problem
        return language, ""

    def _exact(
        self, file: _File, places: Places, trace: Trace | None = None
    ) -> Iterator[Reference]:
        named = {outer: _lines_of(file, outer) for outer in (False, True)}
        end = 0
        for n, (hit, zone) in enumerate(zip(file.hits, places.zones, strict=True)):
            if hit.span.start < end:
                continue  # the name again, in what the one before it names
            token = self._token(file, n, zone)
            if self._one_name.leaves_out(token, zone, file.path, file.text):
                continue
            end = token.span.end
            outer = bool(hit.spelling.outer)
            number = file.lines.position(hit.span.start).line
            if outer and hit.names is Names.LEGACY:
                zone = replace(zone, repeats=_near(number, named[True][Names.CANONICAL]))
            if hit.names is Names.CANONICAL:
                result, target = _CANONICAL, LeadsTo.UNKNOWN
            else:
                states = number in named[outer][Names.CANONICAL]
                result, target = self._classifier.classify(token, zone, states, file.path)
                if trace is not None:
                    steps = tuple(self._classifier.steps(token, zone, states, file.path))
                    trace[token.span] = steps, result
            legacy = self._imported[hit.spelling.move]
            span, would = token.span, token.replacement
            if self._product and hit.names is Names.LEGACY:
                result = self._as_product(file, token.span, result, hit.spelling.move.legacy)
            if any(also.overlaps(span) for also in file.also):  # `old.OldError`: two edits
                span, would = hit.span, would.removesuffix(token.tail)
                if result.replacement is not None:
                    shorter = result.replacement.removesuffix(token.tail)
                    result = replace(result, replacement=shorter)
            fits = would.isidentifier() or result.kind is not NameKind.VARIABLE
            yield self._reference(
                file,
                span,
                hit.names,
                zone.form,
                result,
                legacy,
                target,
                would if fits else None,
                token.parts() if target in {LeadsTo.LEGACY_ONLY, LeadsTo.NOWHERE} else (),
                zone,
            )

    def _as_product(
        self, file: _File, span: Span, result: Classification, legacy: str
    ) -> Classification:
        return self._product.applied(result, file.text[span.start : span.end], legacy)

    def _token(self, file: _File, n: int, zone: SyntaxContext) -> Token:
        """The whole token around the hit number `n`: to the next name, or over it where that one
        is an attribute or a step of what this one names (`app.main:app`, `old/api/old.css`)."""
        hit = file.hits[n]
        following = file.hits[n + 1].span.start if n + 1 < len(file.hits) else len(file.text)
        limit = max(hit.span.end, min(following, zone.span.end))
        token = token_at(file.text, hit, limit, zone.escapes)
        if token.span.end < following - 2 or following >= zone.span.end:
            return token
        whole = token_at(file.text, hit, max(limit, zone.span.end), zone.escapes)
        if whole.span.end <= following or file.hits[n + 1].names is not Names.LEGACY:
            return token
        lead = patterns.PREFIX.search(token.before)
        plain = lead is None or lead.group() in {"", "./", ".\\"}
        inside = not whole.is_path or plain
        return whole if inside or self._resolver.find(whole) is LeadsTo.CANONICAL else token

    def _held(self, file: _File, places: Places) -> dict[int, Reference]:
        """Starts of the names that are not rewritten as long as a place that depends on them is for
        review, each with that place."""
        held: dict[int, Reference] = {}
        for split in places.splits:
            names = split.holds or ((split.follows,) if split.follows else ())
            if split.review and names:
                place = self._of_split(file, split, False)
                if place.action is Action.REVIEW:
                    held |= {hit.start: place for hit in names if hit.start not in held}
        return held

    def _split(self, file: _File, places: Places, renamed: Collection[int]) -> Iterator[Reference]:
        references = list(self._each_split(file, places, renamed))
        divided = {
            reference.span
            for reference in references
            if reference.split and reference.action is Action.REWRITE
        }
        for reference in references:
            whole = reference.split is None or divided.issuperset(reference.split.names)
            yield reference if whole else _undivided(reference)

    def _each_split(
        self, file: _File, places: Places, renamed: Collection[int]
    ) -> Iterator[Reference]:
        for split in places.splits:
            if self._one_name.stays(split, file.text):
                continue
            if split.counted and not self._counts_from_before(*split.counted):
                continue
            waits = split.follows is not None and split.follows.start not in renamed
            if waits and split.companion:
                continue
            reference = self._of_split(file, split, waits)
            if split.names is Names.IMPLIED and is_history(reference):
                continue  # a place without the name itself, in a document of the past: not listed
            yield reference

    def _counts_from_before(self, now: str, before: str) -> bool:
        """Whether nothing is where a relative import leads, and something where it led."""
        return not self._resolver.leads(now) and self._resolver.leads(before)

    def _of_split(self, file: _File, split: SplitReference, waits: bool) -> Reference:
        ask = split.review or waits or split.replacement is None
        action = Action.KEEP if split.stays else Action.REVIEW if ask else Action.REWRITE
        result = Classification(
            action,
            None if split.stays else split.replacement,
            split.reason if split.note else Reason.IN_PIECES,
            split.note,
            split.kind,
            split.evidence,
            None if split.stays else split.statement,
        )
        return self._reference(
            file,
            split.span,
            split.names,
            split.form,
            result,
            self._imported[split.move],
            zone=split,
        )

    def _others(self, file: _File) -> Iterator[Reference]:
        taken = [hit.span for hit in file.hits]
        also = self._also.scan(file.text, taken)
        for span, replacement in also:
            result = replace(_ALSO, replacement=replacement)
            if self._resolver.is_of_others(file.text, span):
                result = _ALSO_FOREIGN
            elif not self._product and self._resolver.stays(file.text, span):
                result = _ALSO_STAYS
            yield self._reference(
                file, span, Names.LOOKALIKE, "also", result, self._moves[0].legacy
            )
        taken = sorted([*taken, *(span for span, _ in (*also, *file.escaped))])
        for span, legacy in self._lookalikes.scan(file.text, taken):
            yield self._reference(file, span, Names.LOOKALIKE, "lookalike", _LOOKALIKE, legacy)

    def _reference(
        self,
        file: _File,
        span: Span,
        names: Names,
        form: str,
        result: Classification,
        legacy: str,
        target: LeadsTo = LeadsTo.UNKNOWN,
        would: str | None = None,
        inner: tuple[str, ...] = (),
        zone: SyntaxContext | SplitReference | None = None,
    ) -> Reference:
        if result.action is Action.REWRITE and file.problem:
            result = replace(
                result, action=Action.REVIEW, rule=Reason.UNPARSED, detail=file.problem
            )
        text = file.text[span.start : span.end]
        if result.action is Action.REWRITE and file.regenerated:
            imports = result.evidence is Evidence.PARSED_IMPORT
            detail = ", for this import fails once the module has moved" if imports else ""
            result = replace(
                result, action=Action.REVIEW, rule=Reason.REGENERATED, detail=detail, split=None
            )
        if file.generated:
            result = replace(result, action=Action.KEEP, replacement=None, rule=Reason.SHIM)
        if names is Names.LEGACY and self._lists_the_shim(file.path, text, legacy):
            result = replace(result, action=Action.KEEP, replacement=None, rule=Reason.SHIM_ENTRY)
        if names is not Names.CANONICAL and not file.generated:
            line = file.lines.line_of(span.start)
            result = self._overrides.apply(file.path, file.text, span, line, result, would, form)
        return Reference(
            file.path,
            span,
            file.lines.position(span.start),
            file.lines.position(span.end),
            text,
            names,
            form,
            self._areas.of(file.path),
            result.action,
            result.replacement,
            None if target is LeadsTo.UNKNOWN else target is LeadsTo.CANONICAL,
            result.rule,
            result.detail,
            legacy,
            result.kind,
            result.evidence,
            () if zone is None else zone.languages,
            isinstance(zone, SyntaxContext) and zone.comment,
            isinstance(zone, SyntaxContext) and _in_command(zone),
            dead=target is LeadsTo.NOWHERE,
            inner=inner,
            split=result.split,
            label=zone.label if isinstance(zone, SyntaxContext) else None,
        )

    def _lists_the_shim(self, path: str, text: str, legacy: str) -> bool:
        """Whether the bare name stands in the packaging settings of a project that ships a
        forwarding package under it."""
        if path not in PACKAGING or legacy not in self._resolver.forwarded:
            return False
        moves = (move for move in self._moves if move.legacy == legacy)
        return any(text in {move.legacy, move.legacy_path} for move in moves)

    def _binary(self, path: str, data: bytes) -> FileReferences:
        """One reference for the whole file: the place of its first name, and how many there are."""
        hits = self._binary_names.scan(data)
        hit = first_of(hits)
        if hit is None:
            return FileReferences((), ())
        text = data.decode("latin-1")
        file = _File(path, text, hits, LineIndex(text), "")
        legacy = [other for other in hits if other.names is Names.LEGACY]
        if not legacy:
            detail, result = "", _CANONICAL
        else:
            detail = f"{seems(path, data)} names it {_times(len(legacy))}"
            result = replace(_BINARY, detail=detail)
        imported = self._imported[hit.spelling.move]
        reference = self._reference(file, hit.span, hit.names, "binary", result, imported)
        problem = "a binary file that holds the name: it has to be built again, or needs review"
        return FileReferences((reference,), (Finding(path, problem),) if legacy else ())


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _syntax_problem(data: bytes, decoded: Text) -> str | None:
    """As `syntax_problem`, but with the tree that the language will ask for, where the parser
    reads the bytes as we do: a coding line counts for bytes alone."""
    if may_name_encoding(data) or not decoded.lossless or decoded.encoding != "utf-8":
        return syntax_problem(data)
    source = python_source(decoded.text)
    return str(source) if isinstance(source, SyntaxProblem) else None


def _waiting(name: Reference, held: Mapping[int, Reference]) -> Reference:
    """The reference for review, where a place that depends on it is for review."""
    place = held.get(name.span.start)
    if place is None or name.action is not Action.REWRITE or is_decided(name):
        return name
    shown = " ".join(place.text.split())
    detail = f"line {place.start.line} ('{shown}') {place.reason}"
    return replace(name, action=Action.REVIEW, rule=Reason.DEPENDED_ON, detail=detail)


def _undivided(name: Reference) -> Reference:
    """The name for review, where another one in its import is not rewritten with it."""
    detail = "another name in its import is decided otherwise: write its import by hand"
    return replace(
        name,
        action=Action.REVIEW,
        replacement=None,
        rule=Reason.SPLIT,
        detail=detail,
        split=None,
    )


def _in_command(zone: SyntaxContext) -> bool:
    """Whether a place is a word of a command, or stands in a script."""
    if zone.context is ContextKind.COMMAND or zone.evidence in _OF_COMMANDS:
        return True
    return bool(zone.languages) and zone.languages[-1] in _SCRIPTS


def _lines_of(file: _File, outer: bool) -> dict[Names, set[int]]:
    """The lines that name the legacy and the canonical package, or the folders around them."""
    lines: dict[Names, set[int]] = {names: set() for names in Names}
    for hit in file.hits:
        if bool(hit.spelling.outer) is outer:
            lines[hit.names].add(file.lines.position(hit.span.start).line)
    return lines


def _near(number: int, lines: Collection[int]) -> int:
    """The first one of `lines` that stands near the line `number`, which is none; 0 for none."""
    around = range(max(1, number - _NEAR), number + _NEAR + 1)
    return next((line for line in around if line != number and line in lines), 0)
