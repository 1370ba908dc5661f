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

from app.rooms.hub import FullError, Guest, Hall, Halls, NoRoomError
from app.rooms.mailbox import AT_ONCE, Outbox, Write
from app.rooms.messages import Judge, hear
from app.rooms.room import LONGEST, code_of, opened
from app.rooms.store import StoreError
from app.rooms.visible import visible
from app.translations.languages import LANGUAGES, translator
from app.translations.phrases import phrase
from app.web.http.caching import NEVER
from app.web.http.media_types import EVENTS, JSON

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

LIVE = {"Cache-Control": NEVER, "X-Accel-Buffering": "no"}
"""Headers of what is for one reader and for now."""


OwnerOf = Callable[[HTTPConnection], str]
"""A name for the client that opens a room, by which nobody learns who it is; nothing where clients have no limits."""


@dataclass(frozen=True)
class Live:
    """What the rooms of an app stand on: ``app.state.live``."""

    halls: Halls
    judge: Judge
    owner_of: OwnerOf = lambda _: ""


def _live(connection: HTTPConnection) -> Live:
    live: Live = connection.app.state.live
    return live


async def open_room(request: Request) -> dict[str, str]:
    """Open a room: its code, for everybody, and the secret of who leads it."""
    _check_site(request)
    live = _live(request)
    try:
        while True:  # until there is none by that code
            room, secret = opened(time(), live.owner_of(request))
            if await live.halls.store.keep(room):
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
        async with live.halls.hall(code_of(code)) as hall:
            guest = _guest(socket)
            guest.outbox = Outbox(_at_once(socket, hall))
            if hall.is_full(guest):
                await _prove(socket, guest, hall, live.judge)
            with hall.seat(guest):
                if guest.leads:
                    guest.tell(leads=True)  # the room comes first
                await _stay(socket, guest, hall, live.judge)
    except NoRoomError:
        await _close(socket, UNKNOWN, NO_ROOM)
    except FullError:
        await _close(socket, FULL, NO_PLACE)
    except StoreError as error:
        await _close(socket, OUT_OF_REACH, error.args[0])


async def follow(request: Request, code: str) -> Response:
    """What a WebSocket would say, as server-sent events."""
    _check_site(request)
    async with _entered(request, code) as hall:
        if hall.is_full(_guest(request, hall)):
            raise _refusal(request, 409, NO_PLACE)

    async def events() -> AsyncIterator[str]:
        with suppress(NoRoomError, FullError, StoreError):
            async with _live(request).halls.hall(code_of(code)) as hall:
                guest = _guest(request, hall)
                with hall.seat(guest):
                    guest.tell(leads=guest.leads)
                    if guest.leads:
                        hall.count(guest)
                    while not hall.room.closed:
                        yield "".join(f"data: {message}\n\n" for message in await guest.outbox.wait())

    return StreamingResponse(events(), media_type=EVENTS, headers=LIVE)


async def say(request: Request, code: str) -> Response:
    """One message, for who cannot send it over a WebSocket; what is answered to it, as a list."""
    _check_site(request)
    text = await _text(request)
    async with _entered(request, code) as hall:
        guest = _guest(request, hall)
        await hear(text, guest, hall, _live(request).judge)
    return Response(f"[{','.join(guest.outbox.take())}]", media_type=JSON, headers=LIVE)


def _at_once(socket: WebSocket, hall: Hall) -> Write:
    """Where the server can: all but the last message, after which the socket is closed."""
    write: Write = socket.scope.get("extensions", {}).get(AT_ONCE, {}).get("write", lambda message: False)
    return lambda message: not hall.room.closed and write(message)


async def _stay(socket: WebSocket, guest: Guest, hall: Hall, judge: Judge) -> None:
    """Until the other side is gone, or takes nothing, or the room is over."""
    async with create_task_group() as tasks:

        async def tell() -> None:
            with suppress(*GONE):
                while not hall.room.closed:
                    for message in await guest.outbox.wait():
                        await socket.send_text(message)
            await _close(socket, OVER, LESSON_OVER)
            tasks.cancel_scope.cancel()

        tasks.start_soon(tell)
        await _listen(socket, guest, hall, judge)
        tasks.cancel_scope.cancel()


async def _listen(socket: WebSocket, guest: Guest, hall: Hall, judge: Judge) -> None:
    """Until there is no more to hear."""
    while (text := await _heard(socket)) is not None:
        await hear(text, guest, hall, judge)
        await sleep(0)  # many messages may wait: others have their turn between two of them


async def _heard(socket: WebSocket) -> str | None:
    """The next message. None where the other side is gone, or is sent away."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    text: str | None = message.get("text")
    if text is None:
        await _close(socket, NO_TEXT, phrase("a message must be text"))
    elif len(text) > LONGEST:
        await _close(socket, TOO_LONG, phrase("a message has at most {n:,} characters", n=LONGEST))
    else:
        return text
    return None


async def _prove(socket: WebSocket, guest: Guest, hall: Hall, judge: Judge) -> None:
    """Whoever leads is let into a full room, too, and says so at once."""
    with suppress(TimeoutError):
        async with timeout(TO_PROVE):
            if (text := await _heard(socket)) is not None:
                await hear(text, guest, hall, judge)


async def _close(socket: WebSocket, code: int, why: str) -> None:
    """Unless the other side has done so."""
    said = translator(_language(socket))(why).encode()[:LONGEST_REASON]
    with suppress(*GONE):
        await socket.close(code, said.decode(errors="ignore"))


def _language(connection: HTTPConnection) -> str:
    """Which words the page asks for."""
    language = connection.query_params.get("lang", "")
    return language if language in LANGUAGES else "en"


def _refusal(request: Request, status: int, why: str, headers: dict[str, str] | None = None) -> HTTPException:
    """In the visitor's language, also where a program reads it."""
    return HTTPException(status, phrase(translator(_language(request))(why)), headers)


def _guest(connection: HTTPConnection, hall: Hall | None = None) -> Guest:
    """Who asks. Where every message has its own headers, they say the secret of who leads."""
    asked, (scheme, _, secret) = connection.query_params, connection.headers.get("authorization", "").partition(" ")
    return Guest(
        visible(asked.get("member", "")[:LONGEST_NAME]) or token_hex(8),
        _language(connection),
        leads=hall is not None and scheme.lower() == "bearer" and hall.room.is_led_by(secret),
    )


@asynccontextmanager
async def _entered(request: Request, code: str) -> AsyncIterator[Hall]:
    """A room; what is in its way is said as HTTP says it."""
    try:
        async with _live(request).halls.hall(code_of(code)) as hall:
            yield hall
    except NoRoomError:
        raise _refusal(request, 404, NO_ROOM) from None
    except StoreError as error:
        raise _refusal(request, 503, error.args[0], LATER) from error


async def _text(request: Request) -> str:
    """The body of a request, no more of which is read than it may be long."""
    text = b""
    async for part in request.stream():
        text += part
        if len(text) > LONGEST:
            raise _refusal(request, 413, phrase("a message has at most {n:,} bytes", n=LONGEST))
    return text.decode(errors="replace")


def _check_site(request: Request) -> None:
    if not is_of_this_site(request):
        raise _refusal(request, 403, OTHER_SITE)


def is_of_this_site(connection: HTTPConnection) -> bool:
    """Whether a browser that names a page names one of ours; programs name none."""
    origin = connection.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
    except ValueError:  # it is nothing that a browser would say
        return False
