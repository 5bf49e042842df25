"""What the values of well-known YAML files hold, by the keys above them.

Only what the words of a key (`languages/key_values.py`) do not tell or tell wrongly has a row
here: that a `target` is a build stage in one place and a folder in another, that an Ingress
routes URLs.
"""

import re
from collections.abc import Collection
from enum import StrEnum, auto

from unify_backend.languages.compose_files import is_copy_of_compose
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
    """What a YAML file is for."""

    COMPOSE = auto()
    WORKFLOW = auto()  # GitHub, Gitea, Forgejo; composite actions too
    GITLAB = auto()
    PRE_COMMIT = auto()
    CIRCLE = auto()
    DEPENDABOT = auto()
    MKDOCS = auto()
    CODECOV = auto()
    KUBERNETES = auto()
    LABELER = auto()
    CONDA = auto()  # an environment
    RECIPE = auto()  # of a conda package
    OPENAPI = auto()
    TASKFILE = auto()
    OTHER = auto()


_PATHS_OF = [
    (Kind.WORKFLOW, r"(?:.*/)?\.(?:github|gitea|forgejo)/workflows/.*|(?:.*/)?action\.ya?ml"),
    (Kind.GITLAB, r"(?:.*/)?\.gitlab-ci[^/]*|(?:.*/)?\.gitlab/.*\.ya?ml|.*\.gitlab-ci\.ya?ml"),
    (Kind.PRE_COMMIT, r"(?:.*/)?\.pre-commit-(?:config|hooks)\.ya?ml"),
    (Kind.CIRCLE, r"(?:.*/)?\.circleci/.*"),
    (Kind.DEPENDABOT, r"(?:.*/)?dependabot\.ya?ml"),
    (Kind.MKDOCS, r"(?:.*/)?mkdocs[^/]*\.ya?ml"),
    (Kind.CODECOV, r"(?:.*/)?\.?codecov\.ya?ml"),
    (Kind.LABELER, r"(?:.*/)?\.github/labeler\.ya?ml"),
    (Kind.RECIPE, r"(?:.*/)?(?:meta|recipe)\.ya?ml"),
    (Kind.CONDA, r"(?:.*/)?(?:conda|environment)[^/]*\.ya?ml"),
    (Kind.TASKFILE, r"(?i)(?:.*/)?taskfile[^/]*\.ya?ml"),
]
_PATHS = [(kind, re.compile(pattern)) for kind, pattern in _PATHS_OF]


def kind_of(path: str, keys: Collection[str]) -> Kind:
    """What the file at `path` is for; `keys` are those at its top."""
    if is_copy_of_compose(path):
        return Kind.COMPOSE
    for kind, pattern in _PATHS:
        if pattern.fullmatch(path):
            return kind
    if "apiVersion" in keys and "kind" in keys:
        return Kind.KUBERNETES
    if "openapi" in keys or "swagger" in keys:
        return Kind.OPENAPI
    return Kind.COMPOSE if "services" in keys and "jobs" not in keys else Kind.OTHER


