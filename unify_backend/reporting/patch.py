"""Changes as a patch that `git apply` takes, whatever the encoding.

Formats: the unified diff of POSIX and git's `GIT binary patch` (git's own Documentation/
diff-generate-patch and diff.c: base 85 of a zlib stream, 52 bytes a line).
"""

import base64
import difflib
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator

from unify_backend.model.changes import (
    Change,
    ChangeSet,
    Create,
    Delete,
    Rename,
    Replace,
    SetExecutable,
)
from unify_backend.model.rewrite_plan import RewrittenFile

_CONTEXT = 3


def patch_of(files: Iterable[RewrittenFile]) -> bytes:
    """One patch for all files, paths relative to the repository."""
    return b"".join(part for file in files for part in _file(file))


def patch_of_changes(
    changes: ChangeSet, read: Callable[[str], bytes], executable: Callable[[str], bool]
) -> bytes:
    """A change set as one patch. `read` and `executable` tell how files are before it."""
    return b"".join(
        part for change in changes.changes for part in _change(change, read, executable)
    )


def _change(
    change: Change, read: Callable[[str], bytes], executable: Callable[[str], bool]
) -> Iterator[bytes]:
    old, new = _name("a/", change.path), _name("b/", change.path)
    match change:
        case Replace(path, _, data):
            yield from _file(RewrittenFile(path, read(path), data, ()))
        case Create(path, data, bit):
            yield b"diff --git %s %s\nnew file mode %s\n" % (old, new, _mode(bit))
            yield from _content(b"", data, b"/dev/null", new)
        case Delete(path, _):
            bit = executable(path)
            yield b"diff --git %s %s\ndeleted file mode %s\n" % (old, new, _mode(bit))
            yield from _content(read(path), b"", old, b"/dev/null")
        case Rename(path, _, target):
            yield b"diff --git %s %s\nsimilarity index 100%%\n" % (old, _name("b/", target))
            yield b"rename from %s\nrename to %s\n" % (_name("", path), _name("", target))
        case SetExecutable(path, bit):
            yield b"diff --git %s %s\nold mode %s\nnew mode %s\n" % (
                old,
                new,
                _mode(not bit),
                _mode(bit),
            )


def _mode(executable: bool) -> bytes:
    return b"100755" if executable else b"100644"


def _content(before: bytes, after: bytes, old: bytes, new: bytes) -> Iterator[bytes]:
    """The body of a patch for content that comes or goes wholly."""
    if not before and not after:
        return
    if b"\0" in before[:8000] or b"\0" in after[:8000]:
        yield b"index %s..%s\n" % tuple(_object(d) if d else b"0" * 40 for d in (before, after))
        yield b"GIT binary patch\n" + _literal(after) + _literal(before)
        return
    yield b"--- %s\n+++ %s\n" % (old, new)
    yield from _hunks(_lines(before), _lines(after))


def _file(file: RewrittenFile) -> Iterator[bytes]:
    old, new = _name("a/", file.path), _name("b/", file.path)
    yield b"diff --git %s %s\n" % (old, new)
    if b"\0" in file.before[:8000] or b"\0" in file.after[:8000]:  # what git itself calls binary
        yield b"index %s..%s\n" % (_object(file.before), _object(file.after))
        yield b"GIT binary patch\n" + _literal(file.after) + _literal(file.before)
        return
    yield b"--- %s\n+++ %s\n" % (old, new)
    before, after = (_lines(data) for data in (file.before, file.after))
    yield from _hunks(before, after)


def _hunks(before: list[bytes], after: list[bytes]) -> Iterator[bytes]:
    for group in _groups(before, after):
        first, last = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (_line(b" ", line) for line in before[i1:i2])
                continue
            yield from (_line(b"-", line) for line in before[i1:i2])
            yield from (_line(b"+", line) for line in after[j1:j2])


_Opcode = tuple[str, int, int, int, int]


def _groups(before: list[bytes], after: list[bytes]) -> Iterator[list[_Opcode]]:
    """Hunks with context. A rewrite keeps the number of lines, so lines pair up by number and
    nothing has to be searched for; otherwise difflib does."""
    if len(before) != len(after):
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        yield from matcher.get_grouped_opcodes(_CONTEXT)
        return
    changed = [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    group: list[_Opcode] = []
    end = 0
    for n in changed:
        if group and n - end > 2 * _CONTEXT:
            stop = min(end + _CONTEXT, len(before))
            yield [*group, ("equal", end, stop, end, stop)]
            group = []
        start = end if group else max(0, n - _CONTEXT)
        if start < n:
            group.append(("equal", start, n, start, n))
        group.append(("replace", n, n + 1, n, n + 1))
        end = n + 1
    if group:
        stop = min(end + _CONTEXT, len(before))
        yield [*group, ("equal", end, stop, end, stop)]


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _line(mark: bytes, line: bytes) -> bytes:
    if line.endswith(b"\n"):
        return mark + line
    return mark + line + b"\n\\ No newline at end of file\n"


def _range(start: int, stop: int) -> bytes:
    length = stop - start
    begin = start if length == 0 else start + 1
    return b"%d" % begin if length == 1 else b"%d,%d" % (begin, length)


def _name(prefix: str, path: str) -> bytes:
    """A path as git quotes it (core.quotePath): C escapes where it is not plain ASCII."""
    raw = (prefix + path).encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return raw
    simple = {34: b'\\"', 92: b"\\\\", 10: b"\\n", 9: b"\\t", 13: b"\\r"}
    quoted = b"".join(
        simple.get(byte, bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte) for byte in raw
    )
    return b'"' + quoted + b'"'


def _object(data: bytes) -> bytes:
    """The name git gives a blob; `git apply` asks for it in binary patches."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()


def _literal(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    lines = [b"literal %d\n" % len(data)]
    for at in range(0, len(packed), 52):
        chunk = packed[at : at + 52]
        size = len(chunk)
        letter = chr(size + 64) if size <= 26 else chr(size + 70)
        lines.append(letter.encode() + base64.b85encode(chunk, pad=True) + b"\n")
    return b"".join(lines) + b"\n"
