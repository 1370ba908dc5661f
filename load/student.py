"""A student in a room. Frames are searched, not parsed, so that hundreds of students run beside the server."""

import asyncio
import json
import re
import struct
import time
from collections.abc import Sequence
from random import uniform
from typing import cast
from urllib.request import Request, urlopen

STATE = re.compile(rb"\?seed=(\d+)")
"""The seed in a state, by which states are told apart."""

GREETING = (
    "GET /rooms/{code}?member={member} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Student(asyncio.Protocol):
    """Notes when which state came. One that ``comes_back`` does as the page does: again after half a second or more."""

    def __init__(self, address: tuple[str, int], code: str, member: str, comes_back: bool = False) -> None:
        self.address, self.code, self.member, self.comes_back = address, code, member, comes_back
        self.arrived: dict[int, float] = {}
        self.is_in = asyncio.Event()
        self.returns = 0

    async def come(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.create_connection(lambda: self, *self.address)
                await asyncio.wait_for(self.is_in.wait(), 5)
                return
            except (OSError, TimeoutError):
                if not self.comes_back:
                    raise
                await asyncio.sleep(uniform(0.5, 1))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        host = f"{self.address[0]}:{self.address[1]}"
        self.transport.write(GREETING.format(code=self.code, member=self.member, host=host).encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if b" 101 " in data[:16]:
            self.is_in.set()
        for state in STATE.findall(data):
            self.arrived.setdefault(int(state), now)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_in.clear()
        if self.comes_back:
            self.returns += 1
            self._returning = asyncio.get_running_loop().create_task(self._return())

    async def _return(self) -> None:
        await asyncio.sleep(uniform(0.5, 1))
        await self.come()

    def say(self, **message: object) -> None:
        self.transport.write(frame(json.dumps(message).encode()))

    def go(self) -> None:
        self.comes_back = False
        self.transport.abort()


MORE, TEXT, PING, PONG = 0x0, 0x1, 0x9, 0xA
"""Kinds of frame; MORE goes on with a message."""


def frame(content: bytes, kind: int = TEXT, is_last: bool = True) -> bytes:
    """A frame from a client. Its mask is zero, which leaves the content unchanged."""
    size, n = len(content), 126 if len(content) < 2**16 else 127
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | n]) + struct.pack(">H" if n == 126 else ">Q", size)
    return bytes([0x80 * is_last | kind]) + length + bytes(4) + content


def open_room(url: str) -> tuple[str, str]:
    """A code and a secret."""
    with urlopen(Request(f"{url}/rooms", method="POST"), timeout=10) as answer:
        room = json.load(answer)
    return room["code"], room["secret"]


async def lead(address: tuple[str, int], code: str, secret: str, comes_back: bool = False) -> Student:
    teacher = Student(address, code, "teacher", comes_back)
    await teacher.come()
    teacher.say(lead=secret)
    return teacher


async def seated(
    addresses: Sequence[tuple[str, int]], code: str, number: int, comes_back: bool = False
) -> list[Student]:
    """A class, by turns at each of the addresses, fifty at once."""
    students = [
        Student(addresses[k % len(addresses)], code, f"student {k}".replace(" ", "-"), comes_back)
        for k in range(number)
    ]
    for k in range(0, number, 50):
        await asyncio.gather(*(student.come() for student in students[k : k + 50]))
    return students


async def arrives(students: Sequence[Student], state: int, within: float) -> float:
    """Seconds until all have a state; infinite where some do not in time."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < within:
        if all(state in student.arrived for student in students):
            return max(student.arrived[state] for student in students) - begun
        await asyncio.sleep(0.01)
    return float("inf")
