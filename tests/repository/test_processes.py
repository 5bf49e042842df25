"""Programs are started in a group that is always ended."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.effort import HANGING
from unify_backend.repository.processes import Program, Running, clean_env, run, started


def python(code: str, cwd: Path, **env: str) -> Program:
    return Program((sys.executable, "-c", code), cwd, clean_env(env))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_output_and_code(tmp_path: Path) -> None:
    done = run(
        python("import sys; print('ä'); sys.stderr.write('e'); sys.exit(3)", tmp_path), HANGING
    )
    assert (done.code, done.out, done.err) == (3, "ä\n", "e")


def test_standard_input(tmp_path: Path) -> None:
    assert run(python("print(input())", tmp_path), HANGING, b"hello\n").out == "hello\n"


def test_the_environment_is_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("SECRET", "1")
    code = "import os; print(sorted(k for k in os.environ if k in ('PYTHONPATH','SECRET','OWN')))"
    assert run(python(code, tmp_path, OWN="2"), HANGING).out == "['OWN']\n"


def test_the_folder_is_what_is_given(tmp_path: Path) -> None:
    out = run(python("import os; print(os.getcwd())", tmp_path), HANGING).out
    assert Path(out.strip()).resolve() == tmp_path.resolve()


def test_a_time_limit_ends_it(tmp_path: Path) -> None:
    code = "import time; print('begun', flush=True); time.sleep(6000); print('done')"
    for limit in (1.0, 5.0, 30.0, 120.0):  # on a busy machine an interpreter takes long to start
        done = run(python(code, tmp_path), limit)
        assert done.timed_out
        if done.out:
            assert done.out == "begun\n"
            break
    else:
        pytest.fail("it never began")


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as POSIX does")
@pytest.mark.parametrize("deaf", [False, True])
def test_what_it_started_ends_with_it(tmp_path: Path, deaf: bool) -> None:
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    child = f"{ignore}import time; time.sleep(6000)"
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "print(child.pid, flush=True)\ntime.sleep(0.5)"
    )
    with started(python(code, tmp_path)) as running:
        running.wait(HANGING, lambda: "\n" in running.out())
        pid = int(running.out())
        assert running.wait(HANGING) == 0
        assert alive(pid), "it outlives its parent"
    for _ in range(HANGING * 2):
        if not alive(pid):
            return
        time.sleep(0.5)
    pytest.fail("it is still alive")


def test_a_block_that_fails_ends_it_too(tmp_path: Path) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(6000)"
    seen: list[Running] = []

    def fail() -> None:
        with started(python(code, tmp_path)) as running:
            seen.append(running)
            running.wait(HANGING, lambda: "\n" in running.out())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen[0].code is not None


def test_what_cannot_be_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-program"):
        run(Program(("no-such-program",), tmp_path, clean_env({})), 5)
