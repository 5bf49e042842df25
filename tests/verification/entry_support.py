"""What the tests of entry points and containers share: a small application in a folder."""

import os
import sys
from pathlib import Path

from tests.effort import HANGING
from unify_backend.model.entrypoints import EntryPoint
from unify_backend.model.package_move import PackageMove
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.entrypoints.files import Files
from unify_backend.verification.entrypoints.find import find_entry_points
from unify_backend.verification.entrypoints.probe import Bench

MOVES = [PackageMove.of("shop_backend", "shop.backend.core")]
SERVER = """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from {package}.start import connect


@asynccontextmanager
async def lifespan(app):
    await connect()
    app.get("/items")(lambda: {{"items": []}})
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def top():
    return {{"name": "shop", "time": __import__("time").time()}}


@app.get("/health")
def health():
    return {{"status": "healthy"}}


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("{served}", host="0.0.0.0", port=8000, reload=True)
"""
START = """
async def connect():
    raise RuntimeError("no database here")
"""
STUBS = ("shop_backend.main:connect", "shop.backend.core.main:connect")


def application() -> dict[str, str]:
    """A legacy and a canonical tree whose start-up needs a database that is not there."""
    files = {"shop/__init__.py": "", "shop/backend/__init__.py": ""}
    for folder, served in (("shop_backend", "main:app"), ("shop/backend/core", "main:app")):
        package = folder.replace("/", ".")
        files |= {
            f"{folder}/__init__.py": "",
            f"{folder}/main.py": SERVER.format(package=package, served=served),
            f"{folder}/start.py": START,
        }
    return files


def written(root: Path, files: dict[str, str]) -> Files:
    """The files in a folder, and as the view that resolution reads."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return Files(files, files.get)


def bench(root: Path, files: dict[str, str], **changes: object) -> Bench:
    """A bench for the files in `root` on this interpreter."""
    settings = VerifySettings(
        python=sys.executable, timeout=HANGING, stubs=STUBS, env=tuple(_environment().items())
    )
    made = {"settings": settings, "moves": MOVES, "alive": 1.0, **changes}
    return Bench(root, written(root, files), **made)  # type: ignore[arg-type]


def _environment() -> dict[str, str]:
    """Where this interpreter's packages are, should a variable say so."""
    return {name: os.environ[name] for name in ("VIRTUAL_ENV",) if name in os.environ}


def entries(files: dict[str, str]) -> list[EntryPoint]:
    """The entry points of the files."""
    return list(find_entry_points(files.get, files, MOVES))
