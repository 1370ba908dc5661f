"""A class that follows a teacher who drags a slider."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

import uvloop

from benchmarks.row import Row
from benchmarks.serving import Serve, Server, serving
from load.student import arrives, lead, open_room, seated
from scripts.redis_server import RedisServer

CLASS = 300
STATES, PACE = 160, 1 / 20
"""The number of states; one is shown every 50 ms."""


def rows(serve: Serve = serving) -> Iterator[Row]:
    with serve() as server:
        yield from _lesson([server], "rooms in memory")
    with ExitStack() as stack:
        redis = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(redis.stop)
        servers = [stack.enter_context(serve(ROOMS_URL=redis.url)) for _ in range(2)]
        yield from _lesson(servers, "two replicas, one Redis")


def _lesson(servers: list[Server], where: str) -> Iterator[Row]:
    late, cores, lost = uvloop.run(_follow(servers))
    p50, p99 = (quantiles(late, n=100)[k] for k in (49, 98))
    note = f"half within {1000 * p50:.3g} ms; {len(late):,} states arrived, newer ones took the place of {lost:,}"
    yield Row(
        f"{CLASS} students and a stalled one follow 20 states a second, p99", where, 1000 * p99, "ms", 100, note=note
    )
    yield Row("server CPU for it", where, cores, "cores", 0.2)


async def _follow(servers: list[Server]) -> tuple[list[float], float, int]:
    """How late each state was at each student, what it took, and how many states were overtaken."""
    addresses = [("127.0.0.1", server.port) for server in servers]
    code, secret = open_room(servers[0].url)
    teacher = await lead(addresses[0], code, secret)
    stalled, *students = await seated(addresses, code, CLASS + 1)
    stalled.transport.pause_reading()
    await asyncio.sleep(1)
    sent: dict[int, float] = {}
    used, begun = sum(server.cpu() for server in servers), time.perf_counter()
    for state in range(1, STATES + 1):
        sent[state] = time.perf_counter()
        teacher.say(show=f"?seed={state}")
        await asyncio.sleep(max(0.0, begun + state * PACE - time.perf_counter()))
    cores = (sum(server.cpu() for server in servers) - used) / (time.perf_counter() - begun)
    if await arrives(students, STATES, within=10) == float("inf"):
        raise RuntimeError("somebody never saw the last state")
    late = [when - sent[state] for student in students for state, when in student.arrived.items()]
    for one in (teacher, stalled, *students):
        one.go()
    return late, cores, CLASS * STATES - len(late)
