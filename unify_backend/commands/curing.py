"""What a person does about modules that cannot be imported: the variables they need, as lines for
the configuration, or the interpreter that has their dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from unify_backend.model.file_source import text_of
from unify_backend.model.settings import Settings
from unify_backend.model.shims import ImportCause
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.snapshot import Snapshot

DJANGO = "DJANGO_SETTINGS_MODULE"
_UNKNOWN = "…"
_NAMED = re.compile(DJANGO + r"""["']?\]?\s*[,=:]\s*["']?([A-Za-z_]\w*(?:\.\w+)*)""")
_STARTERS = (
    *("manage.py", "wsgi.py", "asgi.py"),
    *("pytest.ini", "setup.cfg", "tox.ini", "pyproject.toml", "conftest.py"),
)
_SAMPLES = re.compile(r"(?:.*/)?\.?env[.-](?:example|sample|template|dist|defaults?)\Z")
_SAMPLES_TOO = re.compile(r"(?:.*/)?(?:example|sample)\.env\Z")


def cure(contents: Snapshot, settings: Settings, causes: Sequence[ImportCause]) -> str:
    """The next step, of several lines where it is for the configuration; "" without causes."""
    if not causes:
        return ""
    named = list(dict.fromkeys(name for one in causes for name in one.variables))
    missing = list(dict.fromkeys(one.missing for one in causes if one.missing))
    asked = list(dict.fromkeys(name for one in causes[:1] for name in one.asked))
    if named:
        lines = _lines(contents, settings, named)
        return f"Set what it needs, in {_file(settings)}:\n\n{lines}"
    if missing:
        modules = ", ".join(missing[:5])
        return (
            f"Start it with the interpreter that has {modules}: --python FILE, or python = "
            f'"FILE" under {_table(settings)} in {_file(settings)}.'
        )
    if asked:
        lines = _lines(contents, settings, asked)
        looked = f"It looked for {', '.join(asked)} in vain before; if that is the reason"
        return f"{looked}, set it in {_file(settings)}:\n\n{lines}"
    return f"See the whole error: import {causes[0].module} with the same interpreter."


def _file(settings: Settings) -> str:
    if settings.source.endswith(".toml"):
        return settings.source
    return "unify-backend.toml (`unify-backend init` writes one)"


def _table(settings: Settings) -> str:
    """Its name in that file: in a file of the tool's own, keys have no prefix."""
    shared = settings.source == "pyproject.toml"
    return "[tool.unify-backend.verify]" if shared else "[verify]"


def _lines(contents: Snapshot, settings: Settings, names: Iterable[str]) -> str:
    """The table with what is set already: a table stands once."""
    values = dict(VerifySettings.of(settings.verify, settings.source).env)
    for name in names:
        found = _django(contents, settings) if name == DJANGO else _sample(contents, name)
        values.setdefault(name, found or _UNKNOWN)
    pairs = ", ".join(f"{name} = {_quoted(value)}" for name, value in values.items())
    return f"{_table(settings)}\nenv = {{ {pairs} }}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _django(contents: Snapshot, settings: Settings) -> str | None:
    """The settings module that the project starts with, by its start-up files; else the module
    that looks like one."""
    for name in _STARTERS:
        for path in _called(contents, name):
            if found := _NAMED.search(text_of(contents, path) or ""):
                return found.group(1)
    for path in contents.paths:
        named = path.endswith(("settings.py", "settings/__init__.py"))
        if named and "INSTALLED_APPS" in (text_of(contents, path) or ""):
            return _module(settings, path)
    return None


def _called(contents: Snapshot, name: str) -> Iterator[str]:
    """The files of that name, the ones nearest to the top first."""
    found = [one for one in contents.paths if one == name or one.endswith("/" + name)]
    yield from sorted(found, key=lambda one: (one.count("/"), one))


def _module(settings: Settings, path: str) -> str:
    parts = path.removesuffix(".py").removesuffix("/__init__")
    for move in settings.moves:
        if move.owns_canonical(path):
            inner = parts[len(move.canonical_path) :]
            return move.canonical + inner.replace("/", ".")
    return parts.removeprefix("src/").replace("/", ".")


def _sample(contents: Snapshot, name: str) -> str | None:
    """The value that a file of examples (.env.example) gives the variable."""
    line = re.compile(rf"^[ \t]*(?:export[ \t]+)?{re.escape(name)}[ \t]*=(.*)$", re.MULTILINE)
    for path in contents.paths:
        named = _SAMPLES.match(path) or _SAMPLES_TOO.match(path)
        if named and (found := line.search(text_of(contents, path) or "")):
            return found.group(1).strip().strip("\"'") or None
    return None
