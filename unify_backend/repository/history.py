"""The git history of some folders.

It takes two or three calls of git: a log with all commits, all parents of merges, and the changes
of these folders against each commit's first parent; one for uncommitted changes; and another for
each round of files that came from outside the folders, which are followed to their old places.
"""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from unify_backend.model.errors import RepositoryError, UnifyError
from unify_backend.model.history import UNCOMMITTED, Commit
from unify_backend.model.package_move import is_under
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import Blobs, resolve
from unify_backend.repository.git.timeline import Event, Node, Timeline
from unify_backend.repository.snapshot import Snapshot

_HEADER = ("%H", "%P", "%aI", "%an", "%s")
_ROUNDS = 5  # moves from outside that are followed, one after the other
_PATHS = 150  # files followed one by one: a command line has an end
_HELD = 100_000_000  # bytes of contents that are in memory at a time
_REGULAR = b"100"
_SIMILAR, _EQUAL = "-M", "-M100%"  # what counts as moved
_NOTHING = b"000000"


@dataclass(frozen=True, slots=True)
class NoHistory:
    """Why no history can be read, and what to do."""

    reason: str
    step: str


@dataclass(frozen=True, slots=True)
class History:
    """The commits and changes of some folders, and the contents."""

    root: Path
    timeline: Timeline
    blobs: Blobs

    def rank(self, name: str) -> int:
        """The number of the commit that `name` stands for.

        Raises RepositoryError where there is no such commit, or it is not part of this past.
        """
        commit = resolve(self.root, name)
        if (rank := self.timeline.rank(commit)) is not None:
            return rank
        raise RepositoryError(
            f"{name} is not in the history of what is to be merged",
            "only a commit that both trees come from can be their base",
            "Name a commit that 'git log' lists.",
        )


def read_history(
    repository: Repository, folders: Sequence[str], revision: str | None = None
) -> History | NoHistory:
    """The history of `folders` up to the work tree, or up to `revision`.

    What is not committed counts as one more commit, whose hash is "". Raises RepositoryError where
    the revision is unknown or git fails.
    """
    if not repository.is_git:
        return NoHistory(repository.note, "Run it in a clone with its history, where git is.")
    root = repository.root
    if revision is None and not _born(root):
        return NoHistory("nothing is committed yet", "Commit both trees, or give --base.")
    tip = resolve(root, revision or "HEAD")
    log = _follow(root, tip, folders)
    shallow = git.is_shallow(root)
    blobs = Blobs(root, _HELD)
    timeline = Timeline(log.nodes, log.events, shallow)
    if revision is None and (events := _uncommitted(repository, folders, timeline, blobs)):
        commit = Commit(UNCOMMITTED, "", "", "not committed yet")
        nodes = [*log.nodes, Node(commit, (timeline.last,))]
        timeline = Timeline(nodes, [*log.events, *events], shallow)
    return History(root, timeline, blobs)


def ever_held(repository: Repository, places: Sequence[str]) -> bool:
    """Whether a commit that the work tree builds on brought anything to one of `places`, or took
    it away. False without git, and where the history cannot be read."""
    if not repository.is_git:
        return False
    paths = (f":(top,literal){place}" for place in places)
    try:
        return bool(git.run(repository.root, "rev-list", "-1", "HEAD", "--", *paths))
    except RepositoryError:  # no commit yet, or an object that the clone lacks
        return False


def _born(root: Path) -> bool:
    try:
        resolve(root, "HEAD")
    except RepositoryError:
        return False
    return True


@dataclass(slots=True)
class _Log:
    nodes: list[Node] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    arrivals: dict[int, list[str]] = field(default_factory=dict)  # what came from nowhere


