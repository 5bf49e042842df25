"""Files that legacy brings to a place that is taken, and that stay where they are.

It is taken by a folder where legacy has a file, by a file where it has a folder, or by what git
does not track. Only one of both can be there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from unify_backend.model.merge_plan import MergeAction, MergedFile, Prefer, Settled
from unify_backend.model.text import printable


def one_of_both(
    files: Iterable[MergedFile],
    settled: Mapping[str, Settled],
    digest: Callable[[bytes], str],
    prefer: Prefer | None,
    untracked: Callable[[str], bool],
) -> tuple[MergedFile, ...]:
    """The files; one that legacy brings stays where it is, and is a conflict, where canonical has a
    file in place of one of its folders, or a folder in its own place, and where something
    `untracked` is there. `settled` are, by canonical path, those that somebody left there in this
    clone; `digest` makes the digests of contents."""
    files = tuple(files)
    remaining = {
        file.path for file in files if file.after is not None and file.how is not MergeAction.MOVED
    }
    folders = {folder: path for path in sorted(remaining) for folder in _folders(path)}

    def in_the_way(path: str) -> str | None:
        file = next((folder for folder in _folders(path) if folder in remaining), None)
        if other := file or folders.get(path):
            return (
                f"{printable(other)} is in the way: one tree has a file there, the other a folder"
            )
        if untracked(path):
            return f"{printable(path)} is there, and git does not track it"
        return None

    return tuple(
        _left_there(file, why, settled.get(file.path), digest, prefer)
        if file.how is MergeAction.MOVED and (why := in_the_way(file.path))
        else file
        for file in files
    )


def _left_there(
    file: MergedFile,
    why: str,
    known: Settled | None,
    digest: Callable[[bytes], str],
    prefer: Prefer | None,
) -> MergedFile:
    file = replace(file, how=MergeAction.STAYS_DELETED, after=None)
    if known is not None and known.digest == digest(file.legacy or b""):
        return replace(file, how=MergeAction.SETTLED)
    if prefer is Prefer.CANONICAL:
        return replace(file, preferred=True)
    note = (
        f"{why}. Left where it is: move {printable(file.origin or '')}, or what is in the way, by "
        "hand; to let it go, delete it or give --prefer canonical"
    )
    return replace(file, how=MergeAction.CONFLICT, notes=(*file.notes, note))


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
