"""Every target that `init` can write the check into, one line each."""

from collections.abc import Callable, Iterator

from unify_backend.integrations.github import github
from unify_backend.integrations.gitlab import gitlab
from unify_backend.integrations.import_linter import import_linter
from unify_backend.integrations.pre_commit import pre_commit
from unify_backend.integrations.ruff import ruff
from unify_backend.model.integrations import Facts, Files, Linter, Service, Step, Target

Integration = Callable[[Files, Facts], Iterator[Step]]

INTEGRATIONS: dict[Target, Integration] = {
    Service.GITHUB: github,
    Service.GITLAB: gitlab,
    Service.PRE_COMMIT: pre_commit,
    Linter.IMPORT_LINTER: import_linter,
    Linter.RUFF: ruff,
}
