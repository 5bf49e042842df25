"""Stubs for the old names, so that type checkers, which never run a finder, see them."""

from unify_backend.model.package_move import PackageMove, inside
from unify_backend.model.shims import MARK
from unify_backend.shim.modules import ModuleText


def stub_text(old: str, new: str, module: ModuleText | None, real: bool = True) -> str:
    """The `.pyi` of the legacy module `old`, which is the canonical module `new`.

    A star import carries what the module exports, by the rules that every checker knows; what it
    leaves out is named. `module` is None where the source does not parse, `real` is false where the
    canonical package has no file of its own (a namespace).
    """
    head = f"# {MARK}: {old} is {new}.\n# ruff: noqa\n# pyright: basic\n"
    if not real:
        return head
    text = f"{head}from {new} import *\n"
    hidden = module.hidden if module is not None else ()
    return text + "".join(f"from {new} import {name} as {name}\n" for name in hidden)


def stub_path(move: PackageMove, canonical_path: str) -> str | None:
    """Where the stub of a canonical source lies in the legacy tree; None where no import can name
    the file."""
    inner = inside(canonical_path, move.canonical_path).rpartition(".")[0]
    if not all(part.isidentifier() for part in inner.split("/")):
        return None
    return move.at_legacy(f"{inner}.pyi")


def module_name(package: str, path: str, folder: str) -> str:
    """The dotted name of the source at `path` in the package `package` at `folder`."""
    parts = inside(path, folder).rpartition(".")[0].split("/")
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join([package, *parts])
