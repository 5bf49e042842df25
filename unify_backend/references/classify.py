"""Classifies a name by ordered tables of rules, for all formats.

`PROPOSALS` are asked in their order; the first that applies says what the name is. As long as the
action is a rewrite, `LEADS` are asked where the new name leads, and then `STATEMENTS` whether the
text already describes the rename. `STATEMENTS` are asked for a rewrite only: the canonical name
beside a name that is kept may come from the last run, and must not change the classification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.registry import scripts
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.references import Action
from unify_backend.names.tokens import Kind as Writing
from unify_backend.names.tokens import Token
from unify_backend.references import outer_folders as around
from unify_backend.references import place as ask
from unify_backend.references import rename_statements as told
from unify_backend.references.decision import Classification
from unify_backend.references.path_context import is_file
from unify_backend.references.place import Place
from unify_backend.references.resolution import LeadsTo, Resolver

REWRITE, REVIEW, KEEP = Action.REWRITE, Action.REVIEW, Action.KEEP
_NO_RULE = Classification(REVIEW, None, Reason.UNCLEAR_USE)  # the last proposal always applies


When = Callable[[Place], object]
Becomes = Callable[[Place], str | None]
KindOf = NameKind | Callable[[Place], NameKind]
_WORDS = Evidence.WORDS


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` holds in a place, it is classified so. A string that `when` gives is the detail.

    `becomes` is what the name becomes, or would become. `kind` and `evidence` say what the name is
    and why that is known; where they are None, the place tells. With `leads` it is the package's
    name, so that it was looked up where it leads.
    """

    reason: Reason
    action: Action
    when: When
    becomes: Becomes = lambda place: None
    kind: KindOf | None = None
    evidence: Evidence | None = None
    leads: bool = False

    def classify(self, place: Place, answer: object, proposed: Classification) -> Classification:
        """The classification of a place in which `when` gave `answer`, where `proposed` was a
        rewrite, or nothing was proposed yet."""
        checks = proposed.action is REWRITE
        kind = self.kind or (proposed.kind if checks else _kind)
        return Classification(
            self.action,
            None if self.action is KEEP and checks else self._replacement(place, proposed),
            self.reason,
            answer if isinstance(answer, str) else "",
            kind if isinstance(kind, NameKind) else kind(place),
            self.evidence or (proposed.evidence if checks else _evidence(place)),
        )

    def _replacement(self, place: Place, proposed: Classification) -> str | None:
        return proposed.replacement if proposed.action is REWRITE else self.becomes(place)


@dataclass(frozen=True, slots=True)
class Section:
    """Rules that are asked in their order of the places that `of` lets through."""

    rules: tuple[Rule, ...]
    of: Callable[[Place], bool] = lambda place: True


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
        self, token: Token, zone: SyntaxContext, stated: bool, path: str
    ) -> tuple[Classification, LeadsTo]:
        """The classification of a legacy name in the file at `path`, and where its canonical form
        leads; `Found.UNKNOWN` too where the name is not the package, so that nothing was looked
        up. `stated` says whether its line names the canonical package too."""
        place = Place(token, zone, stated, path, self._resolver)
        target, result = LeadsTo.UNKNOWN, _NO_RULE
        for table in TABLES:
            rule, answer = _first(table, place)
            if rule is not None:
                place.leads = rule.leads
                target = place.found if rule.leads else LeadsTo.UNKNOWN
                result = rule.classify(place, answer, result)
            if result.action is not REWRITE:
                break
        return result, target

    def steps(self, token: Token, zone: SyntaxContext, stated: bool, path: str) -> Iterator[Step]:
        """The rules that are asked about the place, in their order, up to the one that decides."""
        place = Place(token, zone, stated, path, self._resolver)
        for table in TABLES:
            for rule in _asked(table, place):
                applies = bool(rule.when(place))
                yield Step(rule, applies)
                if applies:
                    place.leads = rule.leads
                    break
            else:
                continue
            if rule.action is not REWRITE:
                return


def _kind(place: Place) -> NameKind:
    """The kind of a name that refers to the package here."""
    token = place.token
    if place.context is ContextKind.NAME or place.zone.evidence is Evidence.BOUND_NAME:
        return NameKind.IDENTIFIER
    if token.kind is Writing.PATH:
        return NameKind.FILE if is_file(token, place.found) else NameKind.FOLDER
    if token.kind is Writing.FILE_NAME:
        return NameKind.FILE
    return NameKind.MODULE


