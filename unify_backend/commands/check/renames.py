"""Finds the new path of renamed files whose entries are in a baseline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from unify_backend.baseline.baseline import match_by_entries
from unify_backend.model.baseline import Entry
from unify_backend.model.errors import RepositoryError
from unify_backend.repository.files import Repository


@dataclass(frozen=True, slots=True)
class Renames:
    """Asked when files of the baseline are gone and others hold something new.

    git tells by content: from the commit that last changed the baseline to now, then step by step.
    Where it does not know that commit (no git, a clone of depth 1), a file whose entries all came
    back in one other file is that file.
    """

    repository: Repository
    baseline: str
    staged: bool
    known: Collection[Entry]
    state: Collection[Entry]

    def __call__(self, away: Collection[str], fresh: Collection[str]) -> dict[str, str]:
        """The new path of each file in `away`, for those whose new path is in `fresh`."""
        from unify_backend.repository.git import run  # seldom needed

        if self.repository.is_git:
            renamed = self._renamed(away)
            matched = {old: new for old, new in renamed.items() if old in away and new in fresh}
            if matched or not run.is_shallow(self.repository.root):
                return matched
        gone = [entry for entry in self.known if entry.path in away]
        return match_by_entries(gone, [entry for entry in self.state if entry.path in fresh])

    def _renamed(self, away: Collection[str]) -> dict[str, str]:
        from unify_backend.repository.git import renames

        root = self.repository.root
        since = renames.last_change(root, self.baseline) or renames.head(root)
        try:
            renamed = renames.renamed_since(root, since, self.staged)
            if not all(path in renamed for path in away):
                renamed = {**renames.renamed_on_the_way(root, since, away), **renamed}
        except RepositoryError:  # no commit yet
            return {}
        return renamed
