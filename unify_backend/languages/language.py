"""What a form says about a file: which stretches of its text are what.

A form is text in, zones out. It does not decide what happens to a name; it says in which kind of
place the name stands; `references/classify.py` decides from that, the same way for every format.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from unify_backend.languages.definition import Unparsable
from unify_backend.model.evidence import Evidence, Label, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names, StatementSplit
from unify_backend.model.spans import Span


class ContextKind(StrEnum):
    """The kind of place in which a name stands."""

    IMPORT = "import"  # the module token of an import statement
    NAME = "name"  # an identifier in code, bound by an import of the package
    OTHER_NAME = "other-name"  # an identifier in code that is not the package
    STRING = "string"  # a string literal or value that could hold anything
    MODULE_STRING = "module-string"  # a string that the code uses as a module name
    PATH_STRING = "path-string"  # a string that the code uses as a path (or one segment of it)
    COMMENT = "comment"  # a comment or docstring: prose with names in it
    PROSE = "prose"  # running text of a document
    CODE_SPAN = "code-span"  # inline code or code block of a document with no known language
    COMMAND = "command"  # a command line, or part of one
    PATTERN = "pattern"  # a text that a command looks for in others
    VALUE = "value"  # a value in a configuration file
    PATH_VALUE = "path-value"  # a value in a configuration file that is known to be a path
    MODULE_VALUE = "module-value"  # a value in a configuration file that is known to be a module
    KEY = "key"  # a key, a service's or section's name
    LABEL = "label"  # a name of something else: container, volume, database, window title, PID file
    CONFLICT = "conflict"  # code in which the rename would change a meaning; the note says how


@dataclass(frozen=True, slots=True)
class SyntaxContext:
    """One stretch of text. Where zones nest, the innermost one that holds a name counts.

    `form` names the form and what it found, like `python-import`. With `language` the stretch is
    handed to the form of that language (a fence, a `run:` block) and `context` counts only where
    that form says nothing. `escapes` is true where a backslash escapes the next character, so
    that a Windows separator is written twice. `note` becomes the detail of the reference's reason
    where the classifier has no better one, and `reason` its code where the context leaves it open.
    `kind` and `evidence` say what the name is and why that is known, where the context does not.
    `from_file` is true where paths count from the file that holds them, not from the top of the
    repository. `margin` is a pattern for what stands in front of each line and is no part of the
    language: a quotation's `> `, a prompt. `foresees` is true where names may lead to what is only
    made later: an ignore pattern. `destination` is true of a place in an image or an installation
    to which something is copied. `separator` is how folders are joined here where the name as it
    stands shows none.

    `label` says what a key, a call or a command takes the name for the name of.

    `zones.py` fills in `languages`, those that were read to get here, from the file's own inwards
    (none where no form said anything), and `in_comment`, true below a comment or docstring.
    `restatements.py` fills in `former`, where the words around the name call it a former one, and
    `repeats`, the number of a line near by that says the same of the canonical package (0: none);
    `repeats_alike` is true where that is the very line that this one would become, its names in the
    same kinds of places.
    """

    span: Span
    form: str
    context: ContextKind
    language: str | None = None
    escapes: bool = False
    note: str = ""
    margin: str = ""
    foresees: bool = False
    destination: bool = False
    separator: str = "/"
    reason: Reason | None = None
    kind: NameKind | None = None
    evidence: Evidence | None = None
    from_file: bool = False
    label: Label | None = None
    languages: tuple[str, ...] = ()
    in_comment: bool = False
    former: bool = False
    repeats: int = 0
    repeats_alike: bool = False

    @property
    def comment(self) -> bool:
        """Whether it is in a comment or docstring."""
        return self.in_comment or self.context is ContextKind.COMMENT


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a form is given: a whole file, or a stretch of one in the form's language.

    `hits` are the places in `text` that hold one of the package's names, sorted; a form needs to
    look only around them. `moves` are for forms that know ways to write a name which no search for
    it can see. `embedded` is true for a stretch. `path` is the file's path in the repository, for
    forms that depend on its name. The last two are false where the text around goes on in front of
    the first line, or behind the last.
    """

    path: str
    text: str
    hits: Sequence[Span]
    moves: Sequence[PackageMove] = ()
    embedded: bool = False
    whole_first_line: bool = True
    whole_last_line: bool = True


@dataclass(frozen=True, slots=True)
class SplitReference:
    """A legacy name that no search sees: written in several tokens (`from acme import billing`,
    `"acme" / "billing"`), or implied by where it stands (`cd ..` behind `cd old`).

    `replacement` is what the whole span becomes, or None where a person must do it (`note`); with
    `review`, or where the name at `follows` stays as it is, it is only a proposal. `note` is the
    reason in any case where it is given. With `companion` it is no reference of its own: where the
    name at `follows` stays, it is left out (the line under a title). With `stays` nothing has to
    change: it is kept, and listed for who wants to know.

    With `counted` it is one only where nothing is at the first of these paths any more, and
    something at the second: a file that was moved by hand, and still counts from its old place.

    As long as it is for review, the names at `holds` are not rewritten, nor is the one at
    `follows`: without them nothing would tell that this place depends on the package.

    With `statement` the name is one of several in an import: its edits are made, instead of
    replacing the span.
    """

    span: Span
    form: str
    move: PackageMove
    replacement: str | None
    note: str = ""
    names: Names = Names.LEGACY
    review: bool = False
    follows: Span | None = None
    companion: bool = False
    stays: bool = False
    holds: tuple[Span, ...] = ()
    reason: Reason = Reason.SPLIT
    kind: NameKind = NameKind.MODULE
    evidence: Evidence = Evidence.WORDS
    languages: tuple[str, ...] = ()
    statement: StatementSplit | None = None
    counted: tuple[str, str] | None = None


class ReferenceReader(Protocol):
    """One way in which a file can name a module or its path.

    A form whose paths count from the file that holds them says so: `paths_from_file = True`.
    """

    def contexts(self, fragment: Fragment) -> Iterable[SyntaxContext | SplitReference]:
        """The zones around `fragment.hits`, positions in `fragment.text`, in any order.

        Raises FormError where the text is not what its name says; the places are then treated
        as plain text, and the file becomes a finding.
        """
        ...


class FormError(Unparsable):
    """The text cannot be read as this format; the message says where and why."""
