"""A command at a pseudo-terminal: keys in, what is shown and the exit code out. POSIX only."""

import os
import re
import select
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

_STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SILENCE = 60.0  # seconds after which a program that shows nothing is ended
_MOST = 120  # times that the last key is pressed: a program that still waits does not end
_QUIET = 0.5  # seconds without output after which a program is taken to wait for a key


def at_terminal(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    keys: Sequence[bytes],
    prompts: Sequence[bytes] = (),
) -> tuple[int, str]:
    """Runs `command` in `folder` and presses the next of `keys` at each of `prompts`, or without
    any wherever nothing is shown for a while, the last one again and again. Returns the exit code
    and all that was shown, without its styles; a program that waits when no key is left is ended.
    """
    import pty

    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background ignores it
        os.chdir(folder)
        os.execvpe(command[0], list(command), dict(env))
    seen, fresh, left = b"", b"", [*keys, *([] if prompts else list(keys[-1:]) * _MOST)]
    while True:
        patience = _QUIET if seen and not prompts else _SILENCE
        if not select.select([terminal], [], [], patience)[0]:
            if patience == _QUIET and left:
                os.write(terminal, left.pop(0))
                continue
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
        if left and fresh.endswith(tuple(prompts)):
            fresh = b""
            os.write(terminal, left.pop(0))
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    text = _STYLES.sub("", seen.decode("utf-8", "replace").replace("\r\n", "\n"))
    return os.waitstatus_to_exitcode(status), text
