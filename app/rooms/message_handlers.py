"""The messages from clients to a room, and their handlers.

A message is a JSON object with one key. The teacher sends ``{"lead": secret}``, and then ``{"show": page and query}``,
``{"ask": tensor}``, ``{"reveal": true}``, ``{"dismiss": true}`` and ``{"close": true}``. Everybody may send
``{"answer": text}``, with an optional ``number`` of the question.
"""

from collections.abc import Callable, Mapping
from time import time
from typing import Any

import orjson

from ..translations.languages import translator
from ..translations.phrases import phrase
from .judged_answers import judge_answer, shape_of, state
from .limits import MAX_ANSWER_LENGTH
from .room import Room, RoomError
from .room_connections import Connection, Hub
from .store import StoreError
from .without_invisible_characters import visible

MAX_ATTEMPTS = 5
"""Attempts to save a change if other replicas save changes at the same time."""


async def handle(text: str, connection: Connection, hub: Hub) -> None:
    """Handle a message. Replies and errors are sent only to the connection that it came from."""
    try:
        await _dispatch(_parse(text), connection, hub)
    except (RoomError, StoreError) as error:
        connection.send(error=translator(connection.language)(error.args[0]))


def _parse(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, dict):
        raise RoomError(phrase("A message must be a JSON object"))
    return message


async def _dispatch(message: Mapping[str, Any], connection: Connection, hub: Hub) -> None:
    match message:
        case {"lead": str(secret)}:
            connection.leads = hub.room.is_led_by(secret)
            connection.send(leads=connection.leads)
            if connection.leads:
                hub.send_counts(connection)
                if not hub.room.number:
                    await _change(hub, lambda room: room.led(time()))
        case {"show": str(link)} if connection.leads:
            state(link.partition("?")[2])  # raises RoomError if no page can show it
            await _change(hub, lambda room: _shown(room, link))
        case {"ask": str(tensor)} if connection.leads:
            shape_of(hub.room.query, tensor)  # raises RoomError if there is no such tensor
            await _change(hub, lambda room: room.asks(tensor, time()))
        case {"reveal": True} if connection.leads:
            await _change(hub, lambda room: room.reveals(_shape(room), time()))
        case {"dismiss": True} if connection.leads:
            await _change(hub, lambda room: room.dismisses(time()))
        case {"close": True} if connection.leads:
            await _change(hub, lambda room: room.closes(time()))
        case {"answer": str(text), **rest}:
            await _answer(hub, connection, visible(text)[:MAX_ANSWER_LENGTH], rest.get("number"))
        case {"show": _} | {"ask": _} | {"reveal": _} | {"dismiss": _} | {"close": _}:
            raise RoomError(phrase("Only the teacher who opened the room can lead it"))
        case _:
            keys = "lead, show, ask, reveal, dismiss, close, answer"
            raise RoomError(phrase("A message needs one of the keys {keys}", keys=keys))


async def _change(hub: Hub, change: Callable[[Room], Room]) -> None:
    """Save a change of the room that the hub knows; if a newer one is stored, apply the change to that one."""
    latest = hub.room
    for _ in range(MAX_ATTEMPTS):
        room = change(latest)
        if await hub.store.save(room):
            return hub.update(room)
        latest = await hub.store.find(hub.room.code, time()) or hub.room
    raise RoomError(phrase("Somebody else is changing this room; try again"))


def _shown(room: Room, link: str) -> Room:
    """The room with another page or state. A revealed question stays as long as its shape is the same, so that the
    teacher can point at other tensors."""
    asked = room.asked
    shown = room.shows(link, time())
    try:
        is_same = asked is not None and asked.shape == shape_of(shown.query, asked.tensor)
    except RoomError:  # the new state has no such tensor
        is_same = False
    return room.shows(link, time(), asked) if is_same else shown


def _shape(room: Room) -> str:
    return shape_of(room.query, room.asked.tensor) if room.asked else ""


async def _answer(hub: Hub, connection: Connection, text: str, number: object) -> None:
    """Store an answer and send its verdict. A text that is no shape gets a verdict and is not stored. An answer with
    the ``number`` of another question is refused."""
    room = await hub.store.find(hub.room.code, time()) or hub.room
    if not room.asked or room.asked.shape:
        raise RoomError(phrase("No question is open"))
    if number not in (None, room.asked.number):
        raise RoomError(phrase("That question is closed; another one is open"))
    answer = judge_answer(room.query, room.asked.tensor, text)
    if answer.text:
        await hub.store.add_answer(room, connection.member, answer)
    connection.send_verdict(room, answer)
