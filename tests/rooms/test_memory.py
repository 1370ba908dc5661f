"""Rooms in memory: what is kept, and what those hear who listen."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.rooms import memory
from app.rooms.memory import Memory
from app.rooms.room import LIFE, Answer, Room, RoomError, opened

RIGHT, WRONG = Answer("3 × 5", "right", True), Answer("3 × 4", "size", False)


async def newest(states: AsyncIterator[Room]) -> int:
    return (await asyncio.wait_for(anext(states), 1)).number


def test_a_room_is_found_until_it_is_over_or_closed() -> None:
    async def lesson() -> None:
        store, (room, _) = Memory(), opened(now=0)
        await store.keep(room)

        assert await store.find(room.code, now=1) == room
        assert await store.find(room.code, now=LIFE + 1) is None
        assert await store.find("OTHER", now=1) is None
        await store.close(room.code)
        assert await store.find(room.code, now=1) is None

    asyncio.run(lesson())


def test_everybody_hears_of_a_change_and_who_is_slow_hears_of_the_newest_only() -> None:
    async def lesson() -> None:
        store, (room, _) = Memory(), opened(now=0)
        await store.keep(room)
        async with store.listen(room.code) as quick, store.listen(room.code) as slow:
            for n in range(1, 50):
                room = room.shows(f"?num_units={n}", now=n)
                await store.keep(room)
                assert await newest(quick) == n
            assert await newest(slow) == 49
        await store.keep(room.shows("?num_units=50", now=50))  # and nobody is waited for

    asyncio.run(lesson())


def test_an_older_state_never_takes_the_place_of_a_newer() -> None:
    async def lesson() -> None:
        store, (room, _) = Memory(), opened(now=0)
        newer = room.shows("?num_units=7", now=1).shows("?num_units=8", now=2)
        await store.keep(newer)
        await store.keep(room.shows("?num_units=7", now=1))
        assert await store.find(room.code, now=3) == newer

    asyncio.run(lesson())


def test_answers_belong_to_a_question_and_the_last_of_each_member_counts() -> None:
    async def lesson() -> None:
        store, (room, _) = Memory(), opened(now=0)
        asked = room.asks("h", now=1)
        for member, answer in (("a", WRONG), ("b", WRONG), ("a", RIGHT)):
            await store.give(asked, member, answer)

        assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.reveals(now=2)) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.asks("c", now=3)) == {}
        assert await store.answers(room) == {}

    asyncio.run(lesson())


def test_rooms_that_are_over_make_room_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lesson() -> None:
        store = Memory()
        for _ in range(3):
            await store.keep(opened(now=0)[0])
        with pytest.raises(RoomError, match="rooms already"):
            await store.keep(opened(now=1)[0])
        await store.keep(opened(now=LIFE + 1)[0])

    monkeypatch.setattr(memory, "MOST", 3)
    asyncio.run(lesson())
