"""A class that follows a teacher who drags a slider."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

import uvloop

from benchmarks.measured_row import Row
from benchmarks.server_process import Serve, Server, serving
from load_tests.class_size_and_sources import CLASS, sources
from load_tests.http_client import HERE
from load_tests.student import join_class, lead, open_room, wait_for_state
from scripts.redis_server import RedisServer

STATES, INTERVAL = 160, 1 / 20
"""The number of states, and the seconds between them."""


def rows(serve: Serve = serving) -> Iterator[Row]:
    for setup, addresses in sources():
        with serve() as server:
            yield from _lesson([server], f"rooms in memory, {setup}", addresses)
    with ExitStack() as stack:
        redis = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(redis.stop)
        servers = [stack.enter_context(serve(ROOMS_URL=redis.url)) for _ in range(2)]
        yield from _lesson(servers, "two replicas, one Redis", [HERE])


def _lesson(servers: list[Server], setup: str, sources: list[str]) -> Iterator[Row]:
    delays, cores, skipped = uvloop.run(_follow(servers, sources))
    p50, p99 = (quantiles(delays, n=100)[k] for k in (49, 98))
    note = f"half within {1000 * p50:.3g} ms; {len(delays):,} states arrived, {skipped:,} were replaced by newer ones"
    yield Row(
        f"{CLASS} students and a stalled one follow 20 states a second, p99", setup, 1000 * p99, "ms", 50, note=note
    )
    yield Row("server CPU for it", setup, cores, "cores", 0.15)


async def _follow(servers: list[Server], sources: list[str]) -> tuple[list[float], float, int]:
    """The delays in seconds of the states that arrived at the students, the CPU cores used, and the number of states
    that were replaced by newer ones."""
    addresses = [("127.0.0.1", server.port) for server in servers]
    code, secret = open_room(servers[0].url)
    teacher = await lead(addresses[0], code, secret)
    stalled, *students = await join_class(addresses, code, CLASS + 1, sources=sources)
    stalled.transport.pause_reading()
    await asyncio.sleep(1)
    sent: dict[int, float] = {}
    used, start = sum(server.cpu() for server in servers), time.perf_counter()
    for state in range(1, STATES + 1):
        sent[state] = time.perf_counter()
        teacher.send(show=f"?seed={state}")
        await asyncio.sleep(max(0.0, start + state * INTERVAL - time.perf_counter()))
    cores = (sum(server.cpu() for server in servers) - used) / (time.perf_counter() - start)
    if await wait_for_state(students, STATES, timeout=10) == float("inf"):
        raise RuntimeError("a student did not receive the last state")
    delays = [when - sent[state] for student in students for state, when in student.arrived.items()]
    for client in (teacher, stalled, *students):
        client.leave()
    return delays, cores, CLASS * STATES - len(delays)
