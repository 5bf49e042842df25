"""What the forwarding package costs at start-up, beside importing the canonical package.

    python benchmarks/shim_startup.py [--runs N]

Makes a package of 40 modules, its forwarding package, and starts interpreters that import one or
the other; prints a Markdown table of medians. Processes alternate, so that both see the same load.
The import stands in a module, as nearly all do; in `__main__` the warning is shown, and showing one
costs the interpreter some more milliseconds (the last row).
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import Notice
from unify_backend.shim.generating import generate

MOVE = PackageMove.of("old_shop", "new_shop.core")
MODULES = 40
CODE = """
import sys, time
start = time.perf_counter()
import {imported}
print(time.perf_counter() - start)
"""


def make(root: Path) -> None:
    """The canonical package and its forwarding package under `root`."""
    folder = root / MOVE.canonical_path
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    for number in range(MODULES):
        (folder / f"m{number}.py").write_text(f"import json\nVALUE = {number}\n")
    sources = {path.relative_to(root).as_posix(): False for path in folder.glob("*.py")}
    made = generate(
        MOVE, [MOVE], sources, lambda path: (root / path).read_bytes(), (), Notice.QUIET
    )
    for name, file in made.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(file.data)


def seconds(root: Path, package: str, modules: int, shown: bool = False) -> float:
    """How long one fresh interpreter imports so many modules of `package`; in `__main__` where the
    warning is to be `shown`."""
    names = ", ".join([package, *(f"{package}.m{n}" for n in range(modules))])
    code = CODE.format(imported=names)
    (root / "user.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-c", code if shown else "import user"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make(root)
        print("| imported | canonical ms | forwarded ms | more ms |")
        print("|---|---|---|---|")
        for modules, shown in ((0, False), (1, False), (MODULES, False), (1, True)):
            times: dict[str, list[float]] = {MOVE.canonical: [], MOVE.legacy: []}
            for _ in range(runs + 1):  # the first run writes the byte code
                for package, found in times.items():
                    found.append(seconds(root, package, modules, shown) * 1000)
            new, old = (statistics.median(found[1:]) for found in times.values())
            what = "the package" if not modules else f"the package and {modules} of its modules"
            what += ", the warning shown" if shown else ""
            print(f"| {what} | {new:.1f} | {old:.1f} | {old - new:.1f} |")


if __name__ == "__main__":
    main()
