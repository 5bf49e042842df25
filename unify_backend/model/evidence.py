"""Codes: what a name is, why that is known, and why a place is rewritten, reviewed or kept.

Decisions compare these codes, never the sentences that people read. Each stands in docs/codes.md.
"""

from __future__ import annotations

from enum import StrEnum


class _Code(StrEnum):
    """A code with a sentence about it."""

    sentence: str

    def __new__(cls, code: str, sentence: str) -> _Code:
        """The member with this value; `sentence` says what it stands for."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


class NameKind(_Code):
    """What a name is."""

    MODULE = "module", "a package or module, by its dotted name"
    IDENTIFIER = "identifier", "a name in code that an import of the package binds"
    VARIABLE = "variable", "a variable, function or parameter that is not the package"
    FOLDER = "package-folder", "the package's folder, or a folder in it"
    FILE = "file", "a file of the package, or one that is called after it"
    RELATIVE_PATH = "relative-path", "a path that counts from a file or folder that moves"
    DISTRIBUTION = "distribution", "a distribution on a package index"
    ENTRY_POINT_GROUP = "entry-point-group", "a group of entry points"
    LABEL = "label", "a name of something else: a container, a database, a user, a window"
    ADDRESS = "address", "a part of an address, or a host, user or repository in one"
    KEY = "key", "a key, section or name that another system looks up"
    PATTERN = "pattern", "a pattern that has to match other text"
    PROSE = "prose", "words of a text for people"
    WORD = "word", "a longer word, or an ordinary word, that only holds the name"
    STATEMENT = "statement", "a statement about the rename itself, or about both trees"
    SPELLING = "spelling", "another spelling, renamed with the package by `also`"
    LOOKALIKE = "look-alike", "a word that only looks like the package's name"
    BINARY = "binary", "bytes in a binary file"
    UNKNOWN = "unknown", "not known: a module, a folder, or a label"


class Label(StrEnum):
    """What a key, a call or a command says that a name is the name of, whether the package's or
    another one; the value of each is the words for it."""

    CONTAINER = "a container's name"
    IMAGE = "an image's name"
    TAG = "an image's tag"
    HOST = "a host's name"
    NETWORK = "a network's name"
    COMPOSE_SERVICE = "a compose service's name"
    COMPOSE_PROJECT = "a compose project's name"
    DATABASE = "a database's name"
    DATABASE_OR_USER = "a database or its user"
    PASSWORD = "a password"
    USER = "a user's name"
    BUCKET = "a bucket's name"
    CLOUD = "a bucket or a cloud name"
    PID_FILE = "a PID file"
    SERVICE = "a service's name"
    UNIT = "a unit's name"
    VOLUME = "a volume's name"
    APPLICATION = "an application's name"
    PROJECT = "a project's name"
    QUEUE = "a queue's name"
    NAMESPACE = "a namespace"
    TITLE = "a title"
    PROCESS_TITLE = "a process's title"
    KUBERNETES = "a Kubernetes name"
    PROCESS = "a process's name"
    SESSION = "a session's name"
    LOG_TAG = "a log tag"
    NODE = "a node's name"
    ENVIRONMENT = "an environment's name"
    SECTION = "a section's name"
    BRANCH = "a branch, a tag or a remote"
    TARGET = "a target or a task"
    MADE = "the name of what is made"
    FILTER = "a filter on names"
    LOGGER = "a logger's name where it is taken"
    LOGGER_SETTING = "a logger's name where it is configured or watched"
    TASK = "a task's name where it is registered"
    TASK_USE = "a task's name where it is queued, routed or scheduled"
    PROGRAM = "a program's name"
    REPOSITORY = "a repository's name"
    SHOWN = "a part of a text that is only shown"
    OTHER = "a name of something else"


class Evidence(_Code):
    """Why it is known what a name is."""

    PARSED_IMPORT = "parsed-import", "an import statement, read by the language's parser"
    BOUND_NAME = "bound-name", "the scopes of the file tell what the identifier is bound to"
    KNOWN_CALL = "known-call", "an argument of a function that is known to take it"
    PROGRAM_OPTION = "program-option", "an argument or option of a known program"
    STARTED_COMMAND = "started-command", "a word of a command that is started here"
    SETTING = "setting", "the value of a setting whose meaning is known by its key"
    DIRECTIVE = "directive", "a directive, role, link or element of the document format"
    OPENED_PATH = "opened-path", "a path that is opened here"
    EXISTING_PATH = "existing-path", "a path that exists, where the format reads paths"
    RESOLVED_NAME = "resolved-name", "a dotted name that leads into the package"
    WORDS = "words", "the words around the name"
    WORKING_FOLDER = "working-folder", "the folder in which the command runs"
    DIAGRAM = "diagram", "a drawing of folders in a text"
    FILE_PLACE = "file-place", "the place of the file that holds it"
    DECISION = "decision", "the configuration, or a comment beside it, says so"
    SPELLED_ALIKE = "spelled-alike", "equal spelling only"


class Reason(_Code):
    """Why a place is rewritten, reviewed or kept. `{}` in a sentence is the detail of the place."""

    # The whole file, or what a configuration says
    CANONICAL = "canonical", "canonical already"
    BINARY = "binary", "inside a binary file: {}"
    UNPARSED = "unparsed", "the file cannot be parsed ({})"
    REGENERATED = "regenerated", "generated: run its generator again{}"
    SHIM = "shim", "the forwarding package: it names what it forwards"
    SHIM_ENTRY = (
        "shim-entry",
        "the forwarding package's entry among the packages: it goes with it",
    )
    DECIDED = "decided", "decided{}"
    DECIDED_ALIKE = "decided-alike", "decided{}, as the rules say"
    DECIDED_PART = "decided-part", "decided: a part of {}"
    DECIDED_BEFORE = "decided-before", "decided{}: it is written here"
    DECIDED_OPEN = (
        "decided-open",
        "decided{}, but nothing is known to put in its place: give `replacement`",
    )
    DECIDED_BESIDE = (
        "decided-beside",
        "decided{}, but its `text` is not in this place once, reaches out of it, or leaves the old "
        "name in it: give the text of the place itself, and what that becomes",
    )
    OPTED_OUT = "opted-out", "decided here: {}"
    OWN_FILE = "own-file", "this tool's own configuration"
    HISTORY = "history", "history: {}"
    ALSO = "also", "a spelling renamed with the package{}"
    ALSO_STAYS = (
        "also-stays",
        "a file or folder here is called so, and stays: move it with this place",
    )
    ALSO_FOREIGN = (
        "also-foreign",
        "a module of another project is called so: the word cannot be renamed everywhere",
    )
    LOOKALIKE = "look-alike", "only looks like the package"
    ESCAPED = (
        "escaped",
        "the name {}, written with the escapes of its format: change it by hand, in the same way",
    )
    # What the format says
    OTHER_IDENTIFIER = "other-identifier", "{}"
    OTHER_THING = "other-thing", "{}"
    MEANING_CHANGES = "meaning-changes", "{}"
    ALIASED = "aliased", "{}"
    BOUND_ELSEWHERE = "bound-elsewhere", "the package, as {} imports it under this name"
    BOUND_UNCLEARLY = (
        "bound-unclearly",
        "the package, as {} imports it under this name, but here the new name would mean another "
        "thing, or more than this import binds it",
    )
    IN_PIECES = "in-pieces", "a name in several tokens"
    SPLIT = "split", "{}"
    SPEAKS_OF_BOTH = "speaks-of-both", "{}"
    WORKING_FOLDER = "working-folder", "{}"
    MOVES_ALONG = "moves-along", "{}"
    HEADING = "heading", "{}"
    WORD_BEHIND_ESCAPE = "word-behind-escape", "a part of a longer word behind a backslash"
    # Statements about the rename
    FORMER_NAME = "former-name", "the words beside it say: a former name"
    STATES_RENAME = "states-rename", "the line names both packages: it states the rename"
    REPEATS_LINE = (
        "repeats-on-line",
        "the line names both packages: after the rename it would name one twice",
    )
    RESTATED_NEARBY = (
        "restated-nearby",
        "line {} says this of the canonical package: they state the rename",
    )
    REPEATS_NEARBY = "repeats-nearby", "after the rename it would repeat line {}"
    # What the words around the name say
    FILE_OF_TYPE = "file-of-type", "a {} file, not the package"
    FILE_OR_ATTRIBUTE = "file-or-attribute", "a {} file, or the attribute that the package binds"
    FILE_CALLED_AFTER = "file-called-after", "a file that is called after the package"
    FILE_ELSEWHERE = (
        "file-elsewhere",
        "a file that is called like the module, in another folder",
    )
    FILE_ADDRESS = "file-address", "a file's path in an address"
    DATABASE_ADDRESS = "database-address", "a database's or host's name"
    PERMANENT_LINK = "permanent-link", "a permanent link: at {} the path is the old one"
    BRANCH_LINK = (
        "branch-link",
        "a link to a branch: right once that branch holds the new tree",
    )
    URL = "url", "part of a URL"
    NAMED_VARIABLE = "named-variable", "a variable that is called after the package"
    E_MAIL = "e-mail", "an e-mail address or a user on a host"
    JOINED = (
        "joined",
        "joined to another word by a hyphen: an identifier that only contains the name",
    )
    BEHIND_AT = "behind-at", "behind an @: a scope, user or host"
    HOST = "host", "a host's name"
    FILES_BEGINNING = "files-beginning", "files whose names begin with it"
    UNKNOWN_OWNER = "unknown-owner", "what stands before the dot is not known"
    OTHER_SEGMENT = "other-segment", "a segment of another dotted name"
    SQL = "sql", "in SQL: a database, schema or table"
    CALLED = "called", "called a database, container, service or the like here"
    MOUNTED = "mounted", "a volume, image or host: something follows the colon"
    # Where a path leads
    LONGER_WORD = "longer-word", "a longer word that begins with the name"
    MOUNT_POINT = "mount-point", "a folder in a container, where something else is mounted"
    OTHER_FOLDER = "other-folder", "another folder of this repository: {}"
    OTHER_FILE = "other-file", "another file of this repository: {}"
    OTHER_PLACE = "other-place", "another place in this repository: {}"
    TWO_PLACES = "two-places", "the package's, or {}: what it counts from is not known"
    SCOPE = "scope", "behind an @: a scope, a team or a host"
    FORGE_NAME = "forge-name", "a repository, by its owner and its name"
    UNKNOWN_LEAD = (
        "unknown-lead",
        "behind {}/, which is no folder of this repository: an image, a remote or another checkout",
    )
    TAGGED = "tagged", "an image, a volume or a host: something follows the colon"
    OTHER_LOOSE_FOLDER = "other-loose-folder", "a folder {}, which need not be the package's"
    CHECKOUT = "checkout", "the package's {}, or that of a checkout which is called so"
    MACHINE_FOLDER = "machine-folder", "a folder of a machine, not of this repository"
    OUTSIDE = "outside", "leads out of this repository: a checkout beside it"
    ABSOLUTE = "absolute", "an absolute folder: of a machine or a container"
    URL_OR_FOLDER = (
        "url-or-folder",
        "a path in a string: of a URL, a route or a key of a store, or the folder",
    )
    URL_PATH = "url-path", "begins with a slash: a URL's path, or a folder of a machine"
    # What the name is used as
    UNKNOWN_BASE = "unknown-base", "{}"
    MODULE_FOLDER = (
        "module-folder",
        "a folder of the module's name, which does not move with it",
    )
    KEY = "key", "{}"
    PATTERN = (
        "pattern",
        "a pattern that must match how the process or text is spelled: "
        "change it together with what it matches",
    )
    ARGUMENT = "argument", "an argument that may be a module, a folder or a label"
    ALONE = "alone", "the name alone {}"
    UNCLEAR_USE = "unclear-use", "{}"
    WORD_IN_CODE = "word-in-code", "the name alone, which is also a word"
    WORD = (
        "word",
        "the name alone in running text, where nothing tells it from the ordinary word",
    )
    MODULE_PATH = "module-path", "a module path"
    PACKAGE_NAME = "package-name", "the package's name"
    PACKAGE_FOLDER = "package-folder", "the package's folder"
    PATH = "path", "a path"
    MODULE_FILE = "module-file", "the module's file"
    MESSAGE = "message", "in one of Python's own messages about modules"
    PREFIX = "prefix", "the beginning of a module path"
    # A package whose import name stays, and the folder around it
    FOLDER_OR_NAME = "folder-or-name", "the folder, or the import name, which stays"
    SEEN_FROM_AROUND = (
        "seen-from-around",
        "the package's folder, counted from the folder of this file: say where it is from here",
    )
    OUTER_FOLDER = "outer-folder", "the folder around the package, which holds nothing else"
    OUTER_BESIDE = (
        "outer-folder-beside",
        "line {} names the other folder: see which of the two lines stays",
    )
    OUTER_HOLDS_MORE = (
        "outer-folder-holds-more",
        "the folder around the package, but {} does not move with it: see what is selected",
    )
    OUTER_UNCLEAR = "outer-folder-unclear", "may select the folder around the package"
    # Where the new name leads
    FORESEEN = "foreseen", "a pattern for what may come"
    ONLY_LEGACY = "only-legacy", "only the legacy tree has it{}"
    MOVED_APART = "moved-apart", "a module in {}/, which does not move"
    MADE_HERE = "made-here", "a path that is made here"
    CLEARED_HERE = "cleared-here", "a path that is cleared here, if it is there"
    DEAD_INSIDE = (
        "dead-inside",
        "already broken before: it leads to nothing in the package; only its beginning changes",
    )
    DEAD = (
        "dead",
        "names nothing that git tracks in either tree: already broken before, or made at run time",
    )
    GONE = "gone", "gone with the legacy tree: {}"
    # What it depends on
    GROUPED = "grouped", "coupled with {}"
    GROUP_HELD = "group-held", "{}"
    DEPENDED_ON = "depended-on", "what depends on it is for review: {}"
    FOLDER_DEPTH = "folder-depth", "counts folders from where it lies: {}"
    LINK_TARGET = (
        "link-target",
        "a symbolic link to what moves; links are not written: let it {}",
    )
    LINK_MOVES = (
        "link-moves",
        "a symbolic link that moves with the package, and counts from there: let it {}",
    )
    FROM_FILE = "from-file", "a path that counts from here"
    FILE_NAME_ALONE = "file-name-alone", "a file's name alone: what it counts from is not known"
    ARCHIVED_DEAD = (
        "archived-dead",
        "leads to nothing that is there: already broken before, or made later",
    )
    ARCHIVED_MODULE = "archived-module", "names a module: from an archive nothing is imported"
    SCRIPT_MODULE = (
        "script-module",
        "found only where the file is run as a script: in full",
    )

    def text(self, detail: str = "") -> str:
        """The sentence for people, with the detail of one place in it."""
        return self.sentence.replace("{}", detail)
