"""The commands of Makefiles: recipes, with the variables that make puts in."""

import re

from unify_backend.languages.makefile.references import RULE, VARIABLE
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import (
    CommandCollector,
    in_own_folder,
    joined_lines,
    recipe,
)

_USED = re.compile(r"\$\((?P<round>[\w.-]+)\)|\$\{(?P<curly>[\w.-]+)\}|\$(?P<short>[A-Za-z@<^*])")


def read_makefile(text: str, session: Session, sink: CommandCollector) -> Session:
    """Recipes, one shell for each line (one for all with `.ONESHELL`)."""
    session = in_own_folder(session)
    variables: dict[str, str] = {}
    held: list[tuple[int, str]] = []
    oneshell = ".ONESHELL" in text
    recipes: list[tuple[str, list[tuple[int, str]]]] = []
    for number, line in joined_lines(text):
        if line.startswith("\t") and recipes:
            held.append((number, line.strip().lstrip("@-+")))
        elif match := VARIABLE.match(line.split(" #")[0].strip()):
            if match["operator"] != "?=" or match["name"] not in variables:
                adds = match["operator"] == "+="
                known = variables.get(match["name"], "") + " " if adds else ""
                variables[match["name"]] = known + match["value"]
        elif (rule := RULE.match(line)) and not line.startswith(("\t", " ", "#", ".")):
            held = [(number, rule["recipe"][1:].strip())] if rule["recipe"] else []
            recipes.append((next(iter(rule["targets"].split()), ""), held))
    for target, lines in recipes:
        blocks = (
            [(lines[0][0], "\n".join(line for _, line in lines))] if oneshell and lines else lines
        )
        for number, line in blocks:
            recipe(_made(line, variables), number, target, session, sink)
    return session


def _made(line: str, variables: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match["round"] or match["curly"] or ""
        if name == "CURDIR":
            return "$PWD"
        if name == "MAKE":
            return "make"
        return variables.get(name, f"${name}" if name else "")

    marked = line.replace("$$", "\0")
    for _ in range(8):
        again = _USED.sub(value, marked)
        if again == marked:
            break
        marked = again
        if not any(name in marked for name in variables):
            break
    return marked.replace("\0", "$")
