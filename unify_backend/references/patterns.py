r"""Patterns for the words around a name where no grammar applies: commands, labels, folders,
addresses.

Each pattern searches the rest of the line before the name (and then ends in `$`) or after it. They
search a bounded stretch (`names/tokens.py`), so none of them can become slow.
"""

import re

from unify_backend.languages.key_values import DATABASES
from unify_backend.languages.scripts.machines import MACHINE_FOLDERS
from unify_backend.languages.scripts.programs import Group, pattern

_QUOTES = r"[`'\"*_]*"
MACHINE = re.compile(rf"^(?:/|[A-Za-z]:/)(?:{MACHINE_FOLDERS})\b")
# Where programs keep what is a user's, whatever lies there: never a checkout of the repository
USERS = re.compile(
    r"(?i)^(?:\$\{?XDG_\w+\}?|%(?:LOCAL)?APPDATA%|\$env:(?:LOCAL)?APPDATA|"
    r"(?:~\w*|\$\$?HOME|%USERPROFILE%)/(?:\.\w[\w.-]*|Library|AppData))/"
)
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20})://[^\s\"'`<>]*$")
DATABASE = re.compile(rf"sql|{DATABASES}")
FILE_ADDRESS = re.compile(r"(?:file|sqlite(?:\+\w+)?):///?[^\s\"'`<>]*$")
FORGE = re.compile(r"/(?:-/)?(?:blob|tree|raw|edit|blame|src/branch)/(?P<ref>[^/\s]+)/$")
# `issues_github_path = "owner/` and its like: what is named so is a repository, no path
FORGE_NAME = re.compile(
    r"(?i)(?:github|gitlab|bitbucket|codeberg|repo|repository|slug)(?:[_-]\w+)?[\"']?\s*[:=]\s*"
    r"[\"']?[\w.-]+/$"
)
PERMANENT = re.compile(r"[0-9a-f]{7,40}|v?\d+(?:\.\d+)*(?:[-.]?(?:rc|a|b|post|dev)\d*)?")
PREFIX = re.compile(r"[^\s\"'`=,;(){}\[\]|&<>^]*$")
VARIABLE = re.compile(r"(?:\$\{?|(?<!%)%\{?|\$env:|\{\{-?\s*|\$\{\{\s*)$", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{$")
PLACEHOLDER_END = re.compile(r"[}!:]")
HYPHEN_BEFORE = re.compile(r"\w-$")
HYPHEN_AFTER = re.compile(r"-[\w$({%]")
E_MAIL_BEFORE = re.compile(r"[\w.+%}-]@$")
HOST = re.compile(
    r"\.(?:com|org|net|social|localhost|(?:nip|sslip|github|gitlab|readthedocs)\.io)$"
)
FILES_AFTER = re.compile(r"\*[\w.{}*-]*\.\w")  # `old*.whl`
E_MAIL = re.compile(r"@[\w-]+(?:\.[\w-]+)+")
SEGMENT_BEFORE = re.compile(r"[\w}\])]\.$")
SQL = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|SCHEMA|DATABASE|USE|ON|OWNER TO|ROLE|USER|INDEX)\s+[\"`]?$"
)
VOLUME_AFTER = re.compile(r":[\w./]")

_THINGS = (
    r"database|db|container|volume|image|service|network|user|role|schema|bucket|queue|topic|"
    r"hostname|host|cluster|namespace|index|table|distribution|window|title|repo|repository|"
    r"branch|pid ?file"
)
LABELS_BEFORE = re.compile(
    rf"(?i)\b(?:{_THINGS})(?:[ _-]?name)?s?(?:\s+(?:is|named|called))?[\s:=]*{_QUOTES}$"
)
LABELS_AFTER = re.compile(
    rf"(?i){_QUOTES}\s+(?:database|db|container|volume|image|service|network|user|role|bucket|"
    r"queue|repo|repository|branch|systemd|unit|window)\b"
)
FOLDER_AFTER = re.compile(rf"(?i){_QUOTES}\s+(?:folder|directory|directories|dir|tree|subtree)s?\b")
FOLDER_BEFORE = re.compile(rf"(?i)\b(?:folder|directory|dir|tree)\s+(?:the\s+)?{_QUOTES}$")
# These do not apply to a name that is an ordinary word: `we turned the code into flask`
INSIDE_BEFORE = re.compile(
    rf"(?i)\b(?:inside|under|within|into|entire|whole)\s+(?:the\s+)?{_QUOTES}$"
)
MODULE_AFTER = re.compile(rf"(?i){_QUOTES}\s+(?:package|module|import|distribution)s?\b")
TREE_BRANCH = re.compile(r"[├└]\S*\s*$|^[\s|]*[|+`\\]-{1,3}\s*$")
PATH_CALL = re.compile(r"(?:\b(?:path\.join|joinpath|Path)\([^()]*|[\w)\"'] / )[\"']$")
CHANGE_FOLDER = re.compile(r"\b(?:cd|pushd)\s+(?:/d\s+)?[\"']?$")
MODULE_OPTION = re.compile(
    r"(?:^|[\s\"'`])(?:-m|--cov=?|--module[= ]|--package[= ]|--app[= ]|--pyargs)\s*[\"']?$|"
    r"\b(?:import|from)\s+$"
)
CODE_IN_STRING = re.compile(
    r"[\s\"'`](?:-m|--cov=?|--pyargs|--module[= ])\s*$|\b(?:import|from)\s+$"
)
# What Python itself says of a module: `module 'old' has no attribute 'x'` (CPython's
# Objects/moduleobject.c, Python/ceval.c, Lib/importlib/_bootstrap.py); in a regular expression too
MESSAGE_BEFORE = re.compile(
    r"(?:\bmodule |\bNo module named |\bcannot import name [^\n]{0,60} from |"
    r"\bfrom partially initialized module )"
    r"\\{0,2}['\"]?$"
)
MESSAGE_AFTER = re.compile(
    r"\\{0,2}['\"]?(?: has no attribute\b| \(|\s*(?:[\"'`.;)]|$)| does not (?:appear|exist)\b)"
)
IMPORT_BEFORE = re.compile(r"\bimport\s+$")
FROM_BEFORE = re.compile(r"\bfrom\s+$")
IMPORT_AFTER = re.compile(r"\s+import\b")
# `"old." + name`, `"old.{}".format(name)`: a module follows, unless it is a file's ending
PREFIX_AFTER = re.compile(
    r"\\{0,2}\.(?:[\"'`]|\{(?!ext|suffix|date|pid|stamp|format)[^{}\n]*\}(?!\.)|%s(?!\.))"
)
KILLERS = re.compile(r"\b(?:pkill|pgrep|killall|taskkill|tasklist)\b[^|;&\n]*$")
PATTERN_COMMAND = re.compile(rf"\b(?:{pattern(Group.SEARCH, Group.PROCESS)})\b[^|;&\n]*$")
SEARCH_PATH = re.compile(r"PYTHONPATH=\S*$|[:;]$")
# `rm -f` does not ask whether the file is there: builds leave it, or do not
CLEARS = re.compile(r"\brm\s+(?:-[\w-]+\s+)*-(?:-force|\w*f\w*)\s+[^|;&\n]*$")
CREATES = re.compile(
    r"(?:^|[\s;&|(\"'`])(?:mkdir|touch|md|New-Item|install -d|tee|makedirs\()[^|;&\n]*$|>\s*[\"']?$"
)
