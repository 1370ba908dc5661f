"""What can be said in a room, and what comes of it.

A message is a JSON object with one name. Who leads says ``{"show": query}``, ``{"ask": tensor}``, ``{"reveal": true}``
and ``{"close": true}``, after ``{"lead": secret}``; everybody may say ``{"answer": text}``, with the ``number`` of what
was asked beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

import orjson

from app.rooms.hub import Guest, Hall
from app.rooms.room import LONGEST_ANSWER, Answer, Room, RoomError
from app.rooms.store import StoreError
from app.rooms.visible import visible
from app.translations.languages import translator
from app.translations.phrases import phrase


@dataclass(frozen=True)
class Judge:
    """Who knows what is right, of a state and a tensor of it. All raise RoomError where there is no such state, or no
    such tensor."""

    state: Callable[[str], object]
    """What a query says."""
    answer: Callable[[str, str, str], Answer]
    """To what somebody typed."""
    shape: Callable[[str, str], str]


TRIES = 5
"""So often a change is made again where another replica was faster."""


async def hear(text: str, guest: Guest, hall: Hall, judge: Judge) -> None:
    """Do what a guest says. What is answered, and what is wrong, is put into the guest's outbox."""
    try:
        await _do(_read(text), guest, hall, judge)
    except (RoomError, StoreError) as error:
        guest.tell(error=translator(guest.language)(error.args[0]))


def _read(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        message = None
    if not isinstance(message, dict):
        raise RoomError(phrase("a message is a JSON object"))
    return message


async def _do(message: Mapping[str, Any], guest: Guest, hall: Hall, judge: Judge) -> None:
    match message:
        case {"lead": str(secret)}:
            guest.leads = hall.room.is_led_by(secret)
            guest.tell(leads=guest.leads)
            if guest.leads:
                hall.count(guest)
                if not hall.room.number:
                    await _change(hall, lambda room: room.taken(time()))
        case {"show": str(query)} if guest.leads:
            judge.state(query)  # or else no page could show it
            await _change(hall, lambda room: room.shows(query, time()))
        case {"ask": str(tensor)} if guest.leads:
            judge.shape(hall.room.query, tensor)  # or else it cannot be asked
            await _change(hall, lambda room: room.asks(tensor, time()))
        case {"reveal": True} if guest.leads:
            await _change(hall, lambda room: room.reveals(_shape(room, judge), time()))
        case {"close": True} if guest.leads:
            await _change(hall, lambda room: room.closes(time()))
        case {"answer": str(text), **more}:
            await _answer(hall, guest, judge, visible(text)[:LONGEST_ANSWER], more.get("number"))
        case {"show": _} | {"ask": _} | {"reveal": _} | {"close": _}:
            raise RoomError(phrase("only who opened the room leads it"))
        case _:
            raise RoomError(phrase("say one of lead, show, ask, reveal, close and answer"))


async def _change(hall: Hall, change: Callable[[Room], Room]) -> None:
    """Of the room as the hall has heard of it, or else as it is kept, which may be newer."""
    known = hall.room
    for _ in range(TRIES):
        room = change(known)
        if await hall.store.keep(room):
            return hall.changed(room)
        known = await hall.store.find(hall.room.code, time()) or hall.room
    raise RoomError(phrase("somebody else changes this room as well; try again"))


def _shape(room: Room, judge: Judge) -> str:
    return judge.shape(room.query, room.asked.tensor) if room.asked else ""


async def _answer(hall: Hall, guest: Guest, judge: Judge, text: str, number: object) -> None:
    """To the question of that number, where one is said: what was typed for another is not counted for this one."""
    room = await hall.store.find(hall.room.code, time()) or hall.room
    if not room.asked or room.asked.shape:
        raise RoomError(phrase("nothing is asked at the moment"))
    if number not in (None, room.asked.number):
        raise RoomError(phrase("something else is asked by now"))
    answer = judge.answer(room.query, room.asked.tensor, text)
    await hall.store.give(room, guest.member, answer)
    verdict = {
        "text": answer.text,
        "said": translator(guest.language)(answer.verdict.said),
        "right": answer.verdict.right,
    }
    guest.tell(verdict={"number": room.asked.number, **verdict})
