"""What well-known functions take that is no plain text: one table for all languages.

A function is known by its own name, without what stands before the last dot. Names that mean the
same everywhere stand once; beside them stand those that one language alone has.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

PYTHON, JAVASCRIPT = "python", "javascript"
_EVERYWHERE = ""


class Takes(Enum):
    """What the first argument of a function is, or the value of a key."""

    ADDRESS = auto()  # the path of a route, of a request, of an object in a store
    STATEMENT = auto()  # a statement of SQL
    TABLE = auto()  # the name of a table of a database
    COMMAND = auto()  # a command, as one text or as a list of words
    COMMAND_WORDS = auto()  # a command, each word an argument
    IMPORT = auto()  # the name of a module that is imported or looked for


_FUNCTIONS = {
    (Takes.ADDRESS, _EVERYWHERE): (
        "get post put patch delete head options request fetch route redirect"
    ),
    (Takes.ADDRESS, PYTHON): (
        "path re_path url add_route add_get add_post add_put add_patch add_delete add_head "
        "add_view add_url_rule register urljoin websocket api_route put_object get_object "
        "head_object delete_object upload_file upload_fileobj download_file download_fileobj blob"
    ),
    (Takes.ADDRESS, JAVASCRIPT): "axios push replace navigate ajax getJSON open URL",
    (Takes.STATEMENT, PYTHON): (
        "execute executemany executescript exec_driver_sql text raw sql scalar scalars fetch "
        "fetchall fetchone fetchrow fetchval mogrify read_sql read_sql_query RunSQL query prepare"
    ),
    (Takes.TABLE, PYTHON): (
        "table Table saveAsTable insertInto create_table drop_table has_table rename_table "
        "read_table read_sql_table to_sql tableExists add_column drop_column alter_column "
        "create_foreign_key"
    ),
    (Takes.COMMAND, _EVERYWHERE): "spawn",
    (Takes.COMMAND, PYTHON): (
        "run Popen call check_call check_output getoutput getstatusoutput system popen "
        "create_subprocess_shell execv execvp spawnv start_process run_always run_install"
    ),
    (Takes.COMMAND, JAVASCRIPT): "exec execSync execa spawnSync $",
    (Takes.COMMAND_WORDS, PYTHON): "create_subprocess_exec execl execlp spawnl spawnlp",
    (Takes.IMPORT, PYTHON): (
        "import_module __import__ find_spec find_loader run_module importorskip import_string "
        "files resolve_name locate load_module import_object import_from_string patch walk_packages"
    ),
}
_KEYS = {
    (Takes.ADDRESS, _EVERYWHERE): (
        "url uri href endpoint route key base_url url_path url_prefix pathname"
    ),
    (Takes.ADDRESS, JAVASCRIPT): "path to redirect",
}


@cache
def functions(takes: Takes, language: str) -> frozenset[str]:
    """The functions of a language that take such an argument, by their own names."""
    return _words(_FUNCTIONS, takes, language)


@cache
def keys(takes: Takes, language: str) -> frozenset[str]:
    """Keys, parameters and attributes with such a value, in small letters with underscores."""
    return _words(_KEYS, takes, language)


def _words(table: dict[tuple[Takes, str], str], takes: Takes, language: str) -> frozenset[str]:
    words = (table.get((takes, place), "") for place in (_EVERYWHERE, language))
    return frozenset(word for line in words for word in line.split())
