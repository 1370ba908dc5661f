"""HTTP and WebSockets as uvicorn speaks them, with bounds on what a client may send, on how long it may take, and on
the memory that one connection uses; and a way to tell a whole class something at once.

The classes of uvicorn are not documented for this: pyproject.toml allows the versions for which
tests/web/server/test_uvicorn_protocols.py was written.
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
from ...rooms.messages import LONGEST_MESSAGE
from ...rooms.rate_limit import RateLimit
from .fair_parsing import gate_of
from .held_bytes import CHARGE, CONNECTIONS_SHARE, HELD, MOST, RESERVE, connections_of
from .limits import LONGEST_ADDRESS
from .security_headers import HEADERS
from .token_bucket import client_of

LONGEST_HEAD = 2 * LONGEST_ADDRESS
"""Bytes of an address and all headers."""

MOST_HEADERS = 100
"""Headers of a request: browsers send 20, proxies add 10."""

LONGEST_FRAME = 4 * LONGEST_MESSAGE
"""Bytes of a message over a WebSocket: a character of UTF-8 has at most four."""

MOST_FRAGMENTS = 64
"""Frames of one message."""

TO_ASK = 10.0
"""Seconds from the connection, or the first byte, to the end of a request."""

TO_READ = 30.0
"""Seconds in which a client has to take what it is sent."""

BUFFER = 2**14
"""Bytes that wait for a client, with the system and with the app, and bytes that the system takes from it: a second or
two of a slider that is dragged."""

PIECE = 2**8
"""Bytes that are parsed at once. After each piece the connection may have to wait, so that what a client packs into one
piece, 40 frames, is all that can be under way beyond the bounds."""

PIECE_OF_HEAD = 2**12
"""Bytes of the head of a request that are parsed at once; a piece ends where the head does."""

HEAD_END = re.compile(rb"\n\r?\n")

REST = 1.0
"""Seconds after which it is looked again whether a client has taken its answers."""

UNREAD = 2**16
"""Bytes of a response that the system holds for a client that does not read."""

AT_REST = 2**13
"""Bytes that a connection takes by itself."""

CONNECTIONS = 2**14
"""Files that a process may have open: a class of 300 has 2,000 connections."""


class Bounded(Protocol):
    """Parses what it receives piece by piece, in turn with other clients. While a connection has to wait, nothing more
    is read from it: the rest stays with the client. A client that does not take what it is sent is disconnected. What a
    connection holds counts, and where the connections from one address hold too much, no further one is opened."""

    loop: AbstractEventLoop
    transport: Transport
    _unparsed = b""
    _taking: TimerHandle | None = None
    _held = _unread = 0
    _has_turn = _awaits_turn = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        self._client = client_of({"client": get_remote_addr(transport)})
        self._peer = connections_of(self._client)
        self.hold(AT_REST)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(SOL_SOCKET, SO_RCVBUF, BUFFER)
        with suppress(AttributeError):  # Linux has it: it ends connections that were closed with something unsent, too
            connection.setsockopt(IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * TO_READ))
        super().connection_made(transport)
        if not self.has_room():
            transport.abort()

    def charge(self, client: str) -> None:
        """Count what the connection holds for the client whose request it carries."""
        held, peer = self._held, connections_of(client)
        if peer != self._peer:
            self.let_go()
            self._peer = peer
            self.hold(held)

    def hold(self, size: int) -> None:
        """Count ``size`` bytes more; fewer where it is negative."""
        self._held += size
        HELD.take(self._peer, size)

    def let_go(self) -> None:
        """The connection holds nothing any more."""
        self.hold(-self._held)

    def has_room(self) -> bool:
        return HELD.has_room(self._peer, MOST + RESERVE, CONNECTIONS_SHARE)

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        self.go_on()

    def go_on(self) -> None:
        """Parse as much as is allowed now; read more when all of it is parsed."""
        while self._unparsed and self.may_parse() and self._enters():
            size = self.next_piece(self._unparsed)
            piece, self._unparsed = self._unparsed[:size], self._unparsed[size:]
            self.parse(piece)
        if self.transport.is_closing():
            self._unparsed = b""
        elif self.transport.get_protocol() is self:  # not one that takes over, or has taken over
            is_reading = not self._unparsed and self.may_parse()
            (self.transport.resume_reading if is_reading else self.transport.pause_reading)()

    def _enters(self) -> bool:
        """Whether a piece is parsed now; if not, it goes on when its turn has come."""
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
        """Whether more of what the client sends is taken."""
        return not self.transport.is_closing()

    def next_piece(self, unparsed: bytes) -> int:
        """How many bytes are parsed at once."""
        return PIECE

    def parse(self, piece: bytes) -> None:
        super().data_received(piece)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self._taking or self.loop.call_later(TO_READ, self.transport.abort)
        self._unread = self.transport.get_write_buffer_size()
        self.hold(self._unread)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.hold(-self._unread)
        self._taking = _end(self._taking)
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unparsed = b""
        self._taking = _end(self._taking)
        self.let_go()
        super().connection_lost(exc)


class HttpProtocol(Bounded, HttpToolsProtocol):
    """HTTP. Ends connections that send too much or too slowly: each would hold memory as long as it likes."""

    _asking: TimerHandle | None = None
    _resting: TimerHandle | None = None
    _head = 0
    _in_head = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, UNREAD)
        self._under_way = deque[tuple[RequestResponseCycle, int]]()  # and how large their heads are
        super().connection_made(transport)
        self._asking = self.loop.call_later(TO_ASK, self._too_slow)

    def may_parse(self) -> bool:
        """A request that comes before the answer to the one before is complete has to wait, and so has one of a client
        that does not take its answers."""
        is_waiting = self.pipeline or self.flow.read_paused or self.flow.write_paused or self._resting
        return not is_waiting and super().may_parse()

    def go_on(self) -> None:
        if self._unparsed and self._in_head and not HELD.is_within_share(self._client):
            self._rest()
        super().go_on()

    def _rest(self) -> None:
        """Parse nothing for a while. The time to ask goes on, unless an answer is on its way."""
        if not self.cycle or self.cycle.response_complete:
            self._asking = self._asking or self.loop.call_later(TO_ASK, self._too_slow)
        self._resting = self._resting or self.loop.call_later(REST, self._end_rest)

    def _end_rest(self) -> None:
        self._resting = None
        self.go_on()

    def next_piece(self, unparsed: bytes) -> int:
        """The head of one request at most: the next one may have to wait."""
        end = HEAD_END.search(unparsed, 0, PIECE_OF_HEAD) if self._in_head else None
        return end.end() if end else PIECE_OF_HEAD if self._in_head else PIECE

    def parse(self, piece: bytes) -> None:
        if self._asking is None:
            self._asking = self.loop.call_later(TO_ASK, self._too_slow)
        if self._in_head:
            if not self._head:
                self.charge(self._client)  # of the one before, a proxy may have sent another client's request
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
        self.scope["extensions"] = {CHARGE: {"charge": self.charge}}

    def on_headers_complete(self) -> None:
        size, before = self._head, self.cycle
        self._in_head, self._head = False, 0
        super().on_headers_complete()
        if self.cycle is not before:  # no WebSocket
            self._under_way.append((self.cycle, size))

    def on_message_complete(self) -> None:
        self._in_head = True
        self._asking = _end(self._asking)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        _, size = self._under_way.popleft()
        self.hold(-size)
        super().on_response_complete()
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._asking, self._resting = _end(self._asking), _end(self._resting)
        for cycle, _ in self._under_way:  # uvicorn tells the last one only
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        if self._under_way:
            return self.transport.close()  # two would write
        self._asking = _end(self._asking)  # the socket has its own pings
        self._unparsed = b""  # nothing may follow before the handshake
        self.let_go()  # the socket counts for itself
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    def _too_slow(self) -> None:
        """In words, where somebody may read them: not on a connection that only was opened, and not in an answer."""
        if self._head and self._in_head:
            self._refuse(408)
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """In a line, unless that would stand within a response, and the connection is over."""
        if any(cycle.response_started for cycle, _ in self._under_way):
            return self.transport.close()
        line = STATUS_LINE[status]
        headers = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        said = line.split(b" ", 2)[2].strip()
        lines = [f"{name}: {value}\r\n".encode() for name, value in {**headers, "Content-Length": len(said)}.items()]
        if not self.transport.is_closing():
            self.transport.write(b"".join((line, *lines, b"\r\n", said)))
            self.transport.close()


class WebSocketProtocol(Bounded, WebSocketsSansIOProtocol):
    """WebSockets. Every frame counts as a message: a client that sends them faster than its pace, or does not take the
    pongs, is read later. What all are told is put into a frame once and written without waking a task for each; what
    cannot be written at once waits with the app, where it is replaced by what is newer."""

    _pacing: TimerHandle | None = None
    _shaking: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, BUFFER)
        transport.set_write_buffer_limits(BUFFER)
        self._rate_limit = RateLimit()
        super().connection_made(transport)
        self._shaking = self.loop.call_later(TO_ASK, transport.abort)  # unless the handshake is complete by then

    def may_parse(self) -> bool:
        """One message at a time, and none before the app has accepted."""
        is_shaking = self.handshake_initiated and not self.handshake_complete
        is_waiting = self.read_paused or self._pacing or is_shaking or not self.writable.is_set()
        return not is_waiting and super().may_parse()

    def handle_events(self) -> None:
        frames, now = len(self.conn.events), monotonic()
        super().handle_events()
        if len(self.frames) > MOST_FRAGMENTS:
            self.conn.fail(1009, "too many fragments")
            self.handle_parser_exception()
        wait = max((self._rate_limit.wait(now) for _ in range(frames)), default=0)
        if wait and not self.disconnected:
            self._pacing = self.loop.call_later(wait, self._next)

    def _next(self) -> None:
        self._pacing = None
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
            self._shaking = _end(self._shaking)
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._pacing, self._shaking = _end(self._pacing), _end(self._shaking)
        super().connection_lost(exc)

    async def run_asgi(self) -> None:
        self.scope["extensions"] |= {AT_ONCE: {"write": self.write}, CHARGE: {"charge": self.charge}}
        await super().run_asgi()

    def write(self, text: str) -> bool:
        """Whether it could be, see ``Outbox``."""
        if not self.handshake_complete or self.close_sent or self.disconnected:
            return False
        if self.transport.is_closing() or not self.writable.is_set():
            return False
        self.transport.write(_frame(text))
        return True


@lru_cache(16)
def _frame(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def _end(timer: TimerHandle | None) -> TimerHandle | None:
    """What is left of a timer: nothing."""
    if timer:
        timer.cancel()
    return None


def allow_many_connections() -> None:
    """As many as the system lets a process have, up to what a class needs: often it begins with 1,024."""
    with suppress(ImportError):  # of Windows
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
