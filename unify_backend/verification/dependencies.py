"""Import names and the distributions that bring them, as far as the repository tells."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from unify_backend.model.boots import FailureCause, MissingDependency, Place
from unify_backend.model.text import PACKAGE_FILE, SOURCE
from unify_backend.repository.files import LEFT_OUT

# Where the two names differ and nothing in the names says so.
_DISTRIBUTIONS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cairosvg": "CairoSVG",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "grpc": "grpcio",
    "imagehash": "ImageHash",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "kafka": "kafka-python",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "markdown_it": "markdown-it-py",
    "multipart": "python-multipart",
    "MySQLdb": "mysqlclient",
    "nacl": "PyNaCl",
    "OpenSSL": "pyOpenSSL",
    "PIL": "Pillow",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socketio": "python-socketio",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}
_NAMES = ("requirements*.txt", "requirements*.in", "pyproject.toml", "setup.cfg", "setup.py")
_MORE = ("Pipfile", "environment.y*ml", "conda*.y*ml", "constraints*.txt")
_REQUIREMENT = re.compile(
    r"""^[\s"'\-]*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*"""
    r"""(?:$|[<>=!~;@#,"'\s])"""
)
_SKIPPED = LEFT_OUT | {"venv", "site-packages"}
_DEPTH = 5


class Dependencies:
    """The requirement files of the repository at `root`, read when first asked."""

    def __init__(self, root: Path, package: str) -> None:
        self._root = root
        self._package = package

    def missing(self, module: str) -> MissingDependency | None:
        """What is known about a module that cannot be found; None for one of the package itself
        (then it is a wrong import)."""
        top = module.split(".")[0]
        if top == self._package.split(".")[0]:
            return None
        for name in _candidates(top):
            if name in self._declared:
                written, place = self._declared[name]
                return MissingDependency(top, written, place, self._inside(top))
        return MissingDependency(top, _DISTRIBUTIONS.get(top), None, self._inside(top))

    def _inside(self, top: str) -> str | None:
        """A folder of the repository from which the module could be imported."""
        for folder in self._folders:
            base = self._root / folder
            if (base / f"{top}{SOURCE}").is_file() or (base / top / PACKAGE_FILE).is_file():
                return folder
        return None

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        return tuple(_walk(self._root, Path(), _DEPTH))

    @cached_property
    def _declared(self) -> dict[str, tuple[str, Place]]:
        """Normalised distribution → its name as written, and where."""
        declared: dict[str, tuple[str, Place]] = {}
        for folder in self._folders:
            for pattern in (*_NAMES, *_MORE):
                for file in sorted((self._root / folder).glob(pattern)):
                    path = file.relative_to(self._root).as_posix()
                    for line, name in _requirements(file):
                        declared.setdefault(_normal(name), (name, Place(path, line)))
        return declared


def _candidates(top: str) -> Iterator[str]:
    if top in _DISTRIBUTIONS:
        yield _normal(_DISTRIBUTIONS[top])
    for form in ("{}", "python-{}", "{}-python", "py{}", "{}-py", "{}-sdk"):
        yield _normal(form.format(top))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(file: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return
    plain = file.suffix in {".txt", ".in"}
    for number, line in enumerate(lines, 1):
        if plain:
            if (match := _REQUIREMENT.match(line)) and not line.lstrip().startswith("-"):
                yield number, match[1]
        else:  # a list in another format: quoted, dashed, keyed or bare on its line
            for part in re.split(r"[\[,(]", line):
                if match := _REQUIREMENT.match(part):
                    yield number, match[1]


def _walk(root: Path, folder: Path, depth: int) -> Iterator[str]:
    yield folder.as_posix()
    try:
        below = sorted(child for child in (root / folder).iterdir() if child.is_dir())
    except OSError:
        return
    for child in below if depth else ():
        if (
            child.name not in _SKIPPED
            and not child.is_symlink()
            and not (child / "pyvenv.cfg").exists()
        ):
            yield from _walk(root, folder / child.name, depth - 1)


def cause_from(cause: Mapping[str, Any] | None, known: Dependencies) -> FailureCause | None:
    """A cause as `programs/causes.py` tells it; a missing dependency is looked up."""
    if cause is None:
        return None
    place = Place(str(cause["path"]), int(cause["line"])) if cause.get("path") else None
    missing = known.missing(str(cause["missing"])) if cause.get("missing") else None
    return FailureCause(str(cause["error"]), str(cause["message"]), place, missing)
