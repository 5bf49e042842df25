"""What a Python string literal is used for, read off the code around it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from unify_backend.languages.detect import begins_as_sql
from unify_backend.languages.key_values import ENTRY_POINT_GROUP, Place, continues
from unify_backend.languages.known_calls import PYTHON, Takes, functions
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.python.callees import (
    ANYTHING,
    APP_LABEL,
    LOGGER,
    LOGGER_SETTING,
    MODULE,
    PATH,
    QUEUED,
    REGISTERED,
    SHOWN,
    STORED,
    VARIABLE,
    WholeName,
    compares_modules,
    configures_logger,
    of_argument,
    of_call,
    of_key_in,
    of_subscript,
    of_word,
    registers_tasks,
    shows,
)
from unify_backend.languages.python.django_apps import names_app
from unify_backend.languages.scripts.arguments import roles
from unify_backend.languages.scripts.programs import ENGLISH, bare_name, find
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence, NameKind
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_SPREAD_CALLS = functions(Takes.COMMAND_WORDS, PYTHON)
_COMMAND_CALLS = functions(Takes.COMMAND, PYTHON) | _SPREAD_CALLS
_COMMAND_WORDS = frozenset("args cmd command argv cmdline commands command_line".split())
# A longer row of tildes underlines a title.
_FENCE = re.compile(r"^[ \t]*(?:```|~~~(?!~))", re.MULTILINE)
_ROLE = re.compile(r"(?<![\w`:]):(?:\w+:)?\w+:`[^`\n]|^[ \t]*\.\. [\w-]+::(?!\S)", re.MULTILINE)
_MOST_COMMENTS = 9  # in front of a first argument
_MOST_WORDS = 80  # a longer list is data
_UNKNOWN_BEFORE = re.compile(r"%(?:\(\w+\))?[sr]\.$")
_ENTRY_POINT = re.compile(r"\s*=\s*[^\W\d][\w.]*[\w]:[^\W\d]")
_SECTION = re.compile(r"(?:^|\n)[ \t]*\[$")
_MODULES = re.compile(r"\bsys\.modules(?:\.(?:keys|items|copy)\(\))*(?:\W*$|\)?\.items)")
_NAME_METHODS = frozenset({"startswith", "endswith", "removeprefix", "partition", "split"})
_LOOPS = frozenset(
    """for_statement list_comprehension set_comprehension dictionary_comprehension
    generator_expression""".split()
)
# Methods that receive the names in a pickle
_STORING = frozenset({"__reduce__", "__reduce_ex__", "find_class", "__getnewargs__"})
# What a text goes through before it is shown
_TEXT_PARTS = frozenset({"argument_list", "attribute", "binary_operator", "call"})
_TEXT_METHODS = frozenset({"join", "format", "dedent", "strip", "rstrip", "upper", "encode"})
_MOST_STEPS = 6
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


def string_context(tree: SyntaxTree, string: Node, hit: Span) -> SyntaxContext:
    """The zone of the string literal around `hit`, its quotes and prefix included."""
    start = string.children[0] if string.children else string
    prefix = tree.text_of(start).rstrip("'\"").lower()
    span, escapes = tree.span(string), "r" not in prefix
    outer, direct = _outer(string)
    if outer is not None and outer.type == "expression_statement" and direct:
        return _docstring(tree, string, span, escapes)
    if (command := _command(tree, string, outer, hit)) is not None:
        return command
    if (statement := _sql(tree, string, outer, escapes)) is not None:
        return statement
    if _UNKNOWN_BEFORE.search(tree.text, max(span.start, hit.start - 40), hit.start):
        note = "what stands before the dot is not known"
        return SyntaxContext(hit, "python-string", ContextKind.CONFLICT, escapes=escapes, note=note)
    if _ENTRY_POINT.match(tree.text, hit.end) and _content_start(tree, string) == hit.start:
        note = "the name of a command or an entry point"
        return SyntaxContext(hit, "python-string", ContextKind.LABEL, escapes=escapes, note=note)
    if (
        _SECTION.search(tree.text, span.start, hit.start)
        and _bound_to(tree, outer) == "entry_points"
    ):
        return ENTRY_POINT_GROUP.at(hit, "python-string", escapes=escapes)
    if use := _goes_on(tree, string, hit):
        span = Span(span.start, hit.end)
    else:
        use = _use(tree, string, outer)
        if use is ANYTHING and _is_shown(tree, outer):
            use = SHOWN
    label = use.context is ContextKind.LABEL and not isinstance(use, WholeName)
    if label:  # it covers the name alone: another one in the same string may go on as a path
        use, span = (ANYTHING, span) if continues(tree.text, hit) else (use, hit)
    form = {
        ContextKind.MODULE_STRING: "python-module-string",
        ContextKind.PATH_STRING: "python-path-string",
    }.get(use.context, "python-fstring" if "f" in prefix else "python-string")
    context = use.at(span, form, escapes=escapes)
    return replace(context, destination=True) if _is_destination(tree, string) else context


def _docstring(tree: SyntaxTree, string: Node, span: Span, escapes: bool) -> SyntaxContext:
    """A string that stands alone: a text in the markup that its fences show, or in
    reStructuredText, whose roles, literals and doctests are used in plain texts too."""
    if len(string.children) > 2:
        span = Span(tree.span(string.children[0]).end, tree.span(string.children[-1]).start)
    fenced = _FENCE.search(tree.text, span.start, span.end)
    role = _ROLE.search(tree.text, span.start, span.end)
    markup = "markdown" if fenced and not role else "restructuredtext"
    return SyntaxContext(span, "python-docstring", ContextKind.COMMENT, markup, escapes=escapes)


def _sql(tree: SyntaxTree, string: Node, outer: Node | None, escapes: bool) -> SyntaxContext | None:
    """The zone of a literal that begins as SQL does: a statement, where it is executed."""
    inner = Span(_content_start(tree, string), tree.span(string).end)
    if not begins_as_sql(tree.text[inner.start : inner.end]):
        return None
    call = outer.parent if outer is not None and outer.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None else None
    if _word(tree, function) in functions(Takes.STATEMENT, PYTHON):
        return SyntaxContext(inner, "python-sql", ContextKind.STRING, "sql", escapes=escapes)
    note = "in SQL: a schema, a table or another name in the database"
    return SyntaxContext(inner, "python-sql", ContextKind.CONFLICT, note=note, escapes=escapes)


def _is_destination(tree: SyntaxTree, string: Node) -> bool:
    """Whether it is the folder of an installation, in `data_files = [(folder, files)]`."""
    pair = string.parent
    if pair is None or pair.type != "tuple" or len(pair.named_children) != 2:
        return False
    listed = pair.parent
    holder = listed.parent if listed is not None and listed.type == "list" else None
    if holder is None or pair.named_children[0] != string:
        return False
    name = holder.child_by_field_name("left") or holder.child_by_field_name("name")
    return name is not None and tree.text_of(name) == "data_files"


def _goes_on(tree: SyntaxTree, string: Node, hit: Span) -> Place | None:
    """`"old" ".main"`: what the next literal says of a name that ends this one."""
    whole = string.parent
    if whole is None or whole.type != "concatenated_string":
        return None
    neighbour = string.next_named_sibling
    if neighbour is None or hit.end != tree.span(string.children[-1]).start:
        return None
    following = _content_start(tree, neighbour)
    if re.compile(r"\.[^\W\d]").match(tree.text, following):
        return MODULE
    return PATH if tree.text.startswith(("/", "\\\\"), following) else None


def _content_start(tree: SyntaxTree, string: Node) -> int:
    return tree.span(string.children[0]).end if string.children else tree.span(string).start


def _outer(node: Node) -> tuple[Node | None, bool]:
    """The first ancestor that uses the value, and whether nothing but the literal stands there."""
    direct = True
    current = node.parent
    while current is not None and current.type in _WRAPPERS:
        direct = direct and current.type in {"concatenated_string", "parenthesized_expression"}
        current = current.parent
    return current, direct


def _use(tree: SyntaxTree, string: Node, outer: Node | None) -> Place:
    if outer is None:
        return ANYTHING
    if (keyed := _in_dictionary(tree, string)) is not None:
        return keyed
    if _meets_loaded_modules(tree, outer):
        return MODULE
    if _is_stored(tree, string):
        return STORED
    match outer.type:
        case "binary_operator":
            operator = outer.child_by_field_name("operator")
            if operator is not None and operator.type == "/":
                return PATH
            holder = outer.parent  # `get(BASE + "old/")`
            if holder is None or holder.type != "argument_list":
                return ANYTHING
            use = _called(tree, holder.parent, _position(holder, outer))
            return use if use.kind is NameKind.ADDRESS else ANYTHING
        case "argument_list":
            return _called(tree, outer.parent, _position(outer, string))
        case "keyword_argument":
            return QUEUED if _is_route(tree, string, outer) else _keyword(tree, outer)
        case "default_parameter" | "typed_default_parameter":
            return of_word(_word(tree, outer.child_by_field_name("name")))
        case "assignment":
            if names_app(tree, string) is not None:
                return MODULE
            if names_app(tree, string, "label") is not None:
                return APP_LABEL
            if _names_task(tree, outer):
                return REGISTERED
            if _is_route(tree, string, outer):
                return QUEUED
            return of_word(_word(tree, outer.child_by_field_name("left")))
        case "subscript":
            value = outer.child_by_field_name("value")
            table = _last_key(tree, value) or _word(tree, value)
            return of_key_in(table) or of_subscript(table)
        case "comparison_operator":
            words = (_word(tree, child) for child in outer.named_children)
            return MODULE if any(map(compares_modules, words)) else ANYTHING
        case _:
            return ANYTHING


def _meets_loaded_modules(tree: SyntaxTree, outer: Node) -> bool:
    """Whether the value is compared with a name that runs over `sys.modules`, as in
    `[k for k in sys.modules if k.startswith("old")]`."""
    if "sys.modules" not in tree.text:
        return False
    match outer.type:
        case "argument_list":
            function = outer.parent.child_by_field_name("function") if outer.parent else None
            if function is None or function.type != "attribute":
                return False
            if _word(tree, function) not in _NAME_METHODS:
                return False
            compared = [function.child_by_field_name("object")]
        case "comparison_operator":
            compared = list(outer.named_children)
        case _:
            return False
    names = {
        tree.text_of(operand)
        for operand in compared
        if operand is not None and operand.type == "identifier"
    }
    loops = (ancestor for ancestor in around(outer) if ancestor.type in _LOOPS)
    return any(_runs_over_modules(tree, loop, names) for loop in loops)


def _runs_over_modules(tree: SyntaxTree, loop: Node, names: set[str]) -> bool:
    clauses = [child for child in loop.named_children if child.type == "for_in_clause"] or [loop]
    for clause in clauses:
        left, right = clause.child_by_field_name("left"), clause.child_by_field_name("right")
        if left is None or right is None or not _MODULES.search(tree.text_of(right)):
            continue
        first = left.named_children[0] if left.named_children else left  # `for k, v in …items()`
        if tree.text_of(first) in names:
            return True
    return False


def _position(arguments: Node, string: Node) -> int:
    """The number of the argument in which it stands, from 0; 2 for all behind the second."""
    count = min(arguments.named_child_count, _MOST_COMMENTS)
    children = (arguments.named_child(n) for n in range(count))
    first = [child for child in children if child.type != "comment"][:2]
    return sum(child.end_byte < string.start_byte for child in first)


def _keyword(tree: SyntaxTree, argument: Node) -> Place:
    word = _word(tree, argument.child_by_field_name("name"))
    arguments = argument.parent
    call = arguments.parent if arguments is not None else None
    function = call.child_by_field_name("function") if call is not None else None
    words = [
        _word(tree, child.child_by_field_name("name"))
        for child in (arguments.named_children if arguments is not None else [])
        if child.type == "keyword_argument"
    ]
    name = _word(tree, function)
    if word == "name" and (module := registers_tasks(name)) and _imports(tree.text, module):
        return REGISTERED
    use = of_argument(word, name, words)
    return use if use is not None else _called(tree, call, 0)


def _called(tree: SyntaxTree, call: Node | None, position: int) -> Place:
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or call is None:
        return ANYTHING
    receiver = ""
    if function.type == "attribute":
        receiver = _word(tree, function.child_by_field_name("object"))
    name, whole = _word(tree, function), tree.text_of(function)
    if position and name in {"setitem", "delitem"}:  # monkeypatch.setitem(sys.modules, "x", None)
        arguments = call.child_by_field_name("arguments")
        target = arguments.named_children[0] if arguments is not None else None
        return MODULE if _word(tree, target) == "modules" else ANYTHING
    place = of_call(name, receiver, whole, position)
    if position and place is VARIABLE:  # the value, or the default, of the variable in front
        arguments = call.child_by_field_name("arguments")
        variable = arguments.named_child(0) if arguments is not None else None
        return of_word(_literal(tree, variable)) if variable is not None else ANYTHING
    if place is LOGGER and call.parent is not None and call.parent.type == "attribute":
        return LOGGER_SETTING if configures_logger(_word(tree, call.parent)) else place
    return place


def _in_dictionary(tree: SyntaxTree, string: Node) -> Place | None:
    """What a literal is as the key or the value of a dictionary that says it."""
    pair = string.parent
    if pair is None or pair.type != "pair":
        return None
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if key == string:
        return of_key_in(_table_of(tree, pair.parent))
    if key is None or value != string or key.type != "string":
        return None
    word = tree.text_of(key).strip("'\"")
    if word == "task":
        return QUEUED
    use = of_word(word)
    return None if use is ANYTHING else use


def _table_of(tree: SyntaxTree, dictionary: Node | None) -> str:
    """What a dictionary is called: a key, a variable, an argument's keyword."""
    outer = dictionary.parent if dictionary is not None else None
    if outer is None:
        return ""
    match outer.type:
        case "pair":
            key = outer.child_by_field_name("key")
            return tree.text_of(key).strip("'\"") if key is not None else ""
        case _:
            return _bound_to(tree, outer)


