"""How long `check` takes, beside ruff and git grep, in one run.

    python benchmarks/check_speed.py CLONE REV [--legacy NAME --canonical NAME]

REV is checked out into a scratch clone. Each command runs several times, with byte code written
and files in the cache of the system; the best wall time counts. Prints a Markdown table.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

NOWHERE = "nowhere_backend"
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def best(command: Sequence[str], root: Path, repeat: int) -> tuple[float, int]:
    """Seconds of the fastest run, and the exit code."""
    times, code = [], 0
    for _ in range(repeat):
        begin = time.perf_counter()
        code = subprocess.run(command, cwd=root, capture_output=True, env=ENVIRONMENT).returncode
        times.append(time.perf_counter() - begin)
    return min(times), code


def own() -> list[str]:
    """The tool, as it is installed beside this interpreter."""
    script = shutil.which("unify-backend", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "unify_backend"]


def three(root: Path, legacy: str, holding: bool) -> list[str]:
    """Three tracked Python files that hold the name, or that do not."""
    option = [] if holding else ["-L"]
    listed = subprocess.run(
        ["git", "grep", "-l", *option, "-F", legacy, "--", "*.py", f":!{legacy}"],
        cwd=root, capture_output=True, text=True,
    ).stdout.split("\n")  # fmt: skip
    return [name for name in listed if name][:3]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("revision")
    parser.add_argument("--legacy", default="pixsim7_backend")
    parser.add_argument("--canonical", default="pixsim7.backend.main")
    parser.add_argument("--repeat", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        subprocess.run(["git", "clone", "-q", "--shared", "-n", given.clone, root], check=True)
        subprocess.run(["git", "checkout", "-q", given.revision], cwd=root, check=True)
        names = ["--legacy", given.legacy, "--canonical", given.canonical]
        nowhere = Path(folder) / "nowhere.toml"
        nowhere.write_text(
            f'[[packages]]\nlegacy = "{NOWHERE}"\ncanonical = "{given.canonical}"\n', "utf-8"
        )
        subprocess.run([*own(), "check", "--update-baseline", *names, "-q"], cwd=root, check=True)
        ruff = [
            "ruff", "check", "--isolated", "--no-cache", "--select", "TID251", "--config",
            f'lint.flake8-tidy-imports.banned-api."{given.legacy}".msg="moved"', ".",
        ]  # fmt: skip
        rows = [
            ("bare `python -c pass`", [sys.executable, "-c", "pass"]),
            ("`git grep -c NAME`", ["git", "grep", "-c", "-F", given.legacy]),
            ("`ruff check --select TID251 --no-cache` (imports only)", ruff),
            ("`check`, the whole repository", [*own(), "check", *names]),
            (
                "`check --max 0`, a name that no file holds",
                [*own(), "check", "--max", "0", "--config", str(nowhere)],
            ),
            (
                "`check` of three files that hold the name",
                [*own(), "check", *names, *three(root, given.legacy, True)],
            ),
            (
                "`check` of three files that do not",
                [*own(), "check", *names, *three(root, given.legacy, False)],
            ),
        ]
        bare = 0.0
        print("| command | seconds | beside bare Python | exit |\n|---|---:|---:|---:|")
        for name, command in rows:
            seconds, code = best(command, root, given.repeat)
            bare = bare or seconds
            print(f"| {name} | {seconds:.3f} | +{max(0.0, seconds - bare):.3f} | {code} |")


if __name__ == "__main__":
    main()
