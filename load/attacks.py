"""What one client can do to a server, as often and as fast as it is able: a table of attacks, by name.

`python -m load.attacks NAME PORT SECONDS` carries one out, against a server on this machine only and from the address
ATTACKER. It is a process of its own, so that it does not slow the client beside it.
"""

import asyncio
import json
import re
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from itertools import count
from random import Random
from urllib.parse import quote

from load.expensive_links import HEAVY, LONG
from load.expensive_texts import expensive_answer
from load.http_client import HERE, ask, written
from load.student import GREETING, MORE, PING, PONG, TEXT, frame

ATTACKER = "127.0.0.2"
CONNECTIONS = 100
SOCKETS = 10
RECEIVED = 4096
"""The size of the receive buffer of a slow reader, in bytes."""

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

BEGUN = frame(b"", TEXT, False)
"""A message whose rest is to follow."""

random = Random(13)
seeds = count(random.randrange(10**6) * 100)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Attack = Callable[[int], Awaitable[None]]
"""Attacks a port until it is cancelled."""


@asynccontextmanager
async def connected(port: int, received: int = 0) -> AsyncIterator[Streams]:
    """From ATTACKER; with at most ``received`` bytes on this side that are not read. Broken off at the end."""
    with socket.socket() as client:
        client.setblocking(False)
        if received:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
        client.bind((ATTACKER, 0))
        await asyncio.get_running_loop().sock_connect(client, (HERE, port))
        reader, writer = await asyncio.open_connection(sock=client, limit=received or 2**16)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)  # the transport closes it now


async def many(number: int, one: Attack, port: int) -> None:
    """Run a number of clients at once, and restart each when it ends or its connection breaks."""

    async def again() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await one(port)
            await asyncio.sleep(0.05)

    await asyncio.gather(*(again() for _ in range(number)))


def link(path: str) -> str:
    """Never the same twice."""
    return f"{path}{'&' if '?' in path else '?'}seed={next(seeds)}"


# H1: work for clients that have gone


def flood(path: str, number: int = 64) -> Attack:
    """Requests each second, all at once, whose connections are closed before the responses."""

    async def attack(port: int) -> None:
        while True:
            async with AsyncExitStack() as opened:
                for _ in range(number):
                    with suppress(OSError):
                        _, writer = await opened.enter_async_context(connected(port))
                        writer.write(written(port, link(path)))
                await asyncio.sleep(0.5)
            await asyncio.sleep(0.5)

    return attack


def repeat(path: str, number: int = 32) -> Attack:
    """Clients at once, each of which waits for its response and sends the next request."""

    async def one(port: int) -> None:
        await ask(port, link(path), source=ATTACKER)

    return partial(many, number, one)


def keep_asking(path: str, number: int, headers: Mapping[str, str] | None = None) -> Attack:
    """Connections, each of which sends the next request when it has a response."""

    async def one(port: int) -> None:
        async with connected(port) as (reader, writer):
            answer = b"\n"
            while answer:
                writer.write(written(port, link(path), headers=headers))
                answer = await reader.read(2**16)

    return partial(many, number, one)


# H2: answers that are expensive to read


async def quiz(port: int, path: str = "/quiz.json") -> None:
    """An answer to a question of a quiz; its page redirects to where the question has its picture."""
    address = f"{path}?lesson_page={random.randint(1, 10)}&seed={next(seeds)}"
    shown = await ask(port, address, source=ATTACKER) if path == "/quiz" else None
    if shown and shown.status == 307:
        address = re.search(rb"location: (\S+)", shown.head, re.IGNORECASE)[1].decode()  # type: ignore[index]
    await ask(port, f"{address}&answer={quote(expensive_answer(random))}", source=ATTACKER)


