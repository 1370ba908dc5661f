"""Rooms over WebSockets, and over plain HTTP where a school's proxy lets no WebSocket through.

Both carry the same messages. The server says ``{"room": ...}``, see ``Room.told``, and ``{"here": ...}``, how many
there are and how many of them answered; to who leads ``{"leads": bool}`` and ``{"counts": ...}``, see ``counted``; to
who answers ``{"verdict": ...}``; and ``{"error": words}`` where something cannot be done, after which all goes on.
"""

from asyncio import sleep, timeout
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex
from time import time
from urllib.parse import urlsplit

from anyio import create_task_group
from fastapi import WebSocket
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.websockets import WebSocketDisconnect, WebSocketDisconnected

from ...rooms.hub import Connection, FullError, Hub, Hubs, NoRoomError
from ...rooms.mailbox import AT_ONCE, Outbox, Write
from ...rooms.messages import LONGEST_MESSAGE, handle
from ...rooms.room import code_of, opened
from ...rooms.store import StoreError
from ...rooms.visible_text import visible
from ...translations.languages import LANGUAGES, translator
from ...translations.phrases import phrase
from ..http.caching import NEVER
from ..http.media_types import EVENTS, JSON

LONGEST_NAME = 64
"""Characters of a member's name."""

UNKNOWN, OVER, FULL, OUT_OF_REACH, ELSEWHERE, TOO_LONG, NO_TEXT = 4404, 4410, 4429, 1013, 1008, 1009, 1003
"""Why a connection is closed: there is no such room, the lesson is over, the room has no place left, the store is out
of reach, the page is of another site, a message is too long, or is no text."""

GONE = (WebSocketDisconnect, WebSocketDisconnected)
"""What Starlette raises where something is said to who is gone, or was sent away meanwhile."""

TO_PROVE = 2.0
"""Seconds in which somebody at a full room can say that it is theirs."""

NO_ROOM = phrase("there is no such room, or it is over")
NO_PLACE = phrase("the room has no place left")
LESSON_OVER = phrase("the lesson is over")
OTHER_SITE = phrase("this page belongs to another site")

LONGEST_REASON = 123
"""Bytes with which a WebSocket can say why it is closed."""

LATER = {"Retry-After": "5"}
"""Seconds after which to try again."""

UNCACHED = {"Cache-Control": NEVER, "X-Accel-Buffering": "no"}
"""Headers of what is for one reader and for now."""


OwnerOf = Callable[[HTTPConnection], str]
"""A name for the client that opens a room, by which nobody learns who it is; nothing where clients have no limits."""


@dataclass(frozen=True)
class Live:
    """What the rooms of an app stand on: ``app.state.live``."""

    hubs: Hubs
    owner_of: OwnerOf = lambda _: ""


def _live(http: HTTPConnection) -> Live:
    live: Live = http.app.state.live
    return live


async def open_room(request: Request) -> dict[str, str]:
    """Open a room: its code, for everybody, and the secret of who leads it."""
    _check_site(request)
    live = _live(request)
    try:
        while True:  # until there is none by that code
            room, secret = opened(time(), live.owner_of(request))
            if await live.hubs.store.save(room):
                return {"code": room.code, "secret": secret}
    except StoreError as error:
        raise _refusal(request, 503, error.args[0], LATER) from error


async def enter(socket: WebSocket, code: str) -> None:
    """Follow a room, or lead it."""
    live = _live(socket)
    await socket.accept()
    if not is_of_this_site(socket):
        return await _close(socket, ELSEWHERE, OTHER_SITE)
    try:
        async with live.hubs.hub(code_of(code)) as hub:
            connection = _connection(socket)
            connection.outbox = Outbox(_at_once(socket, hub))
            if hub.is_full(connection):
                await _prove(socket, connection, hub)
            with hub.joined(connection):
                if connection.leads:
                    connection.send(leads=True)  # the room comes first
                await _stay(socket, connection, hub)
    except NoRoomError:
        await _close(socket, UNKNOWN, NO_ROOM)
    except FullError:
        await _close(socket, FULL, NO_PLACE)
    except StoreError as error:
        await _close(socket, OUT_OF_REACH, error.args[0])


async def follow(request: Request, code: str) -> Response:
    """What a WebSocket would say, as server-sent events."""
    _check_site(request)
    async with _entered(request, code) as hub:
        if hub.is_full(_connection(request, hub)):
            raise _refusal(request, 409, NO_PLACE)

    async def events() -> AsyncIterator[str]:
        with suppress(NoRoomError, FullError, StoreError):
            async with _live(request).hubs.hub(code_of(code)) as hub:
                connection = _connection(request, hub)
                with hub.joined(connection):
                    connection.send(leads=connection.leads)
                    if connection.leads:
                        hub.count(connection)
                    while not hub.room.closed:
                        yield "".join(f"data: {message}\n\n" for message in await connection.outbox.wait())

    return StreamingResponse(events(), media_type=EVENTS, headers=UNCACHED)


