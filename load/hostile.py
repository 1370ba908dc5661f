"""One hostile client: its effect on a client that behaves well, and on the memory of the server."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.row import Row
from benchmarks.serving import ROOT, Server
from load.attacks import ATTACKS
from load.http_client import Answered, ask, p99, percentile
from load.watched_server import Watch
from scripts.fuzz import most_memory

SECONDS = 10.0
"""Of each attack."""

CLIENT = "127.0.0.3"
SMALL = "/?num_units=7&seed={seed}"
PACE = 0.5
"""Seconds from one request of the client that behaves well to its next; it does not wait for the response."""

QUIET = 3
"""Requests before the attack begins."""

REST = 30.0
"""Seconds for which a server that does not become idle is waited for, and for which a response is."""

BUSY = 0.8
"""The part of the time for which a server that is idle works less: the client beside it takes a fifth."""

MOST_LATENCY, MOST_MEMORY = 1000, 600
"""Milliseconds and MB."""


@dataclass(frozen=True)
class Seen:
    """What the client that behaves well saw, MB at the peak, and seconds until the server was idle again."""

    answers: list[Answered]
    memory: float
    idle_after: float


def rows(seconds: float = SECONDS) -> Iterator[Row]:
    for name in ATTACKS:
        watch = Watch()
        with watch.serving() as server:
            seen = asyncio.run(_beside(server, name, seconds))
        half, most = (percentile(seen.answers, percent) for percent in (50, 100))
        before = percentile(seen.answers[:QUIET], 50)
        note = f"p50 {half:,.0f} ms, {before:,.0f} ms before the attack, longest {most:,.0f} ms; "
        note += f"{_refusals(seen.answers)}; idle {seen.idle_after:.1f} s after the attack"
        yield Row(f"small pages of a client beside: {name}, p99", "", p99(seen.answers), "ms", MOST_LATENCY, note=note)
        yield Row(f"memory of the process: {name}", "", seen.memory, "MB", MOST_MEMORY)
        yield watch.row(name)


async def _beside(server: Server, name: str, seconds: float) -> Seen:
    """Run an attack in a separate process, and measure the time until the server is idle again."""
    await ask(server.port, SMALL.format(seed=10**6), source=CLIENT)  # the first page of a process takes longer
    over = asyncio.Event()
    client = asyncio.create_task(_behave(server.port, over))
    await asyncio.sleep(QUIET * PACE)
    command = ("-m", "load.attacks", name, str(server.port), str(seconds))
    attack = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT)
    try:
        if await asyncio.wait_for(attack.wait(), seconds + 20):
            raise RuntimeError(f"the attack {name!r} failed")
    finally:
        if attack.returncode is None:
            attack.kill()
    ended = time.monotonic()
    while await _busy(server) > BUSY and time.monotonic() - ended < REST:
        pass
    idle_after = time.monotonic() - ended
    over.set()
    return Seen(await client, most_memory(server), idle_after)


async def _behave(port: int, over: asyncio.Event) -> list[Answered]:
    asked: list[asyncio.Task[Answered]] = []
    while not over.is_set():
        asked.append(asyncio.create_task(ask(port, SMALL.format(seed=len(asked)), source=CLIENT, patience=REST)))
        await asyncio.sleep(PACE)
    return await asyncio.gather(*asked)


async def _busy(server: Server, seconds: float = 2 * PACE) -> float:
    """The part of the time in which a thread of the process runs, or would if the machine were not busy."""
    used, begun = _wanted(server), time.monotonic()
    await asyncio.sleep(seconds)
    return (_wanted(server) - used) / (time.monotonic() - begun)


def _wanted(server: Server) -> float:
    """Seconds for which the threads of a process ran or were ready to run."""
    threads = Path(f"/proc/{server.pid}/task").glob("*/schedstat")
    return sum(sum(map(int, thread.read_text().split()[:2])) for thread in threads) / 1e9


def _refusals(answers: list[Answered]) -> str:
    """How many were refused, by status."""
    statuses = Counter(answer.status or "no answer" for answer in answers if answer.status != 200)
    said = f" ({', '.join(f'{status}: {n}' for status, n in statuses.items())})" if statuses else ""
    return f"{statuses.total()} of {len(answers)} refused{said}"
