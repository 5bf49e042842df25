"""The body of a generated `old/x.py`, beside the stub of each module.

As soon as the finder of `old/__init__.py` is installed, it answers for every module, and this file
is not looked for. A thread that asks while another has only begun to import `old` comes before
that, and finds this file. Everything below the line of dashes is copied as it is: Python 3.8.
"""

from __future__ import annotations

import importlib
import sys

LEGACY = "old"
CANONICAL = "new.x"

# ----------------------------------------------------------------------------------------------

forwarded = True  # what it imports is another's wish: nobody is warned here

if __name__ == "__main__":
    sys.exit(f"{__file__} only forwards imports: run python -m {CANONICAL}")
importlib.import_module(LEGACY)  # waits until that is done
# It must not be taken away before: another thread has seen it there.
sys.modules[__name__] = importlib.import_module(CANONICAL)
