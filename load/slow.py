"""Connections that are opened and not used: half a request and no more, or an answer that nobody reads."""

import asyncio
from collections.abc import Iterator

from benchmarks.row import Row
from benchmarks.serving import Server, serving
from load.asking import Answered, ask, p99

HALVES, UNREAD = 500, 100


def rows() -> Iterator[Row]:
    with serving() as server:
        answers, closed = asyncio.run(_hold(server))
        yield Row(
            f"questions beside {HALVES} halves of requests and {UNREAD} answers that nobody reads, p99",
            f"{len(answers)} of them",
            p99(answers),
            "ms",
            1000,
            note=f"{closed} of the halves were closed by the server meanwhile",
        )


async def _hold(server: Server) -> tuple[list[Answered], int]:
    held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(HALVES + UNREAD)]
    for k, (_, writer) in enumerate(held):
        whole = "\r\n" if k >= HALVES else ""
        writer.write(f"GET /?num_units=7&seed={k} HTTP/1.1\r\nHost: 127.0.0.1\r\n{whole}".encode())
        if k >= HALVES:
            writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.sleep(2)
    answers = []
    for k in range(100):
        answers.append(await ask(server.port, f"/diagram.json?num_units=9&seed={k}"))
        await asyncio.sleep(0.1)
    closed = sum(reader.at_eof() for reader, _ in held[:HALVES])
    for _, writer in held:
        writer.close()
    return answers, closed
