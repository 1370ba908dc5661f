"""`make load`: run all load tests, or some of them (ARGS="class_in_a_room costliest_request=60"), and print one table.

Some parts accept a duration in seconds. The results depend on this machine and on what else it runs: the clients share
its cores with the server.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from importlib import import_module

from benchmarks.__main__ import machine
from benchmarks.measured_row import HEAD, Row, line

MODULES = (
    *(
        "startup",
        "class_in_a_room",
        "drags",
        "open_page",
        "caching_proxy",
        "largest_request",
        "faults",
        "random_requests",
        "event_loop",
    ),
    *("hostile", "costliest_request"),
)
TIMED = ("hostile", "costliest_request")
"""The parts that accept a duration."""


def main(arguments: list[str]) -> None:
    parts = dict(_part(argument) for argument in arguments) or dict.fromkeys(MODULES)
    start = time.monotonic()
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    print(machine(), end="\n\n")
    print(line(HEAD), line(("---",) * len(HEAD)), sep="\n", flush=True)
    failed = []
    for row in rows(parts):
        print(line(row.cells()), flush=True)
        if row.held is False:
            failed.append(row.what)
    minutes = (time.monotonic() - start) / 60
    print(f"\nIt took {minutes:.1f} minutes; load average {os.getloadavg()[0]:.1f} at the end.")
    if failed:
        raise SystemExit(f"failed: {'; '.join(failed)}")


def _part(argument: str) -> tuple[str, float | None]:
    """Parse a part with its duration in seconds: ``costliest_request=60``. Raises SystemExit."""
    name, separator, seconds = argument.partition("=")
    if name not in MODULES:
        raise SystemExit(f"there is no part {name}; known: {', '.join(MODULES)}")
    if not separator:
        return name, None
    if name not in TIMED or not seconds.isdecimal() or not int(seconds):
        raise SystemExit(f"{argument}: {' and '.join(TIMED)} accept whole seconds, such as costliest_request=60")
    return name, float(seconds)


def rows(parts: dict[str, float | None]) -> Iterator[Row]:
    for module, seconds in parts.items():
        part = import_module(f"load_tests.{module}").rows
        yield from part(seconds) if seconds else part()


if __name__ == "__main__":
    main(sys.argv[1:])
