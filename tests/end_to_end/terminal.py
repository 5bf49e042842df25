"""A command at a pseudo-terminal: keys in, what is shown and the exit code out. POSIX only."""

import os
import re
import select
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

PROMPT = b"> "
_STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def at_terminal(
    command: Sequence[str],
    folder: Path,
    keys: Sequence[bytes],
    env: Mapping[str, str],
    prompts: Sequence[bytes] = (PROMPT, b"becomes: "),
) -> tuple[int, str]:
    """Runs `command` in `folder`, presses the next of `keys` at each prompt, and hangs up when
    none is left. Returns the exit code and all that was shown,
    without its styles."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background ignores it
        os.chdir(folder)
        os.execve(command[0], list(command), dict(env))
    seen, fresh, left = b"", b"", list(keys)
    while True:
        if not select.select([terminal], [], [], 60)[0]:
            os.kill(child, signal.SIGKILL)
            break
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux, where nobody holds the other end any more
            data = b""
        if not data:
            break
        seen += data
        fresh += data
        if fresh.endswith(tuple(prompts)) and left:
            fresh = b""
            os.write(terminal, left.pop(0))
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    text = _STYLES.sub("", seen.decode("utf-8", "replace").replace("\r\n", "\n"))
    return os.waitstatus_to_exitcode(status), text
