"""A minimal HTTP client that measures how long responses take."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import ceil

from benchmarks.server_process import PATIENCE

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Response:
    """A response. ``status`` is 0 if the connection broke; ``seconds`` is the time until the last byte."""

    status: int
    seconds: float
    head: bytes = b""
    body: bytes = b""


def encode(
    port: int, path: str, method: str = "GET", body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a request."""
    length = {"Content-Length": str(len(body))} if body else {}
    lines = [f"{name}: {value}" for name, value in {"Host": f"{HERE}:{port}", **length, **(headers or {})}.items()]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "", "")).encode() + body


async def send(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    source: str = HERE,
    timeout: float = PATIENCE,
) -> Response:
    """Send a request on a new connection, like a browser on its first visit."""
    start = time.perf_counter()
    all_headers = {"Accept-Encoding": "gzip", "Connection": "close", **(headers or {})}
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(HERE, port, local_addr=(source, 0))
            with closing(writer):
                writer.write(encode(port, path, method, body, all_headers))
                response = await reader.read()
    except (OSError, TimeoutError):
        return Response(0, time.perf_counter() - start)
    head, _, content = response.partition(b"\r\n\r\n")
    return Response(int(head[9:12] or 0), time.perf_counter() - start, head, content)


async def send_all(
    port: int, paths: Sequence[str], spread: float = 0.0, sources: Sequence[str] = (HERE,)
) -> list[Response]:
    """Send requests at the same time, or evenly distributed over ``spread`` seconds, from the addresses in turn."""

    async def send_later(k: int, path: str) -> Response:
        await asyncio.sleep(spread * k / len(paths))
        return await send(port, path, source=sources[k % len(sources)])

    return await asyncio.gather(*(send_later(k, path) for k, path in enumerate(paths)))


def percentile(responses: Sequence[Response], percent: int) -> float:
    """A percentile in milliseconds, by the nearest rank; infinite if that request was rejected or its connection
    broke."""
    seconds = sorted(response.seconds if response.status == 200 else float("inf") for response in responses)
    return 1000 * seconds[ceil(len(seconds) * percent / 100) - 1]


def p99(responses: Sequence[Response]) -> float:
    """The 99th percentile in milliseconds; infinite if any request was rejected or its connection broke."""
    return percentile(responses, 99 if all(response.status == 200 for response in responses) else 100)
