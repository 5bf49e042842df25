"""An import server: forks a child for every module from a parent that has the dependencies loaded.

The children of a package are forked from a process that has imported just that package, which is
what importing them would do first (see importing.py). POSIX only.
"""

# ruff: noqa: PTH107, PTH110, PTH118, PTH123

from __future__ import annotations

import fcntl
import gc
import importlib
import importlib.util
import json
import os
import signal
import sys
import threading
import time
from typing import Any

from unify_backend.verification.programs import causes, compiled
from unify_backend.verification.programs.importing import attempt, loaded, write

LEFT = 2000  # characters of output that are kept, from the end
LOOK = 0.004
SCOUT = 20.0  # seconds


def main(request: dict[str, Any]) -> None:
    """Answers for every module in a file of its own; `refused` where forking would not be safe."""
    compiled.keep(request["root"], request["code"])
    Server(request).serve()


class Server:
    """`request["tree"]` maps every package to what lies directly in it, the root under ""."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.tree: dict[str, list[str]] = request["tree"]
        self.numbers: dict[str, int] = request["numbers"]
        self.wary: frozenset[str] = frozenset()
        slots = [os.path.join(request["answers"], f"slot{n}") for n in range(request["jobs"])]
        self.slots = [os.open(slot, os.O_CREAT | os.O_RDWR) for slot in slots]

    def serve(self) -> None:
        """A parent with the dependencies does the work; this one stays without them, for the
        modules that lean on what somebody else has loaded."""
        self.wary = self.leaning()
        refused = self.apart(self.warm)
        if refused:
            write(self.request["answer"], {"refused": refused})
            return
        self.wary = frozenset()
        names = [name for name in self.numbers if os.path.exists(self.file(name) + ".leans")]
        for name in names:
            os.remove(self.file(name) + ".leans")
        self.each(names)
        write(self.request["answer"], {"done": len(self.numbers)})

    def warm(self) -> str | None:
        """Loads the dependencies here and works through the tree."""
        silence()
        for name in [*self.request["preload"], *self.scout()]:
            try:
                importlib.import_module(name)
            except BaseException:  # missing or broken: each module that needs it will say so
                continue
        if threading.active_count() > 1:
            names = ", ".join(sorted(thread.name for thread in threading.enumerate())[:5])
            return "a dependency starts threads when it is imported: " + names
        gc.collect()
        gc.freeze()  # children share these pages
        self.below("")
        return None

    def apart(self, work: Any) -> str | None:
        """What `work` returns, done in a child."""
        result = self.asked("told", lambda file: write(file, {"told": work()}))
        if result is None:
            return "the parent with the dependencies loaded ended by itself"
        return None if result["told"] is None else str(result["told"])

    def asked(self, key: str, work: Any) -> dict[str, Any] | None:
        """What `work` writes into the file it is given, in a child that is thrown away; None where
        it raises or ends before. `key` tells the files of nested children apart."""
        file = self.request["answer"] + "." + key
        child = os.fork()
        if child == 0:
            try:
                work(file)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        if not os.path.exists(file):
            return None
        with open(file, encoding="utf-8") as stream:
            answer: dict[str, Any] = json.load(stream)
        os.remove(file)
        return answer

    def scout(self) -> list[str]:
        """Which modules outside the state get loaded in the end, in their order: a child imports
        everything and is thrown away."""

        def look(file: str) -> None:
            limit(SCOUT)
            for name in self.request["preload"]:
                attempt(self.request, name)
            for name in self.numbers:
                attempt(self.request, name)
                write(file, {"names": list(self.outside())})

        answer = self.asked("names", look)
        return answer["names"] if answer else []

    def outside(self) -> Any:
        """The loaded modules that do not belong to the state."""
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            spec = getattr(module, "__spec__", None)
            if not file or spec is None or spec.name != name or name == "__main__":
                continue
            if not causes.below(file, self.request["root"]):
                yield name

    def leaning(self) -> frozenset[str]:
        """The modules that use `a.b` after `import a` alone, where that import does not load it."""
        implicit = self.request["implicit"]  # [module, name, attributes]
        pairs = sorted({(name, sub) for _, name, sub in implicit})
        deep: dict[str, list[str]] = {}
        for name, sub in self.found(lambda: [pair for pair in pairs if submodule(*pair)]):
            deep.setdefault(name, []).append(sub)
        missing = {(name, sub) for name in deep for sub in self.absent(name, deep[name])}
        return frozenset(module for module, name, sub in implicit if (name, sub) in missing)

    def absent(self, name: str, subs: list[str]) -> list[str]:
        """Which chains of attributes need a submodule that importing `name` alone does not load."""

        def find() -> list[str]:
            # Where nothing else is loaded, unlike in the child that looked for submodules.
            module = importlib.import_module(name)
            lacking = [(sub, lack(module, sub)) for sub in subs]
            return [sub for sub, at in lacking if at and there(name + "." + at)]

        return self.found(find)

    def found(self, find: Any) -> list[Any]:
        """What `find` returns in a child; nothing where it raises."""

        def look(file: str) -> None:
            limit(SCOUT)
            silence()
            write(file, {"found": find()})

        answer = self.asked("found", look)
        return answer["found"] if answer else []

    def below(self, package: str) -> None:
        """Everything in a package that is imported here."""
        waiting: list[str] = []
        for name in self.tree.get(package, ()):
            if loaded(name):
                self.keep(name, {"state": "importable"})
                self.below(name)
            else:
                waiting.append(name)
        self.each(waiting)

    def each(self, names: list[str]) -> None:
        """A child for each name, a few at a time."""
        waiting = list(names)
        children: dict[int, str] = {}
        while waiting or children:
            while waiting and len(children) < self.request["jobs"]:
                name = waiting.pop(0)
                child = os.fork()
                if child == 0:
                    self.child(name)
                children[child] = name
            ended, status = os.wait()
            if ended in children:
                self.after(children.pop(ended), status)

    def child(self, name: str) -> None:
        """Imports the module, writes the answer, goes on with what lies below, and ends."""
        try:
            self.slot()
            to = os.open(self.file(name) + ".out", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
            os.dup2(to, 1)
            os.dup2(to, 2)
            limit(self.request["timeout"])
            answer = attempt(self.request, name)
            limit(0)
            sys.stdout.flush()
            sys.stderr.flush()
            self.free()
            if self.wary.intersection(sys.modules):
                open(self.file(name) + ".leans", "w").close()
                self.spread(name, ".leans")
            elif answer["state"] == "failed":
                self.answer(name, answer)
            else:
                self.keep(name, answer)
                self.deeper(name)
        finally:
            os._exit(0)

    def deeper(self, name: str) -> None:
        """What lies below an imported package; from here, where forking is safe."""
        if threading.active_count() == 1:
            self.below(name)
        else:
            self.spread(name, ".handed")

    def spread(self, name: str, mark: str) -> None:
        """Marks everything below a package."""
        for module in self.under(name):
            open(self.file(module) + mark, "w").close()

    def after(self, name: str, status: int) -> None:
        """Writes the answers that an ended child could not write itself."""
        if not self.known(name):
            late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
            self.answer(name, {"state": "timed out" if late else "crashed", "code": status})
        handed = [
            module for module in self.under(name) if os.path.exists(self.file(module) + ".handed")
        ]
        for module in handed:
            os.remove(self.file(module) + ".handed")
        self.each([module for module in handed if not self.known(module)])

    def known(self, name: str) -> bool:
        """Whether there is an answer, or will be one."""
        file = self.file(name)
        return os.path.exists(file) or os.path.exists(file + ".leans")

    def answer(self, name: str, answer: dict[str, Any]) -> None:
        """One that holds for the module and everything below it."""
        for module in [name, *self.under(name)]:
            if not self.known(module):
                self.keep(module, answer, name)

    def keep(self, name: str, answer: dict[str, Any], source: str | None = None) -> None:
        """Writes the answer for a module."""
        output = ""
        out = self.file(source or name) + ".out"
        if os.path.exists(out):
            with open(out, encoding="utf-8", errors="replace") as stream:
                output = stream.read()[-LEFT:]
        write(self.file(name), {**answer, "output": output})

    def under(self, name: str) -> list[str]:
        """Every module below a package."""
        modules: list[str] = []
        for module in self.tree.get(name, ()):
            modules += [module, *self.under(module)]
        return modules

    def file(self, name: str) -> str:
        """Where the answer for a module belongs."""
        return os.path.join(self.request["answers"], f"{self.numbers[name]}.json")

    def slot(self) -> None:
        """Waits until one of the `jobs` places is free. A lock ends with its process."""
        while True:
            for slot in self.slots:
                try:
                    fcntl.lockf(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                return
            time.sleep(LOOK)

    def free(self) -> None:
        """Gives the place back."""
        for slot in self.slots:
            fcntl.lockf(slot, fcntl.LOCK_UN)


def limit(seconds: float) -> None:
    """Ends this process after so many seconds, whatever it does then; 0 takes it back."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def silence() -> None:
    """Discards what dependencies print."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def submodule(name: str, chain: str) -> bool:
    """Whether `name.b` or `name.b.c` … of the chain `b.c` is a module."""
    parts = chain.split(".")
    return there(name) and any(
        there(".".join([name, *parts[:depth]])) for depth in range(1, len(parts) + 1)
    )


def lack(module: Any, chain: str) -> str | None:
    """The beginning of `b.c.d` up to the first attribute that is not there, or None."""
    parts = chain.split(".")
    for depth, part in enumerate(parts, 1):
        if not hasattr(module, part):
            return ".".join(parts[:depth])
        module = getattr(module, part)
    return None


def there(name: str) -> bool:
    """Whether there is such a module."""
    try:
        return importlib.util.find_spec(name) is not None
    except BaseException:  # a package above it may raise anything
        return False
