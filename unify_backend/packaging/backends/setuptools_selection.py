"""Which packages setuptools ships: where the settings select them, and what discovery finds.

https://setuptools.pypa.io/en/latest/userguide/package_discovery.html: a list of packages; a finder
(`find:`, find_packages(), [tool.setuptools.packages.find]); or, where nothing is said, all of src,
or of the top what does not look like tests, documents or tools.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.ini.setup_cfg import SetupCfg
from unify_backend.languages.python.setup_py import SetupPy, keyword, strings
from unify_backend.languages.python.source import called
from unify_backend.languages.toml.document import at, texts
from unify_backend.model.package_move import is_within
from unify_backend.model.text import SOURCE
from unify_backend.packaging.project import PYPROJECT, SETUP_CFG, SETUP_PY, Project
from unify_backend.packaging.tree import Tree, clean, join, matches

NO_PACKAGES = tuple(  # folders at the top that are passed over where nothing is said
    pattern
    for name in """ci bin debian doc docs documentation manpages news newsfragments changelog test
    tests unit_test unit_tests example examples scripts tools util utils python build dist venv env
    requirements tasks fabfile site_scons benchmark benchmarks exercise exercises htmlcov
    [._]*""".split()
    for pattern in (name, f"{name}.*")
)
_NO_MODULES = tuple(
    """setup conftest test tests example examples build toxfile noxfile pavement dodo tasks fabfile
    [Ss][Cc]onstruct conanfile manage benchmark benchmarks exercise exercises [._]*""".split()
)


class SelectionKind(Enum):
    """In which way packages are selected."""

    LISTED = auto()
    FOUND = auto()
    AUTOMATIC = auto()  # nothing is said
    MODULES = auto()  # only py_modules
    COMPUTED = auto()  # by code that is not read here


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection in `file` ("" for automatic discovery). `package_dir` maps packages to folders;
    "" stands for all packages."""

    file: str
    how: SelectionKind
    names: tuple[str, ...] = ()
    where: tuple[str, ...] = ("",)
    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    namespaces: bool = False
    package_dir: tuple[tuple[str, str], ...] = ()
    modules: tuple[str, ...] | None = None
    modules_file: str = ""

    def found(self, tree: Tree) -> dict[str, str]:
        """The packages that a finder finds, or that are found where nothing is said."""
        if self.how is SelectionKind.FOUND:
            packages: dict[str, str] = {}
            for where in self.where:
                packages |= tree.packages(where, self.namespaces, self.include, self.exclude)
            return packages
        mapped = {name: folder for name, folder in self.package_dir if name}
        if mapped:
            return {
                f"{name}.{inner}" if inner else name: path
                for name, folder in mapped.items()
                for inner, path in {"": folder, **tree.packages(folder, True)}.items()
            }
        if tree.is_folder(self.source):
            return tree.packages(self.source, True)
        packages = tree.packages("", True, exclude=NO_PACKAGES)
        return {
            name: path
            for name, path in packages.items()
            if all(part.isidentifier() for part in name.split("."))
        }

    def found_modules(self, tree: Tree) -> dict[str, str]:
        """The single modules that are found where nothing is said, with their files."""
        if self.how is not SelectionKind.AUTOMATIC or any(name for name, _ in self.package_dir):
            return {}
        root = self.source if tree.is_folder(self.source) else ""
        if not root and self.found(tree):
            return {}
        files = (
            file for file in tree.files if file.endswith(SOURCE) and file.rpartition("/")[0] == root
        )
        modules = {file.rpartition("/")[2].removesuffix(SOURCE): file for file in files}
        excluded = () if root else _NO_MODULES
        return {
            name: file
            for name, file in modules.items()
            if name.isidentifier() and not matches(name, excluded)
        }

    @property
    def source(self) -> str:
        """The folder that is searched where nothing is said."""
        return dict(self.package_dir).get("", "src")

    def folder_of(self, package: str) -> str:
        """The folder from which a package is taken."""
        mapped = dict(self.package_dir)
        parts = package.split(".")
        for end in range(len(parts), 0, -1):
            if (name := ".".join(parts[:end])) in mapped:
                return join(mapped[name], "/".join(parts[end:]))
        return join(mapped.get("", ""), "/".join(parts))

    def lists(self, package: str) -> bool:
        """Whether the list holds a package or a part of it."""
        return any(is_within(name, package) for name in self.names)


