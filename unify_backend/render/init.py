"""What `init` wrote, for people."""

from collections.abc import Iterator

from rich.console import RenderableType

from unify_backend.model.outcomes import Initialised
from unify_backend.render.tables import count, plain


def init_report(done: Initialised) -> Iterator[RenderableType]:
    """The parts of the text report: what was written, and where the names came from."""
    did = "would write" if done.dry_run else "wrote"
    yield plain(f"{did} {done.path}: {count(len(done.moves), 'package')} ({done.origin})", "bold")
    yield plain("")
    yield from (plain(line) for line in done.text.splitlines())
    if done.others:
        yield plain(
            f"{count(len(done.others), 'other candidate')} left as comments: look which "
            "of the two is the living one before you take the # off"
        )
