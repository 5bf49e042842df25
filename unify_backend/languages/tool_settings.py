"""What the settings of Python's tools hold: modules, paths, commands, names.

`[tool.coverage.run] source` in pyproject.toml, `[coverage:run] source` in setup.cfg and `[run]
source` in .coveragerc are one setting, here called `coverage.run.source`. Keys that no row knows
are left to `languages/key_values.py`, which goes by words.
"""

import re
from functools import cache

from unify_backend.languages.key_values import DISTRIBUTION, ENTRY_POINT_GROUP, Place
from unify_backend.languages.language import ContextKind

# Each row is a pattern for whole settings; L stands for ruff's tables with and without `lint`.
_PATHS = r"""
project\.(readme|license_files)|project\.(readme|license)\.file|build_system\.backend_path
pytest\.(testpaths|norecursedirs|pythonpath|log_file|cache_dir|python_files|confcutdir)
pytest\.collect_ignore\w*|coverage\.paths(\..*)?|coverage\.\w+\.(omit|include|source_dirs)
coverage\.\w+\.(data_file|directory|output)|mypy\.(files|exclude|mypy_path|cache_dir|junit_xml)
isort\.(src_paths|skip|extend_skip|skip_glob|extend_skip_glob|filter_files)
ruff\.((lint|format|analyze)\.)?(src|(extend_)?(exclude|include)|extend|namespace_packages)
L(extend_)?per_file_ignores(\..*)?|ruff\.(cache_dir|per_file_target_version(\..*)?)
ruff\.analyze\.include_dependencies(\..*)?
black\.(\w*exclude|include|src)|flake8\.(\w*exclude|filename|per_file_ignores)|pycodestyle\.exclude
pylint\.(.*\.)?(ignore|ignore_paths|ignore_patterns|source_roots)
(based)?pyright\.(executionenvironments\.)?(include|exclude|ignore|strict|extrapaths|root)
(based)?pyright\.(stubpath|venvpath)|pyrefly\.(project_\w+|search_path|site_package_path)
ty\.(.*\.)?(include|exclude|root|extra_paths)|tach\.(source_roots|exclude)
deptry\.(extend_)?exclude|vulture\.(paths|exclude)|bandit\.(exclude_dirs|exclude|targets)
interrogate\.(exclude|badge_path)|codespell\.skip|autoflake\.exclude|djlint\.\w*exclude
pydocstyle\.match_dir|towncrier\.(package_dir|directory|filename|template)
commitizen\.version_files|semantic_release\.version_(variables?|toml)
bumpversion\.(files\.)?(filename|glob)|bumpversion\.file\..*|setuptools_scm\.(root|relative_to)
setuptools_scm\.(write_to|version_file)|versioneer\.versionfile_(source|build)
poetry_dynamic_versioning\.substitution\.(files|folders\.path)
hatch\.version\.path|hatch\.build\.(?!.*\.dependencies$).*|hatch\.envs\..*\.path
poetry\.packages(\.(include|from|to))?|poetry\.(include|exclude|readme|build\.script)(\.path)?
pdm\.build\.(includes|excludes|source_includes|package_dir)|pdm\.version\.(path|write_to)
flit\.sdist\.\w+|setuptools\.packages\.find\.where|setuptools\.(package_dir|data_files)\..*
setuptools\.dynamic\.\w+\.file|setuptools\.(script_files|license_files)
setuptools\.ext_modules\.(sources|depends|include_dirs)|setuptools\.(exclude_)?package_data\..*
uv\.(sources\..*\.path|workspace\.(members|exclude))|.*dependencies\..*\.path
uv\.build_backend\.(module_root|\w*include|\w*exclude|data\..*)|uv\.cache_keys\.file
maturin\.(python_source|include|exclude|manifest_path)|scikit_build\.(wheel\.packages|sdist\.\w+)
tox\..*(change_?dir|work_?dir|tox_root|package_root|env_dir|log_dir)
alembic\.(version_locations|prepend_sys_path)|aerich\.(location|src_folder)
poe\.tasks\..*\.(cwd|envfile)|pdm\.scripts\..*\.(env_file|working_dir)
packages?\.source\.(editable|directory|virtual|path)|metadata\.(license_files?|readme)
"""
_MADE = r"""
setuptools_scm\.(write_to|version_file)|hatch\.build\.hooks\..*\.(version_file|build_hook_file)
coverage\.\w+\.(data_file|directory|output)|\w+\.cache_dir|pdm\.version\.write_to
"""
_MODULES = r"""
project\.(gui_)?scripts\..*|project\.entry_points\..*|project\.import_names|entry_points\..*
build_system\.build_backend|pytest\.(filterwarnings|django_settings_module|django_configuration)
coverage\.run\.(source|source_pkgs|plugins|concurrency)|flit\.(module\.name|metadata\.module)
mypy\.(packages|modules|plugins)|mypy\.overrides\.module|django_stubs\..*
isort\.(known_\w+|extra_standard_library|force_to_top|forced_separate|single_line_exclusions)
Lisort\.(known_\w+|extra_standard_library|force_to_top|forced_separate|single_line_exclusions)
Lisort\.(sections\..*|required_imports)|L(typing_modules|logger_objects|allowed_modules)
L(flake8_\w+|pydocstyle|pylint)\.(?!.*(ignore_names|functions|convention|aliases)).*
pylint\.(.*\.)?(ignored_modules|extension_pkg_\w+|load_plugins|known_\w+|preferred_modules)
pylint\.(.*\.)?(deprecated_modules|overgeneral_exceptions|ignored_classes)
flake8\.application_(import|package)_names|flake8\.(local_)?plugins\..*
importlinter\.root_packages?|importlinter\.contracts\.(?!(name|id|type|tags)$).*
tach\.(modules|interfaces)\.(path|from|depends_on(\.path)?|expose|visibility|cannot_depend_on)
deptry\.known_first_party|towncrier\.package|aerich\.tortoise_orm|maturin\.module_name
setuptools\.(packages|py_modules|namespace_packages)|setuptools\.packages\.find\.(include|exclude)
setuptools\.dynamic\.\w+\.attr|setuptools\.cmdclass\..*|setuptools\.ext_modules\.name
uv\.build_backend\.(module_name|namespace)|poetry\.(scripts|plugins)\..*
pdm\.scripts\..*\.call|poe\.tasks\.(.*\.)?script|alembic\.post_write_hooks\..*\.entrypoint
"""
_COMMANDS = r"""
pytest\.addopts|tox\..*commands(_pre|_post)?(\..*)?|tox\..*(install|list_dependencies)_command
(poe|taskipy)\.tasks(\..*)?|pdm\.scripts(\..*)?|hatch\.envs\.(.*\.)?scripts(\..*)?|tasks(\..*)?
cibuildwheel\.(.*\.)?(test_command|before_\w+|repair_wheel_command)
semantic_release\.build_command|rye\.scripts(\..*)?|pixi\.(.*\.)?tasks(\..*)?
"""
_DISTRIBUTIONS = r"""
(project|poetry|packages?|metadata|flit\.metadata)\.name|project\.(optional_)?dependencies(\..*)?
poetry\.(.*\.)?(dev_)?dependencies(\..*)?|dependency_groups(\..*)?|build_system\.requires
uv\.sources|uv\.\w*dependencies|packages?\..*\bname|metadata\.(requires|provides)
setuptools\.(install_requires|setup_requires|tests_require|extras_require\..*)
pytest\.required_plugins|pdm\.dev_dependencies(\..*)?|hatch\.envs\..*dependencies
tox\..*(deps|requires|extras|dependency_groups)|manifest\.members|(dev_)?packages
deptry\.(package_module_name_map|per_rule_ignores)(\..*)?
"""
_LABELS = {
    "a word for an index of distributions": r"(project|poetry|metadata)\.(keywords|classifiers)",
    "a marker": r"pytest\.markers",
    "shown to people": r"""
coverage\.html\.title|towncrier\.(name|title_format)|poe\.tasks\..*\.help|isort\.import_heading_\w+
(project|poetry|metadata)\.(description|summary)""",
    "a name for reports": r"""
pytest\.junit_suite_name|coverage\.run\.context|importlinter\.contracts\.(name|id)""",
    "an identifier in code": r"Lpep8_naming\..*|L.*ignore_names",
    "a section's name": r"""
isort\.(sections|default_section|no_lines_before)
Lisort\.(section_order|default_section|no_lines_before)""",
    "an environment's name": r"tox\.(env_?list|labels(\..*)?)|tox\..*depends",
    "a tag's or a folder's beginning": r"versioneer\.(parentdir_prefix|tag_prefix)",
    "an extra's name": r"project\.optional_dependencies|poetry\.extras",
}
_GROUPS = r"entry_points|project\.entry_points|poetry\.plugins"
_MODULE_KEYS = r"""
setuptools\.(exclude_)?package_data|setuptools\.package_dir|Lflake8_tidy_imports\.banned_api
pylint\.(.*\.)?preferred_modules
"""
_PATH_KEYS = r"""
L(extend_)?per_file_ignores|ruff\.per_file_target_version|ruff\.analyze\.include_dependencies
hatch\.build\.(.*\.)?(force_include|sources)|bumpversion\.file
"""
_LABEL_KEYS = {
    "a group's or an extra's name": r"""
dependency_groups|project\.optional_dependencies|poetry\.group|packages?\.extras""",
    "an extra's name": r"setuptools\.extras_require|poetry\.extras",
    "a command's name": r"""
project\.(gui_)?scripts|poetry\.scripts|project\.entry_points\..*|entry_points\..+""",
    "a task's name": r"(poe|taskipy)\.tasks|(pdm|rye)\.scripts|hatch\.envs(\..*)?|tasks",
    "a group's name": r"coverage\.paths|project\.urls|Lisort\.sections",
    "a folder of the installation": r"setuptools\.data_files",
}


