"""Requests over plain connections, and how long their responses take."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import ceil

from benchmarks.serving import PATIENCE

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Answered:
    """``status`` is 0 if the connection broke; ``seconds`` is the time until the last byte."""

    status: int
    seconds: float
    head: bytes = b""
    body: bytes = b""


def written(
    port: int, path: str, method: str = "GET", body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a request."""
    length = {"Content-Length": str(len(body))} if body else {}
    lines = [f"{name}: {value}" for name, value in {"Host": f"{HERE}:{port}", **length, **(headers or {})}.items()]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "", "")).encode() + body


async def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    source: str = HERE,
    patience: float = PATIENCE,
) -> Answered:
    """Send a request on a new connection, like a browser on its first visit."""
    begun = time.perf_counter()
    wanted = {"Accept-Encoding": "gzip", "Connection": "close", **(headers or {})}
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(HERE, port, local_addr=(source, 0))
            with closing(writer):
                writer.write(written(port, path, method, body, wanted))
                answer = await reader.read()
    except (OSError, TimeoutError):
        return Answered(0, time.perf_counter() - begun)
    head, _, content = answer.partition(b"\r\n\r\n")
    return Answered(int(head[9:12] or 0), time.perf_counter() - begun, head, content)


async def ask_all(port: int, paths: Sequence[str], spread: float = 0.0) -> list[Answered]:
    """Send requests all at once, or evenly over ``spread`` seconds."""

    async def later(k: int, path: str) -> Answered:
        await asyncio.sleep(spread * k / len(paths))
        return await ask(port, path)

    return await asyncio.gather(*(later(k, path) for k, path in enumerate(paths)))


def percentile(answers: Sequence[Answered], percent: int) -> float:
    """A percentile in milliseconds, by the nearest rank; infinite if that request was refused or broke."""
    took = sorted(answer.seconds if answer.status == 200 else float("inf") for answer in answers)
    return 1000 * took[ceil(len(took) * percent / 100) - 1]


def p99(answers: Sequence[Answered]) -> float:
    """The 99th percentile in milliseconds; infinite if any request was refused or broke."""
    return percentile(answers, 99 if all(answer.status == 200 for answer in answers) else 100)