def read_selection(project: Project) -> Selection:
    """The selection from the three files; pyproject.toml outranks setup.cfg, which outranks
    setup.py."""
    data, cfg, setup = project.data, project.cfg, project.setup
    for selection in (_in_toml(data), _in_cfg(cfg), _in_setup(setup)):
        if selection is not None:
            break
    else:
        selection = Selection("", SelectionKind.AUTOMATIC)
    modules_file, modules = _modules(data, cfg, setup)
    how = selection.how
    if how is SelectionKind.AUTOMATIC and modules is not None:
        how = SelectionKind.MODULES
    elif (
        how is SelectionKind.AUTOMATIC and setup is not None and keyword(setup.call, "ext_modules")
    ):
        if not ("project" in data or at(data, "tool", "setuptools")):
            how = (
                SelectionKind.LISTED
            )  # an empty list: nothing is looked for beside extension modules
    elif how is SelectionKind.AUTOMATIC and setup is None and project.text(SETUP_PY):
        how = SelectionKind.COMPUTED
    package_dir = _package_dir(data, cfg, setup)
    if how is SelectionKind.FOUND and selection.file == PYPROJECT and len(selection.where) == 1:
        package_dir = {"": selection.where[0], **package_dir}
    return Selection(
        selection.file,
        how,
        selection.names,
        selection.where,
        selection.include,
        selection.exclude,
        selection.namespaces,
        tuple(package_dir.items()),
        modules,
        modules_file,
    )


def _in_toml(data: Table) -> Selection | None:
    packages = at(data, "tool", "setuptools", "packages")
    if isinstance(packages, list):
        return Selection(PYPROJECT, SelectionKind.LISTED, tuple(texts(packages)))
    find = at(data, "tool", "setuptools", "packages", "find")
    if not isinstance(find, dict):
        return None
    return Selection(
        PYPROJECT,
        SelectionKind.FOUND,
        where=tuple(clean(folder) for folder in texts(find.get("where", ["."]))),
        include=tuple(texts(find.get("include", ["*"]))),
        exclude=tuple(texts(find.get("exclude", []))),
        namespaces=bool(find.get("namespaces", True)),
    )


def _in_cfg(cfg: SetupCfg) -> Selection | None:
    packages = cfg.items("options", "packages")
    if not packages:
        return None
    if packages[0] not in {"find:", "find_namespace:"}:
        return Selection(SETUP_CFG, SelectionKind.LISTED, packages)
    section = "options.packages.find"
    return Selection(
        SETUP_CFG,
        SelectionKind.FOUND,
        where=tuple(clean(folder) for folder in cfg.items(section, "where") or (".",)),
        include=cfg.items(section, "include") or ("*",),
        exclude=cfg.items(section, "exclude") or (),
        namespaces=packages[0] == "find_namespace:",
    )


def _in_setup(setup: SetupPy | None) -> Selection | None:
    packages = setup.argument("packages") if setup is not None else None
    if packages is None:
        return None
    if (names := strings(packages)) is not None and not isinstance(packages, ast.Constant):
        return Selection(SETUP_PY, SelectionKind.LISTED, tuple(names))
    if isinstance(packages, ast.Call) and called(packages) in {
        "find_packages",
        "find_namespace_packages",
    }:
        parts = [*packages.args, *(keyword.value for keyword in packages.keywords)]
        names_of = ("where", "exclude", "include")
        arguments = dict(zip(names_of, packages.args, strict=False))
        arguments |= {keyword.arg: keyword.value for keyword in packages.keywords if keyword.arg}
        texts = {name: strings(value) for name, value in arguments.items()}
        if (
            len(parts) == len(arguments)
            and None not in texts.values()
            and {*arguments} <= {*names_of}
        ):
            return Selection(
                SETUP_PY,
                SelectionKind.FOUND,
                where=tuple(clean(folder) for folder in texts.get("where") or (".",)),
                include=tuple(texts.get("include") or ("*",)),
                exclude=tuple(texts.get("exclude") or ()),
                namespaces=called(packages) == "find_namespace_packages",
            )
    return Selection(SETUP_PY, SelectionKind.COMPUTED)


def _modules(
    data: Table, cfg: SetupCfg, setup: SetupPy | None
) -> tuple[str, tuple[str, ...] | None]:
    """The single modules that are listed, and where."""
    listed = at(data, "tool", "setuptools", "py-modules")
    if isinstance(listed, list):
        return PYPROJECT, tuple(texts(listed))
    if (items := cfg.items("options", "py_modules")) is not None:
        return SETUP_CFG, items
    if setup is not None and (value := setup.argument("py_modules")) is not None:
        return SETUP_PY, tuple(strings(value) or ())
    return "", None


def _package_dir(data: Table, cfg: SetupCfg, setup: SetupPy | None) -> dict[str, str]:
    mapped = at(data, "tool", "setuptools", "package-dir")
    if isinstance(mapped, Mapping):
        return {str(name): clean(folder) for name, folder in mapped.items()}
    if items := cfg.items("options", "package_dir"):
        pairs = (item.partition("=") for item in items)
        return {name.strip(): clean(folder) for name, _, folder in pairs}
    value = setup.argument("package_dir") if setup is not None else None
    if not isinstance(value, ast.Dict):
        return {}
    return {
        key.value: clean(folder.value)
        for key, folder in zip(value.keys, value.values, strict=True)
        if isinstance(key, ast.Constant)
        and isinstance(key.value, str)
        and isinstance(folder, ast.Constant)
    }
