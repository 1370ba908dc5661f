"""Where rooms are kept: what memory and a real Redis promise alike, and what only Redis does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic, time

import pytest
import redis as client

from app.lessons.quiz import verdict
from app.rooms import memory
from app.rooms import redis as module
from app.rooms.memory import Memory
from app.rooms.redis import Redis
from app.rooms.room import UNUSED_LIFE, Answer, Room, RoomError, opened, size_of
from app.rooms.store import NoPlaceError, Store, StoreError
from scripts.redis_server import RedisServer

RIGHT, WRONG = Answer("3 × 5", verdict.RIGHT), Answer("3 × 4", verdict.wrong("few"))

Lesson = Callable[[Store], Awaitable[None]]
Give = Callable[[Lesson], None]


@pytest.fixture(params=["memory", "redis"])
def give(request: pytest.FixtureRequest) -> Give:
    """A lesson in a new store."""

    def run(lesson: Lesson) -> None:
        if request.param == "redis":
            url = request.getfixturevalue("redis").url
            with client.Redis.from_url(url) as connection:
                connection.flushall()
        store: Store = Memory() if request.param == "memory" else Redis(url)

        async def given() -> None:
            await lesson(store)
            await store.close()

        asyncio.run(given())

    return run


async def newest(states: AsyncIterator[Room]) -> int:
    return (await asyncio.wait_for(anext(states), 5)).number


async def heard(states: AsyncIterator[Room], number: int) -> None:
    while await newest(states) != number:
        pass


def test_a_room_is_found_until_it_is_over_or_closed(give: Give) -> None:
    async def lesson(store: Store) -> None:
        now = time()
        room, _ = opened(now)
        await store.ping()

        assert await store.save(room)
        assert await store.find(room.code, now + 1) == room
        assert await store.find(room.code, now + UNUSED_LIFE + 1) is None
        assert await store.find("OTHER", now + 1) is None
        asked = room.shows("?num_units=7", now).asks("h", now).reveals("3 × 7", now)
        assert await store.save(asked)
        assert await store.find(room.code, now + 1) == asked
        await store.save(asked.closes(now + 1))
        assert await store.find(room.code, now + 1) is None
        short = opened(now, life=900)[0].led(now)
        await store.save(short)
        assert await store.find(short.code, now + 899) == short
        assert await store.find(short.code, now + 901) is None

    give(lesson)


def test_everybody_hears_of_a_change_and_who_is_slow_hears_of_the_newest_only(give: Give) -> None:
    async def lesson(store: Store) -> None:
        room, _ = opened(time())
        await store.save(room)
        async with store.listen(room.code) as quick, store.listen(room.code) as slow, store.listen("OTHER") as other:
            for _ in range(50):  # Redis needs a moment until it listens
                await store.save(room := room.shows("?num_units=6", time()))
                await asyncio.sleep(0.01)
            await heard(quick, room.number)
            for n in range(2, 20):
                await store.save(room := room.shows(f"?num_units={n}", time()))
                await heard(quick, room.number)
            assert await newest(slow) == room.number
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(other), 0.05)
        await store.save(room.shows("?num_units=50", time()))  # and nobody is waited for

    give(lesson)


def test_an_older_state_never_takes_the_place_of_a_newer(give: Give) -> None:
    async def lesson(store: Store) -> None:
        room, _ = opened(time())
        older = room.shows("?num_units=7", time())
        newer = older.shows("?num_units=8", time())
        assert await store.save(newer)
        assert not await store.save(older)
        assert not await store.save(newer)
        assert await store.find(room.code, time()) == newer

    give(lesson)


def test_answers_belong_to_a_question_and_the_last_of_each_member_counts(give: Give) -> None:
    async def lesson(store: Store) -> None:
        room, _ = opened(time())
        asked = room.asks("h", now=1)
        for member, answer in (("a", WRONG), ("b", WRONG), ("a", RIGHT)):
            await store.give(asked, member, answer)

        assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.reveals("3 × 5", now=2)) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.asks("c", now=3)) == {}
        await store.give(room, "a", RIGHT)  # nothing is asked
        assert await store.answers(room) == {}

    give(lesson)


def test_more_answers_than_there_may_be_members_are_refused_but_anybody_may_change_theirs(
    give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (memory, module):
        monkeypatch.setattr(place, "MEMBERS", 2)

    async def lesson(store: Store) -> None:
        asked = opened(time())[0].asks("h", now=1)
        await store.give(asked, "a", WRONG)
        await store.give(asked, "b", WRONG)
        with pytest.raises(RoomError, match="have answered already"):
            await store.give(asked, "c", WRONG)
        await store.give(asked, "a", RIGHT)
        assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}

    give(lesson)


def test_where_there_are_too_many_a_room_that_nobody_leads_goes_and_none_in_use(
    give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (memory, module):
        monkeypatch.setattr(place, "ROOMS", 3)

    async def lesson(store: Store) -> None:
        now = time()
        led, unused, closed = (opened(now)[0] for _ in range(3))
        led, closed = led.led(now), closed.led(now)
        for room in (led, unused, closed, closed.closes(now - 1)):
            await store.save(room)

        async def there() -> list[bool]:
            return [await store.find(room.code, now) is not None for room in (led, unused)]

        await store.save(opened(now)[0].led(now))  # takes the place of what is closed
        assert await there() == [True, True]
        await store.save(opened(now)[0].led(now))
        assert await there() == [True, False]
        with pytest.raises(NoPlaceError, match="all rooms are in use"):
            await store.save(opened(now)[0])
        assert await there() == [True, False]
        assert await store.save(led.shows("?seed=1", now)), "a room in use goes on"

    give(lesson)


def test_one_client_takes_no_place_from_others(give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (memory, module):
        monkeypatch.setattr(place, "OWNED", 3)

    async def lesson(store: Store) -> None:
        now = time()
        others = opened(now, "a school")[0]
        rooms = [opened(now - 9 + n, "a flood")[0] for n in range(5)]
        for room in (others, *rooms):
            await store.save(room)

        found = [await store.find(room.code, now) is not None for room in (others, *rooms)]
        assert found == [True, False, False, True, True, True], "its own oldest went"
        for room in rooms[2:]:
            await store.save(room.led(now))
        with pytest.raises(NoPlaceError, match="too many rooms were opened"):
            await store.save(opened(now, "a flood")[0])
        await store.save(opened(now, "a school")[0])
        await store.save(opened(now)[0])

    give(lesson)


def test_answers_of_one_room_and_of_all_have_a_bound_in_bytes(give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    one = size_of(b"a", WRONG.written())
    for place in (memory, module):
        monkeypatch.setattr(place, "ANSWERS_OF_ROOM", 2 * one + 1)
        monkeypatch.setattr(place, "ANSWERS", 3 * one + 1)

    async def lesson(store: Store) -> None:
        first, second = (opened(time())[0].asks("h", time()) for _ in range(2))

        async def is_taken(room: Room, member: str, answer: Answer = WRONG) -> bool:
            try:
                await store.give(room, member, answer)
            except RoomError as error:
                assert "memory" in str(error)
                return False
            return True

        assert [await is_taken(first, member) for member in "abc"] == [True, True, False]
        assert [await is_taken(second, member) for member in "abc"] == [True, False, False]
        assert await is_taken(first, "a"), "what takes the place of an answer takes its bytes"
        assert not await is_taken(first, "a", Answer("3 × " * 50, WRONG.verdict))
        assert set(await store.answers(first)) == {"a", "b"}
        again = first.asks("c", time())
        assert [await is_taken(again, member) for member in "abc"] == [True, True, False], "the question before is over"
        assert [await is_taken(second.asks("c", time()), member) for member in "ab"] == [True, False]

    give(lesson)


def test_answers_have_another_mark_whenever_one_is_given(give: Give) -> None:
    async def lesson(store: Store) -> None:
        asked = opened(time())[0].asks("h", time())
        marks = [await store.mark(asked)]
        for member, answer in (("a", WRONG), ("b", WRONG), ("a", RIGHT)):
            await store.give(asked, member, answer)
            marks.append(await store.mark(asked))
        assert await store.mark(asked) == marks[-1]
        marks.append(await store.mark(asked.asks("c", time())))
        assert len(set(marks[1:])) == 4

    give(lesson)


def test_an_answer_to_an_earlier_question_takes_nothing_from_those_to_this_one(give: Give) -> None:
    async def lesson(store: Store) -> None:
        before = opened(time())[0].asks("h", now=1)
        after = before.asks("c", now=2)
        await store.give(after, "a", RIGHT)
        await store.give(before, "b", WRONG)

        assert await store.answers(after) == {"a": RIGHT}

    give(lesson)


def test_who_is_here_is_counted(give: Give) -> None:
    async def lesson(store: Store) -> None:
        assert await store.here("ABCDE", 3) == 3
        assert await store.here("ABCDE", 2) == 2
        assert await store.here("OTHER", 1) == 1

    give(lesson)


# several replicas, one Redis


def test_replicas_hear_of_one_another_and_count_together(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH", 1.0)

    async def lesson() -> None:
        one, other = Redis(redis.url), Redis(redis.url)
        room, _ = opened(time())
        await one.save(room)
        async with other.listen(room.code) as states:
            while True:  # until the other listens
                await one.save(room := room.shows("?num_units=7", time()))
                try:
                    assert (await asyncio.wait_for(anext(states), 0.1)).query == "?num_units=7"
                    break
                except TimeoutError:
                    continue
        assert await other.here(room.code, 4) == 4
        assert await one.here(room.code, 3) == 7
        await asyncio.sleep(1.1)  # the other says nothing any more
        assert await one.here(room.code, 3) == 3
        await one.close()
        await other.close()

    asyncio.run(lesson())


def test_a_redis_that_is_killed_and_comes_back_has_lost_nothing(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WITHIN", 20.0)  # it has to be there again meanwhile
    monkeypatch.setattr(module, "PATIENCE", client.asyncio.retry.Retry(client.backoff.ConstantBackoff(0.1), 100))

    async def lesson() -> None:
        store = Redis(own_redis.url)
        room, _ = opened(time())
        asked = room.asks("h", time())
        await store.save(asked)
        await store.give(asked, "a", RIGHT)
        async with store.listen(room.code) as states:
            while not store.is_listening:
                await asyncio.sleep(0.01)
            own_redis.stop()
            giving = asyncio.create_task(store.give(asked, "b", WRONG))
            await asyncio.sleep(0.5)
            assert not giving.done()
            own_redis.start()
            await asyncio.wait_for(giving, 5)
            assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}
            for n in range(50):  # until it listens again
                await store.save(shown := asked.shows("?num_units=7", time() + n))
                asked = shown
                try:
                    await asyncio.wait_for(anext(states), 0.1)
                    break
                except TimeoutError:
                    continue
            else:
                pytest.fail("nobody hears of a change any more")
        await store.close()

    asyncio.run(lesson())


def test_a_redis_that_stays_away_is_said_to_be_out_of_reach(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", client.asyncio.retry.Retry(client.backoff.NoBackoff(), 1))
    own_redis.stop()

    async def lesson() -> None:
        store = Redis(own_redis.url)
        for asked in (store.ping(), store.find("ABCDE", 0), store.save(opened(0)[0]), store.here("ABCDE", 1)):
            with pytest.raises(StoreError, match="out of reach"):
                await asked
        await store.close()

    asyncio.run(lesson())


def test_a_redis_that_says_nothing_is_out_of_reach_in_two_seconds_and_the_log_says_it_once(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def lesson() -> None:
        store = Redis(own_redis.url)
        room = opened(time())[0].asks("h", time())
        await store.save(room)
        own_redis.halt()
        asked: list[Callable[[], Awaitable[object]]] = [
            store.ping,
            lambda: store.find(room.code, 0),
            lambda: store.save(opened(0)[0]),
        ]
        asked += [lambda: store.give(room, "a", RIGHT), lambda: store.answers(room)] * (2 * module.TURNS)
        begun = monotonic()
        refused = await asyncio.gather(*(ask() for ask in asked), return_exceptions=True)
        assert {type(error) for error in refused} == {StoreError}
        assert monotonic() - begun < 3, "they wait side by side"
        own_redis.go_on()
        await store.ping()
        assert await store.find(room.code, time()) == room
        await store.close()

    asyncio.run(lesson())
    assert [record.message.split(":")[0] for record in caplog.records if "Redis" in record.message] == [
        "the rooms' Redis is out of reach",
        "the rooms' Redis is in reach again",
    ]


def test_a_redis_without_memory_refuses_rooms_and_answers_in_words_and_writes_nothing_by_halves(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, "--maxmemory", "3mb", "--appendonly", "no")

    async def lesson() -> None:
        store = Redis(server.url)
        rooms = [opened(time())[0].asks("h", time()) for _ in range(20)]
        for room in rooms:
            await store.save(room)
        counts = dict.fromkeys((room.code for room in rooms), 0)
        with pytest.raises((NoPlaceError, RoomError), match="memory"):
            for n in range(20_000):
                room = rooms[n % len(rooms)]
                await store.give(room, f"member {n}", Answer("×" * 200, WRONG.verdict))
                counts[room.code] += 1
        with pytest.raises(NoPlaceError, match="memory"):
            await store.save(opened(time())[0])
        assert {room.code: len(await store.answers(room)) for room in rooms} == counts
        with client.Redis.from_url(server.url, decode_responses=True) as connection:
            assert len(connection.keys("unrolled:room:*")) == connection.zcard("unrolled:rooms") == len(rooms)
        assert await store.here(rooms[0].code, 3) == 3, "nor does it forget who is in a room"
        await store.close()

    try:
        asyncio.run(lesson())
    finally:
        server.stop()
