"""Random modules of Python for `random_merges.py`: how they are written and read again."""

import ast
import re
from collections.abc import Iterator, Sequence

from benchmarks.random_documents import Entry, Format, Shape

_BLOCKS = frozenset({"function", "step", "class", "property", "overload"})
_CALLS = ("register", "connect")
_FILLER = "pass\n"


def _write(root: Entry) -> str:
    return _joined(root.children, "", "\n\n")


def _joined(children: Sequence[Entry], indent: str, between: str) -> str:
    """The statements; `between` stands before and behind a definition."""
    parts: list[str] = []
    before = ""
    for child in children:
        if child.kind == "note":
            continue
        if parts and (child.kind in _BLOCKS or before in _BLOCKS):
            parts.append(between)
        parts.append(_statement(child, indent))
        before = child.kind
    return "".join(parts)


def _body(children: Sequence[Entry], indent: str) -> str:
    deeper = indent + "    "
    return _joined(children, deeper, "\n") or deeper + _FILLER


def _statement(entry: Entry, indent: str) -> str:
    """A statement with the comment above it."""
    notes = (child.value for child in entry.children if child.kind == "note")
    return "".join(f"{indent}# {note}\n" for note in notes) + _bare(entry, indent)


def _bare(entry: Entry, indent: str) -> str:
    deeper, label, children = indent + "    ", entry.label, entry.children
    match entry.kind:
        case "leaf":
            return f"{indent}{label}('{entry.value}')\n"
        case "import":
            return f"{indent}from {label} import {entry.value}\n"
        case "parser":
            calls = (
                f"{indent}p.add_argument('--{child.label}', help='{child.value}')\n"
                for child in children[1:]
            )
            return f"{indent}p = sub.add_parser('{children[0].value}')\n{''.join(calls)}"
        case "list" | "call":
            words = "".join(f"{deeper}'{child.value}',\n" for child in children)
            opened, closed = ("(", ")") if entry.kind == "call" else (" = [", "]")
            return f"{indent}{label}{opened}\n{words}{indent}{closed}\n"
        case "dict":
            keys = "".join(f"{deeper}'{child.label}': '{child.value}',\n" for child in children)
            return f"{indent}{label} = {{\n{keys}{indent}}}\n"
        case "text":
            lines = "".join(f"{child.value}\n" for child in children)
            return f'{indent}{label} = """\n{lines}"""\n'
        case "guard":
            other = [child for child in children if child.kind == "otherwise"]
            inside = [child for child in children if child.kind != "otherwise"]
            last = "".join(f"{indent}else:\n{_body(child.children, indent)}" for child in other)
            return f"{indent}if {label}:\n{_body(inside, indent)}{last}"
        case "attempt":
            handlers = "".join(
                f"{indent}except {child.label}:\n{_body(child.children, indent)}"
                for child in children[1:]
            )
            first = _body(children[0].children, indent)
            return f"{indent}try:\n{first}{handlers}{indent}finally:\n{deeper}done()\n"
        case "class":
            return f"{indent}class {label}:\n{_body(children, indent)}"
        case _:
            return _definition(entry, indent)


def _definition(entry: Entry, indent: str) -> str:
    label, children = entry.label, entry.children
    match entry.kind:
        case "step":
            head = f"{indent}@given('{children[0].value}')\n{indent}def {label}(context):\n"
            return head + _body(children[1:], indent)
        case "property":
            blocks = [
                f"{indent}@property\n{indent}def {label}(self):\n"
                if child.kind == "getter"
                else f"{indent}@{label}.setter\n{indent}def {label}(self, value):\n"
                for child in children
            ]
            bodies = (_body(child.children, indent) for child in children)
            return "\n".join(map("".join, zip(blocks, bodies, strict=True)))
        case "overload":
            stubs = "".join(
                f"{indent}@overload\n{indent}def {label}(self, key: '{child.value}'): ...\n"
                for child in children[1:]
            )
            body = _body(children[0].children, indent)
            return f"{stubs}{indent}def {label}(self, key):\n{body}"
        case _:
            return f"{indent}def {label}():\n{_body(children, indent)}"


def _read(text: str) -> Shape:
    with_notes = re.sub(r"(?m)^( *)# (m\d+)$", r"\1'# \2'", text)
    return "", "", tuple(_shapes(ast.parse(with_notes).body))


def _shapes(body: Sequence[ast.stmt]) -> list[Shape]:
    """What statements show. Raises ValueError where what belongs together does not stand so."""
    shapes: list[Shape] = []
    parsers: list[list[Shape]] = []
    stubs: list[tuple[str, Shape]] = []
    note: list[Shape] = []
    for node in body:
        call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
        name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
        if stubs and not (isinstance(node, ast.FunctionDef) and node.name == stubs[0][0]):
            raise ValueError("an overload stands alone")
        if isinstance(call, ast.Constant) and str(call.value).startswith("# "):
            if note:
                raise ValueError("two comments")
            note = [("#", str(call.value)[2:], ())]
        elif isinstance(node, ast.Assign) and name == "sub.add_parser":
            parsers.append([("", _first_text(node.value), ())])
        elif name == "p.add_argument" and isinstance(call, ast.Call):
            if not parsers:
                raise ValueError("no parser is there")
            label = _first_text(node).lstrip("-")
            parsers[-1].append((label, _first_text(call.keywords[0].value), ()))
        elif isinstance(node, ast.FunctionDef) and _decorator(node) == "overload":
            stubs.append((node.name, ("", _first_text(node.args), ())))
        elif isinstance(node, ast.FunctionDef) and _decorator(node) == f"{node.name}.setter":
            names = [shape[0] if _is_property(shape) else "" for shape in shapes]
            at = names.index(node.name)  # a ValueError if the setter stands alone
            setter: Shape = ("setter", "", tuple(_shapes(node.body)))
            shapes[at] = (node.name, "", (*shapes[at][2], setter))
        else:
            for label, value, children in _shape(node):
                added = (*note, *children, *(stub for _, stub in stubs))
                shapes.append((label, value, added))
            note, stubs = [], []
    if note or stubs:
        raise ValueError("a comment or an overload without its definition")
    return [*shapes, *(("p", "", tuple(leaves)) for leaves in parsers)]


