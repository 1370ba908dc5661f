"""A class that opens the page."""

import asyncio
from collections.abc import Iterator

from benchmarks.row import Row
from benchmarks.serving import Serve, serving
from load.http_client import ask_all, p99

CLASS, SECONDS = 300, 10.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    with serve() as server:
        used = server.cpu()
        same = asyncio.run(ask_all(server.port, ["/?num_units=7"] * CLASS, SECONDS))
        note = f"{1000 * (server.cpu() - used) / CLASS:.3g} ms of CPU each"
        yield Row(f"{CLASS} open the page in {SECONDS:.0f} s, the same link, p99", "", p99(same), "ms", 1000, note=note)
        each = asyncio.run(ask_all(server.port, [f"/?num_units=7&seed={k}" for k in range(CLASS)], SECONDS))
        well = [answer for answer in each if answer.status == 200]
        note = f"of {len(well)}; {sum(answer.status == 503 for answer in each)} are told to come later"
        yield Row(f"{CLASS} open the page in {SECONDS:.0f} s, each its own link, p99", "", p99(well), "ms", note=note)