_VALUES: dict[Kind, Rows] = {
    Kind.COMPOSE: [
        ("**/build|**/additional_contexts/*|**/env_file/*|**/tmpfs/*|**/tmpfs", PATH),
        ("**/watch/-/(path|target|ignore|include)|**/watch/-/(ignore|include)/-", PATH),
        ("**/volumes/-/target|**/(configs|secrets)/-/target|**/driver_opts/device", PATH),
        ("(configs|secrets)/*/file|include|include/-|include/-/(path|env_file)", PATH),
        ("include/-/*|include/-/*/-", PATH),
        ("**/build/target", name("a build stage's name")),
        ("**/build/(cache_from|cache_to|tags)/-|**/image", name("an image's name", firm=True)),
        ("services/*/labels/**|**/deploy/**|**/logging/**", name("a label for other tools", True)),
        ("**/extends|**/extends/service|**/(profiles|links|external_links)/-", name("a service")),
        ("**/(secrets|configs)/-|**/(secrets|configs)/-/source", name("a secret's name")),
        ("**/extra_hosts/*|**/domainname|**/aliases/-", name("a host's name")),
        ("**/(pid|ipc|network_mode|networks/-|runtime|group_add/-)", name("a name docker knows")),
        ("name|(volumes|networks|configs|secrets)/*/name", name("a name docker knows")),
    ],
    Kind.WORKFLOW: [
        ("on/**/(paths|paths-ignore)/*", PATH),
        ("on/**/(branches|branches-ignore|tags|tags-ignore|workflows)/*", name("a branch or tag")),
        ("**/needs|**/needs/-|**/runs-on|**/runs-on/-", name("a job's or a runner's name")),
        ("jobs/*/environment|jobs/*/environment/name", name("an environment's name")),
        ("concurrency|**/concurrency|**/concurrency/group", name("a name for runs that exclude")),
        ("**/(container|container/image|services/*/image)", name("an image's name", firm=True)),
        (
            "**/with/(key|restore-keys|target|name|pattern|flags|tags|images|repository|project|package)",
            name("a name of something else"),
        ),
        ("**/with/(path|src|source|directory|working-directory|dockerfile|lcov-file)", PATH),
        ("**/with/(args|options|script)|**/(services|container)/**/options", COMMAND),
        ("runs/(main|pre|post)", PATH),
    ],
    Kind.GITLAB: [
        ("**/(changes|exists)/-|**/changes/paths/-|**/cache/key/files/-", PATH),
        ("**/(artifacts|cache)/(paths|untracked|exclude)/-|**/reports/*|**/reports/**/path", PATH),
        ("include|include/-|include/(local|file)|include/-/(local|file)|include/-/file/-", PATH),
        ("**/trigger/include|**/trigger/include/-/(local|file|artifact)|**/dotenv", PATH),
        ("**/extends|**/extends/-|**/needs/-|**/needs/-/job|**/dependencies/-", name("a job")),
        (
            "**/stage|stages/-|**/tags/-|**/resource_group|**/environment/name",
            name("a name in GitLab"),
        ),
        ("**/environment|**/(only|except)/-|**/(only|except)/refs/-", name("a name in GitLab")),
        ("**/image|image|**/image/name|**/services/-|services/-", name("an image", firm=True)),
        ("**/(trigger|trigger/project|include/-/project|needs/-/project)", name("a project")),
        ("**/cache/key|**/cache/-/key|**/artifacts/name|**/cache/key/prefix", name("a cache")),
    ],
    Kind.PRE_COMMIT: [
        ("files|exclude|repos/-/hooks/-/(files|exclude|log_file)|-/(files|exclude)", PATH),
        ("**/additional_dependencies/-", DISTRIBUTION),
        ("**/(id|alias|skip|stages|types|types_or)/-|**/(id|alias)", name("a hook's name")),
    ],
    Kind.CIRCLE: [
        ("workflows/*/jobs/-|**/requires/-|**/context|**/context/-", name("a job's name")),
        ("**/filters/**|**/key|**/keys/-|**/environment/name", name("a branch's or cache's name")),
        ("**/(save_cache|persist_to_workspace)/paths/-|**/store_\\w+/path", PATH),
    ],
    Kind.DEPENDABOT: [
        ("updates/-/(directory|directories)|updates/-/directories/-", PATH),
        (
            "**/(dependency-name|patterns|exclude-patterns|labels|reviewers|assignees)/*",
            name("a name of something else"),
        ),
        ("**/dependency-name|**/target-branch|**/prefix|**/milestone", name("a name")),
    ],
    Kind.MKDOCS: [
        (
            "docs_dir|site_dir|watch/-|theme/custom_dir|plugins/**/(paths|scripts|search_paths)/-",
            PATH,
        ),
        (
            "nav/**|not_in_nav|exclude_docs|extra_css/-|extra_javascript/*|plugins/**/nav_file",
            name("a page of the documentation's own folder", firm=True),
        ),
        ("**/redirect_maps/**|site_url", name("a URL's path", firm=True)),
        ("site_name|repo_name|site_description|site_author|copyright", name("shown to people")),
    ],
    Kind.CODECOV: [
        ("ignore/-|fixes/-|**/paths/-|**/ignore/-", PATH),
        ("**/flags/-|**/(name|component_id)|**/branches/-", name("a name in reports")),
    ],
    Kind.KUBERNETES: [
        (
            "metadata/**|**/metadata/(name|namespace|labels/**|annotations/**)",
            name("a name", True),
        ),
        ("**/(selector|matchLabels|commonLabels|podSelector|nodeSelector)/**", name("a label")),
        ("**/httpGet/path|**/http/paths/-/path|**/rules/-/host", name("a URL's path", firm=True)),
        ("**/(mountPath|subPath|workingDir)|**/hostPath/path|**/items/-/path", PATH),
        ("(resources|bases|components|crds|patches|patchesStrategicMerge)/-", PATH),
        ("**/(configMapGenerator|secretGenerator)/-/(files|envs)/-|**/patches/-/path", PATH),
        (
            "**/(serviceName|serviceAccountName|claimName|secretName|host|hosts|key|name|namespace)",
            name("a name that Kubernetes knows"),
        ),
        ("**/(namePrefix|nameSuffix|hosts/-|imagePullSecrets/*|newName|newTag)", name("a name")),
    ],
    Kind.LABELER: [
        ("**/*-glob-to-*|**/*-glob-to-*/-|*/-|*/-/(any|all)/-", PATH),
        ("**/(base|head)-branch|**/(base|head)-branch/-", name("a branch's name")),
    ],
    Kind.CONDA: [
        ("name|channels/-", name("an environment's name")),
        ("dependencies/**", DISTRIBUTION),
    ],
    Kind.RECIPE: [
        ("(package|recipe|outputs/-|outputs/-/package)/name", DISTRIBUTION),
        ("**/requirements/**|**/requires/-|**/run_constrained/-|**/pin_subpackage", DISTRIBUTION),
        ("**/imports/-|**/imports", MODULE),
        ("**/source/path|**/source/-/path|**/patches/-|**/(files|source_files)/-", PATH),
        ("**/(license_file|license_files/-|recipe/-|source/-|include/-|exclude/-)", PATH),
        ("**/about/(summary|description)", name("shown to people")),
    ],
    Kind.OPENAPI: [
        ("**/(operationId|tags/-|url|title|\\$ref)", name("part of a published interface", True)),
        ("**/tags/-/name|**/mapping/*", name("part of a published interface")),
    ],
    Kind.TASKFILE: [
        ("**/dir|**/(sources|generates|dotenv)/-|includes/*|includes/*/(taskfile|dir)", PATH),
        ("**/deps/-|**/deps/-/task|**/cmds/-/task|**/aliases/-", name("a task's name")),
    ],
    Kind.OTHER: [("handlers/-|**/loggers/*/handlers/-|root/handlers/-", name("a handler's name"))],
}
_KEYS: dict[Kind, Rows] = {
    Kind.COMPOSE: [
        ("services|**/depends_on|**/networks|networks", name("a compose service's or network's")),
        ("volumes|configs|secrets|**/(labels|extra_hosts)|**/labels", name("a name docker knows")),
    ],
    Kind.WORKFLOW: [
        (
            "jobs|**/(outputs|inputs|secrets)|**/services",
            name("a name inside the workflow"),
        ),
    ],
    Kind.GITLAB: [("", name("a job's name")), ("**/matrix/-", name("a variable's name"))],
    Kind.MKDOCS: [("nav/**|nav|**/redirect_maps", name("shown to people", firm=True))],
    Kind.CODECOV: [("flags|**/(project|patch|changes)", name("a name in reports"))],
    Kind.KUBERNETES: [
        ("**/(labels|annotations|selector|matchLabels)", name("a label", firm=True)),
        ("data|stringData|binaryData", VALUE),
    ],
    Kind.DEPENDABOT: [("**/groups|registries", name("a group's name"))],
    Kind.LABELER: [("", name("a label of the forge"))],
    Kind.OPENAPI: [("paths|**/(schemas|properties)", name("part of a published interface", True))],
    Kind.OTHER: [("handlers|formatters", name("a handler's or formatter's name"))],
    Kind.TASKFILE: [("tasks|includes", name("a task's name"))],
}

RULES = RulesByKind(_VALUES, _KEYS)
