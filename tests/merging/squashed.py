"""Random histories with a fork that lived elsewhere and came in by one or two commits.

Both sides edit, delete and move named functions and files; every edit is written with a number that
no other has, so that a result shows whether it is there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.merging.past import Past
from unify_backend.model.merge_plan import MergeAction, MergedFile

NAMES = ("cart", "price", "stock", "till", "desk", "sale")
FUNCTIONS = 8
Tree = dict[str, dict[str, int]]  # path → function → its number


@dataclass(frozen=True)
class Edit:
    """What was done: `set` or `drop` (a function), `delete`, `add` or `move` (a file). `home` is
    the file's first path, by which it is known wherever it is."""

    what: str
    home: str
    function: str = ""
    number: int = 0


@dataclass
class Line:
    """One line of development: the tree as it is, and what was done to it since the fork."""

    tree: Tree
    homes: dict[str, str]  # path → the first path of the file
    edits: list[Edit] = field(default_factory=list)

    def fork(self) -> "Line":
        """The same tree, with nothing done to it."""
        tree = {path: dict(functions) for path, functions in self.tree.items()}
        return Line(tree, dict(self.homes))

    def lasting(self) -> Iterator[Edit]:
        """The edits that no later one undid."""
        for at, edit in enumerate(self.edits):
            if not any(
                other.home == edit.home
                and (other.what == "delete" or (edit.function and other.function == edit.function))
                for other in self.edits[at + 1 :]
            ):
                yield edit


class Story:
    """A random history, written into a repository as it happens."""

    def __init__(self, root: Path, seed: int) -> None:
        self.random = Random(seed)
        self.past = Past(root)
        self.last = 1000
        self.layout = self.random.choice(["", "", "", "\r\n", "blanks"])
        names = NAMES[: self.random.randint(3, len(NAMES))]
        tree = {
            f"{name}.py": {f"{name}_{n}": self.number() for n in range(FUNCTIONS)} for name in names
        }
        tree["tiny.py"] = {"tiny_0": self.number()}
        self.legacy = Line(tree, {path: path for path in tree})
        self.write("old_shop", self.legacy, "Begin")
        for _ in range(self.random.randint(0, 3)):
            self.commit("old_shop", self.legacy, 1)
        self.legacy.edits.clear()
        self.canonical = self.legacy.fork()
        self.change(self.canonical, self.random.randint(1, 4))  # nobody sees what the fork does
        for _ in range(self.random.randint(1, 4)):
            self.commit("old_shop", self.legacy, self.random.randint(1, 2))
        self.write("acme/shop", self.canonical, "Import")
        if self.random.random() < 0.3:
            self.commit("old_shop", self.legacy, 1)
            self.change(self.canonical, self.random.randint(1, 3))
            self.write("acme/shop", self.canonical, "Import again")
        for _ in range(self.random.randint(0, 2)):
            self.commit("old_shop", self.legacy, 1)
        for _ in range(self.random.randint(0, 2)):
            self.commit("acme/shop", self.canonical, 1)

    def number(self) -> int:
        """One that nothing has yet."""
        self.last += 1
        return self.last

    def commit(self, folder: str, line: Line, count: int) -> None:
        """A commit of so many edits."""
        self.change(line, count)
        self.write(folder, line, "Edit")

    def change(self, line: Line, count: int) -> None:
        """So many edits."""
        for _ in range(count):
            line.edits.append(self.edit(line))

    def edit(self, line: Line) -> Edit:
        """One edit, carried out."""
        choose = self.random
        path = choose.choice(sorted(line.tree))
        functions, home = line.tree[path], line.homes[path]
        whats = ["set", "drop", "new", "delete", "add", "move"]
        [what] = choose.choices(whats, [12, 2, 2, 1, 1, 1])
        if what in {"delete", "move"} and (len(line.tree) < 4 or home == "tiny.py"):
            what = "set"
        if what in {"set", "drop"} and not functions:
            what = "new"
        match what:
            case "set":
                function = choose.choice(sorted(functions))
                functions[function] = self.number()
                return Edit(what, home, function, self.last)
            case "drop":
                function = choose.choice(sorted(functions))
                del functions[function]
                return Edit(what, home, function)
            case "new":
                function = f"new_{self.number()}"
                functions[function] = self.last
                return Edit("set", home, function, self.last)
            case "delete":
                del line.tree[path], line.homes[path]
                return Edit(what, home)
            case "add":
                path = f"added{self.number()}.py"
                line.tree[path] = {f"{path[:-3]}_{n}": self.number() for n in range(FUNCTIONS)}
                line.homes[path] = path
                return Edit(what, path)
            case _:
                target = f"moved{self.number()}.py"
                line.tree[target], line.homes[target] = line.tree.pop(path), line.homes.pop(path)
                return Edit(what, home)

    def write(self, folder: str, line: Line, subject: str) -> None:
        """A commit of a line's tree."""
        package, place = folder.replace("/", "."), self.past.root / folder
        there = {found.name for found in place.glob("*.py")}
        files: dict[str, str | bytes | None] = {
            f"{folder}/{name}": None for name in there - line.tree.keys()
        }
        for path, functions in line.tree.items():
            text = written(functions, package)
            if folder != "old_shop":
                text = laid_out(text, self.layout)
            files[f"{folder}/{path}"] = text.encode()
        self.past.commit(subject, files)


def written(functions: dict[str, int], package: str) -> str:
    """A module; one with a single function is a single line."""
    if len(functions) == 1:
        [(name, number)] = functions.items()
        return f"{name} = lambda x: x + {number}\n"
    lines = [f"from {package}.core import base", ""]
    for name, number in functions.items():
        lines += [
            "",
            f"def {name}(x):",
            f"    y = base(x, {number})",
            f"    return {name!r}, y",
            "",
        ]
    return "\n".join(lines)


def laid_out(text: str, layout: str) -> str:
    """The text as another editor writes it."""
    if layout == "blanks":
        return text.replace("    ", "  ").replace("(x, ", "( x, ")
    return text.replace("\n", layout) if layout else text


def unexplained(story: Story, files: Iterable[MergedFile]) -> list[tuple[str, Edit]]:
    """The edits of either side, with the side's name, that are neither in the result of a merge nor
    in a conflict nor told in a note."""
    files = list(files)
    results = [(file.after or b"").decode() for file in files]
    result = "\n".join(results)
    asked = "\n".join(
        "\n".join(data.decode() for data in (file.before, file.legacy, file.after) if data)
        for file in files
        if file.how is MergeAction.CONFLICT or any("copied before" in n for n in file.notes)
    )
    lost: list[tuple[str, Edit]] = []
    kept: object
    lines = ("legacy", story.legacy), ("canonical", story.canonical)
    moved = {edit.home for _, line in lines for edit in line.edits if edit.what == "move"}
    for name, line in lines:
        for edit in line.lasting():
            if edit.what == "delete" and edit.home in moved:
                continue  # not known to be one file: decision 44
            stem = edit.home.removesuffix(".py")
            if re.search(rf"\b{stem}_\d", asked):
                continue
            if sum(re.search(rf"\b{stem}_\d", text) is not None for text in results) > 1:
                continue  # moved and edited in the fork: both files are there
            match edit.what:
                case "set":
                    kept = re.search(rf"\b{edit.number}\b", result)
                case "drop":
                    kept = not re.search(rf"\b{edit.function}\b", result)
                case "delete":
                    kept = not re.search(rf"\b{stem}_\d", result)
                case "add":
                    kept = re.search(rf"\b{stem}_\d", result)
                case _:
                    continue
            if not kept:
                lost.append((name, edit))
    return lost
