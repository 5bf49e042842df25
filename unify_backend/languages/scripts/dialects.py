"""The languages of scripts, by name; each is loaded when the first script in it is met."""

from functools import cache
from importlib import import_module
from typing import cast

from unify_backend.languages.scripts.statements import Dialect

DIALECTS = ("shell", "batch", "powershell")


@cache
def dialect(name: str) -> Dialect:
    """The dialect `name`, one of DIALECTS; in `languages/<name>/syntax.py`.

    By name, because Dockerfiles, units and pipelines hold shell, and a language knows no other.
    """
    return cast(Dialect, import_module(f"unify_backend.languages.{name}.syntax").DIALECT)