_BY_CONTEXT = {
    ContextKind.IMPORT: Evidence.PARSED_IMPORT,
    ContextKind.NAME: Evidence.BOUND_NAME,
    ContextKind.OTHER_NAME: Evidence.BOUND_NAME,
    ContextKind.MODULE_VALUE: Evidence.SETTING,
    ContextKind.PATH_VALUE: Evidence.SETTING,
    ContextKind.LABEL: Evidence.SETTING,
    ContextKind.KEY: Evidence.SETTING,
}
_CALLS = frozenset({"python", "javascript", "notebook"})


def _evidence(place: Place) -> Evidence:
    """The evidence that a name refers to the package here."""
    zone = place.zone
    if zone.evidence is not None:
        return zone.evidence
    if (known := _BY_CONTEXT.get(zone.context)) is not None:
        return known
    if zone.context in {ContextKind.MODULE_STRING, ContextKind.PATH_STRING}:
        reader = zone.languages[-1] if zone.languages else ""
        if reader in _CALLS:
            return Evidence.KNOWN_CALL
        commands = reader in scripts() or reader == "dockerfile"
        return Evidence.PROGRAM_OPTION if commands else Evidence.DIRECTIVE
    if place.bare or place.found is not LeadsTo.CANONICAL:
        return Evidence.SPELLED_ALIKE
    return Evidence.EXISTING_PATH if place.is_path else Evidence.RESOLVED_NAME


def _asked(table: Sequence[Section], place: Place) -> Iterator[Rule]:
    for section in table:
        if section.of(place):
            yield from section.rules


def _first(table: Sequence[Section], place: Place) -> tuple[Rule | None, object]:
    for section in table:
        if section.of(place):
            for rule in section.rules:
                if answer := rule.when(place):
                    return rule, answer
    return None, None


# The tables


def _rewrite(
    reason: Reason, when: When, becomes: Becomes = ask.whole, kind: NameKind | None = None
) -> Rule:
    return Rule(reason, REWRITE, when, becomes, kind, leads=True)


def _used(
    reason: Reason,
    when: When,
    kind: KindOf = NameKind.UNKNOWN,
    evidence: Evidence | None = None,
) -> Rule:
    """The package's name, used in a way that leaves it for review."""
    return Rule(reason, REVIEW, when, ask.whole, kind, evidence, leads=True)


def _said(reason: Reason, action: Action, when: When, kind: KindOf) -> Rule:
    """The words around the name classify it, and it is not rewritten."""
    return Rule(reason, action, when, kind=kind, evidence=_WORDS)


def _proposed(
    reason: Reason, when: When, kind: NameKind = NameKind.FOLDER, evidence: Evidence = _WORDS
) -> Rule:
    """It may be the package's, so that the possible replacement is shown."""
    return Rule(reason, REVIEW, when, ask.whole, kind, evidence)


def _elsewhere(reason: Reason, when: When, kind: NameKind) -> Rule:
    """A path that exists and is not the package's."""
    return Rule(reason, KEEP, when, kind=kind, evidence=Evidence.EXISTING_PATH)


