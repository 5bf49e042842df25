"""Which language a file is in: by its name, its extension, else its first line."""

import re

_SUFFIXES = re.compile(
    r"(?i)(?:\.(?:backup|bak|bkp|orig|old|save|saved|example|sample|template|tmpl|tpl|dist|disabled|"
    r"local|j2|jinja2?|in|rej|txt)|~)$"
)
_TEMPLATE = re.compile(r"(?i)\.(?:j2|jinja2?|tpl|tmpl|mako)$")
_NAMES = {
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "justfile": "justfile",
    ".justfile": "justfile",
    "procfile": "procfile",
    "codeowners": "patterns",
    "manifest.in": "patterns",
    "pipfile": "toml",
    "poetry.lock": "toml",
    "uv.lock": "toml",
    "pdm.lock": "toml",
    "cargo.lock": "toml",
    "pipfile.lock": "json",
    ".babelrc": "json",
    ".eslintrc": "json",
    ".prettierrc": "json",
    ".swcrc": "json",
    "composer.lock": "json",
    "flake.lock": "json",
    ".coveragerc": "ini",
    ".pylintrc": "ini",
    "pylintrc": "ini",
    ".flake8": "ini",
    ".editorconfig": "ini",
    ".isort.cfg": "ini",
    ".bumpversion.cfg": "ini",
    ".gitmodules": "ini",
    ".pypirc": "ini",
    ".gitconfig": "ini",
    ".npmrc": "ini",
    "pip.conf": "ini",
    "supervisord.conf": "supervisor",
    ".importlinter": "ini",
    ".pep8": "ini",
    "uwsgi.conf": "ini",
    "logging.conf": "ini",
    "mypy.conf": "ini",
    ".style.yapf": "ini",
    ".pydocstyle": "ini",
    ".clang-format": "yaml",
    ".yamllint": "yaml",
    ".clangd": "yaml",
    "citation.cff": "yaml",
    ".bashrc": "shell",
    ".profile": "shell",
    ".bash_profile": "shell",
    ".zshrc": "shell",
    ".envrc": "shell",
    ".bash_aliases": "shell",
    ".flaskenv": "env",
    "pkgbuild": "shell",
    "sconstruct": "python",
    "sconscript": "python",
    "wscript": "python",
    "tiltfile": "python",
    "snakefile": "python",
}
_EXTENSIONS = {
    "py": "python",
    "pyi": "python",
    "pyw": "python",
    "pyx": "python",
    "pxd": "python",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "ksh": "shell",
    "bats": "shell",
    "bat": "batch",
    "cmd": "batch",
    "ps1": "powershell",
    "psm1": "powershell",
    "psd1": "powershell",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "yml": "yaml",
    "yaml": "yaml",
    "cff": "yaml",
    "json": "json",
    "jsonc": "json",
    "json5": "json",
    "ipynb": "notebook",
    "code-workspace": "json",
    "code-snippets": "json",
    "webmanifest": "json",
    "geojson": "json",
    "toml": "toml",
    "ini": "ini",
    "cfg": "ini",
    "conf.ini": "ini",
    "properties": "ini",
    "desktop": "ini",
    "env": "env",
    "service": "systemd",
    "socket": "systemd",
    "timer": "systemd",
    "target": "systemd",
    "path": "systemd",
    "mount": "systemd",
    "slice": "systemd",
    "automount": "systemd",
    "swap": "systemd",
    "container": "systemd",
    "kube": "systemd",
    "nginx": "nginx",
    "vhost": "nginx",
    "mk": "makefile",
    "mak": "makefile",
    "just": "justfile",
    "md": "markdown",
    "markdown": "markdown",
    "mdx": "markdown",
    "mdc": "markdown",
    "qmd": "markdown",
    "rmd": "markdown",
    "rst": "restructuredtext",
    "rest": "restructuredtext",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "xml": "html",
    "iml": "html",
    "css": "css",
    "scss": "css",
    "less": "css",
    "sql": "sql",
    "ddl": "sql",
    "psql": "sql",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "javascript",
    "tsx": "javascript",
    "mts": "javascript",
    "cts": "javascript",
    "svelte": "javascript",
    "vue": "javascript",
    "astro": "javascript",
}
_PATTERNS = (
    (re.compile(r"(?i).+\.(?:j2|jinja2?|tpl|tmpl|mako)"), "template"),
    (re.compile(r"(?i)(?:docker|container)file(?:[.-].*)?"), "dockerfile"),
    (re.compile(r"(?i)makefile\..+"), "makefile"),
    (re.compile(r"\.env(?:\..+)?|\.env-.+|.+\.env\..+"), "env"),
    (re.compile(r"\.\w*ignore|\.gitattributes|\.gitkeep"), "patterns"),
    (
        re.compile(r"(?i)(?:.*[-_])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|pip)"),
        "requirements",
    ),
    (re.compile(r"(?i)procfile\..+"), "procfile"),
    (re.compile(r"(?i)nginx.*\.conf|.+[.-]nginx\.conf"), "nginx"),
    (re.compile(r"(?i)supervisor.*\.(?:conf|ini)"), "supervisor"),
)
_SITE = r"(?:[^/.]+|[^/]+\.(?:conf|com|org|net|io|dev|local))"
_FOLDERS = (  # formats that only the folder tells
    (re.compile(r"(?:.*/)?templates/(?:.*\.(?:ya?ml|tpl)|NOTES\.txt)"), "template"),
    (re.compile(rf"(?:.*/)?(?:nginx/.*\.conf|sites-(?:available|enabled)/{_SITE})"), "nginx"),
    (re.compile(r"(?:.*/)?supervisord?(?:\.d)?/.*\.(?:conf|ini)"), "supervisor"),
    (re.compile(r".*\.(?:service|timer|socket)\.d/[^/]+\.conf"), "systemd"),
)
_SHEBANGS = (
    (re.compile(r"#!.*\b(?:python|pypy)[\d.]*\b"), "python"),
    (re.compile(r"#!.*\buv run\b.*"), "python"),
    (re.compile(r"#!.*\b(?:ba|z|da|k|a)?sh\b"), "shell"),
    (re.compile(r"#!.*\bmake\b"), "makefile"),
    (re.compile(r"#!.*\bpwsh\b"), "powershell"),
    (re.compile(r"#!.*\b(?:node|deno|bun)\b"), "javascript"),
    (re.compile(r"(?i)@echo off"), "batch"),
)


