"""setup.py: the `packages` argument of `setup()`, where it is written out."""

import ast
from collections.abc import Sequence

from unify_backend.languages.python.setup_py import added, called, keyword, read_setup_py
from unify_backend.model.spans import Edit
from unify_backend.shim.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand

_FINDERS = frozenset({"find_packages", "find_namespace_packages"})


def adjust_setup_py(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make `setup()` install `wanted` too; a call that computes its packages is
    left to a person, a file without `packages` alone."""
    setup = read_setup_py(text)
    packages = setup.argument("packages") if setup is not None else None
    if setup is None or packages is None:
        return Adjusted()
    edits: list[Edit] = []
    match packages:
        case ast.List() | ast.Tuple():
            edits = _appended(text, packages, [[package.name] for package in wanted], wanted)
        case ast.Call() if called(packages) in _FINDERS:
            include = keyword(packages, "include")
            if include is None:
                pass
            elif isinstance(include, ast.List | ast.Tuple):
                edits = _appended(
                    text, include, [list(package.patterns) for package in wanted], wanted
                )
            else:
                return _by_hand(path, wanted)
        case _:
            return _by_hand(path, wanted)
    data = keyword(setup.call, "package_data")
    if isinstance(data, ast.Dict):
        keys = {key.value for key in data.keys if isinstance(key, ast.Constant)}
        new = [
            f'"{package.name}": {list(STUB_DATA)!r}'
            for package in wanted
            if package.name not in keys
        ]
        edits += [added(text, data, [*data.keys, *data.values], new)] if new else []
    elif data is None:
        entries = ", ".join(f'"{package.name}": {list(STUB_DATA)!r}' for package in wanted)
        parts = [*setup.call.args, *(keyword.value for keyword in setup.call.keywords)]
        edits.append(added(text, setup.call, parts, [f"package_data={{{entries}}}"]))
    return Adjusted(tuple(edits))


def _by_hand(path: str, wanted: Sequence[Wanted]) -> Adjusted:
    why = "setup() computes its packages"
    return Adjusted((), tuple(by_hand(path, package, why) for package in wanted))


def _appended(
    text: str, node: ast.List | ast.Tuple, names: Sequence[Sequence[str]], wanted: Sequence[Wanted]
) -> list[Edit]:
    constants = [element.value for element in node.elts if isinstance(element, ast.Constant)]
    listed = [value for value in constants if isinstance(value, str)]
    new = [
        f'"{name}"'
        for package, group in zip(wanted, names, strict=True)
        if not package.among(listed)
        for name in group
    ]
    return [added(text, node, node.elts, new)] if new else []
