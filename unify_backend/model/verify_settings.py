"""`[tool.unify-backend.verify]` as a value: how the application is started."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.errors import ConfigurationError

PROBED = ("/", "/health", "/ready")
_STUB = "module:function"


class InterpreterSource(StrEnum):
    """What names the interpreter, in the order of precedence."""

    OPTION = "option"
    CONFIGURED = "configured"
    ACTIVE = "virtual-env"
    REPOSITORY = "repository"
    MAIN_WORK_TREE = "main-work-tree"
    CONDA = "conda"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that starts. `python` is its absolute path (a link is kept, or a virtual
    environment would not be one), `shown` the same for documents: relative to the folder that
    `source` names, or the file's name alone. `reason` is for a person, `version` like 3.11.7.
    """

    python: str
    shown: str
    source: InterpreterSource
    reason: str
    version: str


@dataclass(frozen=True, slots=True)
class ProbePath:
    """A path that is asked after start-up. `expected` are the statuses allowed (empty: any below
    500, and not being there is no finding)."""

    path: str
    expected: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifySettings:
    """How the application is started and what is asked.

    `python` is the interpreter (None: the tool's own; relative: in the repository), `cwd` the
    folder it starts in, below the state's folder; `timeout` is in seconds, for a start-up (a
    module has as much to be imported). `stubs` are functions replaced by ones that do nothing,
    `plugins` expressions (`module:attribute.method()`) whose value lists plugins, `masks` keys of
    JSON bodies that are not compared, besides the built-in ones.
    """

    python: str | None = None
    cwd: str = "."
    timeout: float = 60.0
    env: tuple[tuple[str, str], ...] = ()
    stubs: tuple[str, ...] = ()
    probe: tuple[ProbePath, ...] = tuple(ProbePath(path) for path in PROBED)
    plugins: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    app: str | None = None

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, object]], source: str = "") -> "VerifySettings":
        """Settings from the pairs of the configuration (`Settings.verify`).

        `probe` holds paths, each with the statuses it may answer: "/ready 200|503". Raises
        ConfigurationError, naming the key, where a value is of another type than it must be.
        """
        table = _Table(dict(pairs), source)
        requests = {request.path: request for request in map(ProbePath, PROBED)}
        for text in table.texts("probe"):
            request = table.asked(text)
            requests[request.path] = request
        for stub in (stubs := table.texts("stubs")):
            if not all(part.strip() for part in stub.partition(":")):
                raise table.wrong("stubs", stub, f"names like {_STUB}")
        return cls(
            python=table.text("python"),
            cwd=table.text("cwd") or ".",
            timeout=table.seconds("timeout", 60.0),
            env=table.strings("env"),
            stubs=stubs,
            probe=tuple(requests.values()),
            plugins=table.texts("plugins"),
            masks=table.texts("masks"),
            app=table.text("app"),
        )


class _Table:
    def __init__(self, values: Mapping[str, object], source: str) -> None:
        self._values = values
        self._source = f"{source}: " if source else ""

    def wrong(self, key: str, value: object, wanted: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self._source}verify.{key} = {value!r}", f"it must be {wanted}", "Correct it."
        )

    def text(self, key: str) -> str | None:
        value = self._values.get(key)
        if value is None or isinstance(value, str):
            return value or None
        raise self.wrong(key, value, "a string")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, ())
        if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
            return tuple(str(text) for text in value)
        raise self.wrong(key, value, "a list of strings")

    def strings(self, key: str) -> tuple[tuple[str, str], ...]:
        value = self._values.get(key, {})
        if not isinstance(value, Mapping):
            raise self.wrong(key, value, "a table of strings")
        for name, content in value.items():
            if not isinstance(content, str | int | float):
                raise self.wrong(f"{key}.{name}", content, "a string")
        return tuple(sorted((str(name), _plain(content)) for name, content in value.items()))

    def seconds(self, key: str, default: float) -> float:
        value = self._values.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
        raise self.wrong(key, value, "a number of seconds above zero")

    def asked(self, text: str) -> ProbePath:
        path, _, statuses = text.partition(" ")
        numbers = [part.strip() for part in statuses.split("|") if part.strip()]
        if not path.startswith("/") or not all(
            number.isdigit() and 100 <= int(number) <= 599 for number in numbers
        ):
            raise self.wrong(
                "probe", text, 'paths like "/health", or with statuses "/ready 200|503"'
            )
        return ProbePath(path, tuple(int(number) for number in numbers))


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
