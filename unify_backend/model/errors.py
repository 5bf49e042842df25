"""Errors for users: each has a fact, a reason and a next step."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The process's answer; the numbers are part of the contract (docs/architecture.md)."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    PARTLY_FAILED = 3
    REFUSED = 4
    BUG = 70


class UnifyError(Exception):
    """Ends a command. `fact` says what is so, `reason` why it matters, `step` what to do next."""

    exit_code = ExitCode.USAGE

    def __init__(self, fact: str, reason: str = "", step: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.reason = reason
        self.step = step


class ConfigurationError(UnifyError):
    """The configuration or the command line cannot be what the person meant (exit 2)."""


class RepositoryError(UnifyError):
    """The folder is not what a command needs: missing, unreadable, no repository (exit 2)."""


class Refused(UnifyError):
    """Going on would put somebody's work at risk (exit 4)."""

    exit_code = ExitCode.REFUSED
