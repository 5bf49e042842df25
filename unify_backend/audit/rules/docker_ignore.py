"""Build contexts that send files to the image that it does not need."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from unify_backend.audit.contexts import Context, build_contexts
from unify_backend.audit.package import Package
from unify_backend.audit.rule import AuditRule, Finding, Options
from unify_backend.languages.dockerfile.dockerignore import Ignore, ignore_file
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.text import SOURCE

_SECRET = re.compile(r"(.*/)?\.env(\.(?!example|sample|template|dist)[\w-]+)?")


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for context in build_contexts(package.paths, package.read):
        if not context.copies:
            continue
        touches = any(
            file.startswith(f"{package.folder}/") for file in context.files(package.paths)
        ) or context.folder.startswith(package.folder)
        if not touches:
            continue
        wanted = sorted(set(_useless(context, package.paths, options)))
        if not wanted:
            continue
        path = ignore_file(context.folder, context.dockerfile, package.paths)
        text = package.read(path) if path else None
        ignore = Ignore(text or "")
        missing = [name for name, example in wanted if not ignore.excludes(example)]
        missing = list(dict.fromkeys(missing))
        if missing:
            yield _finding(context, path, missing)


def _useless(context: Context, paths: Iterable[str], options: Options) -> Iterator[tuple[str, str]]:
    """The files that the context has, or will have once the program runs, and that the image
    copies, each with an example of a path that must be excluded."""
    files = [context.below(file) for file in context.files(paths)]
    copied = [file for file in files if context.copied(file)]
    if context.folder in {"", "."} and context.copied(".git/HEAD"):
        yield ".git", ".git/HEAD"
    python = sorted({posixpath.dirname(file) for file in copied if file.endswith(SOURCE)})
    if python:
        example = posixpath.join(python[-1], "__pycache__/module.cpython-312.pyc")
        yield "**/__pycache__", example
    if context.copied(".env") and _has_settings(files):
        yield ".env", ".env"
    for file in copied:
        name = posixpath.basename(file)
        first = file.partition("/")[0]
        if _SECRET.fullmatch(file):
            yield f"**/{name}" if "/" in file else name, file
        elif file.endswith(".ipynb"):
            yield "**/*.ipynb", file
        elif name.endswith(options.texts("models")):
            yield f"**/*{posixpath.splitext(name)[1]}", file
        elif first in options.texts("folders") and "/" in file and not context.names(first):
            yield first, file


def _has_settings(files: list[str]) -> bool:
    """Whether the program is configured by a `.env`: an example of one exists."""
    return any(file.rpartition("/")[2].startswith(".env") for file in files)


def _finding(context: Context, path: str, missing: list[str]) -> Finding:
    where = f"{context.folder}/" if context.folder not in {"", "."} else "the repository's top"
    shown = ", ".join(missing)
    target = path or posixpath.join(context.folder, ".dockerignore").removeprefix("./")
    state = f"{path} leaves in" if path else "no .dockerignore: the build sends and copies"
    return Finding(
        path or context.dockerfile,
        f"{context.folder or '.'} {shown}",
        f"the image built from {where} ({context.dockerfile}) gets what it never needs, as soon as "
        f"it is there; {state} {shown}",
        f"Add to {target}, one a line: {shown}",
    )


RULE = AuditRule(
    Rule(
        "docker-ignore",
        "a Docker build context has no .dockerignore, or a weak one",
        "What is not excluded is sent to the builder and, with `COPY . .`, ends up in the image: "
        "the git history, caches of another Python, notebooks, model files, and the `.env` with "
        "its secrets. Only what a `COPY` or `ADD` of the Dockerfile takes counts here.",
        Severity.WARNING,
    ),
    _find,
    (
        Option("folders", ("tests", "notebooks"), "folders that an image does not need"),
        Option(
            "models",
            (".pt", ".pth", ".onnx", ".safetensors", ".ckpt", ".h5", ".gguf"),
            "endings of model files, which belong into a volume",
        ),
    ),
)
