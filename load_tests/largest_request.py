"""The largest allowed request from many clients at the same time, and small requests meanwhile."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.largest_slider_values import LARGEST as LARGEST_SIZES
from benchmarks.measured_row import Row
from benchmarks.server_process import Serve, Server, serving
from load_tests.http_client import Response, p99, send, send_all
from scripts.fuzz import peak_memory

LARGEST = "/trace.json?batch_size=1&time_step=1&features=4096&num_units=800&seed={seed}"
CONCURRENT = 50
SMALL = ("/healthz", "/diagram.json?num_units=7", f"/?{urlencode(LARGEST_SIZES)}")


def rows(serve: Serve = serving) -> Iterator[Row]:
    with serve() as server:
        idle = peak_memory(server)
        large, small = asyncio.run(_send_concurrently(server))
        successful = [response for response in large if response.status == 200]
        rejected = [
            response for response in large if response.status == 503 and b"retry-after" in response.head.lower()
        ]
        note = f"{len(successful)} successful, {len(rejected)} rejected with Retry-After"
        yield Row("resident memory at rest", "one worker", idle, "MB", 150)
        yield Row(
            f"the same, {CONCURRENT} of the largest requests at the same time",
            "one worker",
            peak_memory(server),
            "MB",
            600,
            note=note,
        )
        yield Row(
            "neither successful nor rejected with Retry-After", "", CONCURRENT - len(successful) - len(rejected), "", 0
        )
        yield Row("small requests meanwhile, p99", f"{len(small)} of them", p99(small), "ms", 1000)


async def _send_concurrently(server: Server) -> tuple[list[Response], list[Response]]:
    large = asyncio.create_task(send_all(server.port, [LARGEST.format(seed=k) for k in range(CONCURRENT)]))
    small: list[Response] = []
    while not large.done() or len(small) < 30:
        small += [await send(server.port, path) for path in SMALL]
        await asyncio.sleep(0.05)
    return await large, small
