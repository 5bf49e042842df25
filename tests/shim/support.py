"""What the tests of forwarding packages share."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unify_backend.model.changes import Create, Delete, Replace, SetExecutable
from unify_backend.model.file_source import Contents, Listing, TrackedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.shims import Notice, ShimPlan, ShimRequest
from unify_backend.shim.plan import Lacks, plan_shim

ROOT = Path(__file__).parents[2]
CASES = ROOT / "fixtures" / "shims"
EXAMPLE = CASES / "example"
SHOP = PackageMove.of("shop_backend", "shop.backend.core")


def compared(contents: Contents, rename: Callable[[str, bytes], bytes]) -> Lacks:
    """The strictest comparison: the canonical file must be the legacy one after renaming."""
    listed = {file.path for file in contents.listing().files}

    def lacks(move: PackageMove, path: str, data: bytes) -> str | None:
        target = move.target(path)
        if target not in listed:
            return "the canonical tree has no such file"
        return None if rename(path, data) == contents.read(target) else "its content differs"

    return lacks


def nothing(move: PackageMove, path: str, data: bytes) -> str | None:
    """Finds that nothing is lacking."""
    return None


def interpreters(oldest: int = 8) -> dict[int, str]:
    """One interpreter of each version 3.n from the oldest on that this machine has, ours too."""
    actual = {sys.version_info.minor: sys.executable}
    pyenv = Path.home() / ".pyenv" / "versions"
    for n in range(oldest, 15):
        on_path = shutil.which(f"python3.{n}")
        for path in (on_path, *map(str, sorted(pyenv.glob(f"3.{n}.*/bin/python")))):
            if path and n not in actual and _starts(path):
                actual[n] = path
    return dict(sorted(actual.items()))


def _starts(python: str) -> bool:
    done = subprocess.run([python, "-c", ""], capture_output=True, check=False)
    return done.returncode == 0


class Folder:
    """The contents of a folder, as a state of a repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def listing(self) -> Listing:
        """All files below it."""
        paths = sorted(
            file.relative_to(self.root).as_posix()
            for file in self.root.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        )
        return Listing(tuple(TrackedFile(path, False) for path in paths), (), False)

    def read(self, path: str) -> bytes:
        """The content of a file."""
        return (self.root / path).read_bytes()


class Texts:
    """A repository that is a dictionary."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def listing(self) -> Listing:
        """Its keys."""
        return Listing(tuple(TrackedFile(path, False) for path in sorted(self.files)), (), False)

    def read(self, path: str) -> bytes:
        """A value."""
        return self.files[path].encode()


def planned(
    root: Path,
    moves: Sequence[PackageMove] = (SHOP,),
    wish: ShimRequest | None = None,
    lacks: Lacks = nothing,
) -> ShimPlan:
    """The plan for the repository in a folder."""
    return plan_shim(Folder(root), Settings(tuple(moves)), wish or ShimRequest(), lacks)


def carry_out(root: Path, plan: ShimPlan) -> None:
    """Writes a plan, simply."""
    for change in plan.changes.changes:
        place = root / change.path
        match change:
            case Create(data=data) | Replace(data=data):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            case Delete():
                place.unlink()
            case SetExecutable():
                pass
            case _:
                raise AssertionError(change)


def laid(target: Path, files: Mapping[str, str]) -> Path:
    """A folder with the files."""
    for path, text in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="")
    return target


def example(target: Path, notice: Notice = Notice.QUIET) -> Path:
    """The example with its forwarding package."""
    copied = ignored(target)
    carry_out(copied, planned(copied, wish=ShimRequest(notice=notice)))
    return copied


def ignored(target: Path) -> Path:
    """The example as it is, without what running it left."""
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(EXAMPLE, target, ignore=ignore))


def design(target: Path, case: Mapping[str, Any]) -> Path:
    """The example with a forwarding package as a case describes it."""
    copied = ignored(target)
    core, legacy = copied / SHOP.canonical_path, copied / SHOP.legacy_path
    if case.get("copy"):
        shutil.copytree(core, legacy)
        for file in legacy.rglob("*.py"):
            text = file.read_text("utf-8").replace("shop.backend.core", "shop_backend")
            file.write_text(text, "utf-8")
        return copied
    legacy.mkdir()
    if each := case.get("each"):
        for file in core.rglob("*.py"):
            inner = file.relative_to(core)
            parts = [*SHOP.canonical.split("."), *inner.with_suffix("").parts]
            new = ".".join(parts).removesuffix(".__init__")
            (legacy / inner).parent.mkdir(parents=True, exist_ok=True)
            (legacy / inner).write_text(each.replace("{new}", new), "utf-8")
    (legacy / "__init__.py").write_text(case["init"], "utf-8")
    return copied
