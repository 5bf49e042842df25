"""One key from the terminal, with nothing but the standard library."""

import os
import sys
from contextlib import suppress

END = ""  # there is nothing more to read


def read_key() -> str:
    """The key that is pressed, or the first letter of a line where input is no terminal (a blank
    for an empty line); END at its end. A key that is no letter (an arrow) is its escape sequence.

    Raises KeyboardInterrupt for Ctrl-C.
    """
    if not at_terminal():
        line = sys.stdin.readline() if sys.stdin else ""
        return (line.strip()[:1] or " ") if line else END
    key = _pressed()
    if key == "\x03":
        raise KeyboardInterrupt
    return END if key in {"\x04", "\x1a"} else key  # end of input, as Unix and as Windows type it


def read_line(prompt: str) -> str:
    """A line that the person types; "" for none."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip() if sys.stdin else ""


def at_terminal() -> bool:
    """Whether somebody can press a key."""
    return sys.stdin is not None and sys.stdin.isatty()


if sys.platform == "win32":
    import msvcrt

    def _pressed() -> str:
        key = msvcrt.getwch()
        return key + msvcrt.getwch() if key in {"\0", "\xe0"} else key  # arrows, F1 and so on

else:
    import select
    import termios
    import tty

    def _pressed() -> str:
        terminal = sys.stdin.fileno()
        try:
            before = termios.tcgetattr(terminal)
        except (OSError, termios.error):  # it was closed
            return END
        try:
            tty.setcbreak(terminal, termios.TCSADRAIN)  # what was typed ahead is not lost
            data = os.read(terminal, 1)
            while data and (data[0] == 0x1B or not _whole(data)):
                if data[0] == 0x1B and not select.select([terminal], [], [], 0.02)[0]:
                    break
                more = os.read(terminal, 1)
                data += more
                if not more or (len(data) > 2 and data[0] == 0x1B and 0x40 <= data[-1] <= 0x7E):
                    break  # the end of an escape sequence
        except OSError:  # closed while it was waited for
            return END
        finally:
            with suppress(OSError, termios.error):
                termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        return data.decode("utf-8", "replace")

    def _whole(data: bytes) -> bool:
        """Whether no byte of a UTF-8 letter is missing."""
        lead = data[0]
        return len(data) >= (1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4)
