"""Every language, and its answers.

An answer is imported when it is first asked for; the definitions themselves are small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib import import_module
from typing import TYPE_CHECKING, cast

from unify_backend.languages.contexts import place
from unify_backend.languages.definition import Language
from unify_backend.languages.language import (
    FormError,
    Fragment,
    ReferenceReader,
    SplitReference,
    SyntaxContext,
)
from unify_backend.model.references import Area
from unify_backend.model.spans import splice

if TYPE_CHECKING:
    from unify_backend.languages.insertion import Entry
    from unify_backend.languages.merge_unit import Unit
    from unify_backend.languages.relocation import Relocation
    from unify_backend.languages.scripts.shell_state import Session
    from unify_backend.languages.scripts.started import CommandCollector
    from unify_backend.languages.scripts.variable_uses import VariableUse
    from unify_backend.model.checks import DepthUse
    from unify_backend.model.spans import Edit

# The folders, in the order in which they claim a file (`languages/definition.py`).
FOLDERS = (
    "template", "dockerfile", "makefile", "dotenv", "patterns", "requirements", "procfile", "nginx",
    "webserver", "logrotate", "supervisor", "systemd", "crontab", "desktop", "hcl", "nix",
    "starlark", "cmake", "meson", "python", "shell", "batch", "powershell", "justfile", "groovy",
    "yaml", "json", "notebook", "toml", "ini", "reg", "markdown", "restructuredtext", "asciidoc",
    "latex", "html", "css", "sql", "javascript", "protobuf", "gettext", "c", "php", "ruby", "lua",
    "lisp", "text",
)  # fmt: skip
TEXT = "text"  # the language of a file that no other claims
_REMEMBERED = 2_000  # texts whose variables are remembered, by language and digest
_variables: dict[tuple[str, bytes], tuple[VariableUse, ...]] = {}


@cache
def languages() -> Mapping[str, Language]:
    """All languages by name, in the order in which they claim a file."""
    modules = (import_module(f"unify_backend.languages.{folder}") for folder in FOLDERS)
    all_languages = (cast(Language, module.LANGUAGE) for module in modules)
    return {language.name: language for language in all_languages}


@cache
def answer(language: str, question: str) -> object | None:
    """What a language answers to a question (`definition.Language`); None where it has no answer or
    there is no such language."""
    known = languages().get(language)
    place = cast("str | None", getattr(known, question)) if known else None
    if place is None:
        return None
    module, _, name = place.partition(":")
    return cast(object, getattr(import_module(f"unify_backend.languages.{module}"), name))


@cache
def scripts() -> frozenset[str]:
    """The languages whose files are lists of commands."""
    return frozenset(name for name, known in languages().items() if known.area is Area.SCRIPTS)


class Readers(Mapping[str, ReferenceReader]):
    """What reads the references of each language, made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, ReferenceReader] = {}

    def __getitem__(self, language: str) -> ReferenceReader:
        if language not in self._made:
            make = answer(language, "references")
            if make is None:
                raise KeyError(language)
            needs = (_read,) if language in {"notebook", "template"} else ()
            self._made[language] = cast(Callable[..., ReferenceReader], make)(*needs)
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return (name for name, language in languages().items() if language.references)

    def __len__(self) -> int:
        return sum(1 for _ in self)


READERS: Mapping[str, ReferenceReader] = Readers()


def merge_units(language: str) -> Callable[[str], Unit] | None:
    """What reads a text of the language as the units that a merge pairs; None where nothing does.
    It raises Unclear or Unparsable where a text has none."""
    return cast("Callable[[str], Unit] | None", answer(language, "merge_units"))


def read_commands(language: str, text: str, session: Session, sink: CommandCollector) -> Session:
    """Gathers the commands in a text of the language into `sink`; the session at its end. A
    language without an answer has none. Raises FormError where a configuration file is none."""
    read = cast(
        "Callable[[str, Session, CommandCollector], Session] | None", answer(language, "commands")
    )
    return session if read is None else read(text, session, sink)


def relative_paths(language: str, text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The paths in a text that count from where its file lies, once that moves; none where the
    language has no answer."""
    read = answer(language, "relative_paths")
    if read is None:
        return ()
    return tuple(cast("Callable[[str, Relocation], Iterable[DepthUse]]", read)(text, where))


def inserted(language: str, text: str, entry: Entry) -> str:
    """A text with an entry in it. Raises FormError with the reason where that cannot be done for
    sure."""
    edit_for = cast("Callable[[str, Entry], Edit] | None", answer(language, "insert"))
    if edit_for is None:
        raise FormError(f"nothing is known of how to add to {language}")
    return splice(text, [edit_for(text, entry)])


def variables(language: str, text: str) -> tuple[VariableUse, ...]:
    """The places in a text that set variables or read them, in any order. A language without an
    answer may still hold commands: what looks like a reading is taken for one."""
    key = language, blake2b(text.encode("utf-8", "surrogatepass")).digest()
    if key not in _variables:  # a run that reads the state before and after asks for most twice
        from unify_backend.languages.scripts.variable_uses import read_anywhere

        read = cast("Callable[[str], Iterable[VariableUse]] | None", answer(language, "variables"))
        if len(_variables) >= _REMEMBERED:
            del _variables[next(iter(_variables))]
        _variables[key] = tuple((read or read_anywhere)(text))
    return _variables[key]


def is_valid(language: str, text: str) -> bool | None:
    """Whether a text can be read as the language; None where nothing here can tell."""
    check = cast("Callable[[str], None] | None", answer(language, "is_valid"))
    if check is None:
        return None
    try:
        check(text)
    except ValueError:
        return False
    return True


def _read(language: str, fragment: Fragment) -> Iterable[SyntaxContext | SplitReference]:
    """The places in a text that a form has freed from what is around it.

    Names of which nothing is known have no zone. Raises FormError where `language` does not fit.
    """
    places = place(READERS, language, fragment)
    if places.problem:
        raise FormError(places.problem)
    return [*(zone for zone in places.zones if zone.languages), *places.splits]
