"""The largest request that is allowed, from many clients at once, and a small request meanwhile."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.row import Row
from benchmarks.serving import Serve, Server, serving
from benchmarks.sizes import LARGEST as LARGEST_SIZES
from load.http_client import Answered, ask, ask_all, p99
from scripts.fuzz import most_memory

LARGEST = "/trace.json?batch_size=1&time_step=1&features=4096&num_units=800&seed={seed}"
AT_ONCE = 50
SMALL = ("/healthz", "/diagram.json?num_units=7", f"/?{urlencode(LARGEST_SIZES)}")


def rows(serve: Serve = serving) -> Iterator[Row]:
    with serve() as server:
        idle = most_memory(server)
        large, small = asyncio.run(_rush(server))
        answered = [answer for answer in large if answer.status == 200]
        later = [answer for answer in large if answer.status == 503 and b"retry-after" in answer.head.lower()]
        note = f"{len(answered)} answered, {len(later)} told to come later"
        yield Row("resident memory at rest", "one worker", idle, "MB", 150)
        yield Row(
            f"the same, {AT_ONCE} of the largest questions at once",
            "one worker",
            most_memory(server),
            "MB",
            600,
            note=note,
        )
        yield Row("neither answered nor told to come later", "", AT_ONCE - len(answered) - len(later), "", 0)
        yield Row("small questions meanwhile, p99", f"{len(small)} of them", p99(small), "ms", 1000)


async def _rush(server: Server) -> tuple[list[Answered], list[Answered]]:
    rush = asyncio.create_task(ask_all(server.port, [LARGEST.format(seed=k) for k in range(AT_ONCE)]))
    small: list[Answered] = []
    while not rush.done() or len(small) < 30:
        small += [await ask(server.port, path) for path in SMALL]
        await asyncio.sleep(0.05)
    return await rush, small
