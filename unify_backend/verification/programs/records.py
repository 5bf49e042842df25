"""Warnings and errors logged while the application starts: logging, structlog and loguru.

They are taken where they are made, so that neither levels of handlers, nor a logger that does not
propagate, nor a renderer can hide them.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

from unify_backend.verification.programs import causes

MOST = 500  # records, and characters of a message
LEVELS = {"warn": "warning", "exception": "error", "fatal": "critical"}
SERIOUS = frozenset({"warning", "error", "critical"})


class Records:
    """What was logged since `watch`, until `watching` is switched off."""

    def __init__(self, root: str, folder: str) -> None:
        self.root = root
        self.folder = folder
        self.found: list[dict[str, Any]] = []
        self.watching = True
        self.last = threading.local()  # structlog may hand the same event on to logging

    def watch(self) -> None:
        """Listens to every library that is there."""
        self.logging()
        for listen in (self.structlog, self.loguru):
            try:
                listen()
            except Exception:  # another version of the library: its records are not seen
                continue

    def add(self, level: str, logger: str, message: str, error: object) -> None:
        """Takes a record in."""
        level = LEVELS.get(level.lower(), level.lower())
        if not self.watching or level not in SERIOUS or len(self.found) >= MOST:
            return
        cause = None
        if isinstance(error, BaseException):
            cause = causes.cause(error, self.root, self.folder)
        short = message.replace(self.root, ".")[:MOST]
        self.found.append({"level": level, "logger": logger, "message": short, "cause": cause})

    def logging(self) -> None:
        """The standard library's."""
        original = logging.Logger.handle

        def handle(logger: logging.Logger, record: logging.LogRecord) -> None:
            try:
                message = record.getMessage()
            except Exception:  # wrong arguments; logging itself only prints that
                message = str(record.msg)
            event = getattr(self.last, "event", None)
            self.last.event = None
            if not event or event not in message:
                error = record.exc_info[1] if record.exc_info else None
                self.add(record.levelname, record.name, message, error)
            original(logger, record)

        logging.Logger.handle = handle  # type: ignore[method-assign,assignment]

    def structlog(self) -> None:
        """A processor before all others, also after the application has configured its own."""
        import structlog  # type: ignore[import-not-found,unused-ignore]

        def listen(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
            error = event.get("exc_info")
            if error is True or (method == "exception" and error is None):
                error = sys.exc_info()[1]
            elif isinstance(error, tuple):
                error = error[1]
            name = str(event.get("logger") or getattr(logger, "name", "") or "structlog")
            self.last.event = str(event.get("event", ""))
            self.add(method, name, self.last.event, error)
            return event

        def insert(*_: object, **__: object) -> None:
            processors = structlog.get_config()["processors"]
            if listen not in processors:
                original(processors=[listen, *processors])

        original = structlog.configure

        def configure(*positional: Any, **named: Any) -> None:
            original(*positional, **named)
            insert()

        structlog.configure = configure
        structlog._config.configure = configure
        configured = structlog.is_configured()
        insert()
        structlog._config._CONFIG.is_configured = configured  # `configure_once` must still work

    def loguru(self) -> None:
        """A sink, put back when the application removes all of them."""
        from loguru import logger  # type: ignore[import-not-found,unused-ignore]

        def listen(message: Any) -> None:
            record = message.record
            error = record["exception"].value if record["exception"] else None
            self.add(record["level"].name, str(record["name"]), record["message"], error)

        original = type(logger).remove

        def remove(self_: Any, handler_id: Any = None) -> None:
            original(self_, handler_id)
            if handler_id is None:
                logger.add(listen, level="WARNING", format="{message}")

        type(logger).remove = remove
        logger.add(listen, level="WARNING", format="{message}")
