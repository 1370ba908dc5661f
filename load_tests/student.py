"""A student in a room. Frames are searched instead of parsed, so that hundreds of students need little CPU."""

import asyncio
import json
import re
import struct
import time
from collections.abc import Sequence
from random import uniform
from typing import cast
from urllib.request import Request, urlopen

from load_tests.http_client import HERE

STATE = re.compile(rb"\?seed=(\d+)")
"""The seed in a state, which identifies the state."""

HANDSHAKE = (
    "GET /rooms/{code}?member={member} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Student(asyncio.Protocol):
    """Records when each state arrived. If it ``reconnects``, it does so after half a second or more, like the page.
    ``source`` is its own address."""

    def __init__(
        self, address: tuple[str, int], code: str, member: str, reconnects: bool = False, source: str = HERE
    ) -> None:
        self.address, self.code, self.member, self.reconnects = address, code, member, reconnects
        self.source = source
        self.arrived: dict[int, float] = {}
        self.is_connected = asyncio.Event()
        self.reconnections = 0

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.create_connection(lambda: self, *self.address, local_addr=(self.source, 0))
                await asyncio.wait_for(self.is_connected.wait(), 5)
                return
            except (OSError, TimeoutError):
                if not self.reconnects:
                    raise
                await asyncio.sleep(uniform(0.5, 1))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        host = f"{self.address[0]}:{self.address[1]}"
        self.transport.write(HANDSHAKE.format(code=self.code, member=self.member, host=host).encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if b" 101 " in data[:16]:
            self.is_connected.set()
        for state in STATE.findall(data):
            self.arrived.setdefault(int(state), now)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_connected.clear()
        if self.reconnects:
            self.reconnections += 1
            self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect())

    async def _reconnect(self) -> None:
        await asyncio.sleep(uniform(0.5, 1))
        await self.connect()

    def send(self, **message: object) -> None:
        self.transport.write(frame(json.dumps(message).encode()))

    def leave(self) -> None:
        self.reconnects = False
        self.transport.abort()


MORE, TEXT, PING, PONG = 0x0, 0x1, 0x9, 0xA
"""Opcodes of frames. MORE continues a message."""


def frame(content: bytes, kind: int = TEXT, is_last: bool = True) -> bytes:
    """Encode a frame of a client. Its mask is zero, which leaves the content unchanged."""
    size, n = len(content), 126 if len(content) < 2**16 else 127
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | n]) + struct.pack(">H" if n == 126 else ">Q", size)
    return bytes([0x80 * is_last | kind]) + length + bytes(4) + content


def open_room(url: str) -> tuple[str, str]:
    """Open a room, and return its code and secret."""
    with urlopen(Request(f"{url}/rooms", method="POST"), timeout=10) as response:
        room = json.load(response)
    return room["code"], room["secret"]


async def lead(address: tuple[str, int], code: str, secret: str, reconnects: bool = False) -> Student:
    """Connect the teacher of a room."""
    teacher = Student(address, code, "teacher", reconnects)
    await teacher.connect()
    teacher.send(lead=secret)
    return teacher


async def join_class(
    addresses: Sequence[tuple[str, int]],
    code: str,
    number: int,
    reconnects: bool = False,
    sources: Sequence[str] = (HERE,),
) -> list[Student]:
    """Connect a class to the addresses in turn, from their own ``sources``, fifty students at a time."""
    students = [
        Student(addresses[k % len(addresses)], code, f"student-{k}", reconnects, sources[k % len(sources)])
        for k in range(number)
    ]
    for k in range(0, number, 50):
        await asyncio.gather(*(student.connect() for student in students[k : k + 50]))
    return students


async def wait_for_state(students: Sequence[Student], state: int, timeout: float) -> float:
    """Seconds until all students have a state; infinite if some do not have it in time."""
    start = time.perf_counter()
    while time.perf_counter() - start < timeout:
        if all(state in student.arrived for student in students):
            return max(student.arrived[state] for student in students) - start
        await asyncio.sleep(0.01)
    return float("inf")