def _follow(root: Path, tip: str, folders: Sequence[str]) -> _Log:
    """The log of the folders, and of where their files were before."""
    paths = dict.fromkeys(folders)
    if len(paths) > _PATHS:
        return _read_log(root, tip, ())
    log = _read_log(root, tip, list(paths))
    moves: dict[int, dict[str, str]] = {}
    grafts: dict[int, dict[str, tuple[int, str]]] = {}
    for _ in range(_ROUNDS):
        _ask_for_moves(root, log, moves)
        _ask_for_grafts(root, log, grafts, moves)
        sources = dict.fromkeys(_sources(log, moves, paths))
        if not sources:
            break
        paths |= sources
        if len(paths) > _PATHS:
            return _grafted(_read_log(root, tip, ()), grafts)
        log = _read_log(root, tip, list(paths))
    return _grafted(log, grafts)


def _grafted(log: _Log, grafts: dict[int, dict[str, tuple[int, str]]]) -> _Log:
    """The log, in which merges that put another history into a folder say where each file was."""
    if not any(grafts.values()):
        return log
    log.events = [
        replace(event, origin=graft[1], graft=graft[0])
        if event.blob is not None
        and event.origin is None
        and (graft := grafts.get(event.rank, {}).get(event.path))
        else event
        for event in log.events
    ]
    return log


def _ask_for_grafts(
    root: Path,
    log: _Log,
    grafts: dict[int, dict[str, tuple[int, str]]],
    moves: dict[int, dict[str, str]],
) -> None:
    """Adds the files that came to their places by merges which put the tree of another parent into
    a folder (as `git subtree` does): each with that parent and its path there."""
    for rank in sorted(log.arrivals.keys() - grafts.keys()):
        grafts[rank] = {}
        moved = moves.get(rank, {})
        new = [path for path in log.arrivals[rank] if path not in moved]
        for parent in log.nodes[rank].parents[1:]:
            if new:
                sources = _graft(root, log, rank, parent, new)
                grafts[rank] |= {path: (parent, source) for path, source in sources.items()}
                moved |= sources
                new = [path for path in new if path not in sources]


def _graft(root: Path, log: _Log, rank: int, parent: int, new: Sequence[str]) -> dict[str, str]:
    """Where the files `new` in a merge lie in the tree of one parent: at most equal contents one
    folder stands for another, for all files below it."""
    there = git.tracked_at(root, log.nodes[parent].commit.hash)
    by_blob: dict[str, list[str]] = {}
    for path, blob in there.items():
        by_blob.setdefault(blob, []).append(path)
    brought = {event.path: event.blob for event in log.events if event.rank == rank}
    votes: Counter[tuple[str, str]] = Counter()
    for path in new:
        for source in by_blob.get(brought.get(path) or "", ()):
            if posixpath.basename(source) == posixpath.basename(path):
                votes[_shift(source, path)] += 1
    sources: dict[str, str] = {}
    for old, folder in sorted(votes, key=lambda shift: (-votes[shift], shift)):
        for path in new:
            source = old + path.removeprefix(folder)
            if path.startswith(folder) and path not in sources and source in there:
                sources[path] = source
    return sources


def _shift(source: str, path: str) -> tuple[str, str]:
    """The folders, each with its slash, in front of what two paths have in common at their ends."""
    old, new = source.split("/"), path.split("/")
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "".join(f"{part}/" for part in old), "".join(f"{part}/" for part in new)


def _read_log(root: Path, tip: str, paths: Sequence[str]) -> _Log:
    try:
        return _parse(_log(root, tip, paths, _SIMILAR))
    except RepositoryError:  # to compare contents git needs them all; equal ones it knows by name
        return _parse(_log(root, tip, paths, _EQUAL))


def _log(root: Path, tip: str, paths: Sequence[str], moves: str) -> bytes:
    return git.run(
        root,
        "log",
        "--topo-order",
        "--full-history",
        "--sparse",
        "--diff-merges=first-parent",
        "--root",
        "--raw",
        "-z",
        "--no-abbrev",
        moves,
        "--no-rename-empty",
        "--no-follow",
        "--no-relative",
        "--no-show-signature",
        "--no-color",
        "--encoding=UTF-8",
        "--format=" + "%x00".join(_HEADER),
        tip,
        "--",
        *(f":(top,literal){path}" for path in paths),
    )


