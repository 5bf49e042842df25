"""What the values of well-known JSON files hold, by the keys above them."""

import re
from collections.abc import Collection
from enum import StrEnum, auto

from unify_backend.languages.key_rules import (
    COMMAND,
    DISTRIBUTION,
    MODULE,
    PATH,
    VALUE,
    Rows,
    RulesByKind,
    name,
)


class Kind(StrEnum):
    """What a JSON file is for."""

    PACKAGE = auto()  # package.json
    TYPESCRIPT = auto()  # tsconfig.json
    EDITOR = auto()  # launch.json, tasks.json, settings.json and workspaces of VS Code
    CONTAINER = auto()  # devcontainer.json
    RENOVATE = auto()
    AGENT = auto()  # permissions of coding assistants
    OPENAPI = auto()
    OTHER = auto()


_FILES = [
    (Kind.PACKAGE, r"(?:.*/)?package(?:-lock)?\.json"),
    (Kind.TYPESCRIPT, r"(?:.*/)?[tj]sconfig[^/]*\.json"),
    (Kind.CONTAINER, r"(?:.*/)?\.?devcontainer(?:/.*)?\.json"),
    (Kind.EDITOR, r"(?:.*/)?\.vscode/.*|.*\.code-workspace"),
    (Kind.RENOVATE, r"(?:.*/)?\.?renovate(?:rc)?(?:\.json5?)?"),
    (Kind.AGENT, r"(?:.*/)?\.(?:claude|cursor|gemini)/.*"),
]
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _FILES]


def kind_of(path: str, keys: Collection[str]) -> Kind:
    """What the file at `path` is for; `keys` are those at its top."""
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(path):
            return kind
    return Kind.OPENAPI if "openapi" in keys or "swagger" in keys else Kind.OTHER


_EDITOR: Rows = [
    ("**/module", MODULE),
    ("**/(program|cwd|envFile|localRoot|remoteRoot|workspaceFolder|script|python|path)", PATH),
    ("**/(extraPaths|include|exclude|ignore|stubPath|envFile|folders|*[pP]ath)(/-)?", PATH),
    ("**/*[.](extraPaths|include|exclude|ignore|stubPath|*[pP]ath|cwd|rootdir|envFile)(/-)?", PATH),
    ("**/*[aA]rgs/-|**/args/-|**/*[aA]rgs", COMMAND),
    (
        "**/(label|preLaunchTask|postDebugTask|dependsOn(/-)?|configurations/-/name|detail|group)",
        name("shown in the editor"),
    ),
    ("**/compounds/**|**/*[.]words/-|**/words/-|**/presentation/**", name("a word for people")),
    ("**/sqltools[.]connections/**", name("a name on the database's server")),
]
_LOGGING: Rows = [
    ("(**/)?loggers/*/handlers/-|**/(root)/handlers/-", name("a handler's name")),
]
_VALUES: dict[Kind, Rows] = {
    Kind.PACKAGE: [
        ("scripts/*|lint-staged/*|lint-staged/*/-|husky/hooks/*|**/nodemonConfig/exec", COMMAND),
        (
            "workspaces/-|workspaces/packages/-|files/-|main|module|types|typings|browser|bin(/*)?",
            PATH,
        ),
        (
            "exports/**|imports/**|directories/*|repository/directory|**/roots/-|packages/*/resolved",
            PATH,
        ),
        ("name|packages/*/name", DISTRIBUTION),
        (
            "repository|repository/url|keywords/-|description|author|homepage",
            name("what the package index shows"),
        ),
        (
            "(dev|peer|optional|bundled)?[dD]ependencies/*|**/(requires|dependencies)/*",
            name("a distribution's version"),
        ),
    ],
    Kind.TYPESCRIPT: [
        ("extends|files/-|include/-|exclude/-|references/-/path|**/plugins/-/*", PATH),
        ("compilerOptions/(baseUrl|rootDir|outDir|rootDirs/-|typeRoots/-|declarationDir)", PATH),
        ("compilerOptions/paths/*/-|compilerOptions/paths/*", PATH),
    ],
    Kind.EDITOR: _EDITOR,
    Kind.CONTAINER: [
        ("name|service|runServices/-|**/remoteUser|**/containerUser", name("a container's name")),
        ("dockerComposeFile(/-)?|dockerFile|context|build/(dockerfile|context)", PATH),
        ("image|build/cacheFrom(/-)?", name("an image's name", firm=True)),
        ("build/target", name("a build stage's name")),
        ("(on|post|update|initialize)\\w*(/*)?(/-)?|runArgs/-", COMMAND),
        *_EDITOR,
    ],
    Kind.RENOVATE: [
        (
            "**/(includePaths|ignorePaths|matchPaths|matchFileNames|fileMatch|managerFilePatterns)/-",
            PATH,
        ),
        (
            "**/(match\\w+|ignoreDeps|labels|addLabels|reviewers|assignees|excludePackage\\w+)/-",
            name("a name of something else"),
        ),
        ("**/(groupName|groupSlug|branch\\w*|commitMessage\\w*|description)", name("a name")),
    ],
    Kind.AGENT: [("**/(additionalDirectories|include|exclude)/-", PATH)],
    Kind.OPENAPI: [
        (
            "**/(operationId|tags/-|url|title|\\$ref|tags/-/name)",
            name("part of a published interface", firm=True),
        ),
    ],
    Kind.OTHER: [
        *_LOGGING,
        ("**/*_or_*", VALUE),  # `model_name_or_path`
        ("**/(targets/*/options/command|exec)", COMMAND),
        ("**/(inputs|outputs)/-|**/(sourceRoot|projectRoot)", PATH),
    ],
}
_KEYS: dict[Kind, Rows] = {
    Kind.PACKAGE: [
        ("**/*[dD]ependencies|**/requires", DISTRIBUTION),
        ("scripts|bin|engines", name("a name for npm")),
        ("lint-staged|packages", PATH),
    ],
    Kind.TYPESCRIPT: [("compilerOptions/paths", name("an alias for imports", firm=True))],
    Kind.EDITOR: [
        ("**/(files|search|explorer)[.]\\w+|**/files[.]watcherExclude", PATH),
        ("**/cSpell*", name("a word for people")),
    ],
    Kind.CONTAINER: [("features|**/secrets", name("a name for the container"))],
    Kind.OPENAPI: [("paths|**/(schemas|properties)", name("part of a published interface", True))],
    Kind.OTHER: [
        ("**/(handlers|formatters)", name("a handler's or formatter's name")),
    ],
}

RULES = RulesByKind(_VALUES, _KEYS)
