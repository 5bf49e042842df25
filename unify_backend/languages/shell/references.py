"""Shell: scripts, `run:` blocks, recipes, and the command lines of documents.

tree-sitter reads what is shell; what it cannot read (a prompt, a placeholder, half a line) is read
word by word. Here-documents are taken out first: their end may be indented, as in a YAML block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from unify_backend.languages.detect import language_of
from unify_backend.languages.key_values import addresses, holding, lines_at, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.registry import TEXT
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word, split_commands, unjoined
from unify_backend.languages.scripts.implied_paths import Place, implied_paths
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.languages.scripts.unknown_roots import behind_variables
from unify_backend.languages.shell.syntax import DIALECT, PROMPT, parse_shell, shell_word
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.evidence import Evidence, Label
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_HEREDOC = re.compile(r"(?<!<)<<-?[ \t]*(?P<quote>['\"\\]?)(?P<end>[A-Za-z_]\w*)(?P=quote)?")
_HEREDOC_LANGUAGES = {
    "python": r"(?:python|pypy)[\d.]*w?(?:[ \t]+-\w+)*(?:[ \t]+-(?:[ \t][^|;&]*)?)?[ \t]*$",
    "shell": r"(?:\b(?:ba|z|da|k)?sh|\bssh\b[^|;&]*)(?:[ \t]+-\w+)*[ \t]*$",
}
_TARGET = re.compile(r"(?:>>?|\btee(?: -a)?)[ \t]*[\"']?(?P<file>[^\s\"'|;&<>]+)[\"']?(?=\s|$)")
_STATEMENTS = frozenset(
    {
        "command",
        "variable_assignment",
        "test_command",
        "file_redirect",
        "for_statement",
        "case_item",
        "case_statement",
        "function_definition",
        "declaration_command",
        "unset_command",
        "herestring_redirect",
        "redirected_statement",
    }
)


class ShellReferences:
    """Comments, here-documents, assignments and the words of commands."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises, text that does not parse is read as words."""
        if not fragment.hits:
            return
        text, masked = fragment.text, fragment.text
        taken: list[Span] = []
        for body, head, language in _heredocs(text):
            masked = _blank(_blank(masked, body), head)
            taken.append(body)
            if holding(fragment.hits, body):
                yield SyntaxContext(body, "shell-heredoc", ContextKind.VALUE, language)
        for prompt in PROMPT.finditer(text):
            masked = _blank(masked, Span(*prompt.span()))
        tree = SyntaxTree("bash", masked)
        for hit in fragment.hits:
            if not any(body.holds(hit) for body in taken):
                yield from _around(tree, fragment, hit)
        yield from addresses(text, fragment.hits, "shell-address")
        commands = [hit for hit in fragment.hits if not any(body.holds(hit) for body in taken)]
        yield from of_machine(text, commands, "shell")
        yield from behind_variables(text, commands, "shell", "shell")
        place = Place(fragment.hits, fragment.moves, "shell")
        yield from implied_paths(parse_shell(masked, tree), DIALECT, place)


def _around(tree: SyntaxTree, fragment: Fragment, hit: Span) -> Iterator[SyntaxContext]:
    node: Node | None = tree.node_at(hit)
    while node is not None and node.type not in _STATEMENTS:
        if node.type == "comment":
            yield SyntaxContext(tree.span(node), "shell-comment", ContextKind.COMMENT)
            return
        if node.type in {"variable_name", "special_variable_name"}:
            yield SyntaxContext(
                tree.span(node),
                "shell-variable",
                ContextKind.OTHER_NAME,
                note="a variable that is called after the package",
            )
            return
        if node.type == "ERROR":
            node = None
            break
        node = node.parent
    if node is None or node.has_error:
        yield from _by_words(fragment.text, hit)
        return
    span = tree.span(node)
    match node.type:
        case "variable_assignment":
            yield from _assignment(tree, node, fragment.text, hit)
        case "function_definition":
            yield SyntaxContext(
                span, "shell-function", ContextKind.OTHER_NAME, note="a function's name"
            )
        case "herestring_redirect":
            begin = fragment.text.rfind("\n", 0, span.start) + 1
            language = _heredoc_language("", fragment.text[begin : span.start])
            for word in (shell_word(tree, child) for child in node.named_children):
                inside = word.span
                yield SyntaxContext(inside, "shell-here-string", ContextKind.STRING, language)
        case "file_redirect" | "redirected_statement":
            yield SyntaxContext(
                span, "shell-redirect", ContextKind.PATH_STRING, evidence=Evidence.OPENED_PATH
            )
        case "for_statement":
            name = node.child_by_field_name("variable")
            place = of_variable(tree.text_of(name) if name else "", fragment.text, hit)
            yield place.at(span, "shell-list")
        case "command":
            yield SyntaxContext(span, "shell-command", ContextKind.COMMAND)
            yield from _command(tree, node, hit)
        case "test_command":
            yield SyntaxContext(span, "shell-test", ContextKind.COMMAND)
            operands = [
                word
                for part in split_commands(tree.text_of(node), span.start)
                for word in part
                if word.text not in {"]", "]]"}
            ]
            yield from contexts_of(operands, [hit], "shell-test")
            yield from _compared(tree, node, hit)
        case _:
            yield SyntaxContext(span, "shell-command", ContextKind.COMMAND)


