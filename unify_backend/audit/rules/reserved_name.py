"""A field whose name the ORM or Pydantic needs for itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import (
    DECLARATIVE,
    PYDANTIC,
    SQLMODEL,
    Class,
    Lineage,
    Module,
    Package,
)
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity

_COLUMNS = frozenset(
    "Column Field mapped_column relationship Relationship synonym column_property composite "
    "association_proxy deferred".split()
)
# The public names of pydantic.BaseModel (2.x); a field of such a name fails at import.
_PYDANTIC_OWN = frozenset(
    "model_computed_fields model_construct model_copy model_dump model_dump_json model_extra "
    "model_fields model_fields_set model_json_schema model_parametrized_name model_post_init "
    "model_rebuild model_validate model_validate_json model_validate_strings".split()
)
_SECOND_VERSION = frozenset(
    "ConfigDict field_validator model_validator TypeAdapter computed_field RootModel "
    "field_serializer model_serializer".split()
)


_PIN = re.compile(
    r"(?m)^\s*[\"']?pydantic(?:\[[\w,-]+\])?[\"']?\s*(?:==|>=|~=|=\s*[\"'][\^~>=]*)\s*2\.(\d+)"
    r"|^name = \"pydantic\"\nversion = \"2\.(\d+)"
)
_PINNING = frozenset({"pyproject.toml", "requirements.txt", "poetry.lock", "uv.lock"})
# Since pydantic 2.10 the protected namespaces are these two (its changelog, 2.10).
_NARROWED = 10
_NARROW = ("model_validate", "model_dump")


def _find(package: Package, options: Options) -> Iterable[Finding]:
    narrow = _pinned(package) >= _NARROWED
    prefixes = _NARROW if narrow else options.texts("prefixes")
    modern = any(_uses_second_version(module) for module in package)
    reported: set[tuple[str, str]] = set()
    for class_ in package.classes.all:
        lineage = package.classes.lineage(class_)
        findings: list[Finding] = []
        if _is_table(class_, lineage):
            findings += _table(class_, lineage)
        if modern and lineage.outside & PYDANTIC and not _unprotected(lineage):
            findings += _model(class_, prefixes)
        for finding in findings:
            if (finding.path, finding.subject) not in reported:
                reported.add((finding.path, finding.subject))
                yield finding


def _is_table(class_: Class, lineage: Lineage) -> bool:
    if lineage.outside & SQLMODEL:
        return any(
            keyword.arg == "table"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is True
            for keyword in class_.node.keywords
        )
    # The declarative base itself and abstract ones may set metadata and registry.
    direct = any(base in DECLARATIVE for base in lineage.outside)
    return direct and any(name == "__tablename__" for name, _, _ in _fields(class_.node))


def _table(class_: Class, lineage: Lineage) -> Iterator[Finding]:
    """The reserved fields of the class and of its base classes in the package."""
    for owner in lineage.inside:
        for name, node, value in _fields(owner.node):
            if name in {"metadata", "registry"} or name.startswith("_sa_"):
                if not _is_field(node, value):
                    continue
                new = {"metadata": "meta", "registry": "registry_entry"}.get(name, name.lstrip("_"))
                where = f"{owner.name}.{name}"
                consequence = (
                    "the declarative API raises InvalidRequestError when the class is built"
                    if name == "metadata"
                    else "it hides what the mapper keeps there"
                )
                yield at(
                    owner.module,
                    node,
                    where,
                    f"{where} takes a name that SQLAlchemy reserves for itself: {consequence}",
                    f"Call the attribute {new!r} and keep the column's name: "
                    f'{new}: … = Field(sa_column=Column("{name}", …)).',
                )


def _is_field(node: ast.stmt, value: ast.expr | None) -> bool:
    """Whether the statement makes a column of it; `metadata = MetaData()` does not."""
    if isinstance(value, ast.Call):
        return last_name(value.func) in _COLUMNS
    if isinstance(node, ast.AnnAssign):
        text = ast.unparse(node.annotation)
        return not any(word in text for word in ("ClassVar", "MetaData", "registry"))
    return False


def _model(class_: Class, prefixes: tuple[str, ...]) -> Iterator[Finding]:
    for name, node, _ in _fields(class_.node):
        if not isinstance(node, ast.AnnAssign) or name == "model_config":
            continue
        if "ClassVar" in ast.unparse(node.annotation):
            continue
        where = f"{class_.name}.{name}"
        if name in _PYDANTIC_OWN:
            yield at(
                class_.module,
                node,
                where,
                f"{where} takes the name of a member of pydantic.BaseModel: the class cannot be "
                "built",
                f'Call the field otherwise and keep the key: … = Field(alias="{name}").',
            )
        elif name.startswith(prefixes):
            prefix = next(candidate for candidate in prefixes if name.startswith(candidate))
            yield at(
                class_.module,
                node,
                where,
                f"{where} begins with {prefix!r}, which Pydantic protects for its own members "
                "(a warning at import, and a clash with any member to come)",
                "Rename the field, or say that it is meant: "
                "model_config = ConfigDict(protected_namespaces=()).",
                Severity.WARNING,
            )


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.stmt, ast.expr | None]]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                yield name, statement, value
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, statement, value
            case _:
                pass


def _unprotected(lineage: Lineage) -> bool:
    """Whether the class or one that it descends from sets `protected_namespaces`."""
    return any(
        "protected_namespaces" in ast.unparse(node)
        for class_ in lineage.inside
        for node in (*class_.node.body, *class_.node.keywords)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.ClassDef | ast.keyword)
    )


def _pinned(package: Package) -> int:
    """The highest 2.x of Pydantic that the repository asks for; 0 where nothing says it."""
    files = (path for path in package.paths if path.rpartition("/")[2] in _PINNING)
    matches = (match for file in files for match in _PIN.finditer(package.read(file) or ""))
    return max((int(match[1] or match[2]) for match in matches), default=0)


def _uses_second_version(module: Module) -> bool:
    return any(
        (imported.module == "pydantic" and imported.name in _SECOND_VERSION)
        or imported.module == "pydantic_settings"
        for imported in module.symbols.imports
    )


RULE = AuditRule(
    Rule(
        "reserved-name",
        "a field takes a name that SQLAlchemy or Pydantic reserves",
        "SQLAlchemy's declarative classes own `metadata`, `registry` and everything that begins "
        "with `_sa_`; a table class with a column `metadata` cannot even be imported. Pydantic "
        "owns `model_*`.\n\n"
        "Give the attribute another name and keep the column's:\n\n"
        "```python\n"
        'meta: dict[str, Any] = Field(sa_column=Column("metadata", JSON))\n'
        "```",
        Severity.ERROR,
    ),
    _find,
    (Option("prefixes", ("model_",), "prefixes that Pydantic protects (up to 2.9)"),),
)
