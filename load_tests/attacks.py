"""Attacks of a single hostile client, by name.

`python -m load_tests.attacks NAME PORT SECONDS` runs one against a server on this machine, from the address ATTACKER.
It is a separate process so that it does not slow down the well-behaved client.
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

from app.rooms.room_code import CODE_ALPHABET, CODE_LENGTH
from load_tests.expensive_links import HEAVY, LONG
from load_tests.expensive_texts import expensive_answer
from load_tests.http_client import HERE, encode, send
from load_tests.student import HANDSHAKE, MORE, PING, PONG, TEXT, frame

ATTACKER = "127.0.0.2"
CONNECTIONS = 100
SOCKETS = 10
RECEIVE_BUFFER = 4096
"""The size of the receive buffer of a slow reader, in bytes."""

INCOMPLETE = frame(b"", TEXT, False)
"""The first fragment of a message."""

random = Random(13)
seeds = count(random.randrange(10**6) * 100)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Attack = Callable[[int], Awaitable[None]]
"""Attack a port until it is cancelled."""


@asynccontextmanager
async def connect(port: int, receive_buffer: int = 0) -> AsyncIterator[Streams]:
    """A connection from ATTACKER that is aborted at the end. ``receive_buffer`` limits the bytes that are buffered on
    this side but not read."""
    with socket.socket() as client:
        client.setblocking(False)
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.bind((ATTACKER, 0))
        await asyncio.get_running_loop().sock_connect(client, (HERE, port))
        reader, writer = await asyncio.open_connection(sock=client, limit=receive_buffer or 2**16)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)  # lets the transport close the socket


async def run_clients(number: int, client: Attack, port: int) -> None:
    """Run a number of clients at the same time, and restart each when it ends or its connection breaks."""

    async def repeat_client() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await client(port)
            await asyncio.sleep(0.05)

    await asyncio.gather(*(repeat_client() for _ in range(number)))


def unique_url(path: str) -> str:
    """A URL that is different each time."""
    return f"{path}{'&' if '?' in path else '?'}seed={next(seeds)}"


# H1: work for clients that have disconnected


def flood(path: str, number: int = 64) -> Attack:
    """Each second, send requests at the same time and close their connections before the responses arrive."""

    async def attack(port: int) -> None:
        while True:
            async with AsyncExitStack() as opened:
                for _ in range(number):
                    with suppress(OSError):
                        _, writer = await opened.enter_async_context(connect(port))
                        writer.write(encode(port, unique_url(path)))
                await asyncio.sleep(0.5)
            await asyncio.sleep(0.5)

    return attack


def repeat(path: str, number: int = 32) -> Attack:
    """Concurrent clients, each of which opens a connection for each request and waits for the response."""

    async def client(port: int) -> None:
        await send(port, unique_url(path), source=ATTACKER)

    return partial(run_clients, number, client)


def repeat_on_connections(path: str, number: int, headers: Mapping[str, str] | None = None) -> Attack:
    """Connections, each of which sends the next request when it receives a response."""

    async def client(port: int) -> None:
        async with connect(port) as (reader, writer):
            response = b"\n"
            while response:
                writer.write(encode(port, unique_url(path), headers=headers))
                response = await reader.read(2**16)

    return partial(run_clients, number, client)


# H2: answers that are expensive to read


async def quiz(port: int, path: str = "/quiz.json") -> None:
    """Answer a question of a quiz. Its page first redirects to the picture of the question."""
    url = f"{path}?lesson_page={random.randint(1, 10)}&seed={next(seeds)}"
    page = await send(port, url, source=ATTACKER) if path == "/quiz" else None
    if page and page.status == 307:
        url = re.search(rb"location: (\S+)", page.head, re.IGNORECASE)[1].decode()  # type: ignore[index]
    await send(port, f"{url}&answer={quote(expensive_answer(random))}", source=ATTACKER)


async def open_room(port: int, tensor: str = "kernel") -> tuple[str, Mapping[str, str]]:
    """Open a room and ask for a tensor. Return its code and the teacher's headers. Raises OSError if it fails."""
    response = await send(port, "/rooms", "POST", source=ATTACKER)
    if response.status != 200:
        raise OSError(f"no room: {response.status}")
    room = json.loads(response.body)
    headers = {"Authorization": f"Bearer {room['secret']}"}
    for message in ({"show": "?num_units=7"}, {"ask": tensor}):
        await send(port, f"/rooms/{room['code']}", "POST", json.dumps(message).encode(), headers, ATTACKER)
    return room["code"], headers