async def open_room(port: int, tensor: str = "kernel") -> tuple[str, Mapping[str, str]]:
    """A room whose teacher asks for a tensor: its code, and the headers of its teacher. Raises OSError if it fails."""
    opened = await ask(port, "/rooms", "POST", source=ATTACKER)
    if opened.status != 200:
        raise OSError(f"no room: {opened.status}")
    room = json.loads(opened.body)
    leads = {"Authorization": f"Bearer {room['secret']}"}
    for said in ({"show": "?num_units=7"}, {"ask": tensor}):
        await ask(port, f"/rooms/{room['code']}", "POST", json.dumps(said).encode(), leads, ATTACKER)
    return room["code"], leads


def said() -> bytes:
    return json.dumps({"answer": expensive_answer(random)}).encode()


async def answers_by_post(port: int) -> None:
    code, _ = await open_room(port)

    async def one(port: int) -> None:
        await ask(port, f"/rooms/{code}?member={next(seeds)}", "POST", said(), source=ATTACKER)

    await many(20, one, port)


async def in_room(port: int, one: Callable[[Streams], Awaitable[None]], sockets: int = SOCKETS) -> None:
    """Sockets of one room, each of which does the same until it breaks."""
    code, _ = await open_room(port)

    async def enter(port: int) -> None:
        async with connected(port) as (reader, writer):
            writer.write(GREETING.format(code=code, member=next(seeds), host=f"{HERE}:{port}").encode())
            await reader.readuntil(b"\r\n\r\n")
            await one((reader, writer))

    await many(sockets, enter, port)


def sends(make: Callable[[], bytes], first: bytes = b"", reads: bool = False, sockets: int = SOCKETS) -> Attack:
    """Sockets that send without end, and read what comes back or do not."""

    async def one(streams: Streams) -> None:
        reader, writer = streams
        writer.write(first)
        while True:
            writer.write(make())
            await writer.drain()
            await asyncio.sleep(0)  # or others would wait where the server keeps up
            if reads:
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await reader.read(2**16)

    return partial(in_room, one=one, sockets=sockets)


# H3: memory


def unread(path: str, bytes_a_second: int = 0, headers: Mapping[str, str] | None = None) -> Attack:
    """Connections whose responses are not read, or very slowly; one that is refused tries again."""

    async def one(port: int) -> None:
        async with connected(port, RECEIVED) as (reader, writer):
            writer.write(written(port, link(path), headers={"Accept-Encoding": "identity", **(headers or {})}))
            line = await reader.readexactly(12)
            while line.endswith(b"200") and not reader.at_eof():
                await asyncio.sleep(1)
                if bytes_a_second:
                    await reader.read(bytes_a_second)
            await asyncio.sleep(0.5)

    return partial(many, CONNECTIONS, one)


async def halves(port: int) -> None:
    """Requests that never end, sent byte by byte."""

    async def one(port: int) -> None:
        async with connected(port) as (_, writer):
            writer.write(f"GET /?num_units=7 HTTP/1.1\r\nHost: {HERE}\r\nX-Long: {'x' * 60_000}".encode())
            while not writer.transport.is_closing():
                await asyncio.sleep(1)
                writer.write(b"x")
                await writer.drain()

    await many(300, one, port)


async def fill_rooms(port: int) -> None:
    """Opens rooms without end and gives each a thousand long answers of different members."""

    async def one(port: int) -> None:
        code, _ = await open_room(port)
        for _ in range(1000):
            text = json.dumps({"answer": "9" * 8 + "".join(random.choices("btfup+*", k=190))}).encode()
            answered = await ask(port, f"/rooms/{code}?member={'m' * 54}{next(seeds)}", "POST", text, source=ATTACKER)
            if answered.status != 200:
                return

    await many(20, one, port)


async def guess(port: int) -> None:
    code = "".join(random.choices(LETTERS, k=5))
    await ask(port, f"/rooms/{code}", "POST", b'{"answer": "3"}', source=ATTACKER)
    await ask(port, f"/room/{code}", source=ATTACKER)


async def guess_by_socket(port: int) -> None:
    code = "".join(random.choices(LETTERS, k=5))
    async with connected(port) as (reader, writer):
        writer.write(GREETING.format(code=code, member="m", host=f"{HERE}:{port}").encode())
        await reader.read(2**12)


