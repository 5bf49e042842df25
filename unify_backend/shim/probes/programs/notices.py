"""Probes: whoever uses the old name is told, where it is used, and can choose not to be."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PT018, PTH113, PTH118, PTH119, PTH123

from __future__ import annotations

import json
import os
import re
import tempfile

from unify_backend.shim.probes.programs.kit import Facts, Skip, ended, python


def warned_at_the_line(facts: Facts) -> None:
    """the warning is located at the line that imports the old name"""
    warned = _warnings(facts, [f"import {facts.old(facts.module())}"])
    assert warned, "there is no warning"
    assert warned[0] == ["user0.py", 3], f"it is located at {warned[0]}"


def warned_through_import_module(facts: Facts) -> None:
    """so is the one for `importlib.import_module`"""
    call = f"import importlib; importlib.import_module({facts.old(facts.module())!r})"
    warned = _warnings(facts, [call])
    assert warned and warned[0] == ["user0.py", 3], f"it is located at {warned[:1]}"


def warned_once_a_file(facts: Facts) -> None:
    """a file that imports ten old modules is warned once"""
    names = facts.plain()[:10]
    warned = _warnings(facts, ["; ".join(f"import {facts.old(name)}" for name in names)])
    assert len([place for place in warned if place[0] == "user0.py"]) == 1, (
        f"{len(warned)} warnings"
    )


def warned_each_file(facts: Facts) -> None:
    """two files that import different old modules are both warned"""
    names = [name for name in facts.below() if name not in facts.packages][:40]
    if len(names) < 2:
        raise Skip("the canonical package has one module only")
    lines = [f"import {facts.old(name)}" for name in (names[0], names[-1])]
    files = {str(place[0]) for place in _warnings(facts, lines)}
    assert "user0.py" in files and "user1.py" in files, f"warned: {sorted(files)}"


def canonical_is_silent(facts: Facts) -> None:
    """importing the canonical package warns nobody"""
    warned = _warnings(facts, [f"import {facts.new(facts.module())}"])
    assert not warned, f"there is a warning at {warned[0]}"


def _warnings(facts: Facts, lines: list[str], **environment: str) -> list[list[object]]:
    """Files and lines of the warnings that name the legacy package, with one file a line."""
    with tempfile.TemporaryDirectory() as folder:
        for n, line in enumerate(lines):
            with open(os.path.join(folder, f"user{n}.py"), "w", encoding="utf-8") as stream:
                stream.write(f"# a file\n\n{line}\n")
        main, answer = os.path.join(folder, "main.py"), os.path.join(folder, "answer.json")
        with open(main, "w", encoding="utf-8") as stream:
            files = [f"user{n}" for n in range(len(lines))]
            stream.write(_MAIN.format(files=files, answer=answer))
        ended(python(facts, main, **environment), "importing it")
        with open(answer, encoding="utf-8") as stream:
            caught: list[list[object]] = json.load(stream)
    name = re.compile(rf"(?<![\w.]){re.escape(facts.legacy)}(?!\w)")
    return [
        [os.path.basename(str(file)), line] for file, line, text in caught if name.search(str(text))
    ]


_MAIN = """
import json, os, sys, warnings
caught = []
warnings.simplefilter("always")
show = lambda text, kind, file, line, *rest: caught.append((file, line, str(text)))
warnings.showwarning = show
for name in {files!r}:
    __import__(name)
    if warnings.showwarning is not show:  # an application may send them elsewhere
        warnings.showwarning = show
    warnings.simplefilter("always")
with open({answer!r}, "w", encoding="utf-8") as stream:
    json.dump(caught, stream)
os._exit(0)
"""


def _switch(facts: Facts) -> str:
    """The environment variable that the forwarding package's file names."""
    file = os.path.join(facts.legacy_folder, "__init__.py")
    match = None
    if os.path.isfile(file):
        with open(file, encoding="utf-8", errors="replace") as stream:
            match = re.search(r'"(\w+_SHIM)"', stream.read())
    if match is None:
        raise Skip("it has no environment variable of ours to switch it")
    return match.group(1)


def switch_ignore(facts: Facts) -> None:
    """the switch set to `ignore` silences it"""
    variable = _switch(facts)
    warned = _warnings(facts, [f"import {facts.old(facts.module())}"], **{variable: "ignore"})
    assert not warned, f"there is a warning at {warned[0]}"


def switch_warn(facts: Facts) -> None:
    """the switch set to `warn` shows it to everybody, without any filter"""
    variable = _switch(facts)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "user.py"), "w", encoding="utf-8") as stream:
            stream.write(f"import {facts.old(facts.module())}\n")
        code = f"import os, sys; sys.path.insert(0, {folder!r}); import user; sys.stderr.flush()"
        done = python(facts, "-c", f"{code}; os._exit(0)", **{variable: "warn"})
        ended(done, "importing it")
        assert "user.py:1: LegacyNameWarning" in done.stderr, "nothing is shown"


def switch_error(facts: Facts) -> None:
    """the switch set to `error` stops it, past every `except ImportError`"""
    variable = _switch(facts)
    name = facts.old(facts.module())
    code = f"try:\n    import {name}\nexcept ImportError:\n    pass\n"
    done = python(facts, "-c", code, **{variable: "error"})
    assert done.returncode, "it was imported, or swallowed"
    assert "LegacyNameError" in done.stderr, done.stderr[-300:]


PROBES = (
    warned_at_the_line,
    warned_through_import_module,
    warned_once_a_file,
    warned_each_file,
    canonical_is_silent,
    switch_ignore,
    switch_warn,
    switch_error,
)
