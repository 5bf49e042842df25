"""The baseline options that `check` and `audit` share, and the writing of a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.model.errors import ConfigurationError
from unify_backend.reporting.diagnostics.formats import ReportFormat

if TYPE_CHECKING:
    from unify_backend.cli.output import Output
    from unify_backend.model.baseline import BaselineUpdate
    from unify_backend.repository.files import Repository

UpdateBaseline = Annotated[
    bool, typer.Option("--update-baseline", help="Write the baseline for what is there now.")
]
AllowGrowth = Annotated[
    bool, typer.Option("--allow-growth", help="With --update-baseline: let it take in more.")
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Take what is gone out of the baseline; add nothing.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Fail on entries of the baseline that are gone, too.")
]


def check_options(options: Mapping[str, object], exclude: Sequence[tuple[str, str, str]]) -> None:
    """Raises ConfigurationError where two of the options that were given contradict each other, as
    `exclude` says: one, the other, and why."""
    used = {
        name for name, value in options.items() if value or (value == 0 and value is not False)
    }  # 0 is a limit
    for option, other, reason in exclude:
        if option in used and other in used:
            raise ConfigurationError(
                f"{option} and {other} exclude each other", reason, "Leave one of them out."
            )
    if "--allow-growth" in used and "--update-baseline" not in used:
        raise ConfigurationError(
            "--allow-growth goes with --update-baseline",
            "only what writes a baseline can let it grow",
            "Add --update-baseline, or leave it out.",
        )


def write_kept(
    output: Output, repository: Repository, written: BaselineUpdate, format: ReportFormat
) -> None:
    """Writes a baseline and reports its changes."""
    from unify_backend.commands.check.write_baseline import write
    from unify_backend.reporting.check import baselined_report
    from unify_backend.reporting.json.check import baselined_document
    from unify_backend.reporting.json.common import to_json

    output.written(write(repository, written))
    if format is ReportFormat.JSON:
        output.write(to_json(baselined_document(written)))
    else:
        output.show(*baselined_report(written, output.verbose))
