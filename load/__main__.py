"""`make load`: put the server under load, or in the parts named (ARGS="lesson search=60"), and print one table.

A part that takes a time is given it in seconds. The figures are of this machine and of what else runs on it: the
clients share its cores with the server.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from importlib import import_module

from benchmarks.__main__ import machine
from benchmarks.row import HEAD, Row, line

MODULES = (
    *("startup", "lesson", "open_page", "caching_proxy", "largest_request", "faults", "random_requests", "event_loop"),
    *("hostile", "search"),
)
TIMED = ("hostile", "search")
"""The parts that take a number of seconds."""


def main(arguments: list[str]) -> None:
    parts = dict(_part(argument) for argument in arguments) or dict.fromkeys(MODULES)
    begun = time.monotonic()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(machine(), end="\n\n")
    print(line(HEAD), line(("---",) * len(HEAD)), sep="\n", flush=True)
    missed = []
    for row in rows(parts):
        print(line(row.cells()), flush=True)
        if row.held is False:
            missed.append(row.what)
    minutes = (time.monotonic() - begun) / 60
    print(f"\nIt took {minutes:.1f} minutes; load average {os.getloadavg()[0]:.1f} at the end.")
    if missed:
        raise SystemExit(f"not held: {'; '.join(missed)}")


def _part(argument: str) -> tuple[str, float | None]:
    """``search=60`` is a part and its seconds. Raises SystemExit."""
    name, given, seconds = argument.partition("=")
    if name not in MODULES:
        raise SystemExit(f"there is no load {name}; known: {', '.join(MODULES)}")
    if not given:
        return name, None
    if name not in TIMED or not seconds.isdecimal() or not int(seconds):
        raise SystemExit(f"{argument}: whole seconds can be given to {' and '.join(TIMED)}, such as search=60")
    return name, float(seconds)


def rows(parts: dict[str, float | None]) -> Iterator[Row]:
    for module, seconds in parts.items():
        made = import_module(f"load.{module}").rows
        yield from made(seconds) if seconds else made()


if __name__ == "__main__":
    main(sys.argv[1:])
