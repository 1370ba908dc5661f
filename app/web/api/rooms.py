"""Rooms over WebSockets, and over plain HTTP for clients whose proxy blocks WebSockets.

Both carry the same messages. The server sends ``{"room": ...}`` and ``{"here": ...}``, the number of members and how
many of them answered; to the leader ``{"leads": bool}`` and ``{"counts": ...}``; to a member who answers, or who
answered before a reconnect, ``{"verdict": ...}``; and ``{"error": text}`` if a message was rejected, after which the
connection goes on.
"""

from asyncio import sleep, timeout
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from secrets import token_hex
from time import time
from urllib.parse import urlsplit

from anyio import create_task_group
from fastapi import WebSocket
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect, WebSocketDisconnected

from ...rooms.limits import MAX_MESSAGE_LENGTH
from ...rooms.mailbox import AT_ONCE, Outbox, Write
from ...rooms.message_handlers import handle
from ...rooms.room import new_room
from ...rooms.room_code import code_of
from ...rooms.room_connections import Connection, FullError, Hub, Hubs
from ...rooms.store import StoreError
from ...rooms.without_invisible_characters import visible
from ...translations.languages import LANGUAGES, translator
from ...translations.phrases import phrase
from ..requests_and_responses.event_stream import UNBUFFERED, EventStream
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.room_refusals import OTHER_SITE, OVER, REFUSALS, Refusal, refusal_of

LONGEST_NAME = 64
"""Characters of a member's name."""

NO_TEXT = Refusal(415, 1003, phrase("A message must be text"))
TOO_LONG = Refusal(413, 1009, phrase("A message may have at most {n:,} characters", n=MAX_MESSAGE_LENGTH))
TOO_LONG_BODY = replace(TOO_LONG, words=phrase("A message may have at most {n:,} bytes", n=MAX_MESSAGE_LENGTH))
"""Why a message is rejected."""

DISCONNECTED = (WebSocketDisconnect, WebSocketDisconnected)
"""Starlette's exceptions for sending to a client that has disconnected, or that was disconnected meanwhile."""

PROOF_TIMEOUT = 2.0
"""Seconds in which the leader must send the secret to enter a full room."""

LONGEST_REASON = 123
"""Bytes of a WebSocket's close reason, by RFC 6455."""

LATER = {"Retry-After": "5"}
"""Headers of a response to a request that may be repeated."""

OwnerOf = Callable[[HTTPConnection], str]
"""The pseudonym of the client that opens a room; empty if clients have no limits."""


@dataclass(frozen=True)
class LiveRooms:
    """The rooms of an app: ``app.state.live_rooms``."""

    hubs: Hubs
    owner_of: OwnerOf = lambda _: ""


def _rooms(http: HTTPConnection) -> LiveRooms:
    rooms: LiveRooms = http.app.state.live_rooms
    return rooms


async def open_room(request: Request) -> dict[str, str]:
    """Open a room. Returns its code, for everyone, and the secret for leading it."""
    _check_site(request)
    rooms = _rooms(request)
    try:
        while True:  # until the code is not in use
            room, secret = new_room(time(), rooms.owner_of(request))
            if await rooms.hubs.store.save(room):
                return {"code": room.code, "secret": secret}
    except StoreError as error:
        raise _http_error(request, refusal_of(error)) from error


async def enter(socket: WebSocket, code: str) -> None:
    """Follow a room, or lead it."""
    rooms = _rooms(socket)
    await socket.accept()
    if not is_of_this_site(socket):
        return await _close(socket, OTHER_SITE)
    try:
        async with rooms.hubs.hub(code_of(code)) as hub:
            connection = _connection(socket)
            connection.outbox = Outbox(_at_once(socket, hub))
            if hub.is_full(connection):
                await _prove(socket, connection, hub)
            with hub.joined(connection):
                if connection.leads:
                    connection.send(leads=True)  # after the room, which joining has sent
                await hub.send_earlier_verdict(connection)
                await _serve(socket, connection, hub)
    except tuple(REFUSALS) as error:
        await _close(socket, refusal_of(error))


async def follow(request: Request, code: str) -> Response:
    """The messages of the WebSocket as server-sent events."""
    _check_site(request)
    async with _entered(request, code) as hub:
        if hub.is_full(_connection(request, hub)):
            raise FullError(code)

    async def events() -> AsyncIterator[str]:
        with suppress(*REFUSALS):
            async with _rooms(request).hubs.hub(code_of(code)) as hub:
                connection = _connection(request, hub)
                with hub.joined(connection):
                    connection.send(leads=connection.leads)
                    await hub.send_earlier_verdict(connection)
                    if connection.leads:
                        hub.send_counts(connection)
                    messages: list[str] = []
                    while not hub.is_last(messages, connection):
                        messages = await connection.outbox.wait()
                        yield "".join(f"data: {message}\n\n" for message in messages)

    return EventStream(events())