def _last_key(tree: SyntaxTree, node: Node | None) -> str:
    """The key of `settings["loggers"]`, or ""."""
    if node is None or node.type != "subscript":
        return ""
    key = node.child_by_field_name("subscript")
    return _literal(tree, key) if key is not None else ""


def _is_shown(tree: SyntaxTree, outer: Node | None) -> bool:
    """Whether a text is printed, logged or raised, as it stands or put together."""
    node = outer
    for _ in range(_MOST_STEPS):
        if node is None or node.type not in _TEXT_PARTS:
            return False
        holder = node.parent
        if node.type == "argument_list" and holder is not None:
            function = holder.child_by_field_name("function")
            name, receiver = _word(tree, function), ""
            if function is not None and function.type == "attribute":
                receiver = _word(tree, function.child_by_field_name("object"))
            raised = holder.parent is not None and holder.parent.type == "raise_statement"
            if raised or shows(name, receiver):
                return True
            if name not in _TEXT_METHODS:
                return False
        node = holder
    return False


def _names_task(tree: SyntaxTree, assignment: Node) -> bool:
    """Whether it is the name by which the class around it is registered as a task."""
    statement = assignment.parent
    body = statement.parent if statement is not None else None
    owner = body.parent if body is not None else None
    if owner is None or owner.type != "class_definition":
        return False
    bases = owner.child_by_field_name("superclasses")
    names = (_word(tree, base) for base in (bases.named_children if bases is not None else ()))
    left = _word(tree, assignment.child_by_field_name("left"))
    return left == "name" and any(name.endswith("Task") for name in names)


