"""A class that opens the page within ten seconds, on a new server of a prepared copy of the app, as in the image."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence

from app.core.cells import CELLS
from app.diagram.views import VIEWS
from benchmarks.measured_row import Row
from benchmarks.server_process import ROOT, Serve, Server, serving
from load_tests.class_size_and_sources import CLASS, sources
from load_tests.http_client import Response, p99, send_all

SECONDS = 10.0

SAME_LINK = ["/?num_units=7"] * CLASS

OWN_LINKS = [
    f"/?view={[*VIEWS][k % len(VIEWS)]}&cell={[*CELLS][k // 3 % len(CELLS)]}&batch_size={k % 9 + 1}&num_units={k + 6}"
    for k in range(CLASS)
]
"""Links with different sizes, in every view and with every cell."""


def rows(serve: Serve = serving) -> Iterator[Row]:
    subprocess.run([sys.executable, "-m", "app.precompute"], cwd=ROOT, check=True)
    for setup, addresses in sources():
        for what, links in (("the same link", SAME_LINK), ("each another link", OWN_LINKS)):
            with serve() as server:
                pages, cpu = _open(server, links, addresses)
            served = sum(page.status == 200 for page in pages)
            note = f"{served} served, {1000 * cpu / CLASS:.3g} ms of CPU each"
            yield Row(
                f"{CLASS} open the page in {SECONDS:.0f} s, {what}, p99", setup, p99(pages), "ms", 1000, note=note
            )


def _open(server: Server, links: Sequence[str], addresses: Sequence[str]) -> tuple[list[Response], float]:
    """The responses, and the seconds of CPU that they took the server."""
    used = server.cpu()
    pages = asyncio.run(send_all(server.port, links, SECONDS, addresses))
    return pages, server.cpu() - used
