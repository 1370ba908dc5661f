"""Rooms over WebSockets: a teacher shows, asks and reveals; students follow and answer.

Both say JSON objects with one name each. A teacher says first ``{"lead": secret}``, then ``{"show": query}``,
``{"ask": tensor}`` and ``{"reveal": true}``; a student says ``{"answer": text}``. The server says ``{"room": ...}``,
see ``Room.told``, and ``{"members": n}``; to the teacher ``{"counts": ...}``, see ``counted``; to a student
``{"verdict": ...}``; and ``{"error": words}`` where something cannot be done, after which all goes on.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from time import time
from typing import Any
from urllib.parse import urlsplit

import orjson
from anyio import create_task_group, fail_after, sleep
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.datastructures import Headers

from app.rooms.room import LONGEST_ANSWER, Answer, Room, RoomError, code_of, counted, opened
from app.rooms.store import Store

Judge = Callable[[str, str, str], Answer]
"""Of a state, a tensor and what somebody typed. Raises RoomError where the state has no such tensor."""

LONGEST = 8192
"""Characters of a message; what is longer ends the connection."""

COUNT_EVERY = 0.5
"""Seconds after which the teacher sees the answers that came meanwhile."""

UNKNOWN, ELSEWHERE, TOO_LONG = 4404, 1008, 1009
"""Why a connection is closed: there is no such room, the page is of another site, a message is too long."""


def rooms(store: Store, judge: Judge) -> APIRouter:
    """What the app mounts."""
    router = APIRouter()

    @router.post("/rooms")
    async def open_room() -> dict[str, str]:
        """Open a room: its code, for everybody, and the secret of who leads it."""
        room, secret = opened(time())
        await store.keep(room)
        return {"code": room.code, "secret": secret}

    @router.websocket("/rooms/{code}")
    async def enter(socket: WebSocket, code: str) -> None:
        """Follow a room, or lead it."""
        await socket.accept()
        if not is_of_this_site(socket.headers):
            return await socket.close(ELSEWHERE, "this page is of another site")
        room = await store.find(code_of(code), time())
        if room is None:
            return await socket.close(UNKNOWN, "there is no such room, or it is over")
        with suppress(WebSocketDisconnect):
            await Visit(socket, store, judge, room).stay()

    return router


def is_of_this_site(headers: Headers) -> bool:
    """Whether a browser that names a page names one of ours; programs name none."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class Visit:
    """One connection to a room. It leads once it has said the secret."""

    def __init__(self, socket: WebSocket, store: Store, judge: Judge, room: Room) -> None:
        self.socket, self.store, self.judge, self.room = socket, store, judge, room
        self.leads = False
        self.name = f"{id(self):x}"

    async def stay(self) -> None:
        """Until the other side is gone."""
        async with self.store.listen(self.room.code) as states, create_task_group() as tasks:
            await self._say(room=self.room.told())

            async def follow() -> None:
                async for self.room in states:
                    await self._say(room=self.room.told())

            tasks.start_soon(follow)
            tasks.start_soon(self._count)
            with suppress(WebSocketDisconnect):
                await self._hear()
            tasks.cancel_scope.cancel()

    async def _hear(self) -> None:
        while True:
            text = await self.socket.receive_text()
            if len(text) > LONGEST:
                return await self.socket.close(TOO_LONG, f"a message has at most {LONGEST:,} characters")
            try:
                await self._do(_read(text))
            except RoomError as error:
                await self._say(error=str(error))

    async def _do(self, message: Mapping[str, Any]) -> None:
        room = await self.store.find(self.room.code, time()) or self.room
        match message:
            case {"lead": str(secret)}:
                self.leads = room.is_led_by(secret)
                await self._say(leads=self.leads)
            case {"show": str(query)} if self.leads:
                await self.store.keep(room.shows(query, time()))
            case {"ask": str(tensor)} if self.leads:
                self.judge(room.query, tensor, "")
                await self.store.keep(room.asks(tensor, time()))
            case {"reveal": True} if self.leads:
                await self.store.keep(room.reveals(time()))
            case {"answer": str(text)} if room.asked and not room.asked.revealed:
                answer = self.judge(room.query, room.asked.tensor, text[:LONGEST_ANSWER])
                await self.store.give(room, self.name, answer)
                await self._say(verdict={"text": answer.text, "about": answer.about, "right": answer.is_right})
            case {"answer": _}:
                raise RoomError("nothing is asked at the moment")
            case {"show": _} | {"ask": _} | {"reveal": _}:
                raise RoomError("only who opened the room leads it")
            case _:
                raise RoomError("say one of lead, show, ask, reveal and answer")

    async def _count(self) -> None:
        """Tell how many are here, and the teacher of the answers, as they come."""
        members, last = 0, dict[str, Any]()
        while True:
            if (now := await self.store.members(self.room.code)) != members:
                members = now
                await self._say(members=members)
            if self.leads and self.room.asked:
                counts = counted(await self.store.answers(self.room))
                if counts != last:
                    await self._say(counts=counts)
                    last = counts
            await sleep(COUNT_EVERY)

    async def _say(self, **what: Any) -> None:
        with fail_after(30):  # a student whose network is gone
            await self.socket.send_text(orjson.dumps(what).decode())


def _read(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RoomError("a message is a JSON object") from None
    if not isinstance(message, dict):
        raise RoomError("a message is a JSON object")
    return message