def answer_message() -> bytes:
    return json.dumps({"answer": expensive_answer(random)}).encode()


async def answers_by_post(port: int) -> None:
    """Send answers to a room by POST."""
    code, _ = await open_room(port)

    async def client(port: int) -> None:
        await send(port, f"/rooms/{code}?member={next(seeds)}", "POST", answer_message(), source=ATTACKER)

    await run_clients(20, client, port)


async def in_room(port: int, client: Callable[[Streams], Awaitable[None]], sockets: int = SOCKETS) -> None:
    """Open WebSockets to one room, and run ``client`` on each until it disconnects."""
    code, _ = await open_room(port)

    async def enter(port: int) -> None:
        async with connect(port) as (reader, writer):
            writer.write(HANDSHAKE.format(code=code, member=next(seeds), host=f"{HERE}:{port}").encode())
            await reader.readuntil(b"\r\n\r\n")
            await client((reader, writer))

    await run_clients(sockets, enter, port)


def send_frames(make: Callable[[], bytes], first: bytes = b"", reads: bool = False, sockets: int = SOCKETS) -> Attack:
    """WebSockets that send without pause, and read the replies or do not."""

    async def client(streams: Streams) -> None:
        reader, writer = streams
        writer.write(first)
        while True:
            writer.write(make())
            await writer.drain()
            await asyncio.sleep(0)  # lets other clients run if the server is fast enough
            if reads:
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await reader.read(2**16)

    return partial(in_room, client=client, sockets=sockets)


# H3: memory


def slow_reader(path: str, bytes_per_second: int = 0, headers: Mapping[str, str] | None = None) -> Attack:
    """Connections that do not read their responses, or read them very slowly. A rejected one tries again."""

    async def client(port: int) -> None:
        async with connect(port, RECEIVE_BUFFER) as (reader, writer):
            writer.write(encode(port, unique_url(path), headers={"Accept-Encoding": "identity", **(headers or {})}))
            line = await reader.readexactly(12)
            while line.endswith(b"200") and not reader.at_eof():
                await asyncio.sleep(1)
                if bytes_per_second:
                    await reader.read(bytes_per_second)
            await asyncio.sleep(0.5)

    return partial(run_clients, CONNECTIONS, client)


async def incomplete_requests(port: int) -> None:
    """Requests that never end and are sent byte by byte."""

    async def client(port: int) -> None:
        async with connect(port) as (_, writer):
            writer.write(f"GET /?num_units=7 HTTP/1.1\r\nHost: {HERE}\r\nX-Long: {'x' * 60_000}".encode())
            while not writer.transport.is_closing():
                await asyncio.sleep(1)
                writer.write(b"x")
                await writer.drain()

    await run_clients(300, client, port)


async def fill_rooms(port: int) -> None:
    """Open rooms without pause, and send each a thousand long answers from different members."""

    async def client(port: int) -> None:
        code, _ = await open_room(port)
        for _ in range(1000):
            text = json.dumps({"answer": "9" * 8 + "".join(random.choices("btfup+*", k=190))}).encode()
            response = await send(port, f"/rooms/{code}?member={'m' * 54}{next(seeds)}", "POST", text, source=ATTACKER)
            if response.status != 200:
                return

    await run_clients(20, client, port)