def _compared(tree: SyntaxTree, test: Node, hit: Span) -> Iterator[SyntaxContext]:
    """The name as an operand of `=`, `==`, `!=`, `=~`: it is compared with another text."""
    node: Node | None = tree.node_at(hit)
    while node is not None and node != test:
        if node.type == "binary_expression":
            operator = node.child_by_field_name("operator") or node.children[1]
            if operator.type in {"=", "==", "!=", "=~"}:
                operands = [shell_word(tree, child) for child in node.named_children]
                spans = [word.span for word in operands]
                for span in spans:
                    if span.holds(hit):
                        yield SyntaxContext(span, "shell-comparison", ContextKind.STRING)
            return
        node = node.parent


def _assignment(tree: SyntaxTree, node: Node, text: str, hit: Span) -> Iterator[SyntaxContext]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return
    variable = tree.text_of(name)
    place = of_variable(variable, text, hit)
    form = "shell-pid-file" if place.label is Label.PID_FILE else "shell-variable"
    yield place.at(tree.span(value), form)
    if value.type == "array":  # the words of a command that is put together first
        words = [shell_word(tree, child) for child in value.named_children]
        yield from contexts_of([Word("", tree.span(value).start), *words], [hit], "shell-list")


def _command(tree: SyntaxTree, node: Node, hit: Span) -> Iterator[SyntaxContext]:
    words = [
        shell_word(tree, child)
        for child in node.children
        if child.type not in {"file_redirect", "variable_assignment", "heredoc_redirect"}
    ]
    first = words[0] if words else None
    if first and tree.text[hit.start : hit.end] == first.text and first.start == hit.start:
        yield SyntaxContext(
            hit, "shell-command", ContextKind.LABEL, note="a command that is called like this"
        )
        return
    for zone in contexts_of(words, [hit], "shell-command"):
        quoted = tree.text[zone.span.start - 1 : zone.span.start] == '"' and zone.language
        yield replace(zone, escapes=bool(quoted), evidence=None)


def _by_words(text: str, hit: Span) -> Iterator[SyntaxContext]:
    """Reads the line that holds the hit without a grammar."""
    for line in lines_at(text, [hit], "\\"):
        prompt = PROMPT.match(line.text)
        begin = prompt.end() if prompt else 0
        comment = re.search(r"(?:^|[ \t])#(?![^\s\"']*[\"'])", line.text[begin:])
        if comment and line.start + begin + comment.end() <= hit.start:
            start = line.start + begin + comment.end() - 1
            yield SyntaxContext(Span(start, line.span.end), "shell-comment", ContextKind.COMMENT)
            return
        body = unjoined(line.text[begin:], "\\")
        yield SyntaxContext(
            Span(line.start + begin, line.span.end), "shell-command", ContextKind.COMMAND
        )
        for words in split_commands(body, line.start + begin):
            yield from contexts_of(words, [hit], "shell-command")


def _heredocs(text: str) -> Iterator[tuple[Span, Span, str | None]]:
    """Here-documents: body with its end line, the `<<END` itself, and the body's language."""
    at = 0
    while match := _HEREDOC.search(text, at):
        at = match.end()
        line_start = text.rfind("\n", 0, match.start()) + 1
        line_end = text.find("\n", match.end())
        if line_end < 0 or "#" in re.sub(r"\S#", "", text[line_start : match.start()]):
            continue
        end = re.compile(rf"^[ \t]*{match['end']}[ \t]*\r?$", re.MULTILINE)
        if closed := end.search(text, line_end + 1):
            line = text[line_start:line_end]
            language = _heredoc_language(line, text[line_start : match.start()])
            yield Span(line_end + 1, closed.start()), Span(*match.span()), language
            yield Span(closed.start(), closed.end()), Span(*match.span()), None
            at = closed.end()


def _heredoc_language(line: str, before: str) -> str | None:
    for language, pattern in _HEREDOC_LANGUAGES.items():
        if re.search(pattern, before):
            return language
    target = _TARGET.search(line)
    language = language_of(target["file"], "") if target else TEXT
    return None if language == TEXT else language


def _blank(text: str, span: Span) -> str:
    """`text` with spaces in place of `span`, line ends and positions kept."""
    hidden = re.sub(r"[^\r\n]", " ", text[span.start : span.end])
    return text[: span.start] + hidden + text[span.end :]
