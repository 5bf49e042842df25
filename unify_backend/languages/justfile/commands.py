"""The commands of justfiles: recipes, with the values of variables and parameters."""

import re

from unify_backend.languages.detect import language_of_first_line
from unify_backend.languages.justfile.syntax import (
    HEAD,
    VARIABLE,
    Line,
    lines,
    shell_of,
)
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, in_own_folder, recipe
from unify_backend.model.spans import LineIndex

_PARAMETER = re.compile(r"(\w+)\s*=\s*[\"']?([^\s\"':]+)")
_USED = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def read_justfile(text: str, session: Session, sink: CommandCollector) -> Session:
    """Recipes: one shell for each line, one script under a shebang, in the language of either."""
    session, shell, index = in_own_folder(session), shell_of(text), LineIndex(text)
    variables: dict[str, str] = {}
    recipes: list[tuple[str, list[Line]]] = []
    for line in lines(text):
        if line.body and line.text:
            recipes[-1][1].append(line)
        elif match := VARIABLE.fullmatch(line.text):
            variables[match["key"]] = match["value"].strip().strip("\"'")
        elif match := HEAD.fullmatch(line.text):
            recipes.append((match["name"], []))
            for parameter in _PARAMETER.finditer(match["rest"]):
                variables.setdefault(parameter[1], parameter[2])

    def put_in(code: str) -> str:
        return _USED.sub(lambda used: variables.get(used[1], f"${used[1]}"), code)

    for name, body in recipes:
        language: str | None = shell
        code = [re.sub(r"\\\r?\n[ \t]*", " ", line.text).lstrip("@-") for line in body]
        if body and body[0].text.startswith("#!"):
            language, code, body = language_of_first_line(code[0]), ["\n".join(code)], body[:1]
        for line, written in zip(body, code, strict=True):
            number = index.position(line.start).line
            recipe(put_in(written), number, name, session, sink, language)
    return session
