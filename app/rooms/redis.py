"""Rooms in Redis (or Valkey): for several replicas, each of which may be lost.

What is kept can always be read again: a change is published as well, but who misses that sees it at the next look.
"""

from asyncio import Task, create_task, sleep
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from logging import getLogger
from secrets import token_hex
from typing import Any

import orjson
from redis.asyncio import Redis as Connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from app.rooms.mailbox import Listeners
from app.rooms.room import LIFE, MEMBERS, ROOMS, Answer, Answers, Asked, Room, too_many_answers
from app.rooms.store import StoreError

LOG = getLogger("uvicorn.error")

PREFIX = "unrolled:"
PATIENCE = Retry(ExponentialBackoff(cap=1, base=0.05), 20)
"""A Redis that starts anew is waited for: about 17 seconds, more where it does not even refuse."""

FRESH = 5.0
"""Seconds after which a replica that said nothing of its members is taken for lost."""

# One script is one step, whatever other replicas do meanwhile.
KEEP = """
local known = redis.call('GET', KEYS[1])
if known and cjson.decode(known).number >= tonumber(ARGV[2]) then return 0 end
if not known and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then
  local first = redis.call('ZPOPMIN', KEYS[2])[1]
  redis.call('DEL', first, (first:gsub(':room:', ':answers:')))
end
redis.call('ZADD', KEYS[2], ARGV[4], KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
"""
GIVE = """
local asked = tonumber(redis.call('HGET', KEYS[1], '') or -1)
if asked > tonumber(ARGV[5]) then return 1 end
if asked < tonumber(ARGV[5]) then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], '', ARGV[5])
end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
HERE = """
local seconds, micros = unpack(redis.call('TIME'))
local now = seconds + micros / 1e6
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({tonumber(ARGV[2]), now}))
redis.call('EXPIRE', KEYS[1], 60)
local members = 0
for _, said in ipairs(redis.call('HVALS', KEYS[1])) do
  local n, at = unpack(cjson.decode(said))
  if now - at < tonumber(ARGV[3]) then members = members + n end
end
return members
"""


class Redis:
    """See ``Store``. ``url`` as Redis' own programs take it: ``redis://host:6379/0``, ``rediss://`` with TLS."""

    def __init__(self, url: str) -> None:
        self._redis = Connection.from_url(
            url,
            retry=PATIENCE,
            health_check_interval=5,
            socket_timeout=5,
            socket_connect_timeout=2,
            decode_responses=True,
        )
        self._name = token_hex(8)
        self._listeners = Listeners()
        self._hearing: Task[None] | None = None
        self.is_listening = False

    async def keep(self, room: Room) -> bool:
        with _reached():
            about = _written(room), room.number, int(room.life), room.ends, ROOMS
            return bool(await self._redis.eval(KEEP, 2, _room(room.code), PREFIX + "rooms", *about))

    async def find(self, code: str, now: float) -> Room | None:
        with _reached():
            text = await self._redis.get(_room(code))
        room = _read(text) if text else None
        return None if room is None or room.is_over(now) else room

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked:
            return
        with _reached():
            about = member, orjson.dumps(answer), int(LIFE), MEMBERS, room.asked.number
            given = await self._redis.eval(GIVE, 1, _answers(room), *about)
        if not given:
            raise too_many_answers()

    async def answers(self, room: Room) -> Answers:
        if not room.asked:
            return {}
        with _reached():
            given = await self._redis.hgetall(_answers(room))
        if given.pop("", "") != str(room.asked.number):
            return {}
        return {str(member): Answer(**orjson.loads(answer)) for member, answer in given.items()}

    async def here(self, code: str, members: int) -> int:
        """By replica, how many, and when it said so by Redis' clock."""
        with _reached():
            return int(await self._redis.eval(HERE, 1, f"{PREFIX}here:{code}", self._name, members, FRESH))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        if self._hearing is None:
            self._hearing = create_task(self._hear())
        with self._listeners.to(code) as mailbox:
            yield mailbox

    async def _hear(self) -> None:
        """One subscription for all rooms, begun again whenever it ends."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.psubscribe(_room("*"))
                    async for message in channel.listen():
                        self.is_listening = True
                        if message["type"] == "pmessage":
                            self._listeners.tell(_read(message["data"]))
            except RedisError:
                pass  # it is tried again
            except Exception:
                LOG.exception("what the rooms' Redis said was not understood")
            self.is_listening = False
            await sleep(1)

    async def ping(self) -> None:
        with _reached():
            await self._redis.ping()

    async def close(self) -> None:
        if self._hearing:
            self._hearing.cancel()
        await self._redis.aclose()


def _room(code: str) -> str:
    """The key of a room, and the channel of its changes."""
    return f"{PREFIX}room:{code}"


def _answers(room: Room) -> str:
    """The key of what is answered to the newest question that anybody answered; its number is that of nobody."""
    return f"{PREFIX}answers:{room.code}"


def _written(room: Room) -> str:
    return orjson.dumps(room).decode()


def _read(text: str | bytes) -> Room:
    fields: dict[str, Any] = orjson.loads(text)
    asked = fields.pop("asked")
    return Room(**fields, asked=asked and Asked(**asked))


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise StoreError(f"the rooms' Redis is out of reach: {error}") from error
