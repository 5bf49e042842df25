"""The command's entry point and its one error boundary."""

import gc
import sys

from unify_backend.model.errors import ExitCode, UnifyError


def main() -> None:
    """Runs the command line; every exit code but success leaves through here."""
    gc.set_threshold(50_000, 20, 50)  # what is loaded at the start is not garbage
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
        from unify_backend.cli.crash import report

        sys.exit(report(error))


def _explain(error: UnifyError) -> None:
    label = "refused: " if error.exit_code is ExitCode.REFUSED else ""
    lines = [f"unify-backend: {label}{error.fact}"]
    lines.extend(f"  {part}" for part in (*error.reason.splitlines(), error.step) if part)
    text = "\n".join(lines) + "\n"
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))


if __name__ == "__main__":
    main()
