"""Which part of a repository a file belongs to, as phase 34.1 reports it."""

import re
from collections.abc import Sequence
from functools import cache

from unify_backend.model.globs import glob_pattern
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area

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
            "**/*.Dockerfile",
            "**/Containerfile*",
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
            "**/*.md",
            "**/*.rst",
            "**/*.mdx",
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
            "**/requirements*.txt",
            "**/*.toml",
            "**/*.ini",
            "**/*.cfg",
            "**/*.json",
            "**/*.jsonc",
            "**/*.yml",
            "**/*.yaml",
            "**/.env*",
            "**/*.conf",
            "**/*.service",
            "**/*.timer",
            "**/*.socket",
            "**/*.container",
            "**/.importlinter",
            "**/.git*",
            "**/Procfile*",
            "**/CODEOWNERS",
            "**/MANIFEST.in",
            "**/*.env",
            "**/.vscode/**",
            "**/.claude/**",
            "**/.editorconfig",
        ),
    ),
    (
        Area.SCRIPTS,
        (
            "scripts/**",
            "**/scripts/**",
            "bin/**",
            "tools/**",
            "**/*.sh",
            "**/*.bat",
            "**/*.cmd",
            "**/*.ps1",
            "**/*.vbs",
            "**/Makefile",
            "**/*.mk",
            "**/justfile",
            "*.py",
            "**/noxfile.py",
        ),
    ),
    (
        Area.FRONTEND,
        (
            "**/*.ts",
            "**/*.tsx",
            "**/*.js",
            "**/*.jsx",
            "**/*.mjs",
            "**/*.cjs",
            "**/*.svelte",
            "**/*.vue",
            "**/*.html",
            "**/*.css",
            "**/*.scss",
        ),
    ),
    (Area.BACKEND, ("**/*.py", "**/*.pyi", "**/*.ipynb")),
)
_FIRST = (Area.CONFIG, ("**/requirements*.txt",))


class Areas:
    """Classes paths: configured globs first, then the two trees, then what the names say."""

    def __init__(
        self,
        moves: Sequence[PackageMove],
        configured: Sequence[tuple[Area, tuple[str, ...]]] = (),
    ) -> None:
        self._moves = MoveIndex(moves)
        self._configured = [(area, _union(globs)) for area, globs in configured]
        self._built_in = [(area, _union(globs)) for area, globs in (_FIRST, *_BUILT_IN)]

    def of(self, path: str) -> Area:
        """The area of the file at `path`."""
        for area, pattern in self._configured:
            if pattern.match(path):
                return area
        if self._moves.legacy_owners(path) or self._moves.canonical_owners(path):
            return Area.DOCKER if "Dockerfile" in path else Area.BACKEND
        for area, pattern in self._built_in:
            if pattern.match(path):
                return area
        return Area.OTHER


@cache
def _union(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(glob_pattern(one) for one in globs))
