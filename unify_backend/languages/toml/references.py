"""TOML: strings by table and key, keys, headers, comments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.data.toml_parser import parse_toml
from unify_backend.languages.data.tree import Kind, Part, Role
from unify_backend.languages.key_values import (
    LOGGER_SETTING,
    Place,
    addresses,
    continues,
    holding,
    is_table_of_loggers,
    key_itself,
    of_key,
    of_variable,
)
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.relative_names import may_hold, relative_names, settings_of
from unify_backend.languages.scripts.arguments import contexts_of, contexts_within
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.tool_settings import (
    is_made,
    of_setting,
    of_setting_key,
    spelled,
)
from unify_backend.languages.values import context_of
from unify_backend.model.evidence import Label
from unify_backend.model.spans import Span

_HOMES = re.compile(r"\.?(?P<tool>ruff|tox|tach|pyrefly|ty|coverage|bumpversion|pixi)(?:rc)?\.toml")
_VARIABLES = frozenset({"env", "set_env", "setenv", "environment", "env_vars", "environments"})
_ARGUMENTS = re.compile(r".*\b(?:addopts|args|arguments|pytest_args|extra_args)")


class TomlReferences:
    """Values go by their key; a bare key cannot take a dotted name without quotes."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit, and names relative to another setting. Raises FormError where
        the text is not TOML."""
        text, hits = fragment.text, fragment.hits
        relative = may_hold(text, fragment.moves)
        if not hits and not relative:
            return
        try:
            document = parse_toml(text)
        except FormError:
            if hits:
                raise
            return  # nothing in it is known to be a name
        for comment in document.comments:
            if holding(hits, comment):
                yield SyntaxContext(comment, "toml-comment", ContextKind.COMMENT)
        home = _HOMES.fullmatch(fragment.path.rsplit("/", 1)[-1])
        tool = home["tool"] if home else ""
        parts = (document.part_at(hit) for hit in hits)
        for part in dict.fromkeys(part for part in parts if part is not None):
            named = part.node.style or part.role is not Role.VALUE
            if named and (inside := holding(hits, part.node.content)):
                yield from _zones(part, inside, fragment, tool)
        if relative:
            settings = settings_of(document, lambda part: _setting(part, tool))
            yield from relative_names(settings, hits, fragment.moves, "toml-relative-name")
        yield from addresses(text, hits, "toml-address")


def _zones(part: Part, hits: list[Span], fragment: Fragment, tool: str) -> Iterator[SyntaxContext]:
    escapes, span = part.node.style[:1] == '"', part.node.content
    setting = _setting(part, tool)
    if part.role is not Role.VALUE:
        place = _key(part, setting, hits[0], fragment)
        form = "toml-key" if part.role is Role.KEY else "toml-header"
        yield place.at(span, form, escapes=escapes)
        return
    if setting == "tox.legacy_tox_ini":
        yield SyntaxContext(span, "toml-ini", ContextKind.VALUE, "ini", escapes)
        return
    for hit in hits:
        place = _place(setting, part.names[-1] if part.names else "", fragment.text, hit)
        if place.context is ContextKind.COMMAND:
            yield from _command(part, setting, place.label, fragment, escapes)
            return
        output = is_made(setting)
        yield context_of(
            span, hit, place, fragment.text, "toml-value", escapes=escapes, foresees=output
        )


def _command(
    part: Part, setting: str, label: Label | None, fragment: Fragment, escapes: bool
) -> Iterator[SyntaxContext]:
    """A command line, as one string or as a list of words."""
    arguments, span = bool(_ARGUMENTS.fullmatch(setting)), part.node.content
    elements = part.parent.elements if part.parent else ()
    tool = setting.split(".", 1)[0]
    if not elements:
        name = label is not None and " " not in fragment.text[span.start : span.end]
        language = None if arguments or name else "shell"
        yield SyntaxContext(
            span, "toml-command", ContextKind.COMMAND, language, escapes, label=label
        )
        if arguments:
            yield from contexts_within(fragment.text, span, fragment.hits, "toml-command", tool)
        return
    words = [
        Word(fragment.text[node.content.start : node.content.end], node.content.start, True)
        for node in elements
        if node.kind is Kind.SCALAR and node.style
    ]
    lines = " " in words[0].text
    if arguments or lines:  # a list of whole command lines is no command
        words.insert(0, Word(tool if arguments else "", 0))
    inside = holding(fragment.hits, span)
    roles = list(contexts_of(words, inside, "toml-command"))
    if not any(zone.span == span for zone in roles):
        language = "shell" if lines else None
        yield SyntaxContext(span, "toml-command", ContextKind.COMMAND, language, escapes)
    for zone in roles:
        yield replace(zone, escapes=escapes, evidence=None)


def _setting(part: Part, tool: str) -> str:
    """The keys above a scalar in the spelling of `languages/tool_settings.py`."""
    names = part.names[part.names[:1] == ("tool",) :]
    return spelled(tool, *names).replace("pytest.ini_options", "pytest", 1)


def _key(part: Part, table: str, hit: Span, fragment: Fragment) -> Place:
    text = fragment.text
    if place := of_setting_key(table):
        stays = place.context in {ContextKind.LABEL, ContextKind.KEY}
        fits = bool(part.node.style) or stays or _is_plain(hit, fragment)
        goes_on = hit.end < part.node.content.end and continues(text, hit)
        if fits and not (place.context is ContextKind.LABEL and goes_on):
            return place
    logger = is_table_of_loggers(part.names[-1] if part.names else "")
    if not part.node.style:
        note = "a bare key: a dotted name needs quotes here"
        return Place(ContextKind.KEY, note, label=LOGGER_SETTING.label if logger else None)
    return LOGGER_SETTING if logger else key_itself(text, hit)


def _is_plain(hit: Span, fragment: Fragment) -> bool:
    """Whether the new name is one word, which a bare key can be."""
    name = fragment.text[hit.start : hit.end]
    return any(move.legacy == name and "." not in move.canonical for move in fragment.moves)


def _place(setting: str, last: str, text: str, hit: Span) -> Place:
    above = setting.split(".")[-2:-1]
    if above and above[0] in _VARIABLES:
        return of_variable(last, text, hit)
    if last == "script_location" and re.match(r":[^\W\d]", text[hit.end : hit.end + 2]):
        return Place(ContextKind.MODULE_VALUE)
    place = of_setting(setting)
    if place and (place.context is not ContextKind.LABEL or not continues(text, hit)):
        return place
    return of_key(last, text, hit)
