"""Types of one domain that lie in a folder shared by all."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.globs import Globs


def _find(package: Package, options: Options) -> Iterable[Finding]:
    shared = package.matching(options.texts("shared"))
    if not shared:
        return
    domains = _Domains(package, options.texts("domains"))
    users = _users(package, shared)
    for module in shared:
        yield from _imports_one(package, module, domains)
        classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
        names = {domains.of(user) for user in users[module.name]}
        if classes and len(classes) == len(_definitions(module)) and len(names) == 1:
            domain = names.pop()
            if domain and len(users[module.name]) >= options.number("users"):
                yield _used_by_one(module, classes, domain, len(users[module.name]))


class _Domains:
    """Which domain a module belongs to: the folder that `*` stands for in the globs."""

    def __init__(self, package: Package, globs: tuple[str, ...]) -> None:
        self._package = package
        self._leads = [glob.removesuffix("*") for glob in globs]
        self._globs = [Globs([f"{glob}/**"]) for glob in globs]

    def of(self, module: Module) -> str:
        below = self._package.below(module)
        for lead, glob in zip(self._leads, self._globs, strict=True):
            if glob.match(below):
                return below[len(lead) :].partition("/")[0]
        return ""


def _users(package: Package, shared: list[Module]) -> dict[str, list[Module]]:
    """The modules outside the shared folders that import each shared module."""
    wanted = {module.name for module in shared}
    users: dict[str, list[Module]] = defaultdict(list)
    for module in package:
        targets = set()
        for imported in module.symbols.imports:
            target = package.target(module, imported)
            targets.add(target)
            if imported.name:
                targets.add(f"{target}.{imported.name}")
        for target in targets & wanted - {module.name}:
            users[target].append(module)
    return users


def _definitions(module: Module) -> list[ast.stmt]:
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in module.tree.body if isinstance(node, kinds)]


def _imports_one(package: Package, module: Module, domains: _Domains) -> Iterable[Finding]:
    findings: dict[str, Finding] = {}
    for imported in module.symbols.imports:
        target = package.target(module, imported)
        if not imported.name or imported.inner or not package.index.owns(target):
            continue
        owner = package.modules.get(target)
        domain = domains.of(owner) if owner is not None else ""
        if domain:
            findings.setdefault(
                domain,
                at(
                    module,
                    imported.alias,
                    f"from {domain}",
                    f"this shared module imports {imported.name} from the domain {domain!r}: "
                    "everybody who uses it depends on that domain",
                    f"Move what needs {imported.name} to the domain, or the type that is shared "
                    "here.",
                ),
            )
    if len(findings) == 1:  # a module that combines several domains belongs to none of them
        yield from findings.values()


def _used_by_one(module: Module, classes: list[ast.ClassDef], domain: str, users: int) -> Finding:
    names = ", ".join(class_.name for class_ in classes[:3]) + (", …" if len(classes) > 3 else "")
    return at(
        module,
        classes[0],
        f"only {domain}",
        f"{names}: shared types that only the domain {domain!r} uses ({users} modules)",
        f"Move {module.name} into the domain {domain!r}.",
    )


RULE = AuditRule(
    Rule(
        "shared-domain-type",
        "a shared module holds types of one domain",
        "Shared schemas are contracts that several domains use. A shared module that imports from "
        "one domain, or that only one domain imports, draws the border in the wrong place: types "
        "of a domain belong to it.",
        Severity.NOTE,
    ),
    _find,
    (
        Option("shared", ("shared/schemas/*.py", "common/schemas/*.py"), "globs of shared modules"),
        Option("domains", ("domain/*", "services/*"), "folders of domains; `*` is the domain"),
        Option("users", 2, "how many modules must use it before its place is doubted"),
    ),
)
