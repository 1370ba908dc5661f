"""HTTP and WebSockets as uvicorn speaks them, with an end to what a client may send and to how long it may take, and a
way to tell a whole class something at once."""

from asyncio import AbstractEventLoop, Protocol, Transport
from asyncio.events import TimerHandle
from contextlib import suppress
from functools import lru_cache
from socket import SO_SNDBUF, SOL_SOCKET

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from app.rooms.mailbox import AT_ONCE
from app.web.headers import HEADERS

LONGEST_HEAD = 2**16
"""Bytes of an address and all headers."""

TO_ASK = 10.0
"""Seconds from the connection, or the first byte, to the end of a request."""

TO_READ = 30.0
"""Seconds in which a client has to take some of what it is sent."""

UNTAKEN = 2**14
"""Bytes that wait for who is in a room, with the system and beside it: a second or two of a slider that is dragged."""

CONNECTIONS = 2**14
"""Files that a process may have open: a class of 300 has 2,000 connections."""


class Read(Protocol):
    """Ends connections of those who take nothing of what they are sent."""

    loop: AbstractEventLoop
    transport: Transport
    _reading: TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self._reading or self.loop.call_later(TO_READ, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._reading = _end(self._reading)

    def connection_lost(self, exc: Exception | None) -> None:
        self._reading = _end(self._reading)
        super().connection_lost(exc)


class Guarded(Read, HttpToolsProtocol):
    """Ends connections that send too much, too slowly, or do not read: each would hold memory as long as it likes."""

    _asking: TimerHandle | None = None
    _head = 0
    _in_head = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._asking = self.loop.call_later(TO_ASK, self._too_slow)

    def data_received(self, data: bytes) -> None:
        if self._asking is None:
            self._asking = self.loop.call_later(TO_ASK, self._too_slow)
        if self._in_head:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                return self._refuse(431)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._head = True, 0
        self._asking = _end(self._asking)
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._asking = _end(self._asking)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._asking = _end(self._asking)  # the socket has its own pings
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
        """In a line, and the connection is over."""
        line = STATUS_LINE[status]
        headers = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        said = line.split(b" ", 2)[2].strip()
        lines = [f"{name}: {value}\r\n".encode() for name, value in {**headers, "Content-Length": len(said)}.items()]
        if not self.transport.is_closing():
            self.transport.write(b"".join((line, *lines, b"\r\n", said)))
            self.transport.close()


class Framed(Read, WebSocketsSansIOProtocol):
    """WebSockets as uvicorn speaks them, and a way to write to a class at once: no task is woken for each of them, and
    what all are told is put into a frame once. Who takes nothing is sent away, and has little to catch up with before:
    what waits with the app is replaced by what is newer, what waits with the system is not."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, UNTAKEN)
        transport.set_write_buffer_limits(UNTAKEN)
        super().connection_made(transport)

    async def run_asgi(self) -> None:
        self.scope["extensions"][AT_ONCE] = {"write": self.write}
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
