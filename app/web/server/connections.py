"""The connections of clients: uvicorn's protocols for HTTP and WebSockets, with limits for what a client may send, for
how long it may take, and for the memory that one connection uses. Clients that send or read nothing are disconnected.
And a fast way to send one message to many WebSockets.

Uvicorn's classes are not documented as base classes: pyproject.toml allows only the versions for which
tests/web/server/test_connections.py was written.
"""

import re
import socket
from asyncio import AbstractEventLoop, Protocol, Transport
from asyncio.events import TimerHandle
from collections import deque
from collections.abc import MutableMapping
from contextlib import suppress
from functools import lru_cache
from socket import IPPROTO_TCP, SO_RCVBUF, SO_SNDBUF, SOL_SOCKET
from time import monotonic
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected, get_remote_addr
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from ...rooms.mailbox import AT_ONCE
from ...rooms.message_rate import RateLimit
from ..limits_and_timeouts import (
    CONNECTIONS_SHARE,
    LONGEST_HEAD,
    MOST_FRAGMENTS,
    MOST_HEADERS,
    MOST_HELD,
    READ_TIMEOUT,
    RESERVE,
    WRITE_TIMEOUT,
)
from ..requests_and_responses.client import client_of
from ..requests_and_responses.event_stream import ENDLESS
from ..requests_and_responses.memory_budget import CHARGE, HELD, connections_of
from .fair_parsing import gate_of
from .security_headers import HEADERS

BUFFER = 2**14
"""Sizes in bytes of the system's buffers for receiving and for sending WebSocket messages, and of the app's write
buffer: a second or two of messages while a slider is dragged."""

PIECE = 2**8
"""Bytes that are parsed at once. After each piece the connection may have to wait, so a client can exceed the limits by
at most what fits into one piece: 40 frames."""

PIECE_OF_HEAD = 2**12
"""Bytes of the head of a request that are parsed at once; a piece ends where the head ends."""

HEAD_END = re.compile(rb"\n\r?\n")

PAUSE = 1.0
"""Seconds between two checks whether a client has read its responses."""

UNREAD = 2**16
"""Bytes of a response that the system buffers for a client that does not read."""

IDLE = 2**13
"""Bytes that an idle connection needs."""

CONNECTIONS = 2**14
"""Files that a process may have open: a class of 300 has 2,000 connections."""


class Bounded(Protocol):
    """Parses input piece by piece, in turn with other clients. While a connection has to wait, nothing more is read
    from its socket: the rest stays with the client. A client that does not read what it is sent is disconnected. The
    bytes that a connection holds are counted, and if those of one client hold too much, no further one is accepted."""

    loop: AbstractEventLoop
    transport: Transport
    _unparsed = b""
    _writing: TimerHandle | None = None
    _held = _unread = 0
    _has_turn = _awaits_turn = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        self._client = client_of({"client": get_remote_addr(transport)})
        self._peer = connections_of(self._client)
        self.hold(IDLE)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(SOL_SOCKET, SO_RCVBUF, BUFFER)
        with suppress(AttributeError):  # only Linux has it: it also ends closed connections with unsent data
            connection.setsockopt(IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * WRITE_TIMEOUT))
        super().connection_made(transport)
        if not self.has_room():
            transport.abort()

    def charge(self, client: str) -> None:
        """Count the bytes that the connection holds for the client whose request it carries."""
        held, peer = self._held, connections_of(client)
        if peer != self._peer:
            self.release()
            self._peer = peer
            self.hold(held)

    def hold(self, size: int) -> None:
        """Add ``size`` bytes, which may be negative, to those that the connection holds."""
        self._held += size
        HELD.take(self._peer, size)

    def release(self) -> None:
        """The connection holds no bytes any more."""
        self.hold(-self._held)

    def has_room(self) -> bool:
        """Whether more may be held for the client."""
        return HELD.has_room(self._peer, MOST_HELD + RESERVE, CONNECTIONS_SHARE)

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        self.go_on()

    def go_on(self) -> None:
        """Parse as much as is allowed now; read more from the socket when all of it is parsed."""
        while self._unparsed and self.may_parse() and self._enters():
            size = self.next_piece(self._unparsed)
            piece, self._unparsed = self._unparsed[:size], self._unparsed[size:]
            self.parse(piece)
        if self.transport.is_closing():
            self._unparsed = b""
        elif self.transport.get_protocol() is self:  # unless another protocol has taken over
            is_reading = not self._unparsed and self.may_parse()
            (self.transport.resume_reading if is_reading else self.transport.pause_reading)()

    def _enters(self) -> bool:
        """Whether a piece may be parsed now; if not, ``go_on`` is called when it is the client's turn."""
        if self._has_turn:
            self._has_turn = False
            return True
        if self._awaits_turn:
            return False
        self._awaits_turn = not gate_of(self.loop).enter(self._peer, self._take_turn)
        return not self._awaits_turn

    def _take_turn(self) -> None:
        self._awaits_turn, self._has_turn = False, True
        self.go_on()
        self._has_turn = False

    def may_parse(self) -> bool:
        """Whether more input may be parsed."""
        return not self.transport.is_closing()

    def next_piece(self, unparsed: bytes) -> int:
        """The number of bytes to parse next."""
        return PIECE

    def parse(self, piece: bytes) -> None:
        super().data_received(piece)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self._writing or self.loop.call_later(WRITE_TIMEOUT, self.transport.abort)
        self._unread = self.transport.get_write_buffer_size()
        self.hold(self._unread)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.hold(-self._unread)
        self._writing = _cancel(self._writing)
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unparsed = b""
        self._writing = _cancel(self._writing)
        self.release()
        super().connection_lost(exc)