_OUTER = (
    Rule(Reason.SEEN_FROM_AROUND, REVIEW, around.is_seen_from_around, kind=NameKind.FOLDER),
    Rule(Reason.OUTER_HOLDS_MORE, REVIEW, around.holds_more, ask.as_folder, NameKind.FOLDER),
    Rule(Reason.OUTER_UNCLEAR, REVIEW, around.is_unclear, ask.as_folder, NameKind.FOLDER),
    # These two read the other name, which a rewrite may have put there: only what was certain
    # without it depends on them.
    Rule(Reason.REPEATS_LINE, REVIEW, around.repeats_on_line, ask.as_folder, NameKind.FOLDER),
    Rule(Reason.OUTER_BESIDE, REVIEW, around.repeats_nearby, ask.as_folder, NameKind.FOLDER),
    Rule(Reason.OUTER_FOLDER, REWRITE, lambda p: True, ask.as_folder, NameKind.FOLDER),
)
_FORMAT = (
    _said(Reason.FORMER_NAME, KEEP, ask.former, NameKind.STATEMENT),
    Rule(Reason.BOUND_UNCLEARLY, REVIEW, ask.bound_unclearly, kind=NameKind.IDENTIFIER, leads=True),
    _rewrite(Reason.BOUND_ELSEWHERE, ask.bound_elsewhere, ask.through_module, NameKind.IDENTIFIER),
    Rule(Reason.OTHER_IDENTIFIER, KEEP, ask.other_identifier, kind=ask.identifier_kind),
    _said(Reason.WORD_BEHIND_ESCAPE, KEEP, ask.behind_escape, NameKind.WORD),
    _rewrite(Reason.ALIASED, ask.aliased, ask.respelled),
    Rule(Reason.MEANING_CHANGES, REVIEW, ask.meaning_changes, leads=True),
    _said(Reason.STATES_RENAME, KEEP, told.states, NameKind.STATEMENT),
    _said(Reason.RESTATED_NEARBY, KEEP, told.surely_restated, NameKind.STATEMENT),
    Rule(Reason.REPEATS_NEARBY, REVIEW, told.surely_repeats),
)
_WORDS_AROUND = (
    Rule(Reason.OTHER_THING, KEEP, ask.other_thing, kind=ask.label_kind),
    Rule(Reason.FILE_CALLED_AFTER, REVIEW, ask.called_after, kind=NameKind.FILE),
    Rule(Reason.FILE_ELSEWHERE, REVIEW, ask.file_elsewhere, kind=NameKind.FILE),
    Rule(Reason.MODULE_FILE, REWRITE, ask.is_module_file, ask.module_file, NameKind.FILE),
    Rule(Reason.FILE_OR_ATTRIBUTE, REVIEW, ask.file_or_attribute, ask.whole),
    _said(Reason.FILE_OF_TYPE, KEEP, ask.file_type, NameKind.FILE),
    _proposed(Reason.FILE_ADDRESS, ask.file_address, NameKind.FILE),
    _said(Reason.DATABASE_ADDRESS, KEEP, ask.database_address, NameKind.ADDRESS),
    _said(Reason.PERMANENT_LINK, KEEP, ask.permanent, NameKind.ADDRESS),
    _proposed(Reason.BRANCH_LINK, ask.branch_link, NameKind.ADDRESS),
    _said(Reason.URL, REVIEW, lambda p: p.scheme, NameKind.ADDRESS),
    _said(Reason.NAMED_VARIABLE, KEEP, ask.named_variable, NameKind.VARIABLE),
    _said(Reason.E_MAIL, KEEP, ask.e_mail_behind, NameKind.ADDRESS),
    _said(Reason.JOINED, REVIEW, ask.joined, NameKind.WORD),
    _said(Reason.E_MAIL, KEEP, ask.e_mail_before, NameKind.ADDRESS),
    _said(Reason.BEHIND_AT, REVIEW, ask.behind_at, NameKind.ADDRESS),
    _said(Reason.HOST, KEEP, ask.host, NameKind.ADDRESS),
    _said(Reason.FILES_BEGINNING, KEEP, ask.files_beginning, NameKind.WORD),
    _proposed(
        Reason.URL_PATH, lambda p: p.before.endswith("/") and p.lead.dotted, NameKind.UNKNOWN
    ),
    _proposed(Reason.UNKNOWN_OWNER, ask.unknown_owner, NameKind.UNKNOWN),
    _said(Reason.OTHER_SEGMENT, KEEP, ask.segment, NameKind.WORD),
    _said(Reason.LONGER_WORD, KEEP, lambda p: p.is_path and p.lead.longer, NameKind.WORD),
)
_PATHS = (
    _proposed(Reason.MOUNT_POINT, lambda p: p.lead.mounted),
    _elsewhere(Reason.OTHER_FOLDER, lambda p: p.lead.other_folder, NameKind.FOLDER),
    _elsewhere(Reason.OTHER_FILE, lambda p: p.lead.other_file, NameKind.FILE),
    _elsewhere(
        Reason.OTHER_PLACE, lambda p: p.lead.surely_beside and p.lead.beside, NameKind.FOLDER
    ),
    _proposed(Reason.TWO_PLACES, lambda p: p.lead.beside, NameKind.UNKNOWN, Evidence.EXISTING_PATH),
    _said(Reason.SCOPE, REVIEW, lambda p: p.lead.scope, NameKind.ADDRESS),
    _said(Reason.FORGE_NAME, REVIEW, lambda p: p.lead.forge_name, NameKind.ADDRESS),
    _proposed(Reason.UNKNOWN_LEAD, lambda p: p.lead.unknown_lead, NameKind.UNKNOWN),
    _proposed(Reason.TAGGED, lambda p: p.lead.tagged, NameKind.LABEL),
    Rule(
        Reason.OTHER_LOOSE_FOLDER,
        KEEP,
        lambda p: p.lead.loose and p.token.name,
        kind=NameKind.FOLDER,
    ),
    _proposed(Reason.CHECKOUT, lambda p: p.lead.checkout, NameKind.UNKNOWN),
    _proposed(Reason.MACHINE_FOLDER, lambda p: p.lead.of_machine),
    _proposed(Reason.OUTSIDE, lambda p: p.lead.outside),
    _proposed(Reason.ABSOLUTE, lambda p: p.lead.absolute),
    _proposed(Reason.URL_OR_FOLDER, ask.url_or_folder, NameKind.UNKNOWN),
    _proposed(Reason.URL_PATH, lambda p: p.lead.url_path, NameKind.UNKNOWN),
)
_CALLED = (
    _said(Reason.SQL, REVIEW, ask.sql, NameKind.LABEL),
    _said(Reason.CALLED, REVIEW, ask.called, NameKind.LABEL),
    _said(Reason.MOUNTED, REVIEW, ask.mounted, NameKind.LABEL),
)
_USES = (
    Rule(Reason.UNKNOWN_BASE, REVIEW, ask.unknown_base, kind=NameKind.FOLDER, leads=True),
    Rule(Reason.MODULE_FOLDER, REVIEW, ask.module_folder, kind=NameKind.FOLDER, leads=True),
    Rule(Reason.KEY, REVIEW, ask.key, ask.key_becomes, ask.key_kind, leads=True),
    _rewrite(Reason.PATH, lambda p: p.is_path),
    _rewrite(Reason.MODULE_PATH, lambda p: not p.bare),
    _rewrite(Reason.PACKAGE_NAME, ask.is_module),
    Rule(Reason.UNKNOWN_BASE, REVIEW, ask.unknown_folder, kind=NameKind.FOLDER, leads=True),
    _elsewhere(Reason.OTHER_PLACE, lambda p: p.lead.folder_beside, NameKind.FOLDER),
    _rewrite(Reason.PACKAGE_FOLDER, ask.is_folder, ask.as_folder, NameKind.FOLDER),
    _used(Reason.PATTERN, ask.pattern, NameKind.PATTERN, _WORDS),
    _used(Reason.ARGUMENT, ask.in_command),
    Rule(Reason.MESSAGE, REWRITE, ask.message, ask.whole, evidence=_WORDS, leads=True),
    Rule(Reason.PREFIX, REWRITE, ask.prefix, ask.whole, evidence=_WORDS, leads=True),
    _used(Reason.ALONE, ask.alone),
    _used(Reason.UNCLEAR_USE, ask.unclear, ask.use_kind),
    _used(Reason.WORD_IN_CODE, ask.is_word_in_code, NameKind.WORD),
    Rule(Reason.WORD, KEEP, ask.is_word, ask.whole, NameKind.WORD, leads=True),
    _rewrite(Reason.PACKAGE_NAME, lambda p: True),
)
_LEADS = (
    Rule(Reason.FORESEEN, REWRITE, lambda p: p.zone.foresees and ask.missing(p), leads=True),
    Rule(Reason.ONLY_LEGACY, REVIEW, ask.only_legacy, leads=True),
    Rule(Reason.MOVED_APART, KEEP, ask.moved_apart, leads=True),
    Rule(Reason.MADE_HERE, REWRITE, ask.made, leads=True),
    Rule(Reason.CLEARED_HERE, REWRITE, ask.cleared, leads=True),
    Rule(Reason.DEAD_INSIDE, REWRITE, ask.dead_inside, leads=True),
    Rule(Reason.DEAD, REVIEW, ask.nowhere, leads=True),
)
_STATEMENTS = (
    _said(Reason.STATES_RENAME, KEEP, told.says_both, NameKind.STATEMENT),
    Rule(Reason.REPEATS_LINE, REVIEW, told.repeats, leads=True),
    _said(Reason.RESTATED_NEARBY, KEEP, told.restated, NameKind.STATEMENT),
    Rule(Reason.REPEATS_NEARBY, REVIEW, told.repeats_nearby),
)

PROPOSALS = (
    Section(_OUTER, around.is_outer),
    Section(
        (
            _proposed(Reason.ABSOLUTE, around.is_in_image),
            Rule(Reason.FOLDER_OR_NAME, REVIEW, around.may_be_name, ask.as_folder, NameKind.FOLDER),
        ),
        around.is_of_one_name,
    ),
    Section(_FORMAT),
    Section(_WORDS_AROUND, lambda p: not p.code),
    Section(_PATHS, lambda p: p.is_path and not p.code and not p.lead.mounts_itself),
    Section(_CALLED, lambda p: not p.code and not p.is_path),
    Section(_USES),
)
LEADS = (Section(_LEADS),)
STATEMENTS = (Section(_STATEMENTS, lambda p: p.stated or bool(p.zone.repeats)),)
TABLES = (PROPOSALS, LEADS, STATEMENTS)
RULES = tuple(rule for table in TABLES for section in table for rule in section.rules)
