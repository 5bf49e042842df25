"""The three-way merge of one file's text."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.documents.sections import DOCUMENTS
from unify_backend.languages.merge_hunk import (
    Conflict,
    Part,
    Resolved,
    clashes,
    marker_size,
    render,
    settled,
    tidy,
    weight,
)
from unify_backend.languages.merge_unit import UnclearUnits
from unify_backend.languages.python.merge import statements
from unify_backend.languages.python.removed_imports import (
    removed_names,
    unused,
    without_imports,
)
from unify_backend.languages.registry import merge_units
from unify_backend.merging.threeway.align import Arrangement
from unify_backend.merging.threeway.checks import half_problems, hollow_imports, notes_on, problems
from unify_backend.merging.threeway.contested import (
    Contested,
    contest,
    moved_back,
    renamed_and_added,
)
from unify_backend.merging.threeway.diff3 import is_clean, merge_lines, merge_loosely, merge_two
from unify_backend.merging.threeway.line_endings import TextFormat, framed, other_ends, written
from unify_backend.merging.threeway.lost_content import (
    lost,
    missing_definitions,
    multiplied,
    restored,
)
from unify_backend.merging.threeway.merge_units import Engine, WordCounts
from unify_backend.merging.threeway.rules import by_rules
from unify_backend.merging.threeway.statement_edits import by_statements
from unify_backend.model.merge_plan import Hunk, MergeAction, Merged, Prefer

_ARRANGEMENTS = (Arrangement(), Arrangement(legacy_first=True))
_ENDS = "the sides differ only in line ends, the byte order mark or the final newline"
_LEFT_ENDS = "legacy has other line ends since; canonical's are kept"
_REMOVED = "one side removed {names} with the last use, the other only imported it in another way"
_BLANKS = "the sides differ only in blanks at line ends"


@dataclass(frozen=True, slots=True)
class _Result:
    parts: list[Part]
    how: MergeAction
    notes: tuple[str, ...] = ()
    stays: frozenset[str] = frozenset()  # names whose imports stay although one side removed them


def merge3(
    base: str | None,
    legacy: str,
    canonical: str,
    *,
    language: str,
    prefer: Prefer | None = None,
    labels: tuple[str, str, str] = ("canonical", "base", "legacy"),
    contested: Sequence[Contested] = (),
) -> Merged:
    """One text with what both sides changed since `base`, all three in the canonical names.

    `base` is None where the sides have no common ancestor: then they conflict unless they are
    equal. `language` is a form's key (`languages/detect.py`); an unknown one is merged by
    lines. `prefer` settles what would be left as conflicts, and nothing else. `labels` stand
    behind the markers, in their order. Line ends are canonical's, except where only legacy changed
    the text. `contested` are changes that become conflicts although they merge cleanly; they count
    lines of the sides as `framed` has them. Never raises on any text.
    """
    origin, ours, theirs = framed(base or ""), framed(canonical), framed(legacy)
    if base is None:
        origin = replace(origin, mark=ours.mark, final=ours.final)
    plain = _whole(base, legacy, canonical) or _alike(base, origin, ours, theirs)
    if plain and not contested:
        return plain
    if plain:
        result = _Result([Resolved(framed(plain.text).content)], plain.how, plain.notes)
    elif base is None:
        result = _Result(merge_two(ours.content, theirs.content), MergeAction.CONFLICT)
    else:
        texts = origin.content, ours.content, theirs.content
        result = _three(*texts, language)
        if language == "python":
            result = _without_removed_imports(result, *texts)
            result = _with_renamed(result, *texts)
    if contested:
        result = _contest(result, contested, ours.content, theirs.content)
    if plain and is_clean(result.parts):
        return replace(plain, notes=result.notes)
    return _finished(result, (origin, ours, theirs), prefer, labels)


def _contest(
    result: _Result, contested: Sequence[Contested], canonical: str, legacy: str
) -> _Result:
    parts, notes = contest(result.parts, contested, canonical, legacy)
    if is_clean(parts):
        return _Result(parts, result.how, (*result.notes, *notes))
    # A conflict shows what both sides say, and not why that is a question.
    whys = dict.fromkeys(change.why for change in contested)
    return _Result(parts, MergeAction.CONFLICT, (*result.notes, *whys))


def _whole(base: str | None, legacy: str, canonical: str) -> Merged | None:
    """Handles the cases in which one of the texts is the result as it is."""
    if legacy == canonical:
        return Merged(
            canonical, MergeAction.UNCHANGED if base == canonical else MergeAction.BOTH_ALIKE
        )
    if base == canonical:
        return Merged(legacy, MergeAction.TOOK_LEGACY)
    return Merged(canonical, MergeAction.KEPT_CANONICAL) if base == legacy else None


def _alike(
    base: str | None, origin: TextFormat, canonical: TextFormat, legacy: TextFormat
) -> Merged | None:
    """Handles the cases in which one text's content is the result as it is."""

    def text(content: str) -> str:
        return written(content, origin, canonical, legacy)

    if canonical.content == legacy.content:
        return Merged(
            text(canonical.content),
            MergeAction.BOTH_ALIKE,
            notes=(f"{_ENDS}; canonical's line ends are kept",),
        )
    if base is not None and legacy.content == origin.content:
        notes = (_LEFT_ENDS,) if other_ends(origin, canonical, legacy) else ()
        return Merged(text(canonical.content), MergeAction.KEPT_CANONICAL, notes=notes)
    if base is not None and canonical.content == origin.content:
        return Merged(
            text(legacy.content), MergeAction.TOOK_LEGACY, notes=("line ends are as in canonical",)
        )
    if _stripped(canonical.content) == _stripped(legacy.content):
        return Merged(
            text(canonical.content),
            MergeAction.BOTH_ALIKE,
            notes=(f"{_BLANKS}; canonical's are kept",),
        )
    return None