@cache
def _union(rows: str) -> re.Pattern[str]:
    """One pattern for all rows, compiled when the first setting is looked up in them."""
    lines = re.sub(r"(?m)(^|\|)L", r"\1ruff\\.(lint\\.)?", rows).split("\n")
    return re.compile("|".join(line for line in lines if line))


_VALUES = [
    (_PATHS, Place(ContextKind.PATH_VALUE)),
    (_MODULES, Place(ContextKind.MODULE_VALUE)),
    (_DISTRIBUTIONS, DISTRIBUTION),
    *((rows, Place(ContextKind.LABEL, note)) for note, rows in _LABELS.items()),
    (_COMMANDS, Place(ContextKind.COMMAND)),
]
_KEYS = [
    (_MODULE_KEYS, Place(ContextKind.MODULE_VALUE)),
    (_PATH_KEYS, Place(ContextKind.PATH_VALUE)),
    (_GROUPS, ENTRY_POINT_GROUP),
    *((rows, Place(ContextKind.LABEL, note)) for note, rows in _LABEL_KEYS.items()),
    (_DISTRIBUTIONS, DISTRIBUTION),
]


def of_setting(setting: str) -> Place | None:
    """The kind of a setting's value, or None where no row matches it.

    `setting` is written as above: dots between, lower case, `_` for `-` (see `spelled`).
    """
    return _first(_VALUES, setting)


def of_setting_key(table: str) -> Place | None:
    """What the keys of a table are that takes names for keys, or None."""
    return _first(_KEYS, table)


def is_made(setting: str) -> bool:
    """Whether the setting names a file that a tool makes, so that git need not know it."""
    return bool(_union(_MADE).fullmatch(setting))


def spelled(*parts: str) -> str:
    """Tables and keys in the spelling that this module's rows are in."""
    return ".".join(filter(None, parts)).replace("-", "_").replace(" ", "_").lower()


def _first(table: list[tuple[str, Place]], setting: str) -> Place | None:
    return next((place for rows, place in table if _union(rows).fullmatch(setting)), None)
