"""Probes: type checkers, which run nothing, see the old names as the canonical ones."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH118, PTH120, PTH123

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

from unify_backend.shim.probes.programs.kit import Facts, Skip, first, got, load

_TRIES = 3
_ALLOWED = {5, 7, 8}  # lines of the program that may have errors


def mypy(facts: Facts) -> None:
    """mypy sees the old name as the same class"""
    roots = os.pathsep.join(facts.roots)
    options = ("--config-file", os.devnull, "--no-incremental", "--follow-imports=silent")
    more = ("--namespace-packages", "--explicit-package-bases", "--no-error-summary")
    _check(facts, "mypy", (*options, *more, "--ignore-missing-imports"), MYPYPATH=roots)


def pyright(facts: Facts) -> None:
    """pyright sees the old name as the same class"""
    import json

    settings = json.dumps({"extraPaths": facts.roots, "typeCheckingMode": "basic"})
    _check(facts, "pyright", (), {"pyrightconfig.json": settings})


def pyrefly(facts: Facts) -> None:
    """pyrefly sees the old name as the same class"""
    roots = [part for root in facts.roots for part in ("--search-path", root)]
    files = {"pyrefly.toml": ""}  # without it only a few kinds of errors are shown
    _check(facts, "pyrefly", ("check", *roots, "--output-format=min-text"), files)


def ty(facts: Facts) -> None:
    """ty sees the old name as the same class"""
    roots = [part for root in facts.roots for part in ("--extra-search-path", root)]
    _check(facts, "ty", ("check", *roots, "--output-format=concise", "--python", sys.executable))


def _check(
    facts: Facts,
    checker: str,
    options: tuple[str, ...],
    files: dict[str, str] | None = None,
    **environment: str,
) -> None:
    """Line 5 must be an error (or the name means anything at all), and nothing else may be; line 8
    says the same of the new name, which shows whether the checker can be asked at all. A class that
    it does not take for one by its new name alone (one that is made by a call) says nothing."""
    command = _command(checker)
    first(_plain_classes(facts), "plain class")
    output = ""
    for name, attribute in _plain_classes(facts)[:_TRIES]:

        def asked(module: str) -> tuple[set[int], str]:
            text = _program(module, facts.new(name), attribute)  # noqa: B023
            return _lines([*command, *options], {"probe.py": text, **(files or {})}, environment)

        lines, output = asked(facts.old(name))
        if 8 not in lines or not (_known(lines) or _known(asked(facts.new(name))[0])):
            continue
        assert 5 in lines, f"it does not know what the old name is: {output or 'no error'}"
        assert lines <= _ALLOWED, f"it takes the two for different classes: {output}"
        return
    raise Skip(f"{checker} does not know the new name either: {output or 'no error'}")


def _known(lines: set[int]) -> bool:
    return {5, 8} <= lines <= _ALLOWED


def _program(old: str, new: str, attribute: str) -> str:
    return (
        f"import {old}\n"
        f"from {old} import {attribute} as Old\n"
        f"from {new} import {attribute} as New\n"
        "def same(old: Old, new: New) -> tuple[New, Old]: return old, new\n"
        "def wrong(value: Old) -> bytes: return value\n"
        f"def dotted(value: {old}.{attribute}) -> New: return value\n"
        "def known(kind: type[Old]) -> None: kind.no_such_attribute_anywhere\n"
        "def control(value: New) -> bytes: return value\n"
    )


def _lines(
    command: list[str], files: dict[str, str], environment: dict[str, str]
) -> tuple[set[int], str]:
    """The lines of probe.py with errors, and the end of what the checker wrote."""
    with tempfile.TemporaryDirectory() as folder:
        for file, content in files.items():
            with open(os.path.join(folder, file), "w", encoding="utf-8") as stream:
                stream.write(content)
        done = subprocess.run(
            [*command, "probe.py"],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=110,
            check=False,
        )
    lines = {
        n
        for n in range(1, 9)
        for line in (done.stdout + done.stderr).splitlines()
        if f"probe.py:{n}:" in line and "warning" not in line.lower()
    }
    return lines, (done.stdout + done.stderr).strip()[-500:]


def _plain_classes(facts: Facts) -> list[list[str]]:
    """Classes that a checker knows by their statement alone, without any other package."""
    return [
        [name, attribute]
        for name, attribute in facts.classes
        for value in [got(load(facts.new(name)), attribute)]
        if type(value) is type and value.__bases__ == (object,)
    ]


def _command(checker: str) -> list[str]:
    beside = os.path.dirname(sys.executable)
    path = shutil.which(checker, path=beside) or shutil.which(checker)
    if path is None:
        raise Skip(f"{checker} is not installed")
    return [path]


PROBES = (mypy, pyright, pyrefly, ty)
