"""Texts of generated files: templates with headers and constants, and type stubs."""

import posixpath
from collections.abc import Iterable, Sequence
from importlib import resources

from unify_backend.languages.python.module_symbols import ModuleSymbols
from unify_backend.model.package_move import PackageMove, inside, is_within
from unify_backend.model.shims import MARK, Notice, Script
from unify_backend.model.text import STUB

_GENERIC_SWITCH = "UNIFY_BACKEND_SHIM"
_RULE = "\n# " + "-" * 94 + "\n"
_LINTERS = "# ruff: noqa\n# flake8: noqa\n# pylint: skip-file\n"


def _switches(move: PackageMove, moves: Sequence[PackageMove]) -> tuple[str, str]:
    """The environment variables that turn a legacy package's notices off, on, or into errors. A
    package inside another one uses the outer one's, whose file does the forwarding."""
    around = [other.legacy for other in moves if is_within(move.legacy, other.legacy)]
    outermost = min([move.legacy, *around], key=len)
    return f"{outermost.replace('.', '_').upper()}_SHIM", _GENERIC_SWITCH


def package_text(move: PackageMove, moves: Sequence[PackageMove], notice: Notice) -> str:
    """The content of the legacy package's `__init__.py`.

    `moves` are all moves; those whose legacy name lies inside this one are forwarded too.
    """
    routes = sorted(
        (
            (other.legacy, other.canonical)
            for other in moves
            if is_within(other.legacy, move.legacy)
        ),
        key=lambda route: (-len(route[0]), route),
    )
    own, generic = _switches(move, moves)
    head = f'''"""Forwarding package: `{move.legacy}` is now `{move.canonical}`.

{MARK}; edits are lost. Every module below the old name is the very module
below the new one, so old imports, pickles and dotted strings go on working while they are changed.

The first import in a file gives a LegacyNameWarning ({_base(notice)}; the class is
{move.legacy}.__shim__.LegacyNameWarning). The environment variable {own}
(or {generic}, for all such packages) set to `ignore` turns it off, `warn` shows it
to everybody, `error` raises LegacyNameError, which no `except ImportError` hides.

To remove it: change what still names `{move.legacy}` (`unify-backend inventory`), then
`unify-backend shim --remove`, or delete this folder.
"""

'''
    constants = (
        f"_LEGACY = {quoted(move.legacy)}\n"
        f"_CANONICAL = {quoted(move.canonical)}\n"
        f"_ROUTES = {_tuple([_tuple(map(quoted, route)) for route in routes])}\n"
        f"_VISIBLE = {notice is Notice.VISIBLE}\n"
        f"_SWITCHES = {_tuple(map(quoted, (own, generic)))}\n"
    )
    return _assembled("package.py", head, constants, "_LEGACY =")


def script_text(
    script: Script, move: PackageMove, moves: Sequence[PackageMove], relative: bool, shebang: str
) -> str:
    """The content of a legacy script, which starts its canonical file: as a module where that has
    `relative` imports. `shebang` is its first line, or empty."""
    own, generic = _switches(move, moves)
    path, canonical, module = script.path, script.canonical, script.module
    head = f'''{shebang}"""Forwarding script: this file is now `{canonical}`.

{MARK}; edits are lost. It starts that file, with the same arguments; imported
by its bare name it is the module {module}. {own} (or {generic}) set to
`ignore` silences its notice, `error` stops it. `unify-backend shim --remove` takes it away.
"""

'''
    folder = posixpath.dirname(path)
    root = canonical_root(move)
    constants = (
        f"CANONICAL = {quoted(module)}\n"
        f"FILE = {_steps(canonical, folder)}\n"
        f"ROOT = {_steps(root, folder) if root is not None else '()'}\n"
        f"AS_MODULE = {relative}\n"
        f"SWITCHES = {_tuple(map(quoted, (own, generic)))}\n"
    )
    return _assembled("script.py", head, constants, "CANONICAL =")


def module_text(move: PackageMove, old: str, new: str) -> str:
    """The content of the file that stands for the legacy module `old` while the package itself is
    only beginning to be imported, by another thread."""
    head = f'''"""Forwarding module: `{old}` is now `{new}`.

{MARK}; edits are lost.
"""

'''
    constants = f"LEGACY = {quoted(move.legacy)}\nCANONICAL = {quoted(new)}\n"
    return _assembled("module.py", head, constants, "LEGACY =")


def is_facade(move: PackageMove) -> bool:
    """Whether one package lies inside the other by name: the old one must then stay a module that
    forwards attributes, and cannot be an alias of the new one."""
    return is_within(move.canonical, move.legacy) or is_within(move.legacy, move.canonical)


def not_forwarded(move: PackageMove, module: str) -> bool:
    """Whether the legacy name of `module` (relative to the package) is a canonical name, or that
    of a folder around it: `backend.core.x`, where backend became backend.core and has a core. Where
    the legacy package lies inside the canonical one, all names below it are legacy ones."""
    old = f"{move.legacy}.{module}"
    inside = is_within(move.legacy, move.canonical)
    return is_within(move.canonical, old) or (is_within(old, move.canonical) and not inside)


def canonical_root(move: PackageMove) -> str | None:
    """The folder that must be on sys.path for the canonical name ("." is the repository), None
    where the folder does not follow from the name."""
    tail = move.canonical.replace(".", "/")
    if move.canonical_path == tail:
        return "."
    return (
        move.canonical_path.removesuffix("/" + tail)
        if (move.canonical_path.endswith("/" + tail))
        else None
    )


def _assembled(template: str, head: str, constants: str, first: str) -> str:
    source = resources.files("unify_backend.shim.template") / template
    before, body = source.read_text("utf-8").split(_RULE)
    imports = before[before.index("from __future__") : before.index(first)]
    return f"{head}{_LINTERS}\n{imports}{constants}{body}"


def _base(notice: Notice) -> str:
    return "a FutureWarning" if notice is Notice.VISIBLE else "a DeprecationWarning"


def _steps(path: str, folder: str) -> str:
    return _tuple(map(quoted, posixpath.relpath(path, folder).split("/")))


def _tuple(items: Iterable[str]) -> str:
    written = list(items)
    return f"({', '.join(written)}{',' if len(written) == 1 else ''})"


def quoted(text: str) -> str:
    """A string of Python or TOML that says `text`, which is on one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stub_text(old: str, new: str, module: ModuleSymbols | None, real: bool = True) -> str:
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
    return move.at_legacy(f"{inner}{STUB}")


def module_name(package: str, path: str, folder: str) -> str:
    """The dotted name of the source at `path` in the package `package` at `folder`."""
    parts = inside(path, folder).rpartition(".")[0].split("/")
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join([package, *parts])
