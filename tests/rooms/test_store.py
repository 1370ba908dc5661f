"""Stores of rooms: the common behaviour of memory and a real Redis, and that of Redis with several replicas."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic, time
from typing import Protocol

import pytest
import redis as client

from app.rooms import redis_store as module
from app.rooms.limits import DEFAULT_LIMITS, UNUSED_LIFETIME, RoomLimits
from app.rooms.memory_store import Memory
from app.rooms.redis_store import Redis
from app.rooms.room import Answer, Room, RoomError, new_room, size_of
from app.rooms.store import NoPlaceError, Store, StoreError
from app.teaching.quiz import verdict
from scripts.redis_server import RedisServer

RIGHT, WRONG = Answer("3 × 5", verdict.RIGHT), Answer("3 × 4", verdict.wrong("few"))

Lesson = Callable[[Store], Awaitable[None]]


class RunLesson(Protocol):
    def __call__(self, lesson: Lesson, limits: RoomLimits = ...) -> None:
        """Run a lesson."""


@pytest.fixture(params=["memory", "redis"])
def run(request: pytest.FixtureRequest) -> RunLesson:
    """Runs a lesson with a new store."""

    def run_lesson(lesson: Lesson, limits: RoomLimits = DEFAULT_LIMITS) -> None:
        if request.param == "redis":
            url = request.getfixturevalue("redis").url
            with client.Redis.from_url(url) as connection:
                connection.flushall()
        store: Store = Memory(limits) if request.param == "memory" else Redis(url, limits)

        async def with_store() -> None:
            await lesson(store)
            await store.close()

        asyncio.run(with_store())

    return run_lesson


async def newest(states: AsyncIterator[Room]) -> int:
    return (await asyncio.wait_for(anext(states), 5)).number


async def wait_for(states: AsyncIterator[Room], number: int) -> None:
    while await newest(states) != number:
        pass


def test_a_room_is_found_until_it_expires_or_is_closed(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        now = time()
        room, _ = new_room(now)
        await store.ping()

        assert await store.save(room)
        assert await store.find(room.code, now + 1) == room
        assert await store.find(room.code, now + UNUSED_LIFETIME + 1) is None
        assert await store.find("OTHER", now + 1) is None
        asked = room.shows("?num_units=7", now).asks("h", now).reveals("3 × 7", now)
        assert await store.save(asked)
        assert await store.find(room.code, now + 1) == asked
        await store.save(asked.closes(now + 1))
        assert await store.find(room.code, now + 1) is None
        short = new_room(now, life=900)[0].led(now)
        await store.save(short)
        assert await store.find(short.code, now + 899) == short
        assert await store.find(short.code, now + 901) is None

    run(lesson)


def test_listeners_get_every_change_and_slow_ones_only_the_newest(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        room, _ = new_room(time())
        await store.save(room)
        async with store.listen(room.code) as quick, store.listen(room.code) as slow, store.listen("OTHER") as other:
            for _ in range(50):  # until Redis listens
                await store.save(room := room.shows("?num_units=6", time()))
                await asyncio.sleep(0.01)
            await wait_for(quick, room.number)
            for n in range(2, 20):
                await store.save(room := room.shows(f"?num_units={n}", time()))
                await wait_for(quick, room.number)
            assert await newest(slow) == room.number
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(other), 0.05)
        await store.save(room.shows("?num_units=50", time()))  # without listeners

    run(lesson)


def test_an_older_state_never_replaces_a_newer_one(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        room, _ = new_room(time())
        older = room.shows("?num_units=7", time())
        newer = older.shows("?num_units=8", time())
        assert await store.save(newer)
        assert not await store.save(older)
        assert not await store.save(newer)
        assert await store.find(room.code, time()) == newer

    run(lesson)


def test_answers_belong_to_a_question_and_a_member_may_replace_theirs(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        room, _ = new_room(time())
        asked = room.asks("h", now=1)
        for member, answer in (("a", WRONG), ("b", WRONG), ("a", RIGHT)):
            await store.add_answer(asked, member, answer)

        assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.reveals("3 × 5", now=2)) == {"a": RIGHT, "b": WRONG}
        assert await store.answers(asked.asks("c", now=3)) == {}
        await store.add_answer(room, "a", RIGHT)  # nothing is asked
        assert await store.answers(room) == {}

    run(lesson)


def test_too_many_answers_are_refused_but_may_be_replaced(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        asked = new_room(time())[0].asks("h", now=1)
        await store.add_answer(asked, "a", WRONG)
        await store.add_answer(asked, "b", WRONG)
        with pytest.raises(RoomError, match="answers have been counted"):
            await store.add_answer(asked, "c", WRONG)
        await store.add_answer(asked, "a", RIGHT)
        assert await store.answers(asked) == {"a": RIGHT, "b": WRONG}

    run(lesson, RoomLimits(members=2))


def test_a_new_room_replaces_an_unused_one_but_none_in_use(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        now = time()
        led, unused, closed = (new_room(now)[0] for _ in range(3))
        led, closed = led.led(now), closed.led(now)
        for room in (led, unused, closed, closed.closes(now - 1)):
            await store.save(room)

        async def there() -> list[bool]:
            return [await store.find(room.code, now) is not None for room in (led, unused)]

        await store.save(new_room(now)[0].led(now))  # replaces the closed room
        assert await there() == [True, True]
        await store.save(new_room(now)[0].led(now))
        assert await there() == [True, False]
        with pytest.raises(NoPlaceError, match="All rooms are in use"):
            await store.save(new_room(now)[0])
        assert await there() == [True, False]
        assert await store.save(led.shows("?seed=1", now)), "a room in use can be changed"

    run(lesson, RoomLimits(rooms=3))


def test_the_rooms_of_one_client_do_not_replace_those_of_others(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        now = time()
        others = new_room(now, "a school")[0]
        rooms = [new_room(now - 9 + n, "a flood")[0] for n in range(5)]
        for room in (others, *rooms):
            await store.save(room)

        found = [await store.find(room.code, now) is not None for room in (others, *rooms)]
        assert found == [True, False, False, True, True, True], "it replaced its own oldest rooms"
        for room in rooms[2:]:
            await store.save(room.led(now))
        with pytest.raises(NoPlaceError, match="Too many rooms are open"):
            await store.save(new_room(now, "a flood")[0])
        await store.save(new_room(now, "a school")[0])
        await store.save(new_room(now)[0])

    run(lesson, RoomLimits(rooms_per_owner=3))


def test_the_bytes_of_answers_are_limited_per_room_and_in_total(run: RunLesson) -> None:
    one = size_of(b"a", WRONG.serialize())

    async def lesson(store: Store) -> None:
        first, second = (new_room(time())[0].asks("h", time()) for _ in range(2))

        async def is_accepted(room: Room, member: str, answer: Answer = WRONG) -> bool:
            try:
                await store.add_answer(room, member, answer)
            except RoomError as error:
                assert "memory" in str(error)
                return False
            return True

        assert [await is_accepted(first, member) for member in "abc"] == [True, True, False]
        assert [await is_accepted(second, member) for member in "abc"] == [True, False, False]
        assert await is_accepted(first, "a"), "a replaced answer frees its bytes"
        assert not await is_accepted(first, "a", Answer("3 × " * 50, WRONG.verdict))
        assert set(await store.answers(first)) == {"a", "b"}
        again = first.asks("c", time())
        assert [await is_accepted(again, member) for member in "abc"] == [True, True, False], (
            "the previous question is closed"
        )
        assert [await is_accepted(second.asks("c", time()), member) for member in "ab"] == [True, False]

    run(lesson, RoomLimits(answer_bytes=3 * one + 1, answer_bytes_per_room=2 * one + 1))


def test_the_version_of_answers_changes_with_every_answer(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        asked = new_room(time())[0].asks("h", time())
        versions = [await store.answers_version(asked)]
        for member, answer in (("a", WRONG), ("b", WRONG), ("a", RIGHT)):
            await store.add_answer(asked, member, answer)
            versions.append(await store.answers_version(asked))
        assert await store.answers_version(asked) == versions[-1]
        versions.append(await store.answers_version(asked.asks("c", time())))
        assert len(set(versions[1:])) == 4

    run(lesson)


def test_an_answer_to_an_earlier_question_does_not_affect_the_current_ones(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        before = new_room(time())[0].asks("h", now=1)
        after = before.asks("c", now=2)
        await store.add_answer(after, "a", RIGHT)
        await store.add_answer(before, "b", WRONG)

        assert await store.answers(after) == {"a": RIGHT}

    run(lesson)


def test_members_are_counted(run: RunLesson) -> None:
    async def lesson(store: Store) -> None:
        most = store.limits.members
        assert await store.report_members("ABCDE", {"a", "b", "é"}) == 3
        assert await store.report_members("ABCDE", {"a", "c"}) == 2
        assert await store.report_members("OTHER", {"a"}) == 1
        assert await store.report_members("OTHER", {f"member {n}" for n in range(most)}) == most
        assert await store.report_members("OTHER", set()) == 0

    run(lesson)


# several replicas, one Redis


def test_replicas_share_changes_and_count_members_together(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPORT_LIFETIME", 1.0)

    async def lesson() -> None:
        one, other = Redis(redis.url), Redis(redis.url)
        room, _ = new_room(time())
        await one.save(room)
        async with other.listen(room.code) as states:
            while True:  # until the other listens
                await one.save(room := room.shows("?num_units=7", time()))
                try:
                    assert (await asyncio.wait_for(anext(states), 0.1)).query == "?num_units=7"
                    break
                except TimeoutError:
                    continue
        assert await other.report_members(room.code, {"a", "b", "c", "d"}) == 4
        assert await one.report_members(room.code, {"d", "e", "f"}) == 6, "d has come over, and counts once"
        await asyncio.sleep(1.1)  # the other stops reporting
        assert await one.report_members(room.code, {"d", "e", "f"}) == 3
        await one.close()
        await other.close()

    asyncio.run(lesson())


def test_a_redis_that_is_killed_and_restarted_has_lost_nothing(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 20.0)  # long enough for the restart
    monkeypatch.setattr(module, "RETRY", client.asyncio.retry.Retry(client.backoff.ConstantBackoff(0.1), 100))

    async def lesson() -> None:
        store = Redis(own_redis.url)
        room, _ = new_room(time())
        asked = room.asks("h", time())
        await store.save(asked)
        await store.add_answer(asked, "a", RIGHT)
        async with store.listen(room.code) as states:
            while not store.is_listening:
                await asyncio.sleep(0.01)
            own_redis.stop()
            adding = asyncio.create_task(store.add_answer(asked, "b", WRONG))
            await asyncio.sleep(0.5)
            assert not adding.done()
            own_redis.start()
            await asyncio.wait_for(adding, 5)
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
                pytest.fail("changes no longer arrive")
        await store.close()

    asyncio.run(lesson())


def test_a_stopped_redis_is_reported_as_unavailable(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY", client.asyncio.retry.Retry(client.backoff.NoBackoff(), 1))
    own_redis.stop()

    async def lesson() -> None:
        store = Redis(own_redis.url)
        for call in (
            store.ping(),
            store.find("ABCDE", 0),
            store.save(new_room(0)[0]),
            store.report_members("ABCDE", {"a"}),
        ):
            with pytest.raises(StoreError, match="unavailable"):
                await call
        await store.close()

    asyncio.run(lesson())


def test_an_unresponsive_redis_is_reported_in_two_seconds_and_logged_once(
    own_redis: RedisServer, logged: list[str]
) -> None:
    async def lesson() -> None:
        store = Redis(own_redis.url)
        room = new_room(time())[0].asks("h", time())
        await store.save(room)
        own_redis.pause()
        calls: list[Callable[[], Awaitable[object]]] = [
            store.ping,
            lambda: store.find(room.code, 0),
            lambda: store.save(new_room(0)[0]),
        ]
        calls += [lambda: store.add_answer(room, "a", RIGHT), lambda: store.answers(room)] * (2 * module.MAX_COMMANDS)
        start = monotonic()
        errors = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
        assert {type(error) for error in errors} == {StoreError}
        assert monotonic() - start < 3, "they time out concurrently"
        own_redis.resume()
        await store.ping()
        assert await store.find(room.code, time()) == room
        await store.close()

    asyncio.run(lesson())
    assert [message.split(":")[0] for message in logged if "Redis" in message] == [
        "the rooms' Redis is unavailable",
        "the rooms' Redis is available again",
    ]


def test_a_redis_without_memory_refuses_rooms_and_answers_and_stays_consistent(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, "--maxmemory", "3mb", "--appendonly", "no")

    async def lesson() -> None:
        store = Redis(server.url)
        rooms = [new_room(time())[0].asks("h", time()) for _ in range(20)]
        for room in rooms:
            await store.save(room)
        counts = dict.fromkeys((room.code for room in rooms), 0)
        with pytest.raises((NoPlaceError, RoomError), match="memory"):
            for n in range(20_000):
                room = rooms[n % len(rooms)]
                await store.add_answer(room, f"member {n}", Answer("×" * 200, WRONG.verdict))
                counts[room.code] += 1
        with pytest.raises(NoPlaceError, match="memory"):
            await store.save(new_room(time())[0])
        assert {room.code: len(await store.answers(room)) for room in rooms} == counts
        with client.Redis.from_url(server.url, decode_responses=True) as connection:
            assert len(connection.keys("unrolled:room:*")) == connection.zcard("unrolled:rooms") == len(rooms)
        assert await store.report_members(rooms[0].code, {"a", "b", "c"}) == 3, "members are still counted"
        await store.close()

    try:
        asyncio.run(lesson())
    finally:
        server.stop()