def _is_route(tree: SyntaxTree, string: Node, outer: Node) -> bool:
    """Whether it is the first of a pair in a list that says where tasks go."""
    pair = string.parent
    if pair is None or pair.type != "tuple" or pair.named_child(0) != string:
        return False
    return of_key_in(_bound_to(tree, outer)) is QUEUED


@lru_cache(maxsize=4)
def _imports(text: str, module: str) -> bool:
    return re.search(rf"^[ \t]*(?:from|import)[ \t]+{module}\b", text, re.MULTILINE) is not None


def _bound_to(tree: SyntaxTree, outer: Node | None) -> str:
    """The variable or the keyword that takes a value, or ""."""
    if outer is None:
        return ""
    field = {"assignment": "left", "keyword_argument": "name"}.get(outer.type)
    return _word(tree, outer.child_by_field_name(field)) if field else ""


def _is_stored(tree: SyntaxTree, node: Node) -> bool:
    """Whether the node stands in a method that names what a pickle names."""
    return _stores(tree.text) and any(
        ancestor.type == "function_definition"
        and _word(tree, ancestor.child_by_field_name("name")) in _STORING
        for ancestor in around(node)
    )


@lru_cache(maxsize=4)
def _stores(text: str) -> bool:
    return any(word in text for word in _STORING)


