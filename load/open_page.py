"""A class that opens the page within ten seconds."""

import asyncio
from collections.abc import Iterator

from benchmarks.row import Row
from benchmarks.server_process import Serve, serving
from load.http_client import p99, send_all

CLASS, SECONDS = 300, 10.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    with serve() as server:
        used = server.cpu()
        same_link = asyncio.run(send_all(server.port, ["/?num_units=7"] * CLASS, SECONDS))
        note = f"{1000 * (server.cpu() - used) / CLASS:.3g} ms of CPU each"
        yield Row(
            f"{CLASS} open the page in {SECONDS:.0f} s, the same link, p99", "", p99(same_link), "ms", 1000, note=note
        )
        own_links = asyncio.run(send_all(server.port, [f"/?num_units=7&seed={k}" for k in range(CLASS)], SECONDS))
        successful = [response for response in own_links if response.status == 200]
        rejected = sum(response.status == 503 for response in own_links)
        note = f"of {len(successful)}; {rejected} were rejected with Retry-After"
        yield Row(
            f"{CLASS} open the page in {SECONDS:.0f} s, each its own link, p99", "", p99(successful), "ms", note=note
        )
