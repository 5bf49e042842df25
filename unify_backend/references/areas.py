"""Which part of a repository a file belongs to, as phase 34.1 reports it."""

import re
from collections.abc import Sequence
from functools import cache

from unify_backend.languages.detect import definition_of
from unify_backend.model.globs import glob_pattern
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area

# In the order in which they are asked; at its turn an area takes the languages that name it, too.
_BUILT_IN: tuple[tuple[Area, tuple[str, ...]], ...] = (
    (
        Area.CI,
        (
            ".github/**",
            ".gitlab-ci*",
            ".gitlab/**",
            ".circleci/**",
            "Jenkinsfile*",
            ".ci/**",
            "azure-pipelines*",
            ".travis.yml",
            "**/.pre-commit-config.yaml",
            "bitbucket-pipelines*",
            ".drone.yml",
            ".buildkite/**",
        ),
    ),
    (
        Area.DOCKER,
        (
            "**/Dockerfile*",
            "**/docker-compose*",
            "**/compose.y*ml",
            "**/compose.*.y*ml",
            "**/.dockerignore",
            "docker/**",
            "**/docker-bake*",
            "**/charts/**",
            "k8s/**",
            "**/kubernetes/**",
            "helm/**",
        ),
    ),
    (Area.LAUNCHER, ("launcher/**", "**/launcher/**", "launchers/**")),
    (
        Area.TESTS,
        (
            "tests/**",
            "test/**",
            "**/tests/**",
            "**/test/**",
            "**/test_*.py",
            "**/*_test.py",
            "**/conftest.py",
            "**/*.test.*",
            "**/*.spec.*",
        ),
    ),
    (
        Area.DOCS,
        (
            "**/*.md.*",
            "**/*.adoc",
            "docs/**",
            "doc/**",
            "**/README*",
            "**/*.txt",
        ),
    ),
    (
        Area.CONFIG,
        (
            "**/*.conf",
            "**/.git*",
            "**/.vscode/**",
            "**/.claude/**",
        ),
    ),
    (
        Area.SCRIPTS,
        (
            "scripts/**",
            "**/scripts/**",
            "bin/**",
            "tools/**",
            "**/*.vbs",
            "*.py",
            "**/noxfile.py",
        ),
    ),
    (Area.FRONTEND, ()),
    (Area.BACKEND, ()),
)


class Areas:
    """Classes paths: configured globs first, then the two packages, then folders and languages."""

    def __init__(
        self,
        moves: Sequence[PackageMove],
        configured: Sequence[tuple[Area, tuple[str, ...]]] = (),
    ) -> None:
        self._moves = MoveIndex(moves)
        self._configured = [(area, _union(globs)) for area, globs in configured]
        self._built_in = [(area, _union(globs)) for area, globs in _BUILT_IN]
        self._known: dict[str, Area] = {}  # a file holds many references

    def of(self, path: str) -> Area:
        """The area of the file at `path`."""
        if path not in self._known:
            self._known[path] = self._find(path)
        return self._known[path]

    def _find(self, path: str) -> Area:
        for area, pattern in self._configured:
            if pattern and pattern.match(path):
                return area
        language = definition_of(path)
        if self._moves.legacy_owners(path) or self._moves.canonical_owners(path):
            return Area.DOCKER if language.area is Area.DOCKER else Area.BACKEND
        if language.name == "requirements":  # most end in .txt, and are no documentation
            return Area.CONFIG
        for area, pattern in self._built_in:
            if area is language.area or (pattern and pattern.match(path)):
                return area
        return Area.OTHER


@cache
def _union(globs: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(glob_pattern, globs))) if globs else None
