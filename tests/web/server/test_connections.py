"""The undocumented parts of uvicorn and websockets that app/web/server/connections.py relies on. If a new version
fails here, read what has changed in it, and adapt the bound in pyproject.toml."""

import asyncio
from asyncio import BaseProtocol, Transport, new_event_loop
from collections.abc import AsyncIterator
from dataclasses import dataclass
from socket import AF_INET
from typing import Any, cast

import pytest
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from app.web.limits_and_timeouts import CONNECTIONS_SHARE, LONGEST_HEAD, RESPONSES_SHARE
from app.web.requests_and_responses.event_stream import EventStream
from app.web.requests_and_responses.memory_budget import CHARGE, HELD, connections_of
from app.web.server.connections import IDLE, HttpProtocol, WebSocketProtocol
from app.web.server.fair_parsing import AT_ONCE

HTTP = (
    "connection_made connection_lost data_received pause_writing resume_writing on_headers_complete on_message_complete"
)
HTTP += " on_response_complete handle_websocket_upgrade send_400_response shutdown"
WEBSOCKET = (
    "connection_made connection_lost data_received pause_writing resume_writing handle_events send receive run_asgi"
)
WEBSOCKET += " handle_parser_exception"


async def nothing(scope: object, receive: object, send: object) -> None:
    """An app."""


@pytest.mark.parametrize(("own", "methods"), [(HttpProtocol, HTTP), (WebSocketProtocol, WEBSOCKET)])
def test_every_overridden_method_exists_in_uvicorn(own: type, methods: str) -> None:
    base = HttpToolsProtocol if own is HttpProtocol else WebSocketsSansIOProtocol
    assert [name for name in methods.split() if not callable(getattr(base, name, None))] == []


def protocol(of: Any, app: ASGIApp = nothing) -> Any:
    config = Config(app, log_config=None, lifespan="off")
    config.load()
    loop = new_event_loop()
    loop.close()
    return of(config, ServerState(), {}, loop)


def test_every_used_attribute_exists_in_uvicorn() -> None:
    assert not {"loop", "transport", "pipeline", "flow", "headers", "cycle"} - vars(protocol(HttpToolsProtocol)).keys()
    used = {
        "loop",
        "transport",
        "conn",
        "frames",
        "read_paused",
        "writable",
        "handshake_initiated",
        "handshake_complete",
    }
    assert not (used | {"close_sent", "disconnected"}) - vars(protocol(WebSocketsSansIOProtocol)).keys()
    assert protocol(WebSocketsSansIOProtocol).conn.events == []
    assert {"read_paused", "write_paused"} <= vars(FlowControl(protocol(HttpProtocol))).keys()
    assert STATUS_LINE[431].startswith(b"HTTP/1.1 431 ")