async def guess(port: int) -> None:
    """Guess the code of a room."""
    code = "".join(random.choices(CODE_ALPHABET, k=CODE_LENGTH))
    await send(port, f"/rooms/{code}", "POST", b'{"answer": "3"}', source=ATTACKER)
    await send(port, f"/room/{code}", source=ATTACKER)


async def guess_by_socket(port: int) -> None:
    """Guess the code of a room over a WebSocket."""
    code = "".join(random.choices(CODE_ALPHABET, k=CODE_LENGTH))
    async with connect(port) as (reader, writer):
        writer.write(HANDSHAKE.format(code=code, member="m", host=f"{HERE}:{port}").encode())
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
    "unknown paths, thousands at once": flood(f"/nothing?{LONG}", 2000),
    "thousands of unknown fields": flood("/?" + "&".join(f"x{n}=" for n in range(4000)), 200),
    "files of weights, closed": flood("/weights.safetensors?num_units=1800&features=64"),
    "invalid pages, over many connections": repeat_on_connections("/?num_units=0", 1000, {"Accept": "text/html"}),
    "the smallest responses, over many connections": repeat_on_connections("/healthz", 3000),
    "pages, waited for": repeat(f"/?{HEAVY}&view=gradients"),
    "pictures, waited for": repeat(f"/diagram.json?{HEAVY}&view=units"),
    # H2
    "answers to a quiz": partial(run_clients, SOCKETS, quiz),
    "answers on the page of a quiz": partial(run_clients, SOCKETS, partial(quiz, path="/quiz")),
    "answers in a room, over sockets": send_frames(lambda: frame(answer_message())),
    "answers in a room, over 900 sockets": send_frames(lambda: frame(answer_message()), reads=True, sockets=900),
    "answers in a room, by POST": answers_by_post,
    "answers in a room, verdicts read": send_frames(lambda: frame(answer_message()), reads=True),
    # H3
    "pages of a long text, not read": slow_reader(f"/?{LONG}"),
    "pages of a long text, a byte a second": slow_reader(f"/?{LONG}", 1),
    "the largest pages, a kilobyte a second": slow_reader(f"/questions/five-cells?{LONG}&num_layers=8", 1000),
    "very long codes of rooms": slow_reader(f"/room/{'A' * 32_000}"),
    "very long paths": slow_reader(f"/learn/{'x' * 32_000}"),
    "very long headers": slow_reader("/?num_units=7", headers={"X-Long": "x" * 60_000, "Accept-Language": "es"}),
    "files of weights, not read": slow_reader("/weights.npz?num_units=1900&features=8"),
    "static files, not read": slow_reader("/static/x/vendor/plotly.min.js"),
    "incomplete requests": incomplete_requests,
    "rooms filled with answers": fill_rooms,
    # H4
    "pings, pongs not read": send_frames(lambda: frame(b"p" * 125, PING) * 500),
    "empty pings": send_frames(lambda: frame(b"", PING) * 5000),
    "pings over 900 sockets": send_frames(lambda: frame(b"p", PING) * 10, reads=True, sockets=900),
    "unsolicited pongs": send_frames(lambda: frame(b"p" * 125, PONG) * 500),
    "fragments without an end": send_frames(lambda: frame(b"x", MORE, False) * 5000, INCOMPLETE),
    "empty fragments": send_frames(lambda: frame(b"", MORE, False) * 5000, INCOMPLETE),
    "pings between fragments": send_frames(lambda: frame(b"", MORE, False) + frame(b"p" * 125, PING) * 200, INCOMPLETE),
    "messages of many fragments": send_frames(lambda: INCOMPLETE + frame(b"", MORE, False) * 5000 + frame(b"", MORE)),
    "messages that are not JSON": send_frames(lambda: frame(b"[" * 8000)),
    "guesses of codes": partial(run_clients, 20, guess),
    "guesses of codes, over sockets": partial(run_clients, 20, guess_by_socket),
}


async def main(name: str, port: int, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ATTACKS[name](port)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
