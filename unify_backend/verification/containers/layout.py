"""Writes a layout to a temporary folder and runs its command there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from unify_backend.languages.python.module_tree import Read
from unify_backend.model.entry_results import ContainerView, EntryResult, Layer, ServedOperations
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.containers.image import INLINE
from unify_backend.verification.containers.view import layer_files
from unify_backend.verification.entrypoints.probe import ALIVE, Bench, probe_entry
from unify_backend.verification.environment import interpreter

_LARGE = 20_000_000  # bytes; what is larger is data and is not copied


@contextmanager
def laid_out(layer: Layer, root: Path) -> Iterator[Path]:
    """The layout of `layer` as a folder; removed when the block is left. Files are copied, so that
    nothing that runs there can reach the repository through them."""
    with TemporaryDirectory(prefix="unify-backend-", ignore_cleanup_errors=True) as name:
        top = Path(name)
        for folder in layer.folders:
            (top / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        for path, file in layer.files:
            target = top / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            source = root / file
            if file == INLINE:
                target.touch()
            elif source.is_file() and source.stat().st_size <= _LARGE:
                shutil.copyfile(source, target)
        yield top


def run_view(
    view: ContainerView,
    root: Path,
    read: Read,
    settings: VerifySettings,
    reference: ServedOperations | None = None,
    alive: float = ALIVE,
) -> ContainerView:
    """The view with what running its command showed, first in the image alone, then with the
    volumes (once where they are the same). `settings.python` must have the dependencies."""
    if view.entry is None or view.context is None:
        return view
    settings = replace(settings, python=interpreter(settings.python, root))
    layers = [view.image] if view.image == view.running else [view.image, view.running]
    results: list[EntryResult] = []
    ours = frozenset(place.label for finding in view.findings for place in finding.places)
    for layer in layers:
        with laid_out(layer, root) as top:
            bench = Bench(
                top, layer_files(layer, read), settings, (), reference, alive,
                contained=True, ours=ours,
            )  # fmt: skip
            results.append(probe_entry(view.entry, bench))
    return replace(view, results=tuple(results))
