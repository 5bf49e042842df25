"""Finds the root of a repository and its git folder, by the rules of git.

In Python, because the answer must be the same where git is not installed: the journal of an
interrupted run lies in the git folder. The layout is that of `git help repository-layout`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.git.run import decode

_BARE = re.compile(r"(?im)^\s*bare\s*(=\s*(true|yes|on|1))?\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A work tree's top folder with its git folder, or a plain folder (`git_dir` is None)."""

    root: Path
    git_dir: Path | None


def find(start: Path) -> Place:
    """The work tree that contains `start`; `start` itself where there is none.

    Raises RepositoryError where `start` is not a folder, lies in a git folder, or is bare.
    """
    try:
        folder = start.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise RepositoryError(
            f"{start} cannot be opened",
            "there is no such folder" if isinstance(error, FileNotFoundError) else str(error),
            "Give an existing folder by --repo.",
        ) from error
    if not folder.is_dir():
        raise RepositoryError(
            f"{start} is a file", "a repository is a folder", "Give its folder by --repo."
        )
    for above in (folder, *folder.parents):
        if _is_git_dir(above):
            raise _inside(start, above)
        git_dir = _git_dir(above / ".git")
        if git_dir is not None:
            if _is_bare(git_dir):
                raise _bare(start, git_dir)
            return Place(above, git_dir)
    return Place(folder, None)


def _is_git_dir(folder: Path) -> bool:
    """Whether `folder` is a git folder: a repository's own or a linked work tree's."""
    head = folder / "HEAD"
    if not (head.is_file() or head.is_symlink()):
        return False
    own = (folder / "objects").is_dir() and (folder / "refs").is_dir()
    return own or (folder / "commondir").is_file()


def main_work_tree(git_dir: Path) -> Path | None:
    """The main work tree of the repository to which the linked work tree of that git folder
    belongs; None where it is no linked one, or the repository is bare."""
    try:
        common = (git_dir / "commondir").read_bytes()
    except OSError:
        return None
    folder = (git_dir / decode(common.strip())).resolve()
    return folder.parent if folder.name == ".git" and not _is_bare(folder) else None


def _git_dir(dot_git: Path) -> Path | None:
    if dot_git.is_dir():
        return dot_git if _is_git_dir(dot_git) else None
    try:
        words = dot_git.read_bytes()[:8192]
    except OSError:
        return None
    if not words.startswith(b"gitdir:"):
        return None
    target = dot_git.parent / decode(words.removeprefix(b"gitdir:").strip())
    if not _is_git_dir(target):
        raise RepositoryError(
            f"{dot_git} points to {target}, which is no git folder",
            "the work tree or submodule was moved, or its repository is gone",
            "Run 'git worktree repair' in the main repository, or clone again.",
        )
    return target.resolve()


def _is_bare(git_dir: Path) -> bool:
    if (git_dir / "commondir").is_file():  # a linked work tree of a bare repository is none
        return False
    try:
        text = (git_dir / "config").read_text("utf-8", "replace")
    except OSError:
        return False
    section = re.search(r"(?ims)^\s*\[core\](.*?)(^\s*\[|\Z)", text)
    return section is not None and _BARE.search(section[1]) is not None


def _inside(start: Path, git_dir: Path) -> RepositoryError:
    if git_dir.name == ".git" or ".git" in git_dir.parts:
        return RepositoryError(
            f"{start} lies inside git's own folder {git_dir}",
            "nothing in there may be read as source or rewritten",
            "Give the work tree's folder by --repo.",
        )
    return _bare(start, git_dir)


def _bare(start: Path, git_dir: Path) -> RepositoryError:
    return RepositoryError(
        f"{start} is in a bare repository ({git_dir})",
        "it has no work tree, so there are no files to read or to change",
        "Clone it, or add a work tree by 'git worktree add', and run there.",
    )
