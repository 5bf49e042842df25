"""What happens to a name: one ordered table of rules for all formats.

`PROPOSALS` are asked in their order, and the first that applies says what the name is. As long as
that is a rewrite, `LEADS` are asked where the new name leads, and `STATEMENTS` what the text says
of the rename already. Only a rewrite asks for statements: the canonical name beside a name that is
left alone may be what the last run wrote, and must not change what is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.language import Context, Zone
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.references import Action
from unify_backend.names.tokens import Token
from unify_backend.references import patterns
from unify_backend.references import place as ask
from unify_backend.references.decision import Classification
from unify_backend.references.path_context import PathContext
from unify_backend.references.place import VERBATIM, Place, evidence_of, kind_of
from unify_backend.references.resolution import Found, Resolver

REWRITE, REVIEW, KEEP = Action.REWRITE, Action.REVIEW, Action.KEEP
_NO_RULE = Classification(REVIEW, None, Reason.UNCLEAR_USE)  # the last proposal always applies
_BEHIND_LETTER = re.compile(r"(?:^|[^\\])(?:\\\\)*\\[nrt]$")  # an escape, where there are any


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` holds in a place, it is classified so. A string that `when` gives is the detail.

    `becomes` is what the name becomes, or would become. `kind` and `evidence` say what the name is
    and why that is known; where they are None, the place tells. With `leads` it is the package's
    name, so that it was looked up where it leads.
    """

    reason: Reason
    action: Action
    when: Callable[[Place], object]
    becomes: Callable[[Place], str | None] = lambda place: None
    kind: NameKind | Callable[[Place], NameKind] | None = None
    evidence: Evidence | None = None
    leads: bool = False

    def classify(self, place: Place, answer: object, proposed: Classification) -> Classification:
        """The classification of a place in which `when` gave `answer`, where `proposed` was a
        rewrite, or nothing was proposed yet."""
        checks = proposed.action is REWRITE
        kind = self.kind or (proposed.kind if checks else kind_of)
        return Classification(
            self.action,
            None if self.action is KEEP and checks else self._replacement(place, proposed),
            self.reason,
            answer if isinstance(answer, str) else "",
            kind if isinstance(kind, NameKind) else kind(place),
            self.evidence or (proposed.evidence if checks else evidence_of(place)),
        )

    def _replacement(self, place: Place, proposed: Classification) -> str | None:
        return proposed.replacement if proposed.action is REWRITE else self.becomes(place)


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that was asked about a place, and whether it applied."""

    rule: Rule
    applies: bool


class Classifier:
    """Decides by the tables. `resolver` knows which modules, files and folders there are."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def classify(
        self, token: Token, zone: Zone, stated: bool, path: str
    ) -> tuple[Classification, Found]:
        """The classification of a legacy name in the file at `path`, and where its canonical form
        leads; `Found.UNKNOWN` too where the name is not the package, so that nothing was looked
        up. `stated` says whether its line names the canonical package too."""
        place = Place(token, zone, stated, path, self._resolver)
        found, result = Found.UNKNOWN, _NO_RULE
        for table in TABLES:
            rule, answer = _first(table, place)
            if rule is not None:
                place.leads = rule.leads
                found = place.found if rule.leads else Found.UNKNOWN
                result = rule.classify(place, answer, result)
            if result.action is not REWRITE:
                break
        return result, found

    def steps(self, token: Token, zone: Zone, stated: bool, path: str) -> Iterator[Step]:
        """The rules that are asked about the place, in their order, up to the one that decides."""
        place = Place(token, zone, stated, path, self._resolver)
        for table in TABLES:
            for rule in table:
                applies = bool(rule.when(place))
                yield Step(rule, applies)
                if applies:
                    place.leads = rule.leads
                    break
            else:
                continue
            if rule.action is not REWRITE:
                return


def _first(rules: Sequence[Rule], place: Place) -> tuple[Rule | None, object]:
    for rule in rules:
        if answer := rule.when(place):
            return rule, answer
    return None, None