def language_of(path: str, text_head: str) -> str:
    """The key of the form that reads the file; "text" where nothing fits.

    `path` is POSIX. `text_head` is the beginning of the content; it decides where the name does
    not. A copy kept under a suffix (`main.py.bak`, `.env.example`) is what its name below says.
    """
    name = path.rsplit("/", 1)[-1]
    parent = path.lower().removesuffix(name.lower())
    folder = f"/{path.lower()}"
    if "/requirements/" in folder and name.endswith((".txt", ".in")):
        return "requirements"
    while name:
        if found := _by_folder(parent + name) or _by_name(name):
            return found
        shorter = _SUFFIXES.sub("", name)
        if shorter in {name, ""}:
            break
        name = shorter
    first = text_head.lstrip("\ufeff").split("\n", 1)[0]
    for pattern, language in _SHEBANGS:
        if pattern.match(first):
            return language
    return "text"


def language_under(path: str) -> str:
    """The key of the form that reads what a template makes; "text" where its name does not say."""
    name = path.rsplit("/", 1)[-1]
    below = _TEMPLATE.sub("", name)
    if below == name and not _by_folder(path):
        return "text"
    language = language_of(below, "")
    return language if language != "template" else "text"


def _by_folder(path: str) -> str | None:
    return next((language for pattern, language in _FOLDERS if pattern.fullmatch(path)), None)


def _by_name(name: str) -> str | None:
    if found := _NAMES.get(name.lower()):
        return found
    for pattern, language in _PATTERNS:
        if pattern.fullmatch(name):
            return language
    stem, _, extension = name.rpartition(".")
    return _EXTENSIONS.get(extension.lower()) if stem or extension == "env" else None