async def say(request: Request, code: str) -> Response:
    """Send one message without a WebSocket. Returns the replies as a list."""
    _check_site(request)
    text = await _text(request)
    async with _entered(request, code) as hub:
        connection = _connection(request, hub)
        await handle(text, connection, hub)
    return Response(f"[{','.join(connection.outbox.take())}]", media_type=JSON, headers=UNBUFFERED)


def _at_once(socket: WebSocket, hub: Hub) -> Write:
    """A function that writes a message at once, if the server supports that. Not for the last message, after which the
    socket is closed."""
    write: Write = socket.scope.get("extensions", {}).get(AT_ONCE, {}).get("write", lambda message: False)
    return lambda message: not hub.room.closed and write(message)


async def _serve(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Send and receive messages until the client has disconnected, does not read, or the room is over."""
    async with create_task_group() as tasks:

        async def send_messages() -> None:
            with suppress(*DISCONNECTED):
                messages: list[str] = []
                while not hub.is_last(messages, connection):
                    messages = await connection.outbox.wait()
                    for message in messages:
                        await socket.send_text(message)
            await _close(socket, OVER)
            tasks.cancel_scope.cancel()

        tasks.start_soon(send_messages)
        await _receive_messages(socket, connection, hub)
        tasks.cancel_scope.cancel()


async def _receive_messages(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Handle messages until the client has disconnected."""
    while (text := await _received(socket)) is not None:
        await handle(text, connection, hub)
        await sleep(0)  # many messages may wait: between two of them the event loop serves others


async def _received(socket: WebSocket) -> str | None:
    """The next message, or None if the client has disconnected or was disconnected because of an invalid message."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    text: str | None = message.get("text")
    if text is None:
        await _close(socket, NO_TEXT)
    elif len(text) > MAX_MESSAGE_LENGTH:
        await _close(socket, TOO_LONG)
    else:
        return text
    return None


async def _prove(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Handle the first message, with which the leader proves the right to enter a full room."""
    with suppress(TimeoutError):
        async with timeout(PROOF_TIMEOUT):
            if (text := await _received(socket)) is not None:
                await handle(text, connection, hub)


async def _close(socket: WebSocket, refusal: Refusal) -> None:
    """Close a socket with a reason, unless the client has closed it."""
    reason = translator(_language(socket))(refusal.words).encode()[:LONGEST_REASON]
    with suppress(*DISCONNECTED):
        await socket.close(refusal.close_code, reason.decode(errors="ignore"))


def _language(http: HTTPConnection) -> str:
    """The language of the page, by the query."""
    language = http.query_params.get("lang", "")
    return language if language in LANGUAGES else "en"


def _http_error(request: Request, refusal: Refusal) -> HTTPException:
    """An error in the language of the page, also in JSON: the page shows it."""
    words = phrase(translator(_language(request))(refusal.words))
    return HTTPException(refusal.status, words, LATER if refusal.status == 503 else None)


def _connection(http: HTTPConnection, hub: Hub | None = None) -> Connection:
    """The connection of a client. Over plain HTTP, where ``hub`` is given, each request has the leader's secret in its
    headers."""
    query, (scheme, _, secret) = http.query_params, http.headers.get("authorization", "").partition(" ")
    return Connection(
        visible(query.get("member", "")[:LONGEST_NAME]) or token_hex(8),
        _language(http),
        leads=hub is not None and scheme.lower() == "bearer" and hub.room.is_led_by(secret),
    )


@asynccontextmanager
async def _entered(request: Request, code: str) -> AsyncIterator[Hub]:
    """The hub of a room. Raises HTTPException, 404 or 503."""
    try:
        async with _rooms(request).hubs.hub(code_of(code)) as hub:
            yield hub
    except tuple(REFUSALS) as error:
        raise _http_error(request, refusal_of(error)) from error


async def _text(request: Request) -> str:
    """The body of a request. No more is read than a message may have. Raises HTTPException, 413."""
    text = b""
    async for part in request.stream():
        text += part
        if len(text) > MAX_MESSAGE_LENGTH:
            raise _http_error(request, TOO_LONG_BODY)
    return text.decode(errors="replace")


def _check_site(request: Request) -> None:
    if not is_of_this_site(request):
        raise _http_error(request, OTHER_SITE)


def is_of_this_site(http: HTTPConnection) -> bool:
    """Whether the Origin of a request is this site; requests of programs have none."""
    origin = http.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == http.headers.get("host")
    except ValueError:  # not an Origin that a browser sends
        return False
