"""Values that name something relative to another value beside them: `layers` below `containers`.

A search for `acme.billing` does not see the layer `billing` of the container `acme`. What such a
value means is certain only where the other value is a plain name; so each pair of settings stands
in a row below, and the value is joined to what it is relative to before it is compared.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.data.tree import Document, Part, Role
from unify_backend.languages.key_values import holding
from unify_backend.languages.language import ContextKind, SplitReference, SyntaxContext
from unify_backend.model.evidence import Evidence, NameKind
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span


class _Kind(Enum):
    """What both values are."""

    MODULES = auto()  # names joined by dots; several in one value
    FOLDERS = auto()  # paths of the repository
    FILES_OF_PACKAGE = auto()  # paths in the folder of a package


@dataclass(frozen=True, slots=True)
class _Row:
    setting: re.Pattern[str]
    base: str  # the setting beside it that it is relative to; "" where the key itself is the base
    kind: _Kind


# Settings in the spelling of `languages/tool_settings.py`; YAML's in that of its key rules.
_ROWS = (
    # import-linter: layers are direct children of each container, by relative names
    _Row(re.compile(r"importlinter\.contracts\.layers"), "containers", _Kind.MODULES),
    _Row(re.compile(r"importlinter\.contracts\.exhaustive_ignores"), "containers", _Kind.MODULES),
    # tach: what an interface exposes are members of the modules that it is `from`
    _Row(re.compile(r"tach\.interfaces\.expose"), "from", _Kind.MODULES),
    # poetry: the package lies in the folder `from`
    _Row(re.compile(r"poetry\.packages\.include"), "from", _Kind.FOLDERS),
    # setuptools: patterns of files in the package's folder
    _Row(re.compile(r"setuptools\.(?:exclude_)?package_data\..+"), "", _Kind.FILES_OF_PACKAGE),
    # compose: the Dockerfile lies in the context
    _Row(re.compile(r"services/[^/]*/build/dockerfile"), "context", _Kind.FOLDERS),
)
# One of these is in every text that a row can match: looking for them is quick.
_TRIGGER = re.compile(r"containers|expose|dockerfile|package[-_]data|\bfrom\b")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_PLAIN_FOLDER = re.compile(r"(?:\./)?[\w.-]+(?:/[\w.-]+)*/?")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a setting: `name` is the setting's whole name in the spelling of the rows, `key`
    its last part as it is written, `table` tells which table it stands in."""

    name: str
    key: str
    table: int | str
    text: str
    span: Span


def settings_of(document: Document, name: Callable[[Part], str]) -> Iterator[Setting]:
    """The values of a file, `name` giving the whole name of each one's setting."""
    for part in document.parts:
        if part.role is Role.VALUE and (nearest := part.nearest_names(1)):
            table = part.holder if part.in_sequence else part.parent
            span = part.node.content
            text = document.text[span.start : span.end]
            yield Setting(name(part), nearest[0], id(table), text, span)


def may_hold(text: str, moves: Sequence[PackageMove]) -> bool:
    """Whether a text can name anything relative to another value."""
    return bool(moves) and bool(_TRIGGER.search(text))


def relative_names(
    settings: Iterable[Setting],
    hits: Sequence[Span],
    moves: Sequence[PackageMove],
    form: str,
) -> Iterator[SyntaxContext | SplitReference]:
    """Splits for relative names of a legacy package, and zones for hits that are relative names of
    something else, though they are spelled like the package."""
    settings = list(settings)
    beside: dict[tuple[int | str, str], list[str]] = {}
    for setting in settings:
        beside.setdefault((setting.table, setting.key), []).append(setting.text)
    for setting in settings:
        row = next((row for row in _ROWS if row.setting.fullmatch(setting.name)), None)
        if row is None:
            continue
        bases = beside.get((setting.table, row.base), []) if row.base else [setting.key]
        if row.kind is _Kind.FOLDERS and {*bases} <= {".", "./"}:
            continue  # a path of the repository as any other
        for span, written in _written(setting, row.kind) if bases else ():
            split = _split(span, written, bases, row, moves, form)
            if split is not None:
                yield split
            for hit in holding(hits, span):
                yield _zone(hit, bases, row.kind, form)


