"""What app/web/protocol.py relies on of uvicorn and websockets, whose documentation promises none of it. Where a new
version fails here, read what it does instead, and change the bound in pyproject.toml."""

from asyncio import new_event_loop
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from app.web.protocol import Framed, Guarded

HTTP = (
    "connection_made connection_lost data_received pause_writing resume_writing on_headers_complete on_message_complete"
)
HTTP += " on_response_complete handle_websocket_upgrade send_400_response"
WEBSOCKET = (
    "connection_made connection_lost data_received pause_writing resume_writing handle_events send receive run_asgi"
)
WEBSOCKET += " handle_parser_exception"


async def nothing(scope: object, receive: object, send: object) -> None:
    """An app."""


@pytest.mark.parametrize(("ours", "methods"), [(Guarded, HTTP), (Framed, WEBSOCKET)])
def test_every_method_that_is_extended_is_one_of_uvicorns(ours: type, methods: str) -> None:
    theirs = HttpToolsProtocol if ours is Guarded else WebSocketsSansIOProtocol
    assert [name for name in methods.split() if not callable(getattr(theirs, name, None))] == []


def protocol(of: Any) -> Any:
    config = Config(nothing, log_config=None)
    config.load()
    loop = new_event_loop()
    loop.close()
    return of(config, ServerState(), {}, loop)


def test_every_attribute_that_is_used_is_one_of_uvicorns() -> None:
    assert not {"loop", "transport", "pipeline", "flow", "headers"} - vars(protocol(HttpToolsProtocol)).keys()
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
    assert {"read_paused", "write_paused"} <= vars(FlowControl(protocol(Guarded))).keys()
    assert STATUS_LINE[431].startswith(b"HTTP/1.1 431 ")
