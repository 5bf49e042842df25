"""The executable bit of a merged file: that of the side that changed it; a question where both
did."""

from collections.abc import Callable
from dataclasses import replace

from unify_backend.model.history import FileHistory
from unify_backend.model.merge_plan import MergeAction, MergedFile, Prefer

ModeDoubt = Callable[[FileHistory, bool], str]

_AS_IT_IS = {MergeAction.UNCHANGED, MergeAction.KEPT_CANONICAL, MergeAction.BOTH_ALIKE}
_NO_BASE = "no common version tells which side changed it"
_BROUGHT = "it is {} since the legacy tree made it so"
_ASKED = (
    "it is {} in {} and {} in {}, and {}: it stays as canonical has it; give both the same "
    "permission (git update-index --chmod), or give --prefer canonical|legacy"
)


def with_mode(
    merged: MergedFile, canonical: bool, legacy: bool, doubt: ModeDoubt, prefer: Prefer | None
) -> MergedFile:
    """The file with what its executable bit means for it. `canonical` and `legacy` are the bits of
    the two sides, and that of `merged` is one of them; `doubt` says why the other one may be right,
    given whether legacy's is brought ("" where nothing says so)."""
    if canonical == legacy:
        return merged
    why = _NO_BASE
    if merged.history.fork.base is not None:
        why = doubt(merged.history, merged.executable == legacy)
    if why and prefer is None:
        names = (_word(legacy), merged.origin, _word(canonical), merged.path)
        notes = (*merged.notes, _ASKED.format(*names, why))
        return replace(merged, how=MergeAction.CONFLICT, executable=canonical, notes=notes)
    if why:
        bit = legacy if prefer is Prefer.LEGACY else canonical
        merged = replace(merged, executable=bit, preferred=True)
    if merged.executable == canonical:
        return merged
    how = merged.how
    if how is MergeAction.UNCHANGED:
        how = MergeAction.TOOK_LEGACY
    elif how in _AS_IT_IS:
        how = MergeAction.MERGED
    return replace(merged, how=how, notes=(*merged.notes, _BROUGHT.format(_word(legacy))))


def _word(executable: bool) -> str:
    return "executable" if executable else "not executable"