def _parse(output: bytes) -> _Log:
    """git writes a commit's fields, and after them its changes, all ended by NUL bytes."""
    records: list[tuple[list[bytes], list[bytes]]] = []
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        row = token.removeprefix(b"\n")
        if row.startswith(b":"):
            names = 2 if row.rpartition(b" ")[2][:1] in b"RC" else 1
            records[-1][1].extend([row, *(next(tokens) for _ in range(names))])
        elif row:
            records.append(([row, *(next(tokens) for _ in _HEADER[1:])], []))
    log = _Log()
    ranks: dict[bytes, int] = {}
    known: set[str] = set()
    for rank, (header, rows) in enumerate(reversed(records)):
        name, parents, date, author, subject = header
        ranks[name] = rank
        commit = Commit(name.decode("ascii"), *(_text(field) for field in (date, author, subject)))
        log.nodes.append(Node(commit, tuple(ranks[parent] for parent in parents.split())))
        for event, added in _events(rank, rows):
            log.events.append(event)
            if added and len(parents) > 0 and (b" " not in parents or event.path not in known):
                log.arrivals.setdefault(rank, []).append(event.path)
            known.add(event.path)
    return log


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Row:
    """A changed path as git tells it; `origin` is where it was moved from."""

    path: str
    before: bytes  # modes
    mode: bytes
    old: bytes  # hashes; of a moved file the old one is that of its origin
    new: bytes
    origin: str | None = None


def _rows(rows: Sequence[bytes]) -> Iterator[_Row]:
    tokens = iter(rows)
    for row in tokens:
        before, mode, old, new, status = row[1:].split(b" ")
        path, origin = git.decode(next(tokens)), None
        if status[:1] in b"RC":
            path, origin = git.decode(next(tokens)), path
        if status[:1] == b"R" and origin is not None:
            yield _Row(origin, before, _NOTHING, old, b"")
        yield _Row(path, before, mode, old, new, origin)


def _events(rank: int, rows: Sequence[bytes]) -> Iterator[tuple[Event, bool]]:
    """What happened, and whether the path is new there without having been moved."""
    changes = list(_rows(rows))
    exchanged = _exchanged(changes)
    for row in changes:
        path, origin = row.path, exchanged.get(row.path, row.origin)
        if row.mode.startswith(_REGULAR):
            replaced = path in exchanged and row.origin is None and row.before.startswith(_REGULAR)
            executable = row.mode == git.EXECUTABLE
            event = Event(
                rank, path, row.new.decode("ascii"), executable, origin, replaced=replaced
            )
            yield event, origin is None and not row.before.startswith(_REGULAR)
        else:
            entry = b"" if row.mode == _NOTHING else row.mode + b" " + row.new
            yield Event(rank, path, None, entry=entry.decode("ascii")), False


def _exchanged(rows: Sequence[_Row]) -> dict[str, str]:
    """The paths that got, byte for byte, what another path had and holds no more, each with that
    one. git does not see it where there was a file before: it compares by path first. A content
    that several paths had or got tells nothing.
    """
    if len(rows) < 2:
        return {}
    sources: dict[bytes, set[str]] = {}
    targets: dict[bytes, set[str]] = {}
    for row in rows:
        if row.origin is None and row.before.startswith(_REGULAR) and row.old != row.new:
            sources.setdefault(row.old, set()).add(row.path)
        if row.mode.startswith(_REGULAR) and (row.origin is not None or row.old != row.new):
            targets.setdefault(row.new, set()).add(row.path)
    return {
        target: source
        for content, paths in targets.items()
        if len(paths) == 1 and len(sources.get(content, ())) == 1
        for target, source in zip(paths, sources[content], strict=True)
        if target != source
    }


