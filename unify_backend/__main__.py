"""The command's entry point and its one error boundary."""

import atexit
import gc
import sys

from unify_backend.model.errors import ExitCode, UnifyError


def main() -> None:
    """Runs the command line; every exit code but success leaves through here."""
    gc.set_threshold(50_000, 20, 50)  # what is loaded at the start is not garbage
    atexit.register(gc.freeze)  # a process that ends need not look for what it could free
    from unify_backend.cli.app import app_for

    try:
        app_for(sys.argv[1:])()
    except UnifyError as error:
        _explain(error)
        sys.exit(int(error.exit_code))
    except BrokenPipeError:
        sys.stderr.close()  # the reader left; Python would complain about it at exit
        sys.exit(0)
    except Exception as error:
        sys.exit(_report_bug(error))


def _explain(error: UnifyError) -> None:
    label = "refused: " if error.exit_code is ExitCode.REFUSED else ""
    lines = [f"unify-backend: {label}{error.fact}"]
    lines.extend(f"  {part}" for part in (*error.reason.splitlines(), error.step) if part)
    text = "\n".join(lines) + "\n"
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _report_bug(error: Exception) -> int:
    """Reports an unexpected error, a bug of this tool, with the file of its traceback."""
    import tempfile
    import traceback

    from unify_backend import __version__

    with tempfile.NamedTemporaryFile(
        "w", prefix="unify-backend-", suffix=".log", delete=False,
        encoding="utf-8", errors="backslashreplace",
    ) as file:  # fmt: skip
        file.write(f"unify-backend {__version__}, Python {sys.version}\n{sys.argv[1:]!r}\n\n")
        file.writelines(traceback.format_exception(error))
    sys.stderr.write(
        f"unify-backend: this is our bug: {type(error).__name__}: {error}\n"
        f"  Nothing was left half written. The traceback is kept in {file.name}\n"
        "  Please report it with that file.\n"
    )
    return int(ExitCode.BUG)


if __name__ == "__main__":
    main()
