"""What a name means across the modules of a package, read without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.python.module_symbols import Import
from unify_backend.languages.python.package import Module, Package

_DEEPEST = 12  # re-exports of re-exports that are followed


@dataclass(frozen=True, slots=True)
class Defined:
    """`name` is bound by the text of `module` itself; empty where the module is meant."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Outside:
    """The dotted name of something that is not in the package."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing of that name is there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Only running the code would tell."""


Meaning = Defined | Outside | Missing | Unknown


class Names:
    """Looks names up in one package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._meanings: dict[tuple[str, str], Meaning] = {}

    def has(self, module: str, name: str, typing: bool = False) -> bool | None:
        """Whether `from module import name` finds something; None where only running tells. Where
        a re-export brings the name, it counts as there: what it brings is asked elsewhere."""
        if self.package.has_module(f"{module}.{name}"):
            return True
        return self._binds(module, name, typing, set())

    def _binds(self, module: str, name: str, typing: bool, seen: set[str]) -> bool | None:
        found = self.package.modules.get(module)
        if found is None:
            return None if module in self.package.unknown else False
        facts = found.facts
        if name in facts.bound or (typing and name in facts.typed):
            return True
        seen.add(module)
        answer: bool | None = None if facts.dynamic or facts.elsewhere else False
        for star in facts.stars:
            target = self.package.target(found, star)
            there = self._through(target, name, seen)
            if there:
                return True
            answer = None if there is None else answer
        return answer

    def _through(self, target: str, name: str, seen: set[str]) -> bool | None:
        found = self.package.modules.get(target)
        if found is None:
            return None  # outside, or missing and reported where it is imported
        exported = found.facts.exported
        if exported is None:
            if name.startswith("_"):
                return None if found.facts.dynamic else False
        elif name not in exported:
            return None if found.facts.dynamic else False
        if target in seen:
            return False
        return self.has(target, name) if exported else self._binds(target, name, False, seen)

    def homes(self, name: str) -> list[str]:
        """The modules that define a name, three at most."""
        return sorted(one.name for one in self.package if name in definitions(one))[:3]

    def meaning(self, module: str, name: str) -> Meaning:
        """What `name` in the module means in the end, re-exports followed."""
        key = (module, name)
        if key not in self._meanings:
            self._meanings[key] = Unknown()  # two modules that import from each other in a circle
            self._meanings[key] = self._follow(module, name, _DEEPEST)
        return self._meanings[key]

    def _follow(self, module: str, name: str, depth: int) -> Meaning:
        found = self.package.modules.get(module)
        if found is None or depth == 0:
            return self._submodule(module, name) or Unknown()
        facts = found.facts
        if name in facts.bound or name in facts.typed:
            own = imports_of(found).get(name)
            if own is None or name in definitions(found):
                return Defined(module, name)
            return self._imported(found, own, depth)
        if (submodule := self._submodule(module, name)) is not None:
            return submodule
        targets = [self.package.target(found, star) for star in facts.stars]
        there = [self._through(target, name, {module}) for target in targets]
        for target, answer in zip(targets, there, strict=True):
            if answer:
                return self._follow(target, name, depth - 1)
        return Unknown() if facts.dynamic or None in there else Missing()

    def _submodule(self, module: str, name: str) -> Defined | None:
        whole = f"{module}.{name}"
        return Defined(whole, "") if self.package.has_module(whole) else None

    def _imported(self, found: Module, one: Import, depth: int) -> Meaning:
        target = self.package.target(found, one)
        if one.name is None:
            alias = one.alias.asname if one.alias else None
            bound = target if alias else target.partition(".")[0]
            return Defined(bound, "") if self.package.owns(bound) else Outside(bound)
        if not self.package.owns(target):
            return Outside(f"{target}.{one.name}")
        return self._follow(target, one.name, depth - 1)

    def dotted(self, module: Module, expression: ast.expr) -> Meaning:
        """What `a.b.c` in a module means."""
        chain: list[str] = []
        while isinstance(expression, ast.Attribute):
            chain.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name):
            return Unknown()
        found = self.meaning(module.name, expression.id)
        for attribute in reversed(chain):
            match found:
                case Outside(dotted=dotted):
                    whole = f"{dotted}.{attribute}"
                    # `import a` and then `a.b`, where `a` holds the package as well
                    inside = self.package.owns(whole) and self.package.has_module(whole)
                    found = Defined(whole, "") if inside else Outside(whole)
                case Defined(module=name, name=""):
                    found = self.meaning(name, attribute)
                case _:
                    return Unknown()
        return found


@lru_cache(maxsize=8192)
def imports_of(module: Module) -> dict[str, Import]:
    """The imports at a module's top by the name that they bind; of several the last."""
    return {
        one.alias.asname or (one.name or one.module.partition(".")[0]): one
        for one in module.facts.imports
        if not one.inner and one.alias is not None and one.name != "*"
    }


@lru_cache(maxsize=8192)
def definitions(module: Module) -> dict[str, ast.stmt]:
    """What a module defines or assigns at its top, by name: the last statement that does."""
    found: dict[str, ast.stmt] = {}
    waiting = list(reversed(module.tree.body))
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name] = node
            case ast.Assign(targets=targets):
                found.update({one.id: node for one in targets if isinstance(one, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                found[name] = node
            case ast.If(body=body, orelse=orelse):
                waiting += reversed([*body, *orelse])
            case ast.Try():
                inner = [one for handler in node.handlers for one in handler.body]
                waiting += reversed([*node.body, *inner, *node.orelse, *node.finalbody])
            case ast.With(body=body):
                waiting += reversed(body)
            case _:
                pass
    return found
