"""The log as JSON, an object a line, of the app and of the server that it runs in. Nothing of it tells of a person: no
address, no query, no browser."""

import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson


def write(**what: Any) -> None:
    """A line. Where it cannot be written, as on a full disk or where its reader has gone, the server goes on."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = orjson.dumps({"time": now, **what}, option=orjson.OPT_APPEND_NEWLINE)
    with suppress(OSError):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


class Lines(logging.Handler):
    """What the server itself has to say, with the trace of a fault."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = logging.Formatter().formatException(record.exc_info) if record.exc_info else None
        write(level=record.levelname.lower(), message=record.getMessage(), **({"fault": fault} if fault else {}))


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"lines": {"class": f"{__name__}.Lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
}
"""For logging.config."""
