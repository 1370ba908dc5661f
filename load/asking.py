"""Questions over plain connections, and how long their answers take."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.serving import PATIENCE


@dataclass(frozen=True)
class Answered:
    """``status`` is 0 where the connection broke; ``seconds`` until the last byte."""

    status: int
    seconds: float
    head: bytes = b""


async def ask(port: int, path: str) -> Answered:
    """On a connection of its own, as a browser that comes for the first time."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip", "Connection: close")
            writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return Answered(0, time.perf_counter() - begun)
    head = answer.partition(b"\r\n\r\n")[0]
    return Answered(int(head[9:12] or 0), time.perf_counter() - begun, head)


async def ask_all(port: int, paths: Sequence[str], spread: float = 0.0) -> list[Answered]:
    """At once, or begun evenly over so many seconds."""

    async def later(k: int, path: str) -> Answered:
        await asyncio.sleep(spread * k / len(paths))
        return await ask(port, path)

    return await asyncio.gather(*(later(k, path) for k, path in enumerate(paths)))


def p99(answers: Sequence[Answered]) -> float:
    """Of those that were answered well, in milliseconds. Where one was not, it is infinite."""
    if any(answer.status != 200 for answer in answers):
        return float("inf")
    return 1000 * quantiles([answer.seconds for answer in answers], n=100)[98]