def _is_property(shape: Shape) -> bool:
    return bool(shape[2]) and shape[2][0][0] == "getter"


def _decorator(node: ast.FunctionDef) -> str:
    return "".join(map(ast.unparse, node.decorator_list))


def _shape(node: ast.stmt) -> Iterator[Shape]:
    match node:
        case ast.ImportFrom(module=module, names=names):
            yield from ((module or "", alias.name, ()) for alias in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=items)):
            yield name, "", tuple(("", _first_text(item), ()) for item in items)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys, values=values)):
            pairs = zip(keys, values, strict=True)
            yield (
                name,
                "",
                tuple((_first_text(key), _first_text(value), ()) for key, value in pairs if key),
            )
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=text)):
            yield (
                name,
                "",
                tuple(("", line, ()) for line in str(text).strip("\n").split("\n") if line),
            )
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=items)) if name in _CALLS:
            yield name, "", tuple(("", _first_text(item), ()) for item in items)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            yield name, _first_text(node), ()
        case ast.FunctionDef(name=name, body=body):
            yield name, "", tuple(_function(node, body))
        case ast.ClassDef(name=name, body=body):
            yield name, "", tuple(_shapes(body))
        case ast.If(test=ast.Name(id=name), body=body, orelse=orelse):
            other: list[Shape] = [("else", "", tuple(_shapes(orelse)))] if orelse else []
            yield name, "", (*_shapes(body), *other)
        case ast.Try(body=body, handlers=handlers, finalbody=[_]):
            caught = (
                (ast.unparse(each.type), "", tuple(_shapes(each.body)))
                for each in handlers
                if each.type
            )
            yield "try", "", (("body", "", tuple(_shapes(body))), *caught)
        case ast.Pass():
            return
        case _:
            raise ValueError(ast.unparse(node))


def _function(node: ast.FunctionDef, body: Sequence[ast.stmt]) -> list[Shape]:
    inside = _shapes(body)
    if _decorator(node) == "property":
        return [("getter", "", tuple(inside))]
    if len(node.args.args) > 1:
        return [("body", "", tuple(inside))]
    return [*(("", _first_text(each), ()) for each in node.decorator_list), *inside]


def _first_text(node: ast.AST) -> str:
    return next(
        inner.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    )


PYTHON = Format(
    "python",
    {
        "root": (
            *("function", "step", "guard", "class", "parser", "parser", "leaf", "list", "import"),
            *("function", "class", "attempt", "dict", "call", "text"),
        ),
        "function": ("leaf", "leaf", "leaf", "note"),
        "step": ("leaf",),
        "guard": ("leaf", "leaf", "function", "otherwise"),
        "otherwise": ("leaf",),
        "attempt": ("handler",),
        "handler": ("leaf",),
        "body": ("leaf",),
        "parser": ("leaf",),
        "class": ("function", "function", "step", "property", "overload", "note"),
        "property": ("setter",),
        "getter": ("leaf",),
        "setter": ("leaf",),
        "overload": ("stub",),
        "list": ("word",),
        "call": ("word",),
        "text": ("word",),
        "dict": ("key",),
    },
    {
        "leaf": ("run", "use", "check", "load"),
        "function": ("_", "test_it", "main", "setup", "teardown"),
        "step": ("step_impl",),
        "guard": ("DEBUG", "WINDOWS"),
        "otherwise": ("else",),
        "attempt": ("try",),
        "handler": ("KeyError", "OSError", "ValueError"),
        "body": ("body",),
        "parser": ("p",),
        "class": ("Test", "Case", "Suite"),
        "property": ("size", "name"),
        "getter": ("getter",),
        "setter": ("setter",),
        "overload": ("get", "find"),
        "list": ("NAMES", "PATHS", "TAGS"),
        "call": _CALLS,
        "text": ("NOTE", "USAGE"),
        "dict": ("LIMITS", "HOSTS"),
        "key": ("host", "port", "mode", "user", "level", "retry"),
        "import": ("shop", "stock"),
        "note": ("#",),
    },
    frozenset({"leaf", "parser", "word", "guard", "attempt", "handler", "stub", "call"}),
    frozenset(
        {"class", "list", "dict", "text", "key", "property", "setter", "overload"}
        | {"handler", "otherwise", "note"}
    ),
    _write,
    _read,
    {
        "step": "head",
        "parser": "head",
        "attempt": "body",
        "property": "getter",
        "overload": "body",
    },
    first=frozenset({"note"}),
    last=frozenset({"otherwise"}),
    fixed=frozenset({"import"}),
)
"""Modules of Python."""
