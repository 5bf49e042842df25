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
from unify_backend.verification.environment import ProgramEnvironment, Reply, ask, site
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
        all_findings = (*booted.findings, *findings(where, booted))
        return replace(
            booted, findings=all_findings, seconds=booted.seconds or time.monotonic() - begin
        )


def _found(where: ProgramEnvironment) -> str | None:
    ranked = candidates.applications(where)
    return ranked[0].name if ranked else None


def _no_application(target: Target) -> Boot:
    finding = BootFinding(
        FindingKind.NO_APPLICATION,
        f"{target.package} makes no application that could be started",
        "no FastAPI, Starlette, Flask or Django application is assigned in its modules",
        'Name it: app = "module:attribute" in [tool.unify-backend.verify].',
    )
    return Boot("", "", BootState.NOT_FOUND, findings=(finding,))


def _started(where: ProgramEnvironment, name: str, known: Dependencies) -> Boot:
    settings = where.target.settings
    request = {
        "app": name,
        "package": where.target.package,
        "stubs": list(settings.stubs),
        "plugins": list(settings.plugins),
        "ask": [probe.path for probe in settings.probe],
        "timeout": settings.timeout,
    }
    reply = ask(where, "booting", request, settings.timeout + _LOOKING)
    output = (reply.ended.out + reply.ended.err)[-_OUTPUT:]
    if reply.answer is None:
        return Boot(name, "", *_silent(reply), output=output)
    return replace(_booted(where, reply.answer, known), output=output)


def _silent(reply: Reply) -> tuple[BootState, FailureCause]:
    """The state and the cause for a process that left no answer."""
    if reply.ended.timed_out:
        return BootState.TIMED_OUT, FailureCause("timeout", "the start-up did not end in time")
    return BootState.FAILED, FailureCause(
        "exit", f"the process ended by itself ({reply.ended.code})"
    )


def _booted(where: ProgramEnvironment, answer: Mapping[str, Any], known: Dependencies) -> Boot:
    state = BootState(answer["state"])
    cause = cause_from(answer.get("cause"), known)
    if state is BootState.TIMED_OUT:
        cause = FailureCause("timeout", "the start-up did not end in time")
    return Boot(
        answer["app"],
        str(answer.get("framework", "")),
        state,
        cause,
        tuple(sorted(map(_route, answer.get("routes", ())))),
        tuple(sorted(map(_operation, answer.get("operations", ())))),
        tuple(_answer(where, response) for response in answer.get("answers", ())),
        tuple(sorted({_plugin(plugin) for plugin in answer.get("plugins", ())})),
        tuple(
            sorted(
                Table(table["name"], tuple(table["columns"])) for table in answer.get("tables", ())
            )
        ),
        records=tuple(_record(record, known) for record in answer.get("records", ())),
        findings=tuple(_troubles(answer, known)),
        seconds=float(answer.get("seconds", 0.0)),
    )


def _route(route: Mapping[str, Any]) -> Route:
    kind = RouteKind(route["kind"])
    return Route(route["path"], kind, tuple(route["methods"]), route["endpoint"], route["own"])


def _operation(operation: Mapping[str, Any]) -> Operation:
    parameters = (
        Parameter(parameter["place"], parameter["name"], parameter["required"], parameter["type"])
        for parameter in operation["parameters"]
    )
    return Operation(operation["path"], operation["method"], tuple(sorted(parameters)))


def _answer(where: ProgramEnvironment, response: Mapping[str, Any]) -> Answer:
    expected = {probe.path: probe.expected for probe in where.target.settings.probe}
    body = str(response["body"]).replace(str(where.root), ".")
    return Answer(
        response["path"], response["status"], body, response["error"], expected[response["path"]]
    )


def _plugin(plugin: Mapping[str, Any]) -> Plugin:
    return Plugin(
        plugin["name"], PluginState(plugin["state"]), plugin["registry"], plugin["reason"]
    )


def _record(record: Mapping[str, Any], known: Dependencies) -> LogRecord:
    cause = cause_from(record["cause"], known)
    return LogRecord(record["level"], record["logger"], record["message"], cause)


def _troubles(answer: Mapping[str, Any], known: Dependencies) -> list[BootFinding]:
    """What went wrong in looking: parts that raised, stubs that did nothing, the shutdown."""
    troubles: list[BootFinding] = []
    for part, error in sorted(answer.get("errors", {}).items()):
        cause = cause_from(error, known)
        troubles.append(
            BootFinding(
                FindingKind.NOT_LISTED,
                f"the {_PARTS.get(part, part)} cannot be listed",
                str(cause),
                "Fix what the reason names.",
                (part,),
            )
        )
    for stub, why in sorted(answer.get("stubs", {}).items()):
        if why:
            troubles.append(
                BootFinding(
                    FindingKind.UNUSED_STUB,
                    f"the stub {stub} replaced nothing",
                    why,
                    "Correct its name in [tool.unify-backend.verify], or remove it.",
                    (stub,),
                )
            )
    if why := answer.get("shutdown"):
        step = "Look at what the lifespan does after its yield."
        troubles.append(BootFinding(FindingKind.UNSTOPPABLE, "it does not shut down", why, step))
    return troubles


def _workers(where: ProgramEnvironment, known: Dependencies) -> tuple[Worker, ...]:
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
            worker["name"],
            WorkerKind(worker["kind"]),
            tuple(worker["tasks"]),
            cause_from(worker["cause"], known),
        )
        for worker in reply.answer["workers"]
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
