"""Writes results to standard output and messages to standard error, always in UTF-8."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from unify_backend.cli.options import Color, CommonOptions, Format
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from unify_backend.reporting.json.common import Document
    from unify_backend.repository.journal.writer import Applied

Progress = Callable[[int, int], None]


class Output:
    """Results on standard output (or --output), progress and messages on standard error."""

    def __init__(self, common: CommonOptions) -> None:
        self._common = common
        self.verbose = common.verbose
        self.quiet = common.quiet
        self.color = common.color
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a Windows code page cannot hold an arrow or a box
                reconfigure(encoding="utf-8", errors="backslashreplace")

    def message(self, text: str) -> None:
        """Writes a message to standard error, unless --quiet."""
        if not self._common.quiet:
            sys.stderr.write(f"unify-backend: {text}\n")

    def written(self, applied: Applied) -> None:
        """Reports a written change set, and how to undo it."""
        if applied.recovered:
            self.message(applied.recovered)
        if applied.paths:
            self.message(f"{applied.title}; `unify-backend undo` takes it back")

    def hint(self, *words: str) -> None:
        """Suggests the next command, on standard error where that is a terminal."""
        if not self._common.quiet and sys.stderr.isatty():
            sys.stderr.write("\n" + "          ".join(words) + "\n")

    def show(self, *parts: RenderableType) -> None:
        """Writes text for people, wrapped to the terminal, or at 80 columns without one."""
        if self._common.output is None:
            self._print(sys.stdout, parts)
            return
        with self._open() as file:
            self._print(file, parts)

    def ask(self, *parts: RenderableType) -> None:
        """Writes a question to standard error; standard output is for the result."""
        self._print(sys.stderr, parts)

    def result(
        self,
        patch: bytes | None,
        document: Callable[[], Document],
        report: Callable[[], Iterable[RenderableType]],
    ) -> None:
        """A result in the form that was asked for: the patch where there is one, else the JSON
        document or the text report."""
        if patch is not None:
            self.write_bytes(patch)
        elif self._common.format is Format.JSON:
            from unify_backend.reporting.json.common import to_json

            self.write(to_json(document()))
        else:
            self.show(*report())

    def write(self, text: str) -> None:
        """Writes text for programs, unchanged."""
        self.write_bytes(text.encode("utf-8", "backslashreplace"))

    def write_bytes(self, data: bytes) -> None:
        """Writes bytes for programs; a patch may hold any encoding."""
        if self._common.output is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        try:
            self._common.output.write_bytes(data)
        except OSError as error:
            raise self._unwritable(error) from error

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress | None]:
        """Shows a progress bar on standard error; nothing without a terminal."""
        if self._common.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn(label), BarColumn(), MofNCompleteColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)

            def advance(done: int, total: int) -> None:
                if done % 32 == 0 or done == total:
                    bar.update(task, completed=done, total=total)

            yield advance

    @contextmanager
    def telling(self, label: str) -> Iterator[Callable[[str, int, int], None]]:
        """Shows the current one of several long steps on standard error."""
        if self._common.quiet or not sys.stderr.isatty():
            yield lambda doing, done, total: None
            return
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)

            def tell(doing: str, done: int, total: int) -> None:
                counted = f" {done:,} of {total:,}" if total else ""
                bar.update(task, description=f"{doing}{counted}")

            yield tell

    def _print(self, file: IO[str], parts: tuple[RenderableType, ...]) -> None:
        from rich.text import Text

        console = self._console(file)
        for part in parts:  # text keeps its lines whole, so that a path can be copied and grepped
            console.print(part, soft_wrap=isinstance(part, Text))

    def _console(self, file: IO[str]) -> Console:
        from rich.console import Console

        terminal = file.isatty()
        color = self._common.color
        forced = None if color is Color.AUTO else color is Color.ALWAYS
        return Console(
            file=file,
            width=None if terminal else 80,
            soft_wrap=False,
            highlight=False,
            force_terminal=forced,
            no_color=color is Color.NEVER or None,
            legacy_windows=False,
            markup=False,
            emoji=False,
        )

    @contextmanager
    def _open(self) -> Iterator[IO[str]]:
        assert self._common.output is not None
        try:
            with self._common.output.open(
                "w", encoding="utf-8", errors="backslashreplace", newline="\n"
            ) as file:
                yield file
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"{self._common.output} cannot be written",
            str(error.strerror or error),
            "Give another --output.",
        )