class HttpProtocol(Bounded, HttpToolsProtocol):
    """HTTP. Ends connections that send too much or too slowly: each would hold memory without end."""

    _reading: TimerHandle | None = None
    _pausing: TimerHandle | None = None
    _head = 0
    _in_head = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, UNREAD)
        self._under_way = deque[tuple[RequestResponseCycle, int]]()  # with the sizes of their heads
        super().connection_made(transport)
        self._reading = self.loop.call_later(READ_TIMEOUT, self._too_slow)

    def may_parse(self) -> bool:
        """Whether more input may be parsed: not before the previous response is complete, and not from a client that
        does not read its responses."""
        is_waiting = self.pipeline or self.flow.read_paused or self.flow.write_paused or self._pausing
        return not is_waiting and super().may_parse()

    def go_on(self) -> None:
        if self._unparsed and self._in_head and not HELD.is_within_share(self._client):
            self._pause()
        super().go_on()

    def _pause(self) -> None:
        """Parse nothing for a while. The read timeout goes on, unless a response is being sent."""
        if not self.cycle or self.cycle.response_complete:
            self._reading = self._reading or self.loop.call_later(READ_TIMEOUT, self._too_slow)
        self._pausing = self._pausing or self.loop.call_later(PAUSE, self._end_pause)

    def _end_pause(self) -> None:
        self._pausing = None
        self.go_on()

    def next_piece(self, unparsed: bytes) -> int:
        """The number of bytes to parse next: at most the head of one request, since the next one may have to wait."""
        end = HEAD_END.search(unparsed, 0, PIECE_OF_HEAD) if self._in_head else None
        return end.end() if end else PIECE_OF_HEAD if self._in_head else PIECE

    def parse(self, piece: bytes) -> None:
        if self._reading is None:
            self._reading = self.loop.call_later(READ_TIMEOUT, self._too_slow)
        if self._in_head:
            if not self._head:
                self.charge(self._client)  # the previous request from a proxy may have been another client's
            self._head += len(piece)
            self.hold(len(piece))
            if self._head > LONGEST_HEAD:
                return self._refuse(431)
            if not self.has_room():
                return self._refuse(503)
        super().parse(piece)
        if len(self.headers or ()) > MOST_HEADERS:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CHARGE: {"charge": self.charge}, ENDLESS: {}}

    def on_headers_complete(self) -> None:
        size, before = self._head, self.cycle
        self._in_head, self._head = False, 0
        super().on_headers_complete()
        if self.cycle is not before:  # no WebSocket
            self._under_way.append((self.cycle, size))

    def on_message_complete(self) -> None:
        self._in_head = True
        self._reading = _cancel(self._reading)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        _, size = self._under_way.popleft()
        self.hold(-size)
        super().on_response_complete()
        self.go_on()

    def shutdown(self) -> None:
        """The server stops: responses are finished, but for those without an end."""
        super().shutdown()
        if self.cycle and self.cycle.scope["extensions"][ENDLESS]:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reading, self._pausing = _cancel(self._reading), _cancel(self._pausing)
        for cycle, _ in self._under_way:  # uvicorn itself notifies the last one only
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        if self._under_way:
            return self.transport.close()  # otherwise both would write to the connection
        self._reading = _cancel(self._reading)  # the socket has its own pings
        self._unparsed = b""  # nothing may follow before the handshake
        self.release()  # the other protocol counts its own bytes
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    def _too_slow(self) -> None:
        """End a connection that is too slow. The status is sent only if the head of a request has begun: not on a
        connection that was only opened, and not within a response."""
        if self._head and self._in_head:
            self._refuse(408)
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Send a status with its reason phrase, unless a response has begun, and close the connection."""
        if any(cycle.response_started for cycle, _ in self._under_way):
            return self.transport.close()
        line = STATUS_LINE[status]
        headers = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        body = line.split(b" ", 2)[2].strip()
        lines = [f"{name}: {value}\r\n".encode() for name, value in {**headers, "Content-Length": len(body)}.items()]
        if not self.transport.is_closing():
            self.transport.write(b"".join((line, *lines, b"\r\n", body)))
            self.transport.close()


class WebSocketProtocol(Bounded, WebSocketsSansIOProtocol):
    """WebSockets. Every frame counts as a message: input from a client that exceeds the rate limit, or does not read
    the pongs, is parsed later. A message to many clients is encoded as a frame once and written without waking a task
    for each; if it cannot be written at once, it waits in the app, where a newer message replaces it."""

    _limiting: TimerHandle | None = None
    _shaking: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, BUFFER)
        transport.set_write_buffer_limits(BUFFER)
        self._rate_limit = RateLimit()
        super().connection_made(transport)
        self._shaking = self.loop.call_later(READ_TIMEOUT, transport.abort)  # unless the handshake is complete by then

    def may_parse(self) -> bool:
        """Whether more input may be parsed: one message at a time, and none before the app has accepted."""
        is_shaking = self.handshake_initiated and not self.handshake_complete
        is_waiting = self.read_paused or self._limiting or is_shaking or not self.writable.is_set()
        return not is_waiting and super().may_parse()

    def handle_events(self) -> None:
        frames, now = len(self.conn.events), monotonic()
        super().handle_events()
        if len(self.frames) > MOST_FRAGMENTS:
            self.conn.fail(1009, "too many fragments")
            self.handle_parser_exception()
        wait = max((self._rate_limit.wait(now) for _ in range(frames)), default=0)
        if wait and not self.disconnected:
            self._limiting = self.loop.call_later(wait, self._next)

    def _next(self) -> None:
        self._limiting = None
        self.go_on()

    async def receive(self) -> Any:
        message = await super().receive()
        self.go_on()
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:  # type: ignore[override]
        await self.writable.wait()
        if self.close_sent and message["type"] == "websocket.send":  # the client broke the rules meanwhile
            raise ClientDisconnected
        await super().send(message)  # type: ignore[arg-type]
        if self.handshake_complete:
            self._shaking = _cancel(self._shaking)
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._limiting, self._shaking = _cancel(self._limiting), _cancel(self._shaking)
        super().connection_lost(exc)

    async def run_asgi(self) -> None:
        self.scope["extensions"] |= {AT_ONCE: {"write": self.write}, CHARGE: {"charge": self.charge}}
        await super().run_asgi()

    def write(self, text: str) -> bool:
        """Write a message at once if possible, and return whether it was. See ``Outbox``."""
        if not self.handshake_complete or self.close_sent or self.disconnected:
            return False
        if self.transport.is_closing() or not self.writable.is_set():
            return False
        self.transport.write(_frame(text))
        return True


@lru_cache(16)
def _frame(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def _cancel(timer: TimerHandle | None) -> TimerHandle | None:
    """Cancel a timer, if there is one, and return None, to be assigned in its place."""
    if timer:
        timer.cancel()
    return None


def allow_many_connections() -> None:
    """Raise the limit of open files, often 1,024 by default, to ``CONNECTIONS`` or as far as the system allows."""
    with suppress(ImportError):  # on Windows
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
