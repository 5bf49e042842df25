"""What a changelog said before the move: only an entry that came with it, or after, tells of it."""

from unify_backend.model.errors import RepositoryError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import is_generated
from unify_backend.model.text import Binary, decode
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot

_FAR = 40  # commits that touched the legacy folder, looked at from the newest


def before_the_move(contents: Snapshot, moves: tuple[PackageMove, ...], path: str) -> str:
    """The text that the file at `path` had when a legacy tree last held code; "" where history does
    not tell."""
    repository = contents.repository
    if not repository.is_git:
        return ""
    try:
        for move in moves:
            if revision := _last_with_code(contents, move):
                name = git.tracked_at(repository.root, revision).get(path)
                found = decode(git.blob(repository.root, name)) if name else None
                return "" if found is None or isinstance(found, Binary) else found.text
    except RepositoryError:  # no commit yet, or a shallow clone ends there
        pass
    return ""


def _last_with_code(contents: Snapshot, move: PackageMove) -> str:
    """The last commit before the one that took the code away; HEAD where none has yet."""
    root = contents.repository.root
    listed = git.run(root, "log", f"-{_FAR}", "--format=%H", "--", *move.legacy_places)
    newer = ""
    for commit in listed.decode("ascii").split():
        blobs = git.tracked_at(root, commit).items()
        code = (name for path, name in blobs if move.owns_legacy(path) and path.endswith(".py"))
        if any(not is_generated(git.blob(root, name)) for name in code):
            return f"{newer}^" if newer else "HEAD"
        newer = commit
    return ""