def _ask_for_moves(root: Path, log: _Log, moves: dict[int, dict[str, str]]) -> None:
    """Adds the moves that git sees in the whole tree, by commit and new path; each commit with
    arrivals is asked about once."""
    new = sorted(log.arrivals.keys() - moves.keys())
    if not new:
        return
    moves.update((rank, {}) for rank in new)
    edges = ((rank, log.nodes[rank].parents[0]) for rank in new)
    request = "".join(
        f"{log.nodes[rank].commit.hash} {log.nodes[parent].commit.hash}\n" for rank, parent in edges
    )
    stdin = request.encode("ascii")
    options = ("-r", "--no-rename-empty", "--raw", "-z", "--no-abbrev", "--diff-filter=R")
    try:
        output = git.run(root, "diff-tree", "--stdin", _SIMILAR, *options, stdin=stdin)
    except RepositoryError:
        output = git.run(root, "diff-tree", "--stdin", _EQUAL, *options, stdin=stdin)
    ranks = {log.nodes[rank].commit.hash.encode("ascii"): rank for rank in new}
    rank = -1
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        if token.startswith(b":"):
            source, target = git.decode(next(tokens)), git.decode(next(tokens))
            moves[rank][target] = source
        elif token.strip():
            rank = ranks[token.strip()]


def _sources(log: _Log, moves: dict[int, dict[str, str]], folders: Iterable[str]) -> Iterator[str]:
    """Where arrivals were before that is not looked at yet: a file, or the folder that became one
    of `folders`."""
    for rank, paths in log.arrivals.items():
        for path in paths:
            source = moves.get(rank, {}).get(path)
            if source is None or any(is_under(source, folder) for folder in folders):
                continue
            folder = next((folder for folder in folders if is_under(path, folder)), path)
            outer = source.removesuffix(path.removeprefix(folder))
            yield outer if outer and outer != source else source


def _uncommitted(
    repository: Repository, folders: Sequence[str], timeline: Timeline, blobs: Blobs
) -> list[Event]:
    """What differs from the last commit. A moved file that was not edited is seen as moved."""
    root, rank = repository.root, timeline.last + 1
    contents = Snapshot(repository)
    changed = git.uncommitted(root) | contents.unadded
    dirty = [path for path in changed if any(is_under(path, folder) for folder in folders)]
    if not dirty:
        return []
    files = {file.path: file for file in contents.listing().files}
    links = {link.path: link.target for link in contents.listing().links}
    events: list[Event] = []
    gone: dict[str, str] = {}
    like = timeline.commit(rank - 1).hash
    for path in sorted(dirty, key=lambda path: (path in files, path)):
        known = timeline.state(rank - 1, path)
        if path not in files:
            if known is not None and known.blob is not None:
                gone.setdefault(known.blob, path)
            entry = ""
            if (text := links.get(path)) is not None:
                name = blobs.add(text.encode("utf-8", "surrogateescape"), like)
                entry = f"{git.LINK.decode('ascii')} {name}"
            events.append(Event(rank, path, None, entry=entry))
            continue
        data = _read(repository, path, known, blobs)
        if data is None:
            continue
        blob = blobs.add(data, like)
        origin = gone.get(blob) if known is None else None
        if known is None or known.blob != blob or known.executable != files[path].executable:
            events.append(Event(rank, path, blob, files[path].executable, origin))
    return events


def _read(repository: Repository, path: str, known: Event | None, blobs: Blobs) -> bytes | None:
    """The content as git would store it: line ends converted by a checkout are no change. None
    where it cannot be read; `diff` and `merge` report that themselves."""
    try:
        data = repository.read(path)
    except UnifyError:
        return None
    if known is None or known.blob is None or blobs.lacks(known.blob):
        return data
    if data.count(b"\n") != data.count(b"\r\n"):
        return data
    return data if b"\r\n" in blobs.read(known.blob) else data.replace(b"\r\n", b"\n")
