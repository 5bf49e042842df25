"""Interfaces of the application: operations with parameters, tables with columns, worker tasks."""

from collections.abc import Iterator

from unify_backend.model.boots import Operation, Parameter, Worker
from unify_backend.model.verification import Aspect, ChangeDirection, Difference, State


def operations(before: State, after: State) -> Iterator[Difference]:
    """Paths that are gone or new; on the others, operations, and parameters of operations.

    A parameter that is gone, or that must be given now, breaks who calls it."""
    old = {str(operation): operation for operation in before.boot.operations}
    new = {str(operation): operation for operation in after.boot.operations}
    were, are = set(before.boot.paths), set(after.boot.paths)
    for path in sorted(were - are):
        yield Difference(Aspect.PATH, ChangeDirection.LOST, path, _methods(before, path))
    for path in sorted(are - were):
        yield Difference(Aspect.PATH, ChangeDirection.GAINED, path, "", _methods(after, path))
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was and now:
            yield from _parameters(was, now)
        elif was and was.path in are:
            yield Difference(Aspect.OPERATION, ChangeDirection.LOST, name, name)
        elif now and now.path in were:
            yield Difference(Aspect.OPERATION, ChangeDirection.GAINED, name, "", name)


def _methods(state: State, path: str) -> str:
    return ", ".join(
        operation.method.upper() for operation in state.boot.operations if operation.path == path
    )


def _parameters(was: Operation, now: Operation) -> Iterator[Difference]:
    if was.parameters == now.parameters:
        return
    old = {(parameter.place, parameter.name): parameter for parameter in was.parameters}
    new = {(parameter.place, parameter.name): parameter for parameter in now.parameters}
    gone = [old[key] for key in sorted(old.keys() - new.keys())]
    other = [key for key in sorted(new) if old.get(key) != new[key]]
    demanded = [new[key] for key in other if new[key].required and not _was_required(old.get(key))]
    turn = ChangeDirection.WORSE if gone or demanded else ChangeDirection.CHANGED
    left = "; ".join(map(str, (*gone, *(old[key] for key in other if key in old))))
    yield Difference(
        Aspect.OPERATION, turn, str(now), left, "; ".join(str(new[key]) for key in other)
    )


def _was_required(parameter: Parameter | None) -> bool:
    return parameter is not None and parameter.required


def tables(before: State, after: State) -> Iterator[Difference]:
    """Tables and their columns."""
    old = {table.name: table for table in before.boot.tables}
    new = {table.name: table for table in after.boot.tables}
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            turn = ChangeDirection.LOST if was else ChangeDirection.GAINED
            yield Difference(Aspect.TABLE, turn, name, name if was else "", name if now else "")
            continue
        gone, come = set(was.columns) - set(now.columns), set(now.columns) - set(was.columns)
        if gone or come:
            turn = ChangeDirection.WORSE if gone else ChangeDirection.CHANGED
            columns = (", ".join(sorted(gone)), ", ".join(sorted(come)))
            yield Difference(Aspect.TABLE, turn, name, *columns)


def workers(before: State, after: State) -> Iterator[Difference]:
    """Workers by their name below the package. A task that is gone leaves its jobs in the queue."""
    old, new = _by_name(before), _by_name(after)
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if now is None and was is not None:
            if was.cause is None:
                yield Difference(
                    Aspect.WORKER, ChangeDirection.LOST, was.name, ", ".join(was.tasks)
                )
        elif now is not None and now.cause is not None:
            if was is not None and was.cause is None:
                outcomes = (", ".join(was.tasks), str(now.cause))
                yield Difference(
                    Aspect.WORKER, ChangeDirection.WORSE, now.name, *outcomes, now.cause
                )
        elif now is not None:
            yield from _tasks(was, now)


def _tasks(was: Worker | None, now: Worker) -> Iterator[Difference]:
    if was is None or was.cause is not None:
        yield Difference(Aspect.WORKER, ChangeDirection.GAINED, now.name, "", ", ".join(now.tasks))
    elif was.tasks != now.tasks:
        turn = ChangeDirection.WORSE if set(was.tasks) - set(now.tasks) else ChangeDirection.CHANGED
        tasks = (", ".join(was.tasks), ", ".join(now.tasks))
        yield Difference(Aspect.WORKER, turn, now.name, *tasks)


def _by_name(state: State) -> dict[str, Worker]:
    start = len(state.target.package)
    return {worker.name[start:]: worker for worker in state.boot.workers}
