"""The commands of justfiles: recipes, with the values of variables and parameters."""

import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Sink, in_own_folder, joined_lines, recipe

_JUST_VARIABLE = re.compile(r"(?:export\s+)?(?P<name>\w+)\s*:=\s*(?P<value>.+)")
_JUST_RULE = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<parameters>[^:=]*):(?!=).*")


def read_justfile(text: str, session: Session, sink: Sink) -> Session:
    """Recipes: one shell for each line, one for all under a shebang."""
    session = in_own_folder(session)
    variables: dict[str, str] = {}
    name, body = "", list[tuple[int, str]]()
    recipes: list[tuple[str, list[tuple[int, str]]]] = []
    for number, line in joined_lines(text):
        if line[:1] in {" ", "\t"} and recipes:
            body.append((number, line.strip()))
        elif found := _JUST_VARIABLE.fullmatch(line.strip()):
            variables[found["name"]] = found["value"].strip().strip("\"'")
        elif rule := _JUST_RULE.fullmatch(line.rstrip()):
            name, body = rule["name"], []
            recipes.append((name, body))
            for given in re.finditer(r"(\w+)\s*=\s*[\"']?([^\s\"']+)", rule["parameters"]):
                variables.setdefault(given[1], given[2])
    for name, lines in recipes:
        shebang = bool(lines) and lines[0][1].startswith("#!")
        blocks = [(lines[0][0], "\n".join(one for _, one in lines))] if shebang else lines
        for number, line in blocks:
            put = re.sub(
                r"\{\{\s*(\w+)\s*\}\}", lambda one: variables.get(one[1], f"${one[1]}"), line
            )
            recipe(put.lstrip("@-"), number, name, session, sink)
    return session