class Unread(Transport):
    """A transport for a connection from an address, whose client does not read."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.protocol, self.closed = address, cast(BaseProtocol, None), False
        self.written: list[bytes] = []

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return Socket(self.address) if name == "socket" else default

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.closed = True

    close = abort

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def write(self, data: Any) -> None:
        self.written.append(data)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...

    def get_protocol(self) -> BaseProtocol:
        return self.protocol

    def get_write_buffer_size(self) -> int:
        return 70_000


@dataclass
class Socket:
    address: str
    family = AF_INET

    def setsockopt(self, *_: object) -> None: ...

    def getpeername(self) -> tuple[str, int]:
        return self.address, 5000

    getsockname = getpeername


def connected(address: str, app: ASGIApp = nothing) -> HttpProtocol:
    http_protocol, transport = protocol(HttpProtocol, app), Unread(address)
    http_protocol.loop = asyncio.get_running_loop()
    transport.protocol = http_protocol
    http_protocol.connection_made(transport)
    return cast(HttpProtocol, http_protocol)


def test_bytes_of_a_connection_count_until_it_ends() -> None:
    async def hold() -> list[int]:
        before, held = HELD.total, []
        connection = connected("192.0.2.9")
        held.append(HELD.total - before)
        connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 1000)
        held.append(HELD.total - before)
        connection.pause_writing()
        held.append(HELD.total - before)
        connection.connection_lost(None)
        return [*held, HELD.total - before]

    at_rest, head, unread, ended = asyncio.run(hold())
    assert (at_rest, ended) == (IDLE, 0)
    assert head - at_rest > 1000 and unread - head == 70_000


@pytest.mark.parametrize("ends", [True, False])
def test_a_server_that_stops_finishes_responses_but_not_events_which_have_no_end(ends: bool) -> None:
    left: list[bool] = []

    async def events() -> AsyncIterator[bytes]:
        try:
            yield b":\n\n"
            await asyncio.sleep(60)
        finally:
            left.append(True)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        response = StreamingResponse(events()) if ends else EventStream(events())
        await response(scope, receive, send)

    async def test() -> None:
        connection = connected("192.0.2.30", serve)
        connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(0.01)
        connection.shutdown()
        assert connection.transport.is_closing() is not ends
        connection.connection_lost(None)  # as asyncio does after closing
        await asyncio.sleep(0.01)
        assert left

    asyncio.run(test())


def test_the_head_of_a_request_counts_until_its_response_is_sent() -> None:
    """The head is held while the request waits, in a queue for instance."""
    taken: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        taken.append(HELD.total)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async def ask() -> int:
        before, connection = HELD.total, connected("192.0.2.9", app)
        head = b"GET /?%d HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 5000 + b"\r\n\r\n"
        connection.data_received(head % 1 + head % 2 + b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(0)
        connection.data_received(b"123456789")
        rest, taken[:] = HELD.total - before, [held - before for held in taken]
        connection.connection_lost(None)
        assert HELD.total == before
        return rest

    assert asyncio.run(ask()) == IDLE
    first, second, third = (held - IDLE for held in taken)
    assert first > 10_000 and 5000 < second < 5200 and third < 100, "one waits behind the one that is answered"


ONE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

UPGRADE = ONE[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"


def test_a_client_that_disconnects_after_two_requests_holds_no_bytes() -> None:
    async def ask() -> tuple[list[str], int]:
        heard, gone, before = list[str](), asyncio.Event(), HELD.total

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await gone.wait()
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            heard.append((await receive())["type"])

        connection = connected("192.0.2.9", app)
        connection.data_received(ONE + ONE)
        await asyncio.sleep(0)
        connection.transport.abort()
        connection.connection_lost(None)
        gone.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert cast(Unread, connection.transport).written == [], "nobody is there to read it"
        return heard, HELD.total - before

    assert asyncio.run(ask()) == (["http.disconnect"], 0)


@pytest.mark.parametrize("next_one", [b"nonsense\r\n\r\n", UPGRADE, b"GET /" + b"x" * LONGEST_HEAD])
def test_no_error_is_written_into_a_response(next_one: bytes) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start)
        await asyncio.Event().wait()

    async def ask() -> tuple[int, bool]:
        before, connection = HELD.total, connected("192.0.2.9", app)
        connection.data_received(ONE)
        await asyncio.sleep(0)
        connection.data_received(next_one)
        for _ in range(20):  # it is parsed in pieces
            await asyncio.sleep(0)
        written, is_closed = len(cast(Unread, connection.transport).written), connection.transport.is_closing()
        connection.connection_lost(None)
        assert HELD.total == before
        return written, is_closed

    assert asyncio.run(ask()) == (1, True)


def test_a_connection_from_a_proxy_counts_for_the_client_of_its_request() -> None:
    """Connections from a trusted proxy carry requests of all its clients."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"][CHARGE]["charge"]("198.51.100.7")

    async def ask() -> list[bool]:
        connection, within = connected("192.0.2.9", app), list[bool]()

        def note() -> None:
            within.extend(HELD.is_within_share(connections_of(of), 6000) for of in ("192.0.2.9", "198.51.100.7"))

        connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        note()
        await asyncio.sleep(0)
        note()
        connection.data_received(b"GET /next HTTP/1.1\r\n")
        connection.connection_lost(None)
        note()
        return within

    assert IDLE > 6000
    assert asyncio.run(ask()) == [False, True, True, False, True, True]


def test_beyond_the_share_of_an_address_connections_from_it_are_rejected() -> None:
    async def closed(address: str) -> bool:
        connection = connected(address)
        is_closed = connection.transport.is_closing()
        connection.connection_lost(None)
        return is_closed

    with HELD.holding("connections from 192.0.2.9", CONNECTIONS_SHARE):
        assert asyncio.run(closed("192.0.2.9")) and not asyncio.run(closed("192.0.2.10"))
    assert not asyncio.run(closed("192.0.2.9"))


def test_input_is_not_read_from_a_client_that_does_not_read_its_responses() -> None:
    async def parsed(address: str) -> bool:
        connection = connected(address)
        connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n")
        has_parsed = bool(getattr(connection, "url", b""))
        connection.connection_lost(None)
        return has_parsed

    with HELD.holding("192.0.2.9", RESPONSES_SHARE + 1):
        assert not asyncio.run(parsed("192.0.2.9")) and asyncio.run(parsed("192.0.2.10"))
    assert asyncio.run(parsed("192.0.2.9"))


def test_a_client_with_many_connections_does_not_delay_others() -> None:
    """Each request takes the event loop some time, even if it is small."""
    requests: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        requests.append(scope["client"][0])

    async def ask() -> None:
        connections = [connected("192.0.2.9", app) for _ in range(200)] + [connected("192.0.2.10", app)]
        for connection in connections:
            connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(1000):
            await asyncio.sleep(0)
        for connection in connections:
            connection.connection_lost(None)

    asyncio.run(ask())
    assert len(requests) == 201
    assert requests.index("192.0.2.10") < 10


def test_a_connection_lost_while_waiting_is_forgotten() -> None:
    requests: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        requests.append(scope["path"])

    async def ask() -> None:
        connections = [connected("192.0.2.9", app) for _ in range(50)]
        for connection in connections:
            connection.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for connection in connections:
            connection.connection_lost(None)
        for _ in range(100):
            await asyncio.sleep(0)

    asyncio.run(ask())
    assert len(requests) == AT_ONCE


def test_a_socket_without_a_complete_handshake_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.server.connections.READ_TIMEOUT", 0)

    async def ended() -> bool:
        socket, transport = protocol(WebSocketProtocol), Unread("192.0.2.9")
        socket.loop, transport.protocol = asyncio.get_running_loop(), socket
        socket.connection_made(transport)
        for _ in range(10):
            await asyncio.sleep(0)
        socket.connection_lost(None)
        return transport.closed

    assert asyncio.run(ended())
