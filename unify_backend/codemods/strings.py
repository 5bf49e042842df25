"""What a Python string literal is used for, read off the code around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from unify_backend.codemods.commands import roles
from unify_backend.codemods.places import continues
from unify_backend.codemods.syntax import SyntaxTree
from unify_backend.model.spans import Span
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
    "installed_apps root_urlconf logger_name task_modules __module__ __name__ __package__ "
    "module_name module_path package_name".split()
)
_LABEL_WORDS = {
    "title": "a title",
    "window_title": "a title",
    "container_name": "a container's name",
    "container": "a container's name",
    "image": "an image's name",
    "database": "a database's name",
    "dbname": "a database's name",
    "db_name": "a database's name",
    "user": "a user's name",
    "username": "a user's name",
    "hostname": "a host's name",
    "host": "a host's name",
    "bucket": "a bucket's name",
    "queue": "a queue's name",
    "queue_name": "a queue's name",
    "volume": "a volume's name",
    "service_name": "a service's name",
    "pidfile": "a PID file",
}
_COMMAND_CALLS = frozenset(
    "run Popen call check_call check_output create_subprocess_exec system popen getoutput "
    "create_subprocess_shell getstatusoutput execvp execv spawn start_process".split()
)
_COMMAND_WORDS = frozenset("args cmd command argv cmdline commands command_line".split())
_PROGRAM = re.compile(
    r"(?:python[\d.]*|uvicorn|gunicorn|pytest|docker|git|celery|arq|alembic|pkill|bash|sh|cmd)\b"
)
_MOST_WORDS = 80  # a longer list is data
_ENVIRONMENT = frozenset({"environ", "getenv"})
_TASKS = frozenset({"task", "shared_task", "periodic_task", "job", "actor"})
_WRAPPERS = frozenset(
    {
        "concatenated_string",
        "parenthesized_expression",
        "list",
        "tuple",
        "set",
        "pair",
        "conditional_expression",
        "list_splat",
        "dictionary",
    }
)


def string_context(tree: SyntaxTree, string: Node, hit: Span) -> Zone:
    """The zone of the string literal around `hit`, its quotes and prefix included."""
    start = string.children[0] if string.children else string
    prefix = tree.text_of(start).rstrip("'\"").lower()
    span, escapes = tree.span(string), "r" not in prefix
    outer, direct = _outer(string)
    if outer is not None and outer.type == "expression_statement" and direct:
        return Zone(span, "python-docstring", Context.COMMENT, escapes=escapes)
    if (command := _command(tree, string, outer, hit)) is not None:
        return command
    context, note = _use(tree, string, outer)
    if context is Context.LABEL and continues(tree.text, hit):
        context, note = Context.STRING, ""
    form = {
        Context.MODULE_STRING: "python-module-string",
        Context.PATH_STRING: "python-path-string",
    }.get(context, "python-fstring" if "f" in prefix else "python-string")
    return Zone(span, form, context, escapes=escapes, note=note)


def _outer(node: Node) -> tuple[Node | None, bool]:
    """The first ancestor that uses the value, and whether nothing but the literal stands there."""
    direct = True
    current = node.parent
    while current is not None and current.type in _WRAPPERS:
        direct = direct and current.type in {"concatenated_string", "parenthesized_expression"}
        current = current.parent
    return current, direct


def _use(tree: SyntaxTree, string: Node, outer: Node | None) -> tuple[Context, str]:
    if outer is None:
        return Context.STRING, ""
    if (key := _dictionary_key(tree, string)) and (place := _by_word(key))[0] is not Context.STRING:
        return place
    match outer.type:
        case "binary_operator":
            operator = outer.child_by_field_name("operator")
            divides = operator is not None and operator.type == "/"
            return (Context.PATH_STRING if divides else Context.STRING), ""
        case "argument_list":
            return _called(tree, outer.parent)
        case "keyword_argument":
            return _keyword(tree, outer)
        case "default_parameter" | "typed_default_parameter":
            return _by_word(_word(tree, outer.child_by_field_name("name")))
        case "assignment":
            return _by_word(_word(tree, outer.child_by_field_name("left")))
        case "subscript":
            value = _word(tree, outer.child_by_field_name("value"))
            if value in _ENVIRONMENT:
                return Context.LABEL, "an environment variable"
            return (Context.MODULE_STRING if value == "modules" else Context.STRING), ""
        case "comparison_operator":
            words = (_word(tree, child) for child in outer.named_children)
            compared = any(word.lower() in _MODULE_WORDS for word in words)
            return (Context.MODULE_STRING if compared else Context.STRING), ""
        case _:
            return Context.STRING, ""


def _keyword(tree: SyntaxTree, argument: Node) -> tuple[Context, str]:
    word = _word(tree, argument.child_by_field_name("name"))
    call = argument.parent.parent if argument.parent is not None else None
    if word != "name" or call is None:
        return _by_word(word)
    if _word(tree, call.child_by_field_name("function")) in _TASKS:
        return Context.CONFLICT, "a task's name: jobs queued under the old one would be lost"
    return _called(tree, call)


def _called(tree: SyntaxTree, call: Node | None) -> tuple[Context, str]:
    function = call.child_by_field_name("function") if call is not None else None
    name = _word(tree, function)
    if name in _MODULE_CALLS:
        return Context.MODULE_STRING, ""
    if function is not None and function.type == "attribute":
        receiver = _word(tree, function.child_by_field_name("object"))
        if receiver in _ENVIRONMENT:
            return Context.LABEL, "an environment variable"
        if receiver.lower() in _MODULE_WORDS or (receiver == "patch" and name == "dict"):
            return Context.MODULE_STRING, ""
        if name == "join" and "path" not in tree.text_of(function):
            return Context.STRING, ""  # ", ".join(...)
    if name in _ENVIRONMENT:
        return Context.LABEL, "an environment variable"
    return (Context.PATH_STRING if name in _PATH_CALLS else Context.STRING), ""


def _by_word(word: str) -> tuple[Context, str]:
    lowered = word.lower()
    if lowered in _MODULE_WORDS:
        return Context.MODULE_STRING, ""
    if lowered in _LABEL_WORDS:
        return Context.LABEL, _LABEL_WORDS[lowered]
    tail = lowered.rsplit("_", 1)[-1]
    path = lowered in _PATH_WORDS or tail in _PATH_WORDS
    return (Context.PATH_STRING if path else Context.STRING), ""


def _dictionary_key(tree: SyntaxTree, string: Node) -> str:
    """The key whose value the literal is, in a dictionary of literals."""
    pair = string.parent
    if pair is None or pair.type != "pair":
        return ""
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if key is None or value != string or key.type != "string":
        return ""
    return tree.text_of(key).strip("'\"")


def _command(tree: SyntaxTree, string: Node, outer: Node | None, hit: Span) -> Zone | None:
    """The zone of a literal that is a command line, or one word of a list that is one."""
    row = string.parent
    span = tree.span(string)
    escapes = "r" not in tree.text_of(string.children[0]).lower() if string.children else True
    if row is None or outer is None:
        return None
    if row.type in {"list", "tuple"}:
        if row.named_child_count > _MOST_WORDS:
            return None
        words = row.named_children
        texts = [_literal(tree, word) for word in words]
        if not _is_command(tree, outer, texts):
            return None
        return _word_zone(texts, words.index(string), span, escapes, hit)
    if row.type == "argument_list" and row.parent is not None and row.named_children[0] == string:
        name = _word(tree, row.parent.child_by_field_name("function"))
        content = _literal(tree, string)
        if name in _COMMAND_CALLS and re.search(r"\S\s+\S", content):
            start = span.start + tree.text_of(string).find(content)
            return Zone(
                Span(start, start + len(content)),
                "python-command",
                Context.COMMAND,
                "shell",
                escapes,
            )
    return None


def _word_zone(texts: list[str], at: int, span: Span, escapes: bool, hit: Span) -> Zone:
    offset = 0
    if texts[0].startswith("-") or not texts[0]:  # args=["-m", ...], [sys.executable, "-m", ...]
        offset = 0 if not texts[0] else 1
        texts = ["python", *texts[1 - offset :]]
    quote = (span.end - span.start - len(texts[at + offset])) // 2
    for role in roles(texts):
        begin = span.start + quote + role.begin
        if role.index == at + offset and begin <= hit.start:
            return Zone(
                Span(begin, span.end) if role.begin else span,
                "python-command-word",
                role.context,
                role.language,
                escapes,
                role.note,
            )
    return Zone(span, "python-command-word", Context.COMMAND, None, escapes)


def _is_command(tree: SyntaxTree, outer: Node, texts: list[str]) -> bool:
    if len(texts) < 2:
        return False
    if "-m" in texts or _PROGRAM.fullmatch(texts[0]):
        return True
    match outer.type:
        case "argument_list":
            call = outer.parent
            name = _word(tree, call.child_by_field_name("function")) if call is not None else ""
            return name in _COMMAND_CALLS
        case "keyword_argument" | "assignment":
            field = "name" if outer.type == "keyword_argument" else "left"
            return _word(tree, outer.child_by_field_name(field)).lower() in _COMMAND_WORDS
        case _:
            return False


def _literal(tree: SyntaxTree, node: Node) -> str:
    """A plain literal's text, or an empty string."""
    if node.type != "string" or len(node.children) < 2:
        return ""
    start, end = tree.span(node.children[0]).end, tree.span(node.children[-1]).start
    return tree.text[start:end]


def _word(tree: SyntaxTree, node: Node | None) -> str:
    """The last identifier of a name or attribute chain."""
    if node is None:
        return ""
    if node.type == "attribute":
        node = node.child_by_field_name("attribute") or node
    return tree.text_of(node)