def _stripped(content: str) -> list[str]:
    return [line.rstrip() for line in content.split("\n")]


def _three(base: str, canonical: str, legacy: str, language: str) -> _Result:
    texts = (base, canonical, legacy)
    parts = merge_lines(*texts)
    doubts: list[str] = []
    if is_clean(parts):
        returned = list(moved_back(*texts, settled(parts, Prefer.CANONICAL)))
        doubts = _doubts(parts, *texts, language, again=not returned)
        if not doubts and not returned:
            return _Result(parts, MergeAction.MERGED)
        if not doubts:
            return _without_moved_back(
                _Result(parts, MergeAction.MERGED), returned, *texts, language
            )
    elif language != "markdown":
        loose = merge_loosely(*texts)
        if is_clean(loose) and not problems(language, *texts, settled(loose, Prefer.CANONICAL)):
            return _Result(
                loose, MergeAction.MERGED_STRUCTURALLY, ("blanks at line ends are ignored",)
            )
    structural = _by_units(base, canonical, legacy, language)
    if structural and is_clean(structural.parts):
        return structural
    notes: list[str] = []
    if not is_clean(parts):
        fewer, explained = by_rules(parts, language in DOCUMENTS)
        if is_clean(fewer) and not _doubts(fewer, *texts, language):
            return _Result(fewer, MergeAction.MERGED, tuple(explained))
        if not is_clean(fewer):
            parts, notes = fewer, explained
    if language == "python":
        lines = None if doubts else _Result(parts, MergeAction.CONFLICT, tuple(notes))
        settled_more = [_by_statements(result, *texts) for result in (structural, lines)]
        for result in settled_more:
            if result and is_clean(result.parts):
                return result
        structural = settled_more[0]
        if settled_more[1]:
            parts, notes = settled_more[1].parts, list(settled_more[1].notes)
    if not doubts and language == "python":
        doubts = [f"{name} would be lost" for name in _missing(parts, *texts)]
    if doubts:
        why = f"merged by lines, {doubts[0]}"
        forced = _Result(tidy([Conflict(canonical, base, legacy, why)]), MergeAction.CONFLICT)
        return min(structural or forced, forced, key=lambda result: weight(result.parts))
    if structural and weight(structural.parts) < weight(parts):
        return structural
    return _Result(parts, MergeAction.CONFLICT, tuple(notes))


def _without_removed_imports(result: _Result, base: str, canonical: str, legacy: str) -> _Result:
    """The clean result without imports that one side removed with the last use of their names, and
    the other only wrote in another way."""
    if not is_clean(result.parts):
        return result
    text = settled(result.parts, Prefer.CANONICAL)
    names = unused(text, removed_names(base, canonical, legacy))
    shorter = without_imports(text, names) if names else text
    if shorter in {None, text} or lost(base, legacy, canonical, shorter or ""):
        return result
    note = _REMOVED.format(names=", ".join(sorted(names)))
    return replace(
        result,
        parts=[Resolved(shorter or "")],
        how=MergeAction.MERGED_STRUCTURALLY,
        notes=(*result.notes, note),
    )


def _with_renamed(result: _Result, base: str, canonical: str, legacy: str) -> _Result:
    """The result with a conflict where one side adds a name that the other one renamed; with a note
    if no line was changed by both sides."""
    if not is_clean(result.parts):
        return result
    text = settled(result.parts, Prefer.CANONICAL)
    renamed = list(renamed_and_added(base, canonical, legacy, text))
    if not renamed:
        return result
    apart = is_clean(merge_lines(base, canonical, legacy))
    renamed = [replace(change, open=not apart) for change in renamed]
    return _contest(result, renamed, canonical, legacy)


def _doubts(
    parts: list[Part], base: str, canonical: str, legacy: str, language: str, again: bool = True
) -> list[str]:
    """The reasons why a clean merge by lines may be wrong; `again` counts lines that came back."""
    text = settled(parts, Prefer.CANONICAL)
    back = restored(base, legacy, canonical, text) if again else ()
    return [
        *problems(language, base, canonical, legacy, text),
        *(f"`{line}` is in again or twice" for line in back),
    ]


