"""A command that serves on a port of this machine, asked over HTTP."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unify_backend.model.boots import Answer, BootState, Operation, Parameter
from unify_backend.model.verify_settings import ProbePath
from unify_backend.repository.processes import Program, Running, started
from unify_backend.verification.programs.routes import operations

_LOOK = 0.1  # seconds between two attempts
_ASKING = 20.0  # seconds for one answer
_OPENAPI = "/openapi.json"
_BODY = 20_000
_OPENAPI_BODY = 20_000_000
_OUTPUT = 4000


@dataclass(frozen=True, slots=True)
class ServingResult:
    """What came of a command that should serve. `code` is its exit code where it ended first."""

    state: BootState
    code: int | None
    answers: tuple[Answer, ...]
    operations: tuple[Operation, ...]
    output: str
    seconds: float

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the OpenAPI document, sorted."""
        return tuple(sorted({operation.path for operation in self.operations}))


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def served(
    program: Program,
    port: int,
    probes: Sequence[ProbePath],
    timeout: float,
    alive: Callable[[], None] | None = None,
) -> ServingResult:
    """Starts the command, waits until `port` answers (at most `timeout` seconds), asks, and ends
    it with everything it started. `alive` is called between two attempts.

    Raises OSError where it cannot be started.
    """
    begin = time.monotonic()
    with started(program) as running:

        def serves() -> bool:
            if alive is not None:
                alive()
            time.sleep(_LOOK)
            return answers(port)

        code = running.wait(timeout, serves)
        ready = time.monotonic() - begin
        if code is not None or not serves():
            state = BootState.TIMED_OUT if code is None else BootState.FAILED
            return ServingResult(state, code, (), (), _output(running), ready)
        listed, replies = ask(port, probes)
        return ServingResult(BootState.READY, None, replies, listed, _output(running), ready)


def answers(port: int) -> bool:
    """Whether anything answers an HTTP request on the port by now."""
    return _get(port, "/", _LOOK * 20).status is not None


def ask(port: int, probes: Sequence[ProbePath]) -> tuple[tuple[Operation, ...], tuple[Answer, ...]]:
    """The operations of the OpenAPI document of what serves there, none where it has none, and
    what it answers to `probes`."""
    replies = tuple(_get(port, probe.path, _ASKING, probe.expected) for probe in probes)
    return _operations(_get(port, _OPENAPI, _ASKING, most=_OPENAPI_BODY).body), replies


def _output(running: Running) -> str:
    return (running.out() + running.err())[-_OUTPUT:]


def _get(
    port: int, path: str, timeout: float, expected: tuple[int, ...] = (), most: int = _BODY
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Connection": "close", "Accept": "*/*"})
        response = connection.getresponse()
        body = response.read(most).decode("utf-8", "replace")
        return Answer(path, response.status, body, "", expected)
    except (OSError, http.client.HTTPException) as error:
        return Answer(path, None, "", f"{type(error).__name__}: {error}", expected)
    finally:
        connection.close()


def _operations(text: str) -> tuple[Operation, ...]:
    """The operations of a document; none where it is none."""
    try:
        documented = operations(json.loads(text))
    except (ValueError, AttributeError):
        return ()
    return tuple(
        sorted(
            Operation(
                operation["path"],
                operation["method"],
                tuple(
                    sorted(
                        Parameter(
                            parameter["place"],
                            parameter["name"],
                            parameter["required"],
                            parameter["type"],
                        )
                        for parameter in operation["parameters"]
                    )
                ),
            )
            for operation in documented
        )
    )
