"""A state: import health and boot of one package in one folder."""

import time

from unify_backend.model.verification import Engine, State, Target
from unify_backend.verification.import_check import Progress, import_health
from unify_backend.verification.startup import boot


def state(
    target: Target,
    progress: Progress | None = None,
    engine: Engine | None = None,
    heads: tuple[str, ...] = (),
    jobs: int | None = None,
) -> State:
    """Everything about the target; `heads` are its Alembic heads, where the caller knows them.

    Raises OSError where the interpreter cannot be started.
    """
    begin = time.monotonic()
    modules = import_health(target, progress, engine, jobs)
    booted = boot(target)
    return State(target, modules, booted, heads, time.monotonic() - begin)