def _command(tree: SyntaxTree, string: Node, outer: Node | None, hit: Span) -> SyntaxContext | None:
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
    if row.type == "argument_list" and (texts := _spread_command(tree, row, string)):
        return _word_zone(texts, row.named_children.index(string), span, escapes, hit)
    if row.type == "argument_list" and row.parent is not None and row.named_child(0) == string:
        name = _word(tree, row.parent.child_by_field_name("function"))
        content = _literal(tree, string)
        if name in _COMMAND_CALLS and re.search(r"\S\s+\S", content):
            start = span.start + tree.text_of(string).find(content)
            return SyntaxContext(
                Span(start, start + len(content)),
                "python-command",
                ContextKind.COMMAND,
                "shell",
                escapes,
            )
    return None


def _spread_command(tree: SyntaxTree, row: Node, string: Node) -> list[str]:
    """The words of a command that is given as arguments: `session.run("mypy", "old")`."""
    call = row.parent
    if call is None or not 2 <= row.named_child_count <= _MOST_WORDS:
        return []
    name = _word(tree, call.child_by_field_name("function"))
    if name not in _COMMAND_CALLS:
        return []
    texts = [_literal(tree, word) for word in row.named_children]
    known = name in _SPREAD_CALLS or find(texts[0]) or "-m" in texts
    return texts if known and not re.search(r"\s", texts[0]) else []


