"""A hook in `.pre-commit-config.yaml`.

It is a `local` one: pre-commit clones the repository of any other kind, and this project's address
is not for the installed tool to know. Where it is known what pip installs, pre-commit makes an
environment with it; else the hook runs the command that is on the path.
"""

from collections.abc import Iterator

from unify_backend.integrations.templates import quoted
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.insertion import Entry, Shape
from unify_backend.languages.language import FormError
from unify_backend.languages.registry import inserted
from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    Facts,
    Files,
    ManualStep,
    Step,
)

PATH = ".pre-commit-config.yaml"
HOOKS = ("unify-backend-check", "unify-backend-check-all")
COPIES_HOOK = "unify-backend-copies"  # for teams that keep two copies for a while; never added


def pre_commit(files: Files, facts: Facts) -> Iterator[Step]:
    """The hook behind the others, once. A configuration in brackets is changed by hand."""
    text, item = files(PATH), _item(facts)
    whole = f"repos:\n{item}"
    if text is None:
        yield AddedText(PATH, whole, whole)
        return
    try:
        document = parse_yaml(text)
        if set(HOOKS).intersection(document.values_under("repos")):
            yield AlreadyPresent(PATH)
            return
        entry = Entry(("repos",), item, Shape.ITEM) if document.roots else Entry((), whole)
        yield AddedText(PATH, entry.lines, inserted("yaml", text, entry))
    except FormError as error:
        yield ManualStep(PATH, str(error), whole)


def _item(facts: Facts) -> str:
    lines = [
        "- repo: local",
        "  hooks:",
        f"    - id: {HOOKS[0]}",
        "      name: no new references to a legacy package",
        "      entry: unify-backend check",
        "      language: system",
        "      require_serial: true",
    ]
    if facts.requirement is not None:
        lines[-2:-1] = [
            "      language: python",
            f"      additional_dependencies: [{quoted(facts.requirement)}]",
        ]
    return "".join(f"{line}\n" for line in lines)