def _without_moved_back(
    lines: _Result,
    returned: Sequence[Contested],
    base: str,
    canonical: str,
    legacy: str,
    language: str,
) -> _Result:
    """The merge by units where those go by their names, and what was deleted stays so; else the
    merge by lines with a conflict at what would come back."""
    texts = (base, canonical, legacy)
    structural = _by_units(*texts, language)
    if structural and is_clean(structural.parts):
        text = settled(structural.parts, Prefer.CANONICAL)
        if not any(moved_back(*texts, text)):
            whys = dict.fromkeys(f"{change.why}: they stay deleted" for change in returned)
            return replace(structural, notes=(*structural.notes, *whys))
    return _contest(lines, returned, canonical, legacy)


def _missing(parts: list[Part], base: str, canonical: str, legacy: str) -> list[str]:
    """Definitions that are lost although their lines are not: they ended up inside others."""
    texts = [settled(parts, side) for side in Prefer]
    return missing_definitions(base, legacy, canonical, texts)


def _by_units(base: str, canonical: str, legacy: str, language: str) -> _Result | None:
    """The structural merge; None where there is none or where a check rejects it.

    The order of what both sides added in one place is open: if one order fails, another is tried.
    """
    read = merge_units(language)
    if read is None:
        return None
    results: list[_Result] = []
    for arrangement in _ARRANGEMENTS:
        engine = Engine(arrangement=arrangement, prose=language in DOCUMENTS)
        if language == "python":
            engine = Engine(
                WordCounts.of(base, canonical, legacy), statements, arrangement=arrangement
            )
        try:
            parts = tidy(engine.container(*(read(text) for text in (base, canonical, legacy))))
        except (UnclearUnits, Unparsable, RecursionError):
            return None
        if _holds(parts, base, canonical, legacy, language, engine.stays):
            how = MergeAction.MERGED_STRUCTURALLY if is_clean(parts) else MergeAction.CONFLICT
            stays = frozenset(engine.stays)
            results.append(_Result(parts, how, tuple(engine.notes), stays))
            if is_clean(parts):
                break
    return min(results, key=lambda result: weight(result.parts), default=None)


def _by_statements(
    result: _Result | None, base: str, canonical: str, legacy: str
) -> _Result | None:
    """The result with fewer conflicts, if what statements say settles some of them."""
    if result is None or is_clean(result.parts):
        return result
    texts = (base, canonical, legacy)
    parts, notes = by_statements(result.parts, *texts)
    if len(clashes(parts)) >= len(clashes(result.parts)):
        return result
    if not _holds(parts, *texts, "python", result.stays):
        return result
    if is_clean(parts) and any(moved_back(*texts, settled(parts, Prefer.CANONICAL))):
        return result
    how = MergeAction.MERGED_STRUCTURALLY if is_clean(parts) else MergeAction.CONFLICT
    return replace(result, parts=parts, how=how, notes=(*result.notes, *notes))


def _holds(
    parts: list[Part],
    base: str,
    canonical: str,
    legacy: str,
    language: str,
    stays: AbstractSet[str],
) -> bool:
    """Whether nothing is lost or back, the imports of names in `stays` aside, and the text is valid
    for either resolution of the conflicts."""
    text, _ = render(parts, ("", "", ""), marker_size(base, canonical, legacy))
    if lost(base, legacy, canonical, text):
        return False
    if is_clean(parts):
        return not (
            multiplied(base, legacy, canonical, text)
            or any(
                stays.isdisjoint(re.findall(r"\w+", line))
                for line in restored(base, legacy, canonical, text)
            )
            or problems(language, base, canonical, legacy, text)
            or (language == "python" and hollow_imports(base, canonical, legacy, text))
        )
    if language == "python" and _missing(parts, base, canonical, legacy):
        return False
    return not any(
        half_problems(language, canonical, legacy, settled(parts, side)) for side in Prefer
    )


def _finished(
    result: _Result,
    frames: tuple[TextFormat, TextFormat, TextFormat],
    prefer: Prefer | None,
    labels: tuple[str, str, str],
) -> Merged:
    origin, canonical, legacy = frames
    parts, notes = result.parts, list(result.notes)
    left = clashes(parts)
    if not left or prefer:
        content = settled(parts, prefer or Prefer.CANONICAL)
        how = result.how
        if left:
            how = MergeAction.MERGED if how is MergeAction.CONFLICT else how
            many = "s" if len(left) > 1 else ""
            notes.append(f"{len(left)} conflict{many} settled as {prefer}")
        if other_ends(*frames):
            notes.append(_LEFT_ENDS)
        notes += notes_on(canonical.content, legacy.content, content)
        return Merged(written(content, *frames), how, notes=tuple(notes))
    size = marker_size(*(frame.content for frame in frames))
    content, hunks = render(parts, labels, size)
    if isinstance(parts[-1], Conflict):  # a conflict marker is a whole line
        frames = (origin, replace(canonical, final=True), replace(legacy, final=True))
    text = written(content, *frames)
    if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        hunks = tuple(_with_ends(hunk) for hunk in hunks)
    return Merged(text, MergeAction.CONFLICT, hunks, tuple(notes))


def _with_ends(hunk: Hunk) -> Hunk:
    ours, base, theirs = (
        text.replace("\n", "\r\n") for text in (hunk.ours, hunk.base, hunk.theirs)
    )
    return replace(hunk, ours=ours, base=base, theirs=theirs)
