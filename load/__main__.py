"""`make load`: put the server under load, or in the modules named (ARGS="lesson faults"), and print one table.

The figures are of this machine and of what else runs on it: whoever asks shares its cores with the server.
"""

import os
import resource
import sys
from collections.abc import Iterator
from importlib import import_module

from benchmarks.__main__ import machine
from benchmarks.row import HEAD, Row, line

MODULES = ("start", "lesson", "opening", "proxied", "worst", "faults", "slow", "anything")


def main(arguments: list[str]) -> None:
    unknown = set(arguments) - set(MODULES)
    if unknown:
        raise SystemExit(f"there is no load {', '.join(sorted(unknown))}; known: {', '.join(MODULES)}")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(machine(), end="\n\n")
    print(line(HEAD), line(("---",) * len(HEAD)), sep="\n", flush=True)
    missed = []
    for row in rows(arguments or list(MODULES)):
        print(line(row.cells()), flush=True)
        if row.held is False:
            missed.append(row.what)
    print(f"\nLoad average {os.getloadavg()[0]:.1f} at the end.")
    if missed:
        raise SystemExit(f"not held: {'; '.join(missed)}")


def rows(modules: list[str]) -> Iterator[Row]:
    for module in modules:
        yield from import_module(f"load.{module}").rows()


if __name__ == "__main__":
    main(sys.argv[1:])
