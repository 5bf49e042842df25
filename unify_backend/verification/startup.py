"""The state of a package: its modules imported, its application started and looked at."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unify_backend.model.boots import (
    Answer,
    Boot,
    BootFinding,
    BootState,
    FailureCause,
    FindingKind,
    LogRecord,
    Operation,
    Parameter,
    Plugin,
    PluginState,
    Route,
    RouteKind,
    Table,
    Worker,
    WorkerKind,
)
from unify_backend.model.verification import Engine, State, Target
from unify_backend.verification import app_discovery as candidates
from unify_backend.verification.dependencies import Dependencies, cause_from
from unify_backend.verification.environment import Reply, Site, ask, site
from unify_backend.verification.import_check import Progress, import_health
from unify_backend.verification.startup_findings import findings

_OUTPUT = 4000  # characters that a result keeps, from the end
_LOOKING = 90.0  # seconds for looking and asking, after the start-up
_PARTS = {"operations": "OpenAPI operations"}


def boot(target: Target) -> Boot:
    """Starts the application as the settings say and says what is there after its start-up.

    The application is `target.app`, or the settings' one, or the likeliest that the sources make.
    Raises OSError where the interpreter cannot be started.
    """
    begin = time.monotonic()
    with site(target) as where:
        name = target.app or target.settings.app or _found(where)
        if name is None:
            return _no_application(target)
        known = Dependencies(where.root, target.package)
        booted = _started(where, name, known)
        booted = replace(booted, workers=_workers(where, known))
        found = (*booted.findings, *findings(where, booted))
        return replace(booted, findings=found, seconds=booted.seconds or time.monotonic() - begin)


def _found(where: Site) -> str | None:
    made = candidates.applications(where)
    return made[0].name if made else None


def _no_application(target: Target) -> Boot:
    finding = BootFinding(
        FindingKind.NO_APPLICATION,
        f"{target.package} makes no application that could be started",
        "no FastAPI, Starlette, Flask or Django application is assigned in its modules",
        'Name it: app = "module:attribute" in [tool.unify-backend.verify].',
    )
    return Boot("", "", BootState.NOT_FOUND, findings=(finding,))


def _started(where: Site, name: str, known: Dependencies) -> Boot:
    settings = where.target.settings
    request = {
        "app": name,
        "package": where.target.package,
        "stubs": list(settings.stubs),
        "plugins": list(settings.plugins),
        "ask": [one.path for one in settings.probe],
        "timeout": settings.timeout,
    }
    reply = ask(where, "booting", request, settings.timeout + _LOOKING)
    output = (reply.ended.out + reply.ended.err)[-_OUTPUT:]
    if reply.answer is None:
        return Boot(name, "", *_silent(reply), output=output)
    return replace(_booted(where, reply.answer, known), output=output)


def _silent(reply: Reply) -> tuple[BootState, FailureCause]:
    """What a process that left no answer comes to."""
    if reply.ended.timed_out:
        return BootState.TIMED_OUT, FailureCause("timeout", "the start-up did not end in time")
    return BootState.FAILED, FailureCause(
        "exit", f"the process ended by itself ({reply.ended.code})"
    )


def _booted(where: Site, told: Mapping[str, Any], known: Dependencies) -> Boot:
    state = BootState(told["state"])
    cause = cause_from(told.get("cause"), known)
    if state is BootState.TIMED_OUT:
        cause = FailureCause("timeout", "the start-up did not end in time")
    return Boot(
        told["app"],
        str(told.get("framework", "")),
        state,
        cause,
        tuple(sorted(map(_route, told.get("routes", ())))),
        tuple(sorted(map(_operation, told.get("operations", ())))),
        tuple(_answer(where, one) for one in told.get("answers", ())),
        tuple(sorted({_plugin(one) for one in told.get("plugins", ())})),
        tuple(sorted(Table(one["name"], tuple(one["columns"])) for one in told.get("tables", ()))),
        records=tuple(_record(one, known) for one in told.get("records", ())),
        findings=tuple(_troubles(told, known)),
        seconds=float(told.get("seconds", 0.0)),
    )


def _route(told: Mapping[str, Any]) -> Route:
    kind = RouteKind(told["kind"])
    return Route(told["path"], kind, tuple(told["methods"]), told["endpoint"], told["own"])


def _operation(told: Mapping[str, Any]) -> Operation:
    given = (
        Parameter(one["place"], one["name"], one["required"], one["type"])
        for one in told["parameters"]
    )
    return Operation(told["path"], told["method"], tuple(sorted(given)))


def _answer(where: Site, told: Mapping[str, Any]) -> Answer:
    expected = {one.path: one.expected for one in where.target.settings.probe}
    body = str(told["body"]).replace(str(where.root), ".")
    return Answer(told["path"], told["status"], body, told["error"], expected[told["path"]])


def _plugin(told: Mapping[str, Any]) -> Plugin:
    return Plugin(told["name"], PluginState(told["state"]), told["registry"], told["reason"])


def _record(told: Mapping[str, Any], known: Dependencies) -> LogRecord:
    cause = cause_from(told["cause"], known)
    return LogRecord(told["level"], told["logger"], told["message"], cause)


def _troubles(told: Mapping[str, Any], known: Dependencies) -> list[BootFinding]:
    """What went wrong in looking: parts that raised, stubs that did nothing, the shutdown."""
    found: list[BootFinding] = []
    for part, error in sorted(told.get("errors", {}).items()):
        cause = cause_from(error, known)
        found.append(
            BootFinding(
                FindingKind.NOT_LISTED,
                f"the {_PARTS.get(part, part)} cannot be listed",
                str(cause),
                "Mend what the reason names.",
                (part,),
            )
        )
    for stub, why in sorted(told.get("stubs", {}).items()):
        if why:
            found.append(
                BootFinding(
                    FindingKind.UNUSED_STUB,
                    f"the stub {stub} replaced nothing",
                    why,
                    "Correct its name in [tool.unify-backend.verify], or remove it.",
                    (stub,),
                )
            )
    if why := told.get("shutdown"):
        step = "Look at what the lifespan does after its yield."
        found.append(BootFinding(FindingKind.UNSTOPPABLE, "it does not shut down", why, step))
    return found


def _workers(where: Site, known: Dependencies) -> tuple[Worker, ...]:
    """The workers of the sources, imported in a process of their own."""
    named = candidates.workers(where)
    if not named:
        return ()
    request = {"workers": [[name, kind.value] for name, kind in named]}
    reply = ask(where, "booting", request, where.target.settings.timeout)
    if reply.answer is None:
        cause = FailureCause("exit", "importing the workers ended the process")
        return tuple(Worker(name, kind, (), cause) for name, kind in named)
    return tuple(
        Worker(
            one["name"],
            WorkerKind(one["kind"]),
            tuple(one["tasks"]),
            cause_from(one["cause"], known),
        )
        for one in reply.answer["workers"]
    )


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
