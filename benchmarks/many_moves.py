"""Measures many moves in one configuration on a generated repository.

    python benchmarks/many_moves.py [--files 600] [--moves 400] [--tool unify-backend] [--keep DIR]

The repository holds packages `app.pNN` of modules that import each other in every form (absolute,
from the package, relative, in strings, in settings, documents and scripts). Each moved module goes
from `app.pNN.mMM` to `app.qNN.rMM`. `inventory`, `merge --dry-run`, `merge` and `rewrite` run one
after the other; for each the processor time (children included) and the exit code are printed, and
at the end whether every module can be imported and how many old names are left.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

_EACH = 10  # modules to a package


def _module(package: int, number: int, count: int) -> str:
    """The source of one module: it uses its neighbours, and never in a circle."""
    lines = [f'"""Module {number} of package {package}; see app.p{package:02}.m{number:02}."""', ""]
    if number:
        lines += [
            f"from app.p{package:02} import m{number - 1:02}",
            f"from app.p{package:02}.m{number - 1:02} import value as before",
        ]
    if package:
        lines += [
            f"import app.p{package - 1:02}.m{number:02}",
            f"from app.p{package - 1:02}.m{number:02} import value as above",
        ]
    lines += ["", f"NAME = 'app.p{package:02}.m{number:02}'", "", ""]
    lines += ["def value() -> int:", f"    return {number + count}", ""]
    if number:
        lines += ["", "def other() -> int:", f"    return m{number - 1:02}.value() + before()", ""]
    if package:
        lines += [
            "",
            "def far() -> int:",
            f"    return app.p{package - 1:02}.m{number:02}.value() + above()",
            "",
        ]
    return "\n".join(lines)


def build(root: Path, files: int, moves: int) -> None:
    """Writes the repository, with a history of some commits, and the configuration."""
    modules = [(n // _EACH, n % _EACH) for n in range(files)]
    git = ["git", "-C", str(root), "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for package, number in modules:
        folder = root / "app" / f"p{package:02}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        source = _module(package, number, files)
        (folder / f"m{number:02}.py").write_text(source, encoding="utf-8")
    (root / "app" / "__init__.py").touch()
    moved = modules[:moves]
    names = [(f"app.p{p:02}.m{n:02}", f"app.q{p:02}.r{n:02}") for p, n in moved]
    document = "".join(f"- `{old}` lies in `{old.replace('.', '/')}.py`\n" for old, _ in names)
    (root / "README.md").write_text(f"# Modules\n\n{document}", encoding="utf-8")
    scripts = "".join(f"python -m {old}\n" for old, _ in names)
    (root / "run.sh").write_text(f"#!/bin/sh\n{scripts}", encoding="utf-8")
    listed = "".join(f'    "{old}",\n' for old, _ in names)
    settings = f'[project]\nname = "app"\nversion = "1"\n\n[tool.mypy]\nmodules = [\n{listed}]\n'
    (root / "pyproject.toml").write_text(settings, encoding="utf-8")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "All modules"], check=True)
    for commit in range(20):
        for package, number in modules[commit::20]:
            path = root / "app" / f"p{package:02}" / f"m{number:02}.py"
            text = path.read_text(encoding="utf-8") + f"\nROUND = {commit}\n"
            path.write_text(text, encoding="utf-8")
        subprocess.run([*git, "commit", "-qam", f"Round {commit}"], check=True)
    packages = [
        f'[[packages]]\nlegacy = "{old}"\ncanonical = "{new}"\n'
        f'legacy-path = "{old.replace(".", "/")}.py"\n'
        f'canonical-path = "{new.replace(".", "/")}.py"\n'
        for old, new in names
    ]
    (root / "unify-backend.toml").write_text("\n".join(packages), encoding="utf-8")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "What moves"], check=True)


def _timed(command: list[str], root: Path) -> tuple[float, int, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, done.returncode, (done.stderr or done.stdout).strip()[-400:]


def measure(tool: str, root: Path, files: int, moves: int) -> None:
    """Runs the commands on a new repository at `root` and prints a row for each."""
    build(root, files, moves)
    total = 0.0
    print(f"{files} modules, {moves} moves")
    for words in (["inventory"], ["merge", "--dry-run"], ["merge"], ["rewrite"]):
        seconds, code, said = _timed([tool, *words], root)
        total += seconds
        print(f"  {' '.join(words):18} {seconds:8.2f} s  exit {code}", flush=True)
        if code not in {0, 1}:
            print("    " + said.replace("\n", "\n    "))
    print(f"  {'together':18} {total:8.2f} s")
    program = (
        "import importlib, pathlib\n"
        "for path in sorted(pathlib.Path('app').rglob('*.py')):\n"
        "    importlib.import_module('.'.join(path.with_suffix('').parts))\n"
    )
    imports = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True)
    print("  all modules import" if not imports.returncode else imports.stderr.decode()[-300:])
    left = 0
    moved = {f"app.p{n // _EACH:02}.m{n % _EACH:02}" for n in range(moves)}
    for path in root.rglob("*"):
        if path.is_file() and ".git" not in path.parts and path.name != "unify-backend.toml":
            text = path.read_text(encoding="utf-8", errors="replace")
            left += sum(text.count(name) for name in moved)
    print(f"  old names left: {left}")


def main() -> None:
    """Reads the command line and measures."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("--files", type=int, default=600)
    words.add_argument("--moves", type=int, default=400)
    words.add_argument("--tool", default=str(Path(sys.executable).parent / "unify-backend"))
    words.add_argument("--keep", type=Path, help="an empty folder for the repository, which stays")
    given = words.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True, exist_ok=True)
        measure(given.tool, given.keep, given.files, given.moves)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(given.tool, Path(folder), given.files, given.moves)


if __name__ == "__main__":
    main()
