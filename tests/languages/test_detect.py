"""Which language a file is in, by its name or first line."""

import pytest

from unify_backend.languages.detect import language_of, language_of_code
from unify_backend.languages.registry import READERS

NAMES = {
    "a/main.py": "python",
    "a/types.pyi": "python",
    "a/x.py.backup": "python",
    "x.py.j2": "template",
    "main.py~": "python",
    "docs/APP_MAP.md.bak": "markdown",
    "README.md": "markdown",
    "Dockerfile": "dockerfile",
    "Dockerfile.dev": "dockerfile",
    "formats/dockerfile.py": "python",
    "formats/makefile.py": "python",
    "Dockerfile.md": "markdown",
    "docker/api.Dockerfile": "dockerfile",
    "dev.dockerfile": "dockerfile",
    "Containerfile": "dockerfile",
    "docker-compose.yml": "yaml",
    "docker-compose.prod.yaml": "yaml",
    "compose.yml.example": "yaml",
    "deploy/api.service": "systemd",
    "deploy/api.service.d/override.conf": "systemd",
    "deploy/api.container": "systemd",
    ".env": "env",
    ".env.example": "env",
    "prod.env": "env",
    ".env.local.sample": "env",
    "Procfile": "procfile",
    "Procfile.dev": "procfile",
    "CODEOWNERS": "patterns",
    ".github/CODEOWNERS": "patterns",
    ".gitignore": "patterns",
    ".dockerignore": "patterns",
    ".gitattributes": "patterns",
    "MANIFEST.in": "patterns",
    "Makefile": "makefile",
    "rules.mk": "makefile",
    "justfile": "justfile",
    "Makefile.am": "makefile",
    "requirements.txt": "requirements",
    "requirements-dev.txt": "requirements",
    "requirements/prod.txt": "requirements",
    "dev-requirements.in": "requirements",
    "constraints.txt": "requirements",
    "x.sh": "shell",
    "run.sh.template": "shell",
    "x.bat": "batch",
    "x.cmd": "batch",
    "x.ps1": "powershell",
    "m.psm1": "powershell",
    "pyproject.toml": "toml",
    "uv.lock": "toml",
    "setup.cfg": "ini",
    "alembic.ini": "ini",
    ".coveragerc": "ini",
    ".editorconfig": "ini",
    "supervisord.conf": "supervisor",
    "deploy/supervisor/conf.d/api.conf": "supervisor",
    "package.json": "json",
    "tsconfig.base.json": "json",
    "a.jsonc": "json",
    "n.ipynb": "notebook",
    "a.ts": "javascript",
    "a.tsx": "javascript",
    "App.svelte": "javascript",
    "x.d.mts": "javascript",
    "index.rst": "restructuredtext",
    "a.html": "html",
    "a.sql": "sql",
    "a.css": "css",
    "nginx.conf": "nginx",
    "deploy/nginx/default.conf.template": "nginx",
    "nginx/Dockerfile": "dockerfile",
    "nginx/README.md": "markdown",
    "sites-enabled/shop": "nginx",
    "LICENSE": "text",
    "notes.txt": "text",
    "data.csv": "text",
    ".gitkeep": "patterns",
    "": "text",
    ".py": "text",
    "environment": "text",
    "a.b/c": "text",
    "template": "text",
    ".bak": "text",
}


@pytest.mark.parametrize(("path", "language"), NAMES.items())
def test_by_name(path: str, language: str) -> None:
    assert language_of(path, "") == language


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("#!/usr/bin/env python3\nimport x", "python"),
        ("#!/usr/bin/python3.12 -u\r\n", "python"),
        ("#!/usr/bin/env -S uv run --script\n", "python"),
        ("\ufeff#!/bin/bash -e\n", "shell"),
        ("#!/bin/sh", "shell"),
        ("#!/usr/bin/make -f\n", "makefile"),
        ("#!/usr/bin/env node\n", "javascript"),
        ("@echo off\r\nrem x", "batch"),
        ("# python3\n", "text"),
        ("x #!/bin/bash", "text"),
    ],
)
def test_by_first_line(head: str, language: str) -> None:
    assert language_of("bin/run", head) == language


def test_a_name_decides_before_the_first_line() -> None:
    assert language_of("x.bat", "#!/bin/bash") == "batch"


def test_every_language_has_a_form() -> None:
    assert set(NAMES.values()) <= set(READERS)


@pytest.mark.parametrize(
    ("label", "code", "language"),
    [
        ("ini", "ExecStart=/opt/shop/bin/uvicorn main:app\n", "systemd"),
        ("ini", "; a copy\n[Service]\nUser=shop\n", "systemd"),
        ("env", "Environment=A=1\nExecStart=/opt/shop/run\n", "systemd"),
        ("", "[Unit]\nDescription=x\n", "systemd"),
        ("conf", "[program:web]\ncommand=python main.py\n", "supervisor"),
        ("ini", "[tool:pytest]\naddopts=-q\n", "ini"),
        ("ini", "# ExecStart=/opt/shop/run\na=1\n", "ini"),
        ("env", "EXECSTART=/opt/shop/run\n", "env"),
        ("toml", "ExecStart='run'\n", "toml"),
        ("", "To change ExecStart= edit the unit.\n[Service]\n", None),
        ("brainfuck", "[Service]\n", None),
    ],
)
def test_by_the_lines_of_a_block(label: str, code: str, language: str | None) -> None:
    assert language_of_code(label, code) == language
