"""What a language is: the files it is in, the labels of its code blocks, and what it can answer.

A language is a folder here whose `__init__.py` binds `LANGUAGE`, and a name in
`languages/registry.py`. Each question is answered by a class or function elsewhere, written as
`module:name` below `unify_backend.languages` and imported when it is first asked for: most files of
a repository hold no name, and compiling the patterns of all languages takes longer than searching
those files. None says that the language has no answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.entrypoints import Platform
from unify_backend.model.references import Area


class Comparison(StrEnum):
    """How two files of a language are compared."""

    PYTHON = "Python"  # by its syntax tree
    JSON = "JSON"  # these by their data
    YAML = "YAML"
    TOML = "TOML"
    INI = "INI"
    ENV = "environment file"
    PROSE = "prose"  # white space, line breaks included, has no meaning
    LINES = "lines"  # a line is an entry: blank lines and spaces have no meaning
    OTHER = "other"  # compared as text, character by character


@dataclass(frozen=True, slots=True)
class FileNames:
    """Which files are in a language. Of several languages that claim a file, one that claims it by
    `paths` wins, then by `names`, then by `patterns`, then by `suffixes`, then by `first_lines`;
    among equals the first in the registry.

    `names` are whole file names in lower case, `suffixes` what stands behind the last dot, in lower
    case. `patterns`, `paths`, `first_lines` are regular expressions: for the whole file name, for
    the whole path (its folders in lower case), and for the beginning of the first line.
    """

    names: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    first_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """What shows that a block of code is in a language, where its label names one of the languages
    `of` or nothing is said: a line that begins as the regular expression `lines` says, of a block
    without a label its first."""

    of: tuple[str, ...]
    lines: str


@dataclass(frozen=True, slots=True)
class Language:
    """One format. `name` is its key everywhere; its folder is called so, too.

    `fences` are the labels of its code blocks in documents, in lower case, `dialect` says which
    blocks of another label are in it all the same. `area` is the part of a
    repository that its files belong to where no folder says otherwise. `platform` is where its
    commands run.

    The questions, each `module:name` or None:

    - `references`: a class whose `contexts(fragment)` says in which kinds of places names stand;
    - `is_valid`: a function of a text that raises ValueError where it is none of the
      language; what we write is tried with it;
    - `merge_units`: a function from a text to the tree of units that a merge pairs;
    - `commands`: a function from a text and a script's state to the commands in it;
    - `relative_paths`: a function from a text and a relocation to the paths that lead elsewhere
      after it;
    - `variables`: a function from a text to the places that set variables or read them;
    - `insert`: a function from a text and an `insertion.Entry` to the edit that puts it in. It
      raises FormError with the reason where no edit is certain to change nothing else.
    """

    name: str
    files: FileNames = FileNames()
    fences: tuple[str, ...] = ()
    dialect: Dialect | None = None
    area: Area | None = None
    platform: Platform = Platform.POSIX
    comparison: Comparison = Comparison.OTHER
    references: str | None = None
    is_valid: str | None = None
    merge_units: str | None = None
    commands: str | None = None
    relative_paths: str | None = None
    insert: str | None = None
    variables: str | None = None


class Unparsable(ValueError):
    """The text is not what the file's name says; the message says why and where."""


def words(text: str) -> tuple[str, ...]:
    """The words of `text`: a list of names that is easy to read."""
    return tuple(text.split())
