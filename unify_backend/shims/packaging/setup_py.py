"""setup.py: the `packages` argument of `setup()`, where it is written out."""

import ast
import warnings
from collections.abc import Sequence

from unify_backend.model.spans import Edit, Span
from unify_backend.shims.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand

_FINDERS = frozenset({"find_packages", "find_namespace_packages"})


def adjust_setup_py(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make `setup()` install `wanted` too; a call that computes its packages is
    left to a person, a file without `packages` alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return Adjusted()
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == "setup"
    ]
    packages = next((_keyword(call, "packages") for call in calls), None)
    if packages is None:
        return Adjusted()
    if isinstance(packages, ast.Name):
        packages = _assigned(tree, packages.id) or packages
    places = _Places(text)
    match packages:
        case ast.List() | ast.Tuple():
            edits = _appended(places, packages, [[one.name] for one in wanted], wanted)
        case ast.Call() if _name(packages) in _FINDERS:
            include = _keyword(packages, "include")
            if include is None:
                edits = []
            elif isinstance(include, ast.List | ast.Tuple):
                edits = _appended(places, include, [list(one.patterns) for one in wanted], wanted)
            else:
                return _by_hand(path, wanted)
        case _:
            return _by_hand(path, wanted)
    data = _keyword(calls[0], "package_data")
    if isinstance(data, ast.Dict):
        keys = {key.value for key in data.keys if isinstance(key, ast.Constant)}
        new = [f'"{one.name}": {list(STUB_DATA)!r}' for one in wanted if one.name not in keys]
        edits += places.before_end(data, [*data.keys, *data.values], new)
    elif data is None:
        entries = ", ".join(f'"{one.name}": {list(STUB_DATA)!r}' for one in wanted)
        parts = [*calls[0].args, *(one.value for one in calls[0].keywords)]
        edits += places.before_end(calls[0], parts, [f"package_data={{{entries}}}"])
    return Adjusted(tuple(edits))


def _by_hand(path: str, wanted: Sequence[Wanted]) -> Adjusted:
    why = "setup() computes its packages"
    return Adjusted((), tuple(by_hand(path, one, why) for one in wanted))


def _appended(
    places: "_Places",
    node: ast.List | ast.Tuple,
    names: Sequence[Sequence[str]],
    wanted: Sequence[Wanted],
) -> list[Edit]:
    texts = [one.value for one in node.elts if isinstance(one, ast.Constant)]
    listed = [one for one in texts if isinstance(one, str)]
    new = [
        f'"{name}"'
        for one, group in zip(wanted, names, strict=True)
        if not one.among(listed)
        for name in group
    ]
    return places.before_end(node, node.elts, new)


def _assigned(tree: ast.Module, name: str) -> ast.expr | None:
    """The value of a name that the module assigns once, and nobody changes by a method."""
    values: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                values.append(value)
            case ast.Name(id=found, ctx=ast.Store() | ast.Del()) if found == name:
                values.append(node)
            case ast.Attribute(value=ast.Name(id=found)) if found == name:
                return None
            case _:
                pass
    targets = [one for one in values if isinstance(one, ast.Name)]
    literals = [one for one in values if not isinstance(one, ast.Name)]
    return literals[0] if len(literals) == len(targets) == 1 else None


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


class _Places:
    """Character offsets of syntax nodes, whose columns count UTF-8 bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.splitlines(keepends=True)

    def offset(self, line: int, column: int) -> int:
        before = sum(len(one) for one in self._lines[: line - 1])
        return before + len(self._lines[line - 1].encode()[:column].decode())

    def before_end(
        self, node: ast.expr, parts: Sequence[ast.expr | None], new: Sequence[str]
    ) -> list[Edit]:
        """An edit that adds `new` behind the last of `parts` (all that `node` holds)."""
        if not new:
            return []
        ends = [
            self.offset(one.end_lineno or 0, one.end_col_offset or 0)
            for one in parts
            if one is not None
        ]
        if not ends:
            at = self.offset(node.end_lineno or 0, node.end_col_offset or 0) - 1
            return [Edit(Span(at, at), ", ".join(new))]
        at = max(ends)
        return [Edit(Span(at, at), "".join(f", {one}" for one in new))]
