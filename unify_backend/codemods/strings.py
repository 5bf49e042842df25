"""What a Python string literal is used for, read off the code around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unify_backend.codemods.syntax import SyntaxTree
from unify_backend.model.zones import Context, Zone

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULE_CALLS = frozenset(
    "import_module __import__ find_spec find_loader getLogger get_logger patch setattr delattr "
    "resolve_name run_module files resource_string resource_filename iter_modules get_data "
    "walk_packages importorskip import_string PackageLoader reload config_from_object "
    "autodiscover_tasks find_packages scan".split()
)
_PATH_CALLS = frozenset(
    "Path PurePath PosixPath WindowsPath PurePosixPath PureWindowsPath join joinpath open exists "
    "isdir isfile is_dir is_file glob rglob iglob listdir scandir walk chdir makedirs mkdir rmtree "
    "copy copy2 copytree move relative_to is_relative_to with_name StaticFiles Jinja2Templates "
    "FileSystemLoader abspath realpath dirname basename splitext read_text load_dotenv insert "
    "addsitedir fileConfig".split()
)
_PATH_WORDS = frozenset(
    "path paths dir dirs directory folder cwd root file files filename pythonpath "
    "template_folder static_folder script_location env_file".split()
)
_MODULE_WORDS = frozenset(
    "module modules package packages imports include plugins pytest_plugins app_path entry_point "
    "installed_apps root_urlconf logger_name task_modules".split()
)
_WRAPPERS = frozenset(
    {"concatenated_string", "parenthesized_expression", "list", "tuple", "set", "pair",
     "conditional_expression", "list_splat", "dictionary"}
)


def string_context(tree: SyntaxTree, string: Node) -> Zone:
    """The zone of a string literal, its quotes and prefix included."""
    start = string.children[0] if string.children else string
    prefix = tree.text_of(start).rstrip("'\"").lower()
    span, escapes = tree.span(string), "r" not in prefix
    outer, direct = _outer(string)
    if outer is not None and outer.type == "expression_statement" and direct:
        return Zone(span, "python-docstring", Context.COMMENT, escapes=escapes)
    context = _use(tree, string, outer)
    form = {
        Context.MODULE_STRING: "python-module-string",
        Context.PATH_STRING: "python-path-string",
    }.get(context, "python-fstring" if "f" in prefix else "python-string")
    return Zone(span, form, context, escapes=escapes)


def _outer(node: Node) -> tuple[Node | None, bool]:
    """The first ancestor that uses the value, and whether nothing but the literal stands there."""
    direct = True
    current = node.parent
    while current is not None and current.type in _WRAPPERS:
        direct = direct and current.type in {"concatenated_string", "parenthesized_expression"}
        current = current.parent
    return current, direct


def _use(tree: SyntaxTree, string: Node, outer: Node | None) -> Context:
    if outer is None:
        return Context.STRING
    match outer.type:
        case "binary_operator":
            operator = outer.child_by_field_name("operator")
            divides = operator is not None and operator.type == "/"
            return Context.PATH_STRING if divides else Context.STRING
        case "argument_list":
            return _called(tree, outer.parent)
        case "keyword_argument" | "default_parameter" | "typed_default_parameter":
            word = _word(tree, outer.child_by_field_name("name"))
            if word == "name" and outer.parent is not None:
                return _called(tree, outer.parent.parent)
            return _by_word(word)
        case "assignment":
            return _by_word(_word(tree, outer.child_by_field_name("left")))
        case "subscript":
            value = _word(tree, outer.child_by_field_name("value"))
            return Context.MODULE_STRING if value == "modules" else Context.STRING
        case _:
            return Context.STRING


def _called(tree: SyntaxTree, call: Node | None) -> Context:
    function = call.child_by_field_name("function") if call is not None else None
    name = _word(tree, function)
    if name in _MODULE_CALLS:
        return Context.MODULE_STRING
    if name == "join" and function is not None and "path" not in tree.text_of(function):
        return Context.STRING  # ", ".join(...)
    return Context.PATH_STRING if name in _PATH_CALLS else Context.STRING


def _by_word(word: str) -> Context:
    lowered = word.lower()
    if lowered in _MODULE_WORDS:
        return Context.MODULE_STRING
    tail = lowered.rsplit("_", 1)[-1]
    return Context.PATH_STRING if lowered in _PATH_WORDS or tail in _PATH_WORDS else Context.STRING


def _word(tree: SyntaxTree, node: Node | None) -> str:
    """The last identifier of a name or attribute chain."""
    if node is None:
        return ""
    if node.type == "attribute":
        node = node.child_by_field_name("attribute") or node
    return tree.text_of(node)