ATTACKS: Mapping[str, Attack] = {
    # H1
    "standalone files, closed": flood(f"/standalone.html?{HEAVY}&view=units"),
    "notebooks, closed": flood(f"/notebook.ipynb?{HEAVY}&view=batch"),
    "PDFs, closed": flood(f"/diagram.pdf?{HEAVY}&view=unrolled"),
    "PNGs, closed": flood(f"/diagram.png?{HEAVY}&scale=4&view=gradients"),
    "values, closed": flood("/values.json?tensor=X&batch_size=64&time_step=200&features=60"),
    "programs, closed": flood("/code?framework=keras&to=pytorch&num_layers=8&bidirectional=true", 200),
    "traces, closed": flood("/trace.json?batch_size=1&time_step=1&features=4096&num_units=790"),
    "pictures of a long text, thousands at once": flood(f"/diagram.json?{LONG}", 2000),
    "paths that lead nowhere, thousands at once": flood(f"/nothing?{LONG}", 2000),
    "thousands of unknown fields": flood("/?" + "&".join(f"x{n}=" for n in range(4000)), 200),
    "files of weights, closed": flood("/weights.safetensors?num_units=1800&features=64"),
    "pages that do not fit, over many connections": keep_asking("/?num_units=0", 1000, {"Accept": "text/html"}),
    "the smallest responses, over many connections": keep_asking("/healthz", 3000),
    "pages, waited for": repeat(f"/?{HEAVY}&view=gradients"),
    "pictures, waited for": repeat(f"/diagram.json?{HEAVY}&view=units"),
    # H2
    "answers to a quiz": partial(many, SOCKETS, quiz),
    "answers on the page of a quiz": partial(many, SOCKETS, partial(quiz, path="/quiz")),
    "answers in a room, over sockets": sends(lambda: frame(said())),
    "answers in a room, over 900 sockets": sends(lambda: frame(said()), reads=True, sockets=900),
    "answers in a room, by POST": answers_by_post,
    "answers in a room, verdicts read": sends(lambda: frame(said()), reads=True),
    # H3
    "pages of a long text, not read": unread(f"/?{LONG}"),
    "pages of a long text, a byte a second": unread(f"/?{LONG}", 1),
    "the largest pages, a kilobyte a second": unread(f"/questions/five-cells?{LONG}&num_layers=8", 1000),
    "codes of rooms of great length": unread(f"/room/{'A' * 32_000}"),
    "paths of great length": unread(f"/learn/{'x' * 32_000}"),
    "headers of great length": unread("/?num_units=7", headers={"X-Long": "x" * 60_000, "Accept-Language": "es"}),
    "files of weights, not read": unread("/weights.npz?num_units=1900&features=8"),
    "static files, not read": unread("/static/x/vendor/plotly.min.js"),
    "halves of requests": halves,
    "rooms filled with answers": fill_rooms,
    # H4
    "pings, pongs not read": sends(lambda: frame(b"p" * 125, PING) * 500),
    "empty pings": sends(lambda: frame(b"", PING) * 5000),
    "pings over 900 sockets": sends(lambda: frame(b"p", PING) * 10, reads=True, sockets=900),
    "pongs that nobody asked for": sends(lambda: frame(b"p" * 125, PONG) * 500),
    "fragments without an end": sends(lambda: frame(b"x", MORE, False) * 5000, BEGUN),
    "empty fragments": sends(lambda: frame(b"", MORE, False) * 5000, BEGUN),
    "pings between fragments": sends(lambda: frame(b"", MORE, False) + frame(b"p" * 125, PING) * 200, BEGUN),
    "messages of many fragments": sends(lambda: BEGUN + frame(b"", MORE, False) * 5000 + frame(b"", MORE)),
    "messages that are no JSON": sends(lambda: frame(b"[" * 8000)),
    "guesses of codes": partial(many, 20, guess),
    "guesses of codes, over sockets": partial(many, 20, guess_by_socket),
}


async def main(name: str, port: int, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ATTACKS[name](port)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
