"""Random histories with a fork that lived elsewhere and came in by one or two commits.

Both sides edit, delete and move named functions and files; every edit is written with a number that
no other has, so that a result shows whether it is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.merging.past import Past

NAMES = ("cart", "price", "stock", "till", "desk", "sale")
FUNCTIONS = 8
Tree = dict[str, dict[str, int]]  # path → function → its number


@dataclass(frozen=True)
class Edit:
    """What one commit did: `what` is `set`, `drop` (a function), `delete`, `add` or `move` (a
    file). `home` is the file's first path, by which it is known wherever it is."""

    what: str
    home: str
    function: str = ""
    number: int = 0
    before: int = 0


@dataclass
class Line:
    """One line of development: the tree as it is, and what was done to it since the fork."""

    tree: Tree
    homes: dict[str, str]  # path → the first path of the file
    edits: list[Edit] = field(default_factory=list)

    def fork(self) -> "Line":
        """The same tree, with nothing done to it."""
        return Line({path: dict(body) for path, body in self.tree.items()}, dict(self.homes))


class Story:
    """A random history, written into a repository as it happens."""

    def __init__(self, root: Path, seed: int) -> None:
        self.random = Random(seed)
        self.past = Past(root)
        self.last = 1000
        self.told: list[str] = []
        names = NAMES[: self.random.randint(3, len(NAMES))]
        tree = {f"{name}.py": {f"{name}_{n}": self.number() for n in range(FUNCTIONS)} for name in names}
        self.legacy = Line(tree, {path: path for path in tree})
        self.write("old_shop", self.legacy, "Begin")
        for _ in range(self.random.randint(0, 3)):
            self.edit("old_shop", self.legacy, 1)
        self.legacy.edits.clear()
        self.canonical = self.legacy.fork()
        self.fork_edits(self.random.randint(1, 4))
        for _ in range(self.random.randint(1, 4)):
            self.edit("old_shop", self.legacy, self.random.randint(1, 2))
        self.write("acme/shop", self.canonical, "Import")
        if self.random.random() < 0.3:
            self.edit("old_shop", self.legacy, 1)
            self.fork_edits(self.random.randint(1, 3))
            self.write("acme/shop", self.canonical, "Import again")
        for _ in range(self.random.randint(0, 2)):
            self.edit("old_shop", self.legacy, 1)
        for _ in range(self.random.randint(0, 2)):
            self.edit("acme/shop", self.canonical, 1)

    def number(self) -> int:
        """One that nothing has yet."""
        self.last += 1
        return self.last

    def edit(self, folder: str, line: Line, count: int) -> None:
        """A commit of so many edits."""
        for _ in range(count):
            self.change(line)
        self.write(folder, line, "Edit")

    def fork_edits(self, count: int) -> None:
        """What happens in the fork, which nobody sees."""
        for _ in range(count):
            self.change(self.canonical)

    def change(self, line: Line) -> None:
        """One edit."""
        choose = self.random
        path = choose.choice(sorted(line.tree))
        body, home = line.tree[path], line.homes[path]
        what = choose.choices(["set", "drop", "new", "delete", "add", "move"], [12, 2, 2, 1, 1, 1])[0]
        if what in {"set", "drop"} and not body:
            what = "new"
        if what in {"delete", "move"} and len(line.tree) < 3:
            what = "set" if body else "new"
        match what:
            case "set":
                function = choose.choice(sorted(body))
                line.edits.append(Edit("set", home, function, self.number(), body[function]))
                body[function] = self.last
            case "drop":
                function = choose.choice(sorted(body))
                line.edits.append(Edit("drop", home, function, 0, body.pop(function)))
            case "new":
                function = f"new_{self.number()}"
                body[function] = self.last
                line.edits.append(Edit("set", home, function, self.last))
            case "delete":
                del line.tree[path], line.homes[path]
                line.edits.append(Edit("delete", home))
            case "add":
                path = f"added_{self.number()}.py"
                line.tree[path] = {f"only_{self.last}_{n}": self.number() for n in range(FUNCTIONS)}
                line.homes[path] = path
                line.edits.append(Edit("add", path, "", self.last))
            case "move":
                target = f"moved_{self.number()}.py"
                line.tree[target], line.homes[target] = line.tree.pop(path), line.homes.pop(path)
                line.edits.append(Edit("move", home, target))

    def write(self, folder: str, line: Line, subject: str) -> None:
        """A commit of a line's tree."""
        package = folder.replace("/", ".")
        place = self.past.root / folder
        there = {found.name for found in place.glob("*.py")}
        files: dict[str, str | bytes | None] = {
            f"{folder}/{name}": None for name in there - line.tree.keys()
        }
        files |= {f"{folder}/{path}": text(body, package) for path, body in line.tree.items()}
        self.past.commit(subject, files)
        self.told.append(f"{subject} {folder}: {[*line.edits]}")


def text(body: dict[str, int], package: str) -> str:
    """A module."""
    lines = [f"from {package}.core import base", ""]
    for name, number in body.items():
        lines += ["", f"def {name}(x):", f"    y = base(x, {number})", f"    return {name!r}, y", ""]
    return "\n".join(lines)


def lasting(edits: list[Edit]) -> Iterator[Edit]:
    """The edits that nothing of the same line undid later."""
    for at, edit in enumerate(edits):
        later = edits[at + 1 :]
        if not any(
            other.home == edit.home
            and (other.what == "delete" or (edit.function and other.function == edit.function))
            for other in later
        ):
            yield edit
