"""The log of the app and of its server: one JSON object per line. It has no personal data: no IP address, no query, no
user agent."""

import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson


def write(**what: Any) -> None:
    """Write a line. Errors, such as a full disk or a closed pipe, are ignored: the server goes on."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = orjson.dumps({"time": now, **what}, option=orjson.OPT_APPEND_NEWLINE)
    with suppress(OSError):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


class Lines(logging.Handler):
    """Writes the log records of the server, with the traceback of an exception."""

    def emit(self, record: logging.LogRecord) -> None:
        traceback = logging.Formatter().formatException(record.exc_info) if record.exc_info else None
        extra = {"fault": traceback} if traceback else {}
        write(level=record.levelname.lower(), message=record.getMessage(), **extra)


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"lines": {"class": f"{__name__}.Lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
}
"""For logging.config."""