def _word_zone(texts: list[str], at: int, span: Span, escapes: bool, hit: Span) -> SyntaxContext:
    offset = 0
    if texts[0].startswith("-") or not texts[0]:  # args=["-m", ...], [sys.executable, "-m", ...]
        offset = 0 if not texts[0] else 1
        texts = ["python", *texts[1 - offset :]]
    quote = (span.end - span.start - len(texts[at + offset])) // 2
    for role in roles(texts):
        content = span.start + quote
        begin = content + role.begin
        written = content + len(texts[at + offset])
        end = written if role.end is None else content + role.end
        if role.index == at + offset and begin <= hit.start and hit.end <= end:
            return SyntaxContext(
                Span(begin, end) if role.begin or role.end or role.language else span,
                "python-command-word",
                role.context,
                role.language,
                escapes,
                role.note,
                kind=role.kind,
                evidence=Evidence.STARTED_COMMAND,
                label=role.label,
            )
    return SyntaxContext(
        span,
        "python-command-word",
        ContextKind.COMMAND,
        None,
        escapes,
        evidence=Evidence.STARTED_COMMAND,
    )


def _is_command(tree: SyntaxTree, outer: Node, texts: list[str]) -> bool:
    if len(texts) < 2:
        return False
    if "-m" in texts or _is_program(texts[0]):
        return True
    match outer.type:
        case "argument_list":
            call = outer.parent
            name = _word(tree, call.child_by_field_name("function")) if call is not None else ""
            return name in _COMMAND_CALLS
        case _:
            return _bound_to(tree, outer).lower() in _COMMAND_WORDS


def _is_program(word: str) -> bool:
    return find(word) is not None and bare_name(word) not in ENGLISH


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
