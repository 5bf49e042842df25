"""Python source as syntax trees: what means the same, and what is only talk."""

import ast
import io
import tokenize
import warnings
from inspect import cleandoc

from unify_backend.languages.definition import Unparsable

_BLOCKS = ("body", "orelse", "finalbody")


def parse(text: str) -> ast.Module:
    """The syntax tree of `text`; raises Unparsable. Warnings about the code are not ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        where = f" (line {error.lineno})" if error.lineno else ""
        raise Unparsable(f"does not parse as Python: {error.msg}{where}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unparsable(f"does not parse as Python: {type(error).__name__}") from error


def same(first: object, second: object) -> bool:
    """Whether two trees, or lists of trees, mean the same: all fields equal, places left out.

    Works without recursion, because generated code can be nested deeper than the stack.
    """
    waiting = [(first, second)]
    while waiting:
        one, other = waiting.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, ast.AST):
            waiting += [
                (getattr(one, name, None), getattr(other, name, None))
                for name in one._fields
                if name != "kind"  # the u of u"text"
            ]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            waiting += zip(one, other, strict=True)
        elif one != other:
            return False
    return True


def tidy_docstrings(tree: ast.Module) -> None:
    """Takes the indentation out of docstrings, in place, as every reader of them does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = _bare_string(node.body[0]) if node.body else None
            if text is not None:
                text.value = cleandoc(str(text.value))


def drop_bare_strings(tree: ast.Module) -> None:
    """Takes out, in place, the statements that are only a string: docstrings, examples, notes
    below an attribute. A block left empty becomes `pass`."""
    for node in ast.walk(tree):
        for field in _BLOCKS:
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            kept = [one for one in block if _bare_string(one) is None]
            if not kept and block and field == "body" and node is not tree:
                kept = [ast.copy_location(ast.Pass(), block[0])]
            block[:] = kept


def comments(text: str) -> list[str]:
    """All comments in order, trailing blanks left out. Text that the tokenizer cannot read is one
    comment, so that it equals nothing but itself."""
    try:
        return [
            token.string.rstrip()
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT
        ]
    except (tokenize.TokenError, SyntaxError):
        return [text]


def _bare_string(statement: ast.AST) -> ast.Constant | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value if isinstance(statement.value.value, str) else None
    return None