def _path_rule(answer: Callable[[PathContext], object]) -> Callable[[Place], object]:
    """A question about where a path leads, asked of paths alone."""
    return lambda place: place.to_path and answer(place.lead)


# The tables

_WORDS = Evidence.WORDS

PROPOSALS: tuple[Rule, ...] = (
    # What the format says
    Rule(
        Reason.FORMER_NAME,
        KEEP,
        lambda p: p.context in VERBATIM and p.zone.former,
        kind=NameKind.STATEMENT,
        evidence=_WORDS,
    ),
    Rule(Reason.OTHER_IDENTIFIER, KEEP, ask.other_identifier, kind=ask.identifier_kind),
    Rule(
        Reason.WORD_BEHIND_ESCAPE,
        KEEP,
        lambda p: not p.zone.escapes and _BEHIND_LETTER.search(p.before),
        kind=NameKind.WORD,
        evidence=_WORDS,
    ),
    Rule(Reason.ALIASED, REWRITE, ask.aliased, ask.respelled, leads=True),
    Rule(
        Reason.MEANING_CHANGES,
        REVIEW,
        lambda p: p.context is Context.CONFLICT and (p.zone.note or "the rename changes a meaning"),
        leads=True,
    ),
    Rule(Reason.STATES_RENAME, KEEP, ask.states, kind=NameKind.STATEMENT, evidence=_WORDS),
    Rule(
        Reason.RESTATED_NEARBY,
        KEEP,
        lambda p: p.zone.repeats_alike and ask.restated(p),
        kind=NameKind.STATEMENT,
        evidence=_WORDS,
    ),
    Rule(Reason.REPEATS_NEARBY, REVIEW, lambda p: p.zone.repeats_alike and ask.repeats_nearby(p)),
    Rule(Reason.OTHER_THING, KEEP, ask.other_thing, kind=ask.label_kind),
    # What the words around the name say
    Rule(Reason.FILE_CALLED_AFTER, REVIEW, ask.called_after, kind=NameKind.FILE),
    Rule(Reason.FILE_ELSEWHERE, REVIEW, ask.file_elsewhere, kind=NameKind.FILE),
    Rule(
        Reason.MODULE_FILE,
        REWRITE,
        lambda p: ask.python_file(p) and p.context is not Context.KEY,
        ask.module_file,
        NameKind.FILE,
    ),
    Rule(Reason.FILE_OF_TYPE, KEEP, ask.file_type, kind=NameKind.FILE, evidence=_WORDS),
    Rule(
        Reason.FILE_ADDRESS,
        REVIEW,
        lambda p: p.scheme and patterns.FILE_ADDRESS.search(p.before),
        ask.whole,
        NameKind.FILE,
        _WORDS,
    ),
    Rule(
        Reason.DATABASE_ADDRESS,
        KEEP,
        lambda p: p.scheme and patterns.DATABASE.search(p.scheme[1]),
        kind=NameKind.ADDRESS,
        evidence=_WORDS,
    ),
    Rule(Reason.PERMANENT_LINK, KEEP, ask.permanent, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(
        Reason.BRANCH_LINK,
        REVIEW,
        lambda p: p.forge and p.found is Found.CANONICAL,
        ask.whole,
        NameKind.ADDRESS,
        _WORDS,
    ),
    Rule(Reason.URL, REVIEW, lambda p: p.scheme, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(Reason.NAMED_VARIABLE, KEEP, ask.named_variable, kind=NameKind.VARIABLE, evidence=_WORDS),
    Rule(Reason.E_MAIL, KEEP, ask.e_mail_behind, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(Reason.JOINED, REVIEW, ask.joined, kind=NameKind.WORD, evidence=_WORDS),
    Rule(Reason.E_MAIL, KEEP, ask.e_mail_before, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(Reason.BEHIND_AT, REVIEW, ask.behind_at, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(Reason.HOST, KEEP, ask.host, kind=NameKind.ADDRESS, evidence=_WORDS),
    Rule(Reason.FILES_BEGINNING, KEEP, ask.files_beginning, kind=NameKind.WORD, evidence=_WORDS),
    Rule(Reason.UNKNOWN_OWNER, REVIEW, ask.unknown_owner, ask.whole, NameKind.UNKNOWN, _WORDS),
    Rule(Reason.OTHER_SEGMENT, KEEP, ask.segment, kind=NameKind.WORD, evidence=_WORDS),
    # Where a path leads
    Rule(
        Reason.LONGER_WORD,
        KEEP,
        lambda p: p.is_path and not p.code and p.lead.longer,
        kind=NameKind.WORD,
        evidence=_WORDS,
    ),
    Rule(
        Reason.MOUNT_POINT,
        REVIEW,
        _path_rule(lambda lead: lead.mounted),
        ask.whole,
        NameKind.FOLDER,
        _WORDS,
    ),
    Rule(
        Reason.OTHER_FOLDER,
        KEEP,
        _path_rule(lambda lead: lead.other_folder),
        kind=NameKind.FOLDER,
        evidence=Evidence.EXISTING_PATH,
    ),
    Rule(
        Reason.OTHER_FILE,
        KEEP,
        _path_rule(lambda lead: lead.other_file),
        kind=NameKind.FILE,
        evidence=Evidence.EXISTING_PATH,
    ),
    Rule(
        Reason.OTHER_PLACE,
        KEEP,
        _path_rule(lambda lead: lead.surely_beside and lead.beside),
        kind=NameKind.FOLDER,
        evidence=Evidence.EXISTING_PATH,
    ),
    Rule(
        Reason.TWO_PLACES,
        REVIEW,
        _path_rule(lambda lead: lead.beside),
        ask.whole,
        NameKind.UNKNOWN,
        Evidence.EXISTING_PATH,
    ),
    Rule(
        Reason.SCOPE,
        REVIEW,
        _path_rule(lambda lead: lead.scope),
        kind=NameKind.ADDRESS,
        evidence=_WORDS,
    ),
    Rule(
        Reason.FORGE_NAME,
        REVIEW,
        _path_rule(lambda lead: lead.forge_name),
        kind=NameKind.ADDRESS,
        evidence=_WORDS,
    ),
    Rule(
        Reason.UNKNOWN_LEAD,
        REVIEW,
        _path_rule(lambda lead: lead.unknown_lead),
        ask.whole,
        NameKind.UNKNOWN,
        _WORDS,
    ),
    Rule(
        Reason.TAGGED,
        REVIEW,
        _path_rule(lambda lead: lead.tagged),
        ask.whole,
        NameKind.LABEL,
        _WORDS,
    ),
    Rule(
        Reason.OTHER_LOOSE_FOLDER,
        KEEP,
        lambda p: p.to_path and p.lead.loose and p.token.name,
        kind=NameKind.FOLDER,
    ),
    Rule(
        Reason.CHECKOUT,
        REVIEW,
        _path_rule(lambda lead: lead.checkout),
        ask.whole,
        NameKind.UNKNOWN,
        _WORDS,
    ),
    Rule(
        Reason.MACHINE_FOLDER,
        REVIEW,
        _path_rule(lambda lead: lead.of_machine),
        ask.whole,
        NameKind.FOLDER,
        _WORDS,
    ),
    Rule(
        Reason.OUTSIDE,
        REVIEW,
        _path_rule(lambda lead: lead.outside),
        ask.whole,
        NameKind.FOLDER,
        _WORDS,
    ),
    Rule(
        Reason.ABSOLUTE,
        REVIEW,
        _path_rule(lambda lead: lead.absolute),
        ask.whole,
        NameKind.FOLDER,
        _WORDS,
    ),
    Rule(
        Reason.URL_PATH,
        REVIEW,
        _path_rule(lambda lead: lead.url_path),
        ask.whole,
        NameKind.UNKNOWN,
        _WORDS,
    ),
    # What the name is used as
    Rule(Reason.SQL, REVIEW, ask.sql, kind=NameKind.LABEL, evidence=_WORDS),
    Rule(Reason.CALLED, REVIEW, ask.called, kind=NameKind.LABEL, evidence=_WORDS),
    Rule(Reason.MOUNTED, REVIEW, ask.mounted, kind=NameKind.LABEL, evidence=_WORDS),
    Rule(Reason.UNKNOWN_BASE, REVIEW, ask.unknown_base, kind=NameKind.FOLDER, leads=True),
    Rule(Reason.MODULE_FOLDER, REVIEW, ask.module_folder, kind=NameKind.FOLDER, leads=True),
    Rule(Reason.KEY, REVIEW, ask.key, ask.key_becomes, ask.key_kind, leads=True),
    Rule(Reason.KEY_OF, REVIEW, ask.key_of, ask.key_becomes, ask.key_kind, leads=True),
    Rule(Reason.PATH, REWRITE, lambda p: p.is_path, ask.whole, leads=True),
    Rule(Reason.MODULE_PATH, REWRITE, lambda p: not p.bare, ask.whole, leads=True),
    Rule(Reason.PACKAGE_NAME, REWRITE, ask.is_module, ask.whole, leads=True),
    Rule(
        Reason.UNKNOWN_BASE,
        REVIEW,
        lambda p: ask.is_folder(p) and ask.unknown_folder(p),
        kind=NameKind.FOLDER,
        leads=True,
    ),
    Rule(Reason.PACKAGE_FOLDER, REWRITE, ask.is_folder, ask.as_folder, NameKind.FOLDER, leads=True),
    Rule(Reason.PATTERN, REVIEW, ask.pattern, ask.whole, NameKind.PATTERN, _WORDS, leads=True),
    Rule(Reason.ARGUMENT, REVIEW, ask.in_command, ask.whole, NameKind.UNKNOWN, leads=True),
    Rule(Reason.MESSAGE, REWRITE, ask.message, ask.whole, evidence=_WORDS, leads=True),
    Rule(Reason.PREFIX, REWRITE, ask.prefix, ask.whole, evidence=_WORDS, leads=True),
    Rule(Reason.ALONE, REVIEW, ask.alone, ask.whole, NameKind.UNKNOWN, leads=True),
    Rule(Reason.UNCLEAR_USE, REVIEW, ask.unclear, ask.whole, NameKind.UNKNOWN, leads=True),
    Rule(
        Reason.WORD_IN_CODE,
        REVIEW,
        lambda p: ask.is_word(p) and p.context is Context.CODE_SPAN,
        ask.whole,
        NameKind.WORD,
        leads=True,
    ),
    Rule(Reason.WORD, KEEP, ask.is_word, ask.whole, NameKind.WORD, leads=True),
    Rule(Reason.PACKAGE_NAME, REWRITE, lambda p: True, ask.whole, leads=True),
)

LEADS: tuple[Rule, ...] = (
    Rule(Reason.FORESEEN, REWRITE, lambda p: p.zone.foresees and ask.missing(p), leads=True),
    Rule(
        Reason.ONLY_LEGACY,
        REVIEW,
        lambda p: p.leads and p.found is Found.LEGACY_ONLY,
        leads=True,
    ),
    Rule(Reason.MOVED_APART, KEEP, ask.moved_apart, leads=True),
    Rule(Reason.MADE_HERE, REWRITE, ask.made, leads=True),
    Rule(Reason.CLEARED_HERE, REWRITE, ask.cleared, leads=True),
    Rule(Reason.DEAD_INSIDE, REWRITE, ask.dead_inside, leads=True),
    Rule(Reason.DEAD, REVIEW, ask.nowhere, leads=True),
)

STATEMENTS: tuple[Rule, ...] = (
    Rule(Reason.STATES_RENAME, KEEP, ask.says_both, kind=NameKind.STATEMENT, evidence=_WORDS),
    Rule(Reason.REPEATS_LINE, REVIEW, ask.repeats, leads=True),
    Rule(Reason.RESTATED_NEARBY, KEEP, ask.restated, kind=NameKind.STATEMENT, evidence=_WORDS),
    Rule(Reason.REPEATS_NEARBY, REVIEW, ask.repeats_nearby),
)

TABLES = (PROPOSALS, LEADS, STATEMENTS)
