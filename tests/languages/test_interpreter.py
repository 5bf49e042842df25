"""The interpreter of scripts against a real shell, and laws for any text."""

import posixpath
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.languages.registry import read_commands
from unify_backend.languages.scripts.script_commands import script_commands
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector
from unify_backend.languages.scripts.statements import dialect
from unify_backend.model.entrypoints import Platform

DEPTH = 7
PIECES = [
    "cd a",
    "cd b",
    "cd ./a/b",
    "cd ..",
    "cd -",
    "cd $DIR",
    "DIR=a",
    "DIR=$PWD",
    "DIR=$(cd b && pwd)",
    "pushd a",
    "pushd",
    "popd",
    "go",
    "back",
    "go() { cd a; probe; }",
    "back() { cd ..; return; cd a; }",
    "(cd b; probe)",
    "(pushd b; popd; probe)",
    "{ cd a; probe; }",
    "cd b | cat",
    "cd a || cd b",
    "cd a && probe || exit 1",
    "bash -c 'cd b; probe'",
    "X=$(cd a; probe)",
    "for x in 1; do probe; done",
    "if true; then cd a; else cd a; fi",
    "if false; then cd a; exit 1; fi",
    "case x in y) cd b ;; *) cd b ;; esac",
    "probe",
]
SCRIPTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=DEPTH)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every way down through `a` and `b` exists."""
    top = tmp_path_factory.mktemp("way") / "x" / "x" / "x" / "x" / "x" / "x" / "x"
    for names in product("ab", repeat=DEPTH):
        top.joinpath(*names).mkdir(parents=True, exist_ok=True)
    return top


def ran(script: str, top: Path) -> tuple[list[str], list[str]]:
    """The folders in which bash runs `probe`; and what it complained of."""
    done = subprocess.run(
        ["bash", "-c", script.replace("probe", 'echo "in $PWD" >&2')],
        cwd=top,
        env={"PATH": "/usr/bin:/bin", "HOME": str(top)},
        capture_output=True,
        encoding="utf-8",
    )
    lines = [line.partition("in ") for line in done.stderr.splitlines()]
    folders = {posixpath.relpath(path, top) for lead, _, path in lines if not lead}
    return sorted(folders), [lead for lead, _, _ in lines if lead]


class Anything:
    """Every path is a folder: what the script enters is there."""

    def is_file(self, path: str) -> bool:
        return False

    def is_folder(self, path: str) -> bool:
        return True


def read(language: str, text: str) -> list[str]:
    """The folders in which the interpreter sees `probe` run."""
    sink = CommandCollector(read_commands, Platform.POSIX)
    read_commands(language, text, Session(".", Anything(), "run.sh"), sink)
    return sorted({one.folder for one in sink.commands if one.argv == ("probe",)})


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
@settings(
    max_examples=examples(120),
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(pieces=SCRIPTS)
def test_commands_run_where_bash_runs_them(folders: Path, pieces: list[str]) -> None:
    script = "\n".join(["DIR=b", *pieces, "probe"])
    expected, complaints = ran(script, folders)
    if complaints:  # a change that fails: what follows is somebody's guess
        return
    found = read("shell", script)
    assert set(expected) <= set(found), script


@pytest.mark.parametrize("language", ["shell", "batch", "powershell"])
@settings(max_examples=examples(120), deadline=None)
@given(
    text=st.lists(
        st.one_of(st.sampled_from([*PIECES, "(", ")", "{", "}", '"', "'", "^", "`", "$", "\r"])),
        max_size=12,
    ).map("\n".join)
)
def test_words_stand_where_they_say(language: str, text: str) -> None:
    script = dialect(language).parse(text)
    todo = list(script.statements)
    while todo:
        one = todo.pop()
        for name in getattr(one, "__slots__", ()):
            value = getattr(one, name)
            for item in value if isinstance(value, tuple) else (value,):
                if hasattr(item, "raw"):
                    assert text[item.start : item.start + len(item.text)] == item.text
                elif isinstance(item, tuple):
                    todo += item
                elif hasattr(item, "__slots__"):
                    todo.append(item)


LISTS = [
    # `exit` behind `&&` may not run, so what follows runs in the folder in front of it
    ("shell", "cd a\n[ -d x ] && exit 0\nprobe", ["a"]),
    ("shell", "go() { [ -d x ] && return; cd a; }\ngo\nprobe", ["a"]),
    ("shell", "cd a || exit 1\nprobe", ["a"]),
    ("shell", "cat > f <<END && cd a && probe\nEND\n", ["a"]),
    ("shell", "cat <<END | probe\nEND\n", ["."]),
    ("batch", "cd a || exit /b 1\nprobe", ["a"]),
    ("batch", "cd a && probe", ["a"]),
    ("batch", "cd a | more\nprobe", ["."]),
    ("batch", "(\n  cd a\n  probe\n) | more > f\nprobe", [".", "a"]),
    ("batch", "for /f %%i in ('cd a ^& probe') do cd b\nprobe", [".", "a"]),
    ("powershell", "cd a | Out-Null\nprobe", ["a"]),
    ("powershell", "cd a && probe || exit", ["a"]),
    ("powershell", "cd a *> f\nprobe", ["a"]),
]


@pytest.mark.parametrize(("language", "text", "folders"), LISTS)
def test_lists_and_pipelines(language: str, text: str, folders: list[str]) -> None:
    assert set(folders) <= set(read(language, text))


FED = [
    ("shell", "a x | b y 2>/dev/null > f | c", {"a": [], "b": ["a"], "c": ["b", "a"]}),
    ("shell", "{ a; b; } | c", {"c": ["a", "b"]}),
    ("shell", "a | b; c", {"c": []}),
    ("shell", "a && b | c || d", {"c": ["b"], "d": []}),
    ("shell", "x=$(a | b)", {"b": ["a"]}),
    ("shell", "bash -c 'a | b' | c", {"b": ["a"], "c": ["bash"]}),
    ("batch", "a | b & c", {"b": ["a"], "c": []}),
    ("batch", "if x==y (a | b) else c && d", {"b": ["a"], "d": []}),
    ("batch", "type f | b", {"b": ["type"]}),
    ("powershell", "$x = Get-A |\n  Where-B { c } | d", {"d": ["Where-B", "c", "Get-A"]}),
    ("powershell", "a; b | c", {"b": [], "c": ["b"]}),
]


@pytest.mark.parametrize(("language", "text", "fed"), FED)
def test_what_feeds_a_command(language: str, text: str, fed: dict[str, list[str]]) -> None:
    found = {one.words[0].text: one for one in script_commands(text, language).all}
    for name, sources in fed.items():
        feeding = [source.words[0].text for source in found[name].feeding()]
        assert sorted(set(feeding)) == sorted(sources), name


FILES = [
    ("shell", "a < in | b >> out 2>&1", {"a": [("<", "in")], "b": [(">>", "out")]}),
    ("shell", "a | b > out", {"a": [], "b": [(">", "out")]}),
    ("shell", "{ a; b; } &> out", {"a": [(">", "out")], "b": [(">", "out")]}),
    ("shell", 'a <<< "text > no"', {"a": []}),
    ("batch", 'a > "my out" 2>nul | b', {"a": [(">", "my out"), (">", "nul")], "b": []}),
    ("powershell", "a 2>&1 >> 'my out'; b -gt 5", {"a": [(">>", "my out")], "b": []}),
    ("powershell", "python <path>", {"python": []}),
]


@pytest.mark.parametrize(("language", "text", "files"), FILES)
def test_which_files_a_command_opens(
    language: str, text: str, files: dict[str, list[tuple[str, str]]]
) -> None:
    found = {one.words[0].text: one for one in script_commands(text, language).all}
    for name, opened in files.items():
        assert [(one.operator, one.target.text) for one in found[name].files] == opened


@pytest.mark.parametrize("language", ["shell", "batch", "powershell"])
@settings(max_examples=examples(120), deadline=None)
@given(
    text=st.lists(
        st.one_of(st.sampled_from([*PIECES, *"|&;(){}<>\"'`^", "&&", "||", " 'a' | ", "> f"])),
        max_size=12,
    ).map(" ".join)
)
def test_commands_stand_where_they_say(language: str, text: str) -> None:
    for command in script_commands(text, language).all:
        for word in command.words:
            if word.raw:
                assert command.text[word.start : word.start + len(word.text)] == word.text
        for source in command.feeding():
            assert source.words
