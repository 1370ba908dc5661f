"""The messages of a room, and what each does.

A message is a JSON object with one name. The teacher sends ``{"lead": secret}``, and then ``{"show": query}``,
``{"ask": tensor}``, ``{"reveal": true}`` and ``{"close": true}``. Everybody may send ``{"answer": text}``, with the
``number`` of the question beside it.
"""

from collections.abc import Callable, Mapping
from time import time
from typing import Any

import orjson

from ..translations.languages import translator
from ..translations.phrases import phrase
from .hub import Connection, Hub
from .predictions import answer_of, shape_of, state
from .room import LONGEST_ANSWER, Room, RoomError
from .store import StoreError
from .visible_text import visible

LONGEST_MESSAGE = 8192
"""Characters of a message over a WebSocket, bytes of a request's body. A longer message ends the connection."""

TRIES = 5
"""How often a change is tried again where another replica was faster."""


async def handle(text: str, connection: Connection, hub: Hub) -> None:
    """Do what a message says. Replies and errors are sent to its connection alone."""
    try:
        await _do(_read(text), connection, hub)
    except (RoomError, StoreError) as error:
        connection.send(error=translator(connection.language)(error.args[0]))


def _read(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, dict):
        raise RoomError(phrase("a message is a JSON object"))
    return message


async def _do(message: Mapping[str, Any], connection: Connection, hub: Hub) -> None:
    match message:
        case {"lead": str(secret)}:
            connection.leads = hub.room.is_led_by(secret)
            connection.send(leads=connection.leads)
            if connection.leads:
                hub.count(connection)
                if not hub.room.number:
                    await _change(hub, lambda room: room.led(time()))
        case {"show": str(query)} if connection.leads:
            state(query)  # raises where no page could show it
            await _change(hub, lambda room: room.shows(query, time()))
        case {"ask": str(tensor)} if connection.leads:
            shape_of(hub.room.query, tensor)  # raises if its shape cannot be asked for
            await _change(hub, lambda room: room.asks(tensor, time()))
        case {"reveal": True} if connection.leads:
            await _change(hub, lambda room: room.reveals(_shape(room), time()))
        case {"close": True} if connection.leads:
            await _change(hub, lambda room: room.closes(time()))
        case {"answer": str(text), **more}:
            await _answer(hub, connection, visible(text)[:LONGEST_ANSWER], more.get("number"))
        case {"show": _} | {"ask": _} | {"reveal": _} | {"close": _}:
            raise RoomError(phrase("only who opened the room leads it"))
        case _:
            raise RoomError(phrase("say one of lead, show, ask, reveal, close and answer"))


async def _change(hub: Hub, change: Callable[[Room], Room]) -> None:
    """Change the room as the hub knows it, or else as it is stored, which may be newer."""
    known = hub.room
    for _ in range(TRIES):
        room = change(known)
        if await hub.store.save(room):
            return hub.changed(room)
        known = await hub.store.find(hub.room.code, time()) or hub.room
    raise RoomError(phrase("somebody else changes this room as well; try again"))


def _shape(room: Room) -> str:
    return shape_of(room.query, room.asked.tensor) if room.asked else ""


async def _answer(hub: Hub, connection: Connection, text: str, number: object) -> None:
    """Count an answer. With the ``number`` of a question, an answer to another one is refused."""
    room = await hub.store.find(hub.room.code, time()) or hub.room
    if not room.asked or room.asked.shape:
        raise RoomError(phrase("nothing is asked at the moment"))
    if number not in (None, room.asked.number):
        raise RoomError(phrase("something else is asked by now"))
    answer = answer_of(room.query, room.asked.tensor, text)
    await hub.store.give(room, connection.member, answer)
    verdict = {
        "text": answer.text,
        "said": translator(connection.language)(answer.verdict.message),
        "right": answer.verdict.right,
    }
    connection.send(verdict={"number": room.asked.number, **verdict})