def _zone(hit: Span, bases: Sequence[str], kind: _Kind, form: str) -> SyntaxContext:
    """A hit in a relative name is no reference by itself: joined to its base it is another name,
    or one that is listed as a whole."""
    shown = ", ".join(bases)
    if all(_is_plain(base, kind) for base in bases):
        return SyntaxContext(hit, form, ContextKind.OTHER_NAME, note=f"a name relative to {shown}")
    return SyntaxContext(
        hit, form, ContextKind.CONFLICT, note=f"relative to {shown}: not known to what"
    )


def _is_plain(base: str, kind: _Kind) -> bool:
    """Whether a relative name can be joined to `base`."""
    if kind is _Kind.FOLDERS:
        return bool(_PLAIN_FOLDER.fullmatch(base)) and ".." not in base.split("/")
    return bool(_NAME.fullmatch(base))


def _written(setting: Setting, kind: _Kind) -> Iterator[tuple[Span, str]]:
    """The names in a value: modules between `|`, `:` and brackets, or the path."""
    if kind is _Kind.MODULES:
        for match in _NAME.finditer(setting.text):
            yield Span(*match.span()).shift(setting.span.start), match[0]
    elif setting.text.strip():
        yield setting.span, setting.text


def _split(
    span: Span,
    written: str,
    bases: Sequence[str],
    row: _Row,
    moves: Sequence[PackageMove],
    form: str,
) -> SplitReference | None:
    """What the name becomes, where it leads into a legacy package from any base."""
    answers = [_moved(written, base, row.kind, moves) for base in bases]
    known = [answer for answer in answers if answer is not None]
    if not known:
        return None
    move, _ = known[0]
    becomes = {new for _, new in known}
    new = becomes.pop() if len(becomes) == 1 else None
    if new == written:
        return None
    whole = f"relative to {', '.join(bases)}"
    if len(known) < len(bases):
        note = f"{whole}: only some of them hold {move.legacy}"
        new = None
    elif new is None:
        note = f"{whole}, which {move.legacy} leaves for {move.canonical}"
    else:
        note = f"a name {whole}"
    return SplitReference(
        span,
        form,
        move,
        new,
        note,
        Names.IMPLIED,
        kind=NameKind.MODULE if row.kind is _Kind.MODULES else NameKind.FOLDER,
        evidence=Evidence.SETTING,
    )


def _moved(
    written: str, base: str, kind: _Kind, moves: Iterable[PackageMove]
) -> tuple[PackageMove, str | None] | None:
    """The move that takes along what `written` leads to from `base`, and how it is written then;
    None instead of it where nothing relative leads there. None at all where no move does."""
    if not _is_plain(base, kind):
        return None
    match kind:
        case _Kind.MODULES:
            pairs = [(move, move.legacy, move.canonical) for move in moves]
            return _rebased(written, base, ".", pairs)
        case _Kind.FOLDERS:
            base = base.removeprefix("./").rstrip("/")
            pairs = [(move, move.legacy_root, move.canonical_root) for move in moves]
            return _rebased(written, base, "/", pairs)
        case _Kind.FILES_OF_PACKAGE:
            folder = base.replace(".", "/")
            pairs = [
                (move, move.legacy.replace(".", "/"), move.canonical.replace(".", "/"))
                for move in moves
            ]
            return _rebased(written, folder, "/", pairs)


def _rebased(
    written: str, base: str, joint: str, pairs: Sequence[tuple[PackageMove, str, str]]
) -> tuple[PackageMove, str | None] | None:
    lead = "./" if joint == "/" and written.startswith("./") else ""
    whole = f"{base}{joint}{written.removeprefix(lead)}"
    inside = [(move, old, new) for move, old, new in pairs if _leads_into(whole, old, joint)]
    if not inside:
        return None
    move, old, new = max(inside, key=lambda pair: len(pair[1]))
    if not _leads_into(old, base, joint) or old == base:
        return None  # the base moves, and what is relative to it goes along
    target = new + whole[len(old) :]
    around = [(was, then) for _, was, then in pairs if _leads_into(base, was, joint)]
    was, then = max(around, key=lambda pair: len(pair[0]), default=("", ""))
    after = then + base[len(was) :]
    if not _leads_into(target, after, joint) or target == after:
        return move, None
    return move, lead + target[len(after) + len(joint) :]


def _leads_into(name: str, outer: str, joint: str) -> bool:
    return name == outer or name.startswith(outer + joint)
