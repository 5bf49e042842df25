"""Imports under an alias, where the canonical root's name is taken (docs/decisions/0011).

`import old.x` binds `old`, and `import new.pkg.x` would bind `new`. Where that is somebody else's
name, `import new.pkg.x as pkg_x` says the same, provided that every use goes through `old.x`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.language import Zone
from unify_backend.languages.python.scopes import Binding, Kind, Read, Scope

_DYNAMIC = re.compile(r"(?<![\w.])(?:globals|locals|vars|eval|exec|dir)\s*\(")
_MOST_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class Respelled(Zone):
    """A zone with exactly one name, which becomes `replacement` where it leads anywhere.

    Its context is CONFLICT: the plain rename would change a meaning here.
    """

    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable that imports of the package bind: where, by which imports, read where.

    `canonical` maps each imported module to its canonical name.
    """

    scope: Scope
    imports: Sequence[Binding]
    reads: Sequence[Read]
    canonical: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Aliased:
    """What each place becomes: offset → (what stands there, its replacement)."""

    places: Mapping[int, tuple[str, str]]


def aliased(text: str, variable: Variable) -> Aliased | str:
    """The edits that import the variable's modules under aliases, or why that is not the same.

    All of them together keep the meaning, none of them alone.
    """
    if variable.scope.kind is Kind.CLASS:
        return "it would be another attribute of the class"
    if found := _DYNAMIC.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return f"line {line} looks at names at run time"
    names: dict[str, str] = {}
    for module in sorted({one.imported for one in variable.imports}):
        if (name := _free_name(text, variable.canonical[module], list(names.values()))) is None:
            return "every short name is taken"
        names[module] = name
    places: dict[int, tuple[str, str]] = {}
    for one in variable.imports:
        if not text.startswith(one.imported, one.start):
            return f"line {one.line} writes the name in pieces"
        canonical = variable.canonical[one.imported]
        places[one.start] = one.imported, f"{canonical} as {names[one.imported]}"
    for read in variable.reads:
        module = _module_of(read, variable)
        if problem := _problem(text, read, module, variable):
            return f"line {read.line} {problem}"
        places[read.start] = module, names[module]
    return Aliased(places)


def _module_of(read: Read, variable: Variable) -> str:
    """The longest imported module that the read goes through, or an empty string."""
    whole = ".".join(read.chain) + "."
    through = [one.imported for one in variable.imports if whole.startswith(one.imported + ".")]
    return max(through, key=len, default="")


def _problem(text: str, read: Read, module: str, variable: Variable) -> str:
    if not module:
        return f"uses {'.'.join(read.chain[:2])}, which no alias would reach"
    if not text.startswith(module, read.start):
        return "writes the name in pieces"
    if module.count(".") + 1 == len(read.chain) and (read.changed or read.matched):
        return f"needs {module} itself, which is no plain name"
    if len({one.imported for one in variable.imports}) == 1:
        return ""
    # With one module the alias is bound whenever the root was. With several, one of them may have
    # bound the root while another has not run: each must stand where it always runs, and first.
    own = [one for one in variable.imports if one.imported == module]
    if not any(one.always and one.start < read.start for one in own):
        return f"uses {module}, whose import may not have run while another one has"
    return ""


def _free_name(text: str, canonical: str, taken: Collection[str]) -> str | None:
    """`pkg_x` for `new.pkg.x`: the last segments, as few as make a word that nobody uses."""
    parts = canonical.split(".")
    for count in range(min(2, len(parts)), min(_MOST_SEGMENTS, len(parts)) + 1):
        name = "_".join(parts[-count:])
        used = name in taken or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        if not used and not keyword.iskeyword(name):
            return name
    return None
