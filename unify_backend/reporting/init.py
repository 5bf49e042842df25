"""What `init` wrote, for people."""

from collections.abc import Iterator

from rich.console import RenderableType

from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    IntegrationResult,
    ManualStep,
    Service,
    Step,
)
from unify_backend.model.rewrite_plan import InitResult
from unify_backend.reporting.tables import count, plain


def init_report(done: InitResult) -> Iterator[RenderableType]:
    """The parts of the text report: what was written, and where the names came from."""
    did = "would write" if done.dry_run else "wrote"
    yield plain(f"{did} {done.path}: {count(len(done.moves), 'package')} ({done.origin})", "bold")
    yield from (plain(f"  no longer {move.legacy} → {move.canonical}") for move in done.gone)
    yield plain("")
    yield from (plain(line) for line in done.text.splitlines())
    if done.others:
        yield plain(
            f"{count(len(done.others), 'other candidate')} left as comments: check which "
            "of the two is the old one before you take the # off"
        )


def integrations_report(built: IntegrationResult) -> Iterator[RenderableType]:
    """The parts of the text report of `init --ci` and `--lint`: the configuration where it is new,
    then each file with what is new in it, what was there, and what a person has to do."""
    if built.configuration is not None:
        yield from init_report(built.configuration)
        yield plain("")
    for integration in built.targets:
        for step in integration.steps:
            yield from _step(integration.target, step, built.dry_run)
    services = {
        integration.target
        for integration in built.targets
        if isinstance(integration.target, Service)
    }
    if built.facts.requirement is None and services - {Service.PRE_COMMIT}:
        yield plain(
            f"the job installs {built.facts.installable} from a package index: here the tool runs "
            "from a folder of this machine. --requirement TEXT names another origin."
        )


def _step(target: str, step: Step, dry_run: bool) -> Iterator[RenderableType]:
    match step:
        case AddedText(path, text, content):
            did = "would add to" if dry_run else "added to"
            whole = "would write" if dry_run else "wrote"
            yield plain(f"{target}: {whole if text == content else did} {path}", "bold")
            yield from _indented(text)
        case AlreadyPresent(path):
            yield plain(f"{target}: {path} has it already, and stays as it is")
        case ManualStep(path, reason, text):
            yield plain(f"{target}: {path} is left to you: {reason}", "bold")
            yield plain(f"  put this into {path}:")
            yield from _indented(text)


def _indented(text: str) -> Iterator[RenderableType]:
    yield from (plain(f"    {line}".rstrip()) for line in text.splitlines())
    yield plain("")
