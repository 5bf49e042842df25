"""`__import__("a.b")`, which gives `a`: what is taken from it counts from the first package.

Source: the documentation of `__import__` in the Python library's built-in functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unify_backend.languages.language import ContextKind, SplitReference, SyntaxContext
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_FORM = "python-dunder-import"
_CALL = "__import__"


def steps_of_imports(
    tree: SyntaxTree, hits: Sequence[Span], move: PackageMove
) -> Iterator[SplitReference | SyntaxContext]:
    """The attributes between the call and the package, which change with the package's name; and a
    name whose result cannot be followed, because it is bound or passed on."""
    if _CALL not in tree.text:
        return
    for hit in hits:
        if tree.text[hit.start : hit.end] != move.legacy:
            continue
        call = _call_around(tree, hit)
        if call is None or _gives_the_last(tree, call) or _is_unused(call):
            continue
        old, new = move.legacy.split(".")[1:], move.canonical.split(".")[1:]
        if not old and not new:
            continue
        chain = _chain(tree, call)
        if len(chain) < len(old) or [name for name, _ in chain[: len(old)]] != old:
            first = move.legacy.split(".")[0]
            note = f"__import__ gives {first} here, not {move.legacy}: take importlib.import_module"
            yield SyntaxContext(hit, _FORM, ContextKind.CONFLICT, note=note)
            continue
        end = tree.span(call).end
        span = Span(end, chain[len(old) - 1][1] if old else end)
        steps = "".join(f".{name}" for name in new)
        note = "__import__ gives the first package of the name, and these lead to the last"
        yield SplitReference(
            span,
            _FORM,
            move,
            steps,
            note,
            Names.IMPLIED,
            follows=hit,
            companion=True,
            evidence=Evidence.KNOWN_CALL,
        )


def _call_around(tree: SyntaxTree, hit: Span) -> Node | None:
    """The call of `__import__` whose first argument is the string that begins with `hit`."""
    string = next((node for node in around(tree.node_at(hit)) if node.type == "string"), None)
    arguments = string.parent if string is not None else None
    call = arguments.parent if arguments is not None else None
    if string is None or arguments is None or call is None or call.type != "call":
        return None
    function = call.child_by_field_name("function")
    if function is None or tree.text_of(function) not in {_CALL, f"builtins.{_CALL}"}:
        return None
    content = tree.span(string.children[0]).end if string.children else -1
    return call if arguments.named_children[0] == string and content == hit.start else None


def _gives_the_last(tree: SyntaxTree, call: Node) -> bool:
    """Whether the call has a list of names, so that it gives the module that is named last."""
    arguments = call.child_by_field_name("arguments")
    given = arguments.named_children if arguments is not None else []
    keyed = {
        tree.text_of(name): value
        for one in given
        if one.type == "keyword_argument"
        and (name := one.child_by_field_name("name")) is not None
        and (value := one.child_by_field_name("value")) is not None
    }
    listed = keyed.get("fromlist", given[3] if len(given) > 3 and not keyed else None)
    return listed is not None and bool(listed.named_children or listed.type == "identifier")


def _is_unused(call: Node) -> bool:
    return call.parent is not None and call.parent.type == "expression_statement"


def _chain(tree: SyntaxTree, call: Node) -> list[tuple[str, int]]:
    """The attributes taken from the call, in order, each with where it ends."""
    names: list[tuple[str, int]] = []
    inner, outer = call, call.parent
    while outer is not None and outer.type == "attribute":
        name = outer.child_by_field_name("attribute")
        if outer.child_by_field_name("object") != inner or name is None:
            break
        names.append((tree.text_of(name), tree.span(name).end))
        inner, outer = outer, outer.parent
    return names
