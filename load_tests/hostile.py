"""One hostile client: its effect on a well-behaved client and on the memory of the server."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured_row import Row
from benchmarks.server_process import ROOT, Server
from load_tests.attacks import ATTACKS
from load_tests.http_client import Response, p99, percentile, send
from load_tests.watched_server import Watch
from scripts.fuzz import peak_memory

SECONDS = 10.0
"""The duration of each attack."""

CLIENT = "127.0.0.3"
SMALL = "/?num_units=7&seed={seed}"
INTERVAL = 0.5
"""Seconds between requests of the well-behaved client, which does not wait for responses."""

REQUESTS_BEFORE = 3
"""Requests of the well-behaved client before the attack."""

TIMEOUT = 30.0
"""Seconds to wait for the server to become idle, and for a response."""

IDLE_LOAD = 0.8
"""A server with a lower load is idle, apart from the well-behaved client, which causes a load of 0.2."""

MAX_LATENCY, MAX_MEMORY = 1000, 600
"""The limits, in milliseconds and MB."""


@dataclass(frozen=True)
class Observations:
    """The responses to the well-behaved client, the peak memory in MB, and the seconds until the server was idle."""

    responses: list[Response]
    memory: float
    idle_after: float


def rows(seconds: float = SECONDS) -> Iterator[Row]:
    for name in ATTACKS:
        watch = Watch()
        with watch.serving() as server:
            observed = asyncio.run(_attack(server, name, seconds))
        median, longest = (percentile(observed.responses, percent) for percent in (50, 100))
        before = percentile(observed.responses[:REQUESTS_BEFORE], 50)
        note = f"p50 {median:,.0f} ms, {before:,.0f} ms before the attack, longest {longest:,.0f} ms; "
        note += f"{_rejections(observed.responses)}; idle {observed.idle_after:.1f} s after the attack"
        yield Row(
            f"small pages of another client: {name}, p99", "", p99(observed.responses), "ms", MAX_LATENCY, note=note
        )
        yield Row(f"memory of the process: {name}", "", observed.memory, "MB", MAX_MEMORY)
        yield watch.row(name)


async def _attack(server: Server, name: str, seconds: float) -> Observations:
    """Run an attack in a separate process, and measure the time until the server is idle again."""
    await send(server.port, SMALL.format(seed=10**6), source=CLIENT)  # the first page of a process takes longer
    over = asyncio.Event()
    client = asyncio.create_task(_send_regularly(server.port, over))
    await asyncio.sleep(REQUESTS_BEFORE * INTERVAL)
    arguments = ("-m", "load_tests.attacks", name, str(server.port), str(seconds))
    attack = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        if await asyncio.wait_for(attack.wait(), seconds + 20):
            raise RuntimeError(f"the attack {name!r} failed")
    finally:
        if attack.returncode is None:
            attack.kill()
    ended = time.monotonic()
    while await _load(server) > IDLE_LOAD and time.monotonic() - ended < TIMEOUT:
        pass
    idle_after = time.monotonic() - ended
    over.set()
    return Observations(await client, peak_memory(server), idle_after)


async def _send_regularly(port: int, over: asyncio.Event) -> list[Response]:
    tasks: list[asyncio.Task[Response]] = []
    while not over.is_set():
        tasks.append(asyncio.create_task(send(port, SMALL.format(seed=len(tasks)), source=CLIENT, timeout=TIMEOUT)))
        await asyncio.sleep(INTERVAL)
    return await asyncio.gather(*tasks)


async def _load(server: Server, seconds: float = 2 * INTERVAL) -> float:
    """The average number of threads of the process that are running or ready to run."""
    used, start = _runnable_seconds(server), time.monotonic()
    await asyncio.sleep(seconds)
    return (_runnable_seconds(server) - used) / (time.monotonic() - start)


def _runnable_seconds(server: Server) -> float:
    """The total seconds for which the threads of a process were running or ready to run."""
    threads = Path(f"/proc/{server.pid}/task").glob("*/schedstat")
    return sum(sum(map(int, thread.read_text().split()[:2])) for thread in threads) / 1e9


def _rejections(responses: list[Response]) -> str:
    """The number of rejected requests, by status."""
    statuses = Counter(response.status or "no response" for response in responses if response.status != 200)
    by_status = f" ({', '.join(f'{status}: {n}' for status, n in statuses.items())})" if statuses else ""
    return f"{statuses.total()} of {len(responses)} rejected{by_status}"