async def say(request: Request, code: str) -> Response:
    """One message, for who cannot send it over a WebSocket; what is answered to it, as a list."""
    _check_site(request)
    text = await _text(request)
    async with _entered(request, code) as hub:
        connection = _connection(request, hub)
        await handle(text, connection, hub)
    return Response(f"[{','.join(connection.outbox.take())}]", media_type=JSON, headers=UNCACHED)


def _at_once(socket: WebSocket, hub: Hub) -> Write:
    """Where the server can: all but the last message, after which the socket is closed."""
    write: Write = socket.scope.get("extensions", {}).get(AT_ONCE, {}).get("write", lambda message: False)
    return lambda message: not hub.room.closed and write(message)


async def _stay(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Until the other side is gone, or takes nothing, or the room is over."""
    async with create_task_group() as tasks:

        async def tell() -> None:
            with suppress(*GONE):
                while not hub.room.closed:
                    for message in await connection.outbox.wait():
                        await socket.send_text(message)
            await _close(socket, OVER, LESSON_OVER)
            tasks.cancel_scope.cancel()

        tasks.start_soon(tell)
        await _listen(socket, connection, hub)
        tasks.cancel_scope.cancel()


async def _listen(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Until there is no more to hear."""
    while (text := await _heard(socket)) is not None:
        await handle(text, connection, hub)
        await sleep(0)  # many messages may wait: others have their turn between two of them


async def _heard(socket: WebSocket) -> str | None:
    """The next message. None where the other side is gone, or is sent away."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    text: str | None = message.get("text")
    if text is None:
        await _close(socket, NO_TEXT, phrase("a message must be text"))
    elif len(text) > LONGEST_MESSAGE:
        await _close(socket, TOO_LONG, phrase("a message has at most {n:,} characters", n=LONGEST_MESSAGE))
    else:
        return text
    return None


async def _prove(socket: WebSocket, connection: Connection, hub: Hub) -> None:
    """Whoever leads is let into a full room, too, and says so at once."""
    with suppress(TimeoutError):
        async with timeout(TO_PROVE):
            if (text := await _heard(socket)) is not None:
                await handle(text, connection, hub)


async def _close(socket: WebSocket, code: int, why: str) -> None:
    """Unless the other side has done so."""
    said = translator(_language(socket))(why).encode()[:LONGEST_REASON]
    with suppress(*GONE):
        await socket.close(code, said.decode(errors="ignore"))


def _language(http: HTTPConnection) -> str:
    """Which words the page asks for."""
    language = http.query_params.get("lang", "")
    return language if language in LANGUAGES else "en"


def _refusal(request: Request, status: int, why: str, headers: dict[str, str] | None = None) -> HTTPException:
    """In the visitor's language, also where a program reads it."""
    return HTTPException(status, phrase(translator(_language(request))(why)), headers)


def _connection(http: HTTPConnection, hub: Hub | None = None) -> Connection:
    """Who asks. Where every message has its own headers, they say the secret of who leads."""
    asked, (scheme, _, secret) = http.query_params, http.headers.get("authorization", "").partition(" ")
    return Connection(
        visible(asked.get("member", "")[:LONGEST_NAME]) or token_hex(8),
        _language(http),
        leads=hub is not None and scheme.lower() == "bearer" and hub.room.is_led_by(secret),
    )


@asynccontextmanager
async def _entered(request: Request, code: str) -> AsyncIterator[Hub]:
    """A room; what is in its way is said as HTTP says it."""
    try:
        async with _live(request).hubs.hub(code_of(code)) as hub:
            yield hub
    except NoRoomError:
        raise _refusal(request, 404, NO_ROOM) from None
    except StoreError as error:
        raise _refusal(request, 503, error.args[0], LATER) from error


async def _text(request: Request) -> str:
    """The body of a request, no more of which is read than it may be long."""
    text = b""
    async for part in request.stream():
        text += part
        if len(text) > LONGEST_MESSAGE:
            raise _refusal(request, 413, phrase("a message has at most {n:,} bytes", n=LONGEST_MESSAGE))
    return text.decode(errors="replace")


def _check_site(request: Request) -> None:
    if not is_of_this_site(request):
        raise _refusal(request, 403, OTHER_SITE)


def is_of_this_site(http: HTTPConnection) -> bool:
    """Whether a browser that names a page names one of ours; programs name none."""
    origin = http.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == http.headers.get("host")
    except ValueError:  # it is nothing that a browser would say
        return False
