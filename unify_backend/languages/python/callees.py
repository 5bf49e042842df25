"""What well-known functions and settings take: a module's name, a path, a name of something else.

Names are those of the standard library and of widely used tools. A function is looked up by its own
name, so that `importlib.import_module` and a bare `import_module` are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from unify_backend.languages.key_values import (
    DISTRIBUTION,
    ENTRY_POINT_GROUP,
    Place,
    is_table_of_loggers,
)
from unify_backend.languages.known_calls import PYTHON, Takes, functions, keys
from unify_backend.languages.language import ContextKind
from unify_backend.languages.python.path_segments import JOINERS
from unify_backend.model.evidence import Label, NameKind


@dataclass(frozen=True, slots=True)
class WholeName(Place):
    """A place where what follows the name behind a dot belongs to it too: an endpoint, a metric, a
    model."""


ANYTHING = Place(ContextKind.STRING)
MODULE = Place(ContextKind.MODULE_STRING)
PATH = Place(ContextKind.PATH_STRING)
LOGGER = replace(MODULE, label=Label.LOGGER)
LOGGER_SETTING = replace(MODULE, label=Label.LOGGER_SETTING)
QUEUED = Place(
    ContextKind.CONFLICT,
    "a stored or queued job's name: what waits under the old one would be lost",
    label=Label.TASK_USE,
)
REGISTERED = replace(QUEUED, label=Label.TASK)
SHOWN = Place(ContextKind.STRING, label=Label.SHOWN)
# A name that another system may take for a task, if one is called so
_MAYBE_TASK = Place(ContextKind.STRING, label=Label.TASK_USE)
STORED = Place(
    ContextKind.CONFLICT, "a name that stored data may hold: what was written keeps the old one"
)
VARIABLE = Place(ContextKind.LABEL, "an environment variable")
_ATTRIBUTE = Place(ContextKind.LABEL, "an attribute's name")
_URL = Place(ContextKind.STRING, kind=NameKind.ADDRESS)
_TABLE = Place(ContextKind.CONFLICT, "a table's name: the database does not move with the package")
_METRIC = WholeName(ContextKind.LABEL, "a metric's name, which dashboards ask for")
_ENDPOINT = WholeName(ContextKind.LABEL, "an endpoint: a blueprint or a namespace is called so")
APP_LABEL = WholeName(
    ContextKind.LABEL, "a Django app's label: give its AppConfig this `label`, and it stays"
)
_EXTRA = Place(ContextKind.LABEL, "an extra's name")
_INSTALLED = replace(
    DISTRIBUTION,
    context=ContextKind.STRING,
    note="a distribution's name, which need not be the package's",
)

_MODULE_CALLS = functions(Takes.IMPORT, PYTHON) | frozenset(
    "getChild setattr delattr multiple resource_string resource_filename "
    "resource_stream resource_exists resource_listdir resource_isdir iter_modules get_data "
    "PackageLoader reload config_from_object autodiscover_tasks scan Flask "
    "ModuleType module_from_spec collect_submodules collect_data_files collect_all "
    "collect_dynamic_libs invalidate_caches".split()
)
_LOGGER_CALLS = frozenset({"getLogger", "get_logger"})
_ROOT_LOGGERS = ("root", "getLogger()")  # a child of any other has more names in front
_WATCHING_CALLS = frozenset({"assertLogs", "assertNoLogs"})
# What configures the logger that it is asked of
_LOGGER_SETTINGS = frozenset(
    "setLevel addHandler removeHandler addFilter removeFilter propagate disabled handlers".split()
)
_FIRST_MODULE = frozenset(
    "spec_from_file_location spec_from_loader SourceFileLoader SourcelessFileLoader "
    "ExtensionFileLoader ModuleSpec".split()
)
_PATH_CALLS = JOINERS | frozenset(
    "open exists isdir isfile is_dir is_file glob rglob iglob listdir scandir walk chdir makedirs "
    "mkdir rmtree copy copy2 copytree move relative_to is_relative_to with_name StaticFiles "
    "Jinja2Templates FileHandler WatchedFileHandler RotatingFileHandler TimedRotatingFileHandler "
    "ZipFile getsize FileSystemLoader abspath realpath dirname basename splitext read_text "
    "load_dotenv run_path addsitedir fileConfig find_packages find_namespace_packages".split()
)
_SEARCH_PATH_CALLS = frozenset({"insert", "append", "extend", "remove", "index", "count"})
_QUEUED_CALLS = frozenset(
    "send_task signature subtask enqueue enqueue_job enqueue_call enqueue_at enqueue_in add_job "
    "add_periodic_job abort_job configure_task".split()
)
_TIMED_CALLS = frozenset({"enqueue_at", "enqueue_in"})  # the time stands in front of the name
_DISTRIBUTION_CALLS = frozenset("version distribution get_distribution requires metadata".split())
_METADATA = frozenset({"metadata", "importlib_metadata", "pkg_resources"})
_GROUP_CALLS = frozenset(
    "iter_entry_points get_group_all get_group_named load_setuptools_entrypoints ExtensionManager "
    "NamedExtensionManager EnabledExtensionManager DispatchExtensionManager "
    "NameDispatchExtensionManager DriverManager HookManager".split()
)
_GROUP_WORDS = {"group": {"entry_points", "iter_entry_points", "select"}, "namespace": _GROUP_CALLS}
_REQUIREMENT_WORDS = frozenset(
    "install_requires setup_requires tests_require extras_require".split()
)
# Arguments of `setup` that nothing else has which is called so
_SETUP_WORDS = _REQUIREMENT_WORDS | frozenset(
    "packages py_modules ext_modules package_dir package_data entry_points python_requires".split()
)
_RESOURCES = frozenset({"resources", "importlib_resources", "pkg_resources", "pkgutil"})
_ENVIRONMENT = frozenset({"environ", "getenv", "setenv", "delenv"})
_ATTRIBUTE_CALLS = frozenset("getattr hasattr setattr delattr attrgetter methodcaller".split())
_METRIC_CALLS = frozenset("incr decr gauge timing timer histogram increment decrement".split())
_ENDPOINT_CALLS = frozenset("url_for reverse reverse_lazy Blueprint".split())
_DJANGO_CALLS = frozenset(
    "get_model get_app_config ForeignKey OneToOneField ManyToManyField GenericRelation "
    "permission_required has_perm has_perms has_module_perms swappable_dependency "
    "get_registered_model".split()
)
_SHOWING_CALLS = frozenset("print pprint echo secho exit".split())
_LOGGING_CALLS = frozenset(
    "debug info warning warn error critical exception log fatal success".split()
)
_LOGGERS = ("log", "logger", "logging")  # what they are methods of, or words in front
_TASKS = frozenset({"task", "shared_task", "periodic_task", "job", "actor"})
_TASKS_OF = {"arq": frozenset({"func", "cron"})}  # by the module, as their names are common words
_TASK_WORDS = frozenset({"actor_name", "task", "task_name", "job_name"})

_PATH_WORDS = frozenset(
    "path paths dir dirs directory folder cwd chdir root file files filename pythonpath pathex "
    "template_folder static_folder script_location env_file where collect_ignore "
    "collect_ignore_glob".split()
)
_MODULE_WORDS = frozenset(
    "module modules package packages imports include includes plugins pytest_plugins app_path "
    "entry_point installed_apps root_urlconf task_modules __name__ __package__ "
    "module_name module_path package_name import_name hiddenimports hidden_imports "
    "__module__ autodoc_mock_imports excluded_imports namespace_packages".split()
)
# `packages.append("old")`
_MODULE_LISTS = _MODULE_WORDS - {"include", "includes", "entry_point"}
_LOGGER_WORDS = frozenset({"logger", "logger_name"})
# Dictionaries whose keys are names of modules
_MODULE_TABLES = frozenset(
    "package_data exclude_package_data package_dir sys.modules modules".split()
)
_QUEUED_TABLES = ("task_routes", "task_annotations", "celery_routes")  # or words in front
_LABEL_WORDS = {
    "title": Label.TITLE,
    "window_title": Label.TITLE,
    "container_name": Label.CONTAINER,
    "container": Label.CONTAINER,
    "image": Label.IMAGE,
    "database": Label.DATABASE,
    "dbname": Label.DATABASE,
    "db_name": Label.DATABASE,
    "user": Label.USER,
    "username": Label.USER,
    "hostname": Label.HOST,
    "host": Label.HOST,
    "bucket": Label.BUCKET,
    "queue": Label.QUEUE,
    "queue_name": Label.QUEUE,
    "volume": Label.VOLUME,
    "service_name": Label.SERVICE,
    "pidfile": Label.PID_FILE,
    "prog": Label.PROGRAM,
}
# What a longer name that ends so may hold: enough for who looks for one of these, no proof
_LABEL_TAIL = re.compile(
    r"(?:^|.*[_a-z0-9])(?P<word>host|container|volume|network|service|image)(?:_?name)?"
)
_LABEL_TAILS = {
    "host": Label.HOST,
    "container": Label.CONTAINER,
    "volume": Label.VOLUME,
    "network": Label.NETWORK,
    "service": Label.SERVICE,
    "image": Label.IMAGE,
}


def of_subscript(owner: str) -> Place:
    """What the keys of `owner`, a mapping of the standard library, are."""
    known = owner in {"environ", "modules"} or owner.endswith("entry_points()")
    return of_call("", owner, owner, 0) if known else ANYTHING


def of_call(name: str, receiver: str, whole: str, position: int) -> Place:
    """What a function takes: `name` is its own, `receiver` what stands before the last dot, `whole`
    all of it as written, `position` the argument's place among the positional ones, 2 for the third
    and those behind it."""
    if name in _ATTRIBUTE_CALLS and (position or name in {"attrgetter", "methodcaller"}):
        return _ATTRIBUTE
    if receiver in _ENVIRONMENT or name in _ENVIRONMENT:
        return VARIABLE
    if name in _QUEUED_CALLS:
        return QUEUED if position == int(name in _TIMED_CALLS) else ANYTHING
    if name in _LOGGER_CALLS or (name == "getChild" and receiver.endswith(_ROOT_LOGGERS)):
        return LOGGER
    if name in _WATCHING_CALLS:
        return LOGGER_SETTING if position == 0 else MODULE
    if position == 0 and receiver and name in _METRIC_CALLS:
        return _METRIC
    if position == 0 and name in _ENDPOINT_CALLS:
        return _ENDPOINT
    if name in _DJANGO_CALLS and position < 2:
        return APP_LABEL
    if name in _DISTRIBUTION_CALLS and receiver in {"", *_METADATA}:
        return _INSTALLED
    if receiver in _METADATA and name in {"files", "require"}:
        return _INSTALLED
    if position == 0 and (name in _GROUP_CALLS or receiver.endswith("entry_points()")):
        return ENTRY_POINT_GROUP
    if receiver == "copyreg":
        return STORED
    if name in _MODULE_CALLS or (name in _FIRST_MODULE and position == 0):
        return MODULE
    if receiver in _RESOURCES and position == 0:
        return MODULE
    if receiver.lower() in _MODULE_LISTS or (receiver == "patch" and name == "dict"):
        return MODULE
    if receiver == "path" and name in _SEARCH_PATH_CALLS:
        return PATH
    if name in _FIRST_MODULE:
        return PATH
    if position == 0 and name in functions(Takes.TABLE, PYTHON):
        return _TABLE
    if name in functions(Takes.ADDRESS, PYTHON) and receiver != "path":
        return _URL
    if name == "join" and "path" not in whole:  # ", ".join(...)
        return ANYTHING
    return PATH if name in _PATH_CALLS else ANYTHING


def registers_tasks(name: str) -> str:
    """The module of which a function of this common name registers tasks; "" for none."""
    return next((module for module, names in _TASKS_OF.items() if name in names), "")


def of_argument(word: str, name: str, words: Collection[str]) -> Place | None:
    """What the keyword argument `word` of the function `name` takes; None where the function's
    positional arguments say it. `words` are all its keyword arguments."""
    if word == "name" and name == "setup" and not _SETUP_WORDS.isdisjoint(words):
        return DISTRIBUTION
    if name in _GROUP_WORDS.get(word, ()):
        return ENTRY_POINT_GROUP
    if name in _TASKS and (word == "name" or word in _TASK_WORDS):
        return REGISTERED
    if name in _QUEUED_CALLS and (word in {"name", "func"} or word in _TASK_WORDS):
        return QUEUED
    if name in _DJANGO_CALLS and word in {"to", "through", "app_label", "perm"}:
        return APP_LABEL
    return None if word == "name" else of_word(word)


def of_word(word: str) -> Place:
    """What a variable, parameter or key of this name holds."""
    lowered = word.lower()
    if lowered in keys(Takes.ADDRESS, PYTHON):
        return _URL
    if lowered in _MODULE_WORDS:
        return MODULE
    if lowered in _LOGGER_WORDS:
        return LOGGER_SETTING
    if lowered == "task":
        return _MAYBE_TASK
    if lowered in _REQUIREMENT_WORDS:
        return DISTRIBUTION
    if lowered in {"app_label", "auth_user_model"}:
        return APP_LABEL
    if lowered in _LABEL_WORDS:
        label = _LABEL_WORDS[lowered]
        return Place(ContextKind.LABEL, label.value, label=label)
    tail = lowered.rsplit("_", 1)[-1]
    if lowered in _PATH_WORDS or tail in _PATH_WORDS:
        return PATH
    if named := _LABEL_TAIL.fullmatch(lowered):
        return Place(ContextKind.STRING, label=_LABEL_TAILS[named["word"]])
    return ANYTHING


def of_key_in(table: str) -> Place | None:
    """What the keys of the dictionary `table` are, or None where nothing is known."""
    lowered = table.lower()
    if lowered in _MODULE_TABLES:
        return MODULE
    if is_table_of_loggers(lowered):
        return LOGGER_SETTING
    if lowered == "entry_points":
        return ENTRY_POINT_GROUP
    if lowered == "extras_require":
        return _EXTRA
    return QUEUED if lowered.endswith(_QUEUED_TABLES) else None


def shows(name: str, receiver: str) -> bool:
    """Whether a function only shows its arguments: prints, logs, or ends the program with them."""
    if name in _LOGGING_CALLS:
        return receiver.lower().endswith(_LOGGERS)
    return name in _SHOWING_CALLS


def configures_logger(name: str) -> bool:
    """Whether an attribute or a method of this name configures the logger that it belongs to."""
    return name in _LOGGER_SETTINGS


def compares_modules(word: str) -> bool:
    """Whether what is called `word` is compared with names of modules."""
    lowered = word.lower()
    return lowered in _MODULE_WORDS or lowered in _LOGGER_WORDS or word in {"__module__", "modules"}
