"""The package's own name where it names something else: a distribution, an image, a title.

Where the configuration renames the product (`also` holds the package's last segment), these places
follow. Statements about the rename, permanent links and documents of the past stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action
from unify_backend.names.also import AlsoTable
from unify_backend.names.joined_words import is_joined
from unify_backend.references.decision import Classification

_NAMED = frozenset(
    {
        NameKind.DISTRIBUTION,
        NameKind.ENTRY_POINT_GROUP,
        NameKind.LABEL,
        NameKind.ADDRESS,
        NameKind.KEY,
        NameKind.PATTERN,
        NameKind.FILE,
        NameKind.VARIABLE,
        NameKind.IDENTIFIER,
        NameKind.PROSE,
        NameKind.WORD,
        NameKind.UNKNOWN,
    }
)
_NOWHERE = frozenset(  # a folder that is none of this repository
    {
        Reason.ABSOLUTE,
        Reason.CHECKOUT,
        Reason.DEAD,
        Reason.MACHINE_FOLDER,
        Reason.UNKNOWN_LEAD,
        Reason.URL_OR_FOLDER,
        Reason.URL_PATH,
    }
)
_STANDS = frozenset(
    {
        Reason.HISTORY,
        Reason.OWN_FILE,
        Reason.OPTED_OUT,
        Reason.DECIDED,
        Reason.DECIDED_PART,
        Reason.DECIDED_BEFORE,
        Reason.DECIDED_OPEN,
        Reason.DECIDED_BESIDE,
        Reason.SHIM,
        Reason.SHIM_ENTRY,
        Reason.FORMER_NAME,
        Reason.STATES_RENAME,
        Reason.REPEATS_LINE,
        Reason.RESTATED_NEARBY,
        Reason.REPEATS_NEARBY,
        Reason.PERMANENT_LINK,
        Reason.E_MAIL,
        Reason.MEANING_CHANGES,
        Reason.ALIASED,
        Reason.SPLIT,
        Reason.BOUND_ELSEWHERE,
        Reason.BOUND_UNCLEARLY,
        Reason.DECIDED_ALIKE,
        Reason.BINARY,
        Reason.UNPARSED,
        Reason.REGENERATED,
        Reason.ESCAPED,
        Reason.OTHER_FOLDER,
        Reason.OTHER_FILE,
        Reason.OTHER_PLACE,
        Reason.TWO_PLACES,
        Reason.FILE_ELSEWHERE,
        Reason.MODULE_FOLDER,
    }
)


class ProductNames:
    """Which packages give their name to a product that is renamed with them."""

    def __init__(self, moves: Sequence[PackageMove], also: Sequence[tuple[str, str]]) -> None:
        spelled = [pair for pair in also if not is_joined(*pair)]
        self._words: dict[str, AlsoTable] = {}
        own: list[tuple[str, str]] = []
        for move in moves:
            pairs = [pair for pair in also if pair[0] == move.legacy.rpartition(".")[2]]
            if pairs and not move.same_name:
                self._words[move.legacy] = AlsoTable([*spelled, *pairs])
                own += pairs
        self._all = AlsoTable([*spelled, *own])

    def __bool__(self) -> bool:
        return bool(self._words)

    def applied(self, result: Classification, text: str, legacy: str) -> Classification:
        """`result` for the name `text` of the package `legacy`; a rewrite to the product's new name
        where the name stands for the product and not for the package."""
        words = self._words.get(legacy)
        if words is None or result.action is Action.REWRITE or result.rule in _STANDS:
            return result
        elsewhere = result.kind is NameKind.FOLDER and result.rule in _NOWHERE
        if not (result.kind in _NAMED or elsewhere):
            return result
        renamed = words.rename(text)
        if renamed == text:
            return result
        return replace(
            result,
            action=Action.REWRITE,
            replacement=renamed,
            rule=Reason.ALSO,
            detail=f": {result.kind.sentence}",
            kind=NameKind.SPELLING,
            evidence=Evidence.DECISION,
            split=None,
        )

    def path_after(self, path: str, root: str = "") -> str:
        """`path` with the product's name replaced in each segment below the folder `root`."""
        rest = path[len(root) :] if root else path
        return path[: len(path) - len(rest)] + "/".join(map(self._all.rename, rest.split("/")))
