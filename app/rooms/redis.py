"""Rooms in Redis (or Valkey), for several replicas, each of which may fail.

A room is stored under the names of its fields, so a new name would make stored rooms unreadable. A change is also
published; a replica that misses the message reads the change at its next poll.
"""

from asyncio import Semaphore, Task, create_task, sleep, wait
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from logging import getLogger
from secrets import token_hex
from typing import Any, TypeVar

import orjson
from redis.asyncio import Redis as Connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import OutOfMemoryError, RedisError

from .mailbox import Listeners
from .room import (
    ANSWER,
    ANSWERS,
    ANSWERS_OF_ROOM,
    LIFE,
    MEMBERS,
    OWNED,
    ROOMS,
    UNUSED_LIFE,
    Answer,
    Answers,
    Question,
    Room,
    too_long_answers,
    too_many_answers,
)
from .store import StoreError, no_memory, too_many_of_one, too_many_rooms

LOG = getLogger("uvicorn.error")

Reply = TypeVar("Reply")

PREFIX = "unrolled:"
PATIENCE = Retry(ExponentialBackoff(cap=0.3, base=0.05), 8)
"""Commands are tried again for two seconds, while Redis restarts."""

WITHIN = 1.5
"""Seconds after which a command fails with StoreError."""

TURNS = 32
"""The most commands at once, each on its own connection."""

FREE = 0.1
"""The part of its memory that has to be free for a new room. The rest is for rooms in use."""

FRESH = 5.0
"""Seconds after which a replica that has not reported its members counts as lost."""

OLDER, SAVED, OWNER_HAS_ALL, FULL, NO_MEMORY = 0, 1, 2, 3, 4
"""The results of SAVE."""

GIVEN, TOO_MANY, TOO_LONG = 0, 1, 2
"""The results of GIVE."""

# A script is atomic. Redis refuses to run it where no memory is left, because it begins with "#!lua". KEYS[2] has the
# bytes of the answers in each room, and in all of them by the name "", KEYS[3] when they expire.
DROP = """#!lua
local sizes, ends = KEYS[2], KEYS[3]
local function drop(answers)
  local size = redis.call('HGET', sizes, answers)
  if size then redis.call('HINCRBY', sizes, '', '-' .. size) end
  redis.call('HDEL', sizes, answers)
  redis.call('ZREM', ends, answers)
  redis.call('DEL', answers)
end
local seconds, micros = unpack(redis.call('TIME'))
local now = seconds + micros / 1e6
for _, answers in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now)) do drop(answers) end
"""
# KEYS[4] has the rooms, each with its owner, by the time at which they expire.
SAVE = f"""{DROP}
local text, number, life, room_ends, owner, owned, rooms, unused, free = unpack(ARGV)
local known = redis.call('GET', KEYS[1])
if known and cjson.decode(known).number >= tonumber(number) then return {OLDER} end
local function forget(name)
  local room = name:match('^%S+')
  redis.call('ZREM', KEYS[4], name)
  redis.call('DEL', room)
  drop((room:gsub(':room:', ':given:')))
end
if not known then
  local memory = redis.call('INFO', 'memory')
  local used, most = tonumber(memory:match('used_memory:(%d+)')), tonumber(memory:match('maxmemory:(%d+)'))
  if most > 0 and used > most * (1 - tonumber(free)) then return {NO_MEMORY} end
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. now)) do forget(name) end
  local all, own, soon = redis.call('ZRANGE', KEYS[4], 0, -1, 'WITHSCORES'), 0, now + tonumber(unused)
  local first
  for n = 1, #all, 2 do
    if owner ~= '' and all[n]:match(' (.*)$') == owner then
      own = own + 1
      first = first or n
    end
  end
  local count, refusal = #all / 2, {OWNER_HAS_ALL}
  if own < tonumber(owned) then
    first, refusal = 1, {FULL}
  end
  if own >= tonumber(owned) or count >= tonumber(rooms) then
    if tonumber(all[first + 1]) > soon then return refusal end
    forget(all[first])
  end
end
redis.call('ZADD', KEYS[4], room_ends, KEYS[1] .. ' ' .. owner)
redis.call('SET', KEYS[1], text, 'EX', life)
redis.call('PUBLISH', KEYS[1], text)
return {SAVED}
"""
GIVE = f"""{DROP}
local member, answer = ARGV[1], ARGV[2]
local asked, life, members, answer_size, room_most, all_most = unpack(ARGV, 3)
local mark = redis.call('HGET', KEYS[1], '') or '-1:0:0'
local number, changes, size = mark:match('^(.-):(.-):(.-)$')
if tonumber(number) > tonumber(asked) then return {GIVEN} end
if tonumber(number) < tonumber(asked) then
  drop(KEYS[1])
  changes, size = 0, 0
end
local before = redis.call('HGET', KEYS[1], member)
if not before and redis.call('HLEN', KEYS[1]) > tonumber(members) then return {TOO_MANY} end
local more = #answer - (before and #before or - #member - tonumber(answer_size))
local all = tonumber(redis.call('HGET', sizes, '') or 0)
if size + more > tonumber(room_most) or all + more > tonumber(all_most) then return {TOO_LONG} end
redis.call('HSET', KEYS[1], '', asked .. ':' .. changes + 1 .. ':' .. size + more, member, answer)
redis.call('EXPIRE', KEYS[1], life)
redis.call('HINCRBY', sizes, '', more)
redis.call('HINCRBY', sizes, KEYS[1], more)
redis.call('ZADD', ends, now + tonumber(life), KEYS[1])
return {GIVEN}
"""
HERE = """#!lua flags=allow-oom
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
            socket_timeout=1,
            socket_connect_timeout=1,
            decode_responses=True,
        )
        self._save, self._give, self._here = (self._redis.register_script(script) for script in (SAVE, GIVE, HERE))
        self._name = token_hex(8)
        self._listeners = Listeners()
        self._hearing: Task[None] | None = None
        self._turns = Semaphore(TURNS)
        self._is_away = False
        self.is_listening = False

    async def save(self, room: Room) -> bool:
        keys = [_room(room.code), *BYTES, PREFIX + "rooms"]
        about = _written(room), room.number, int(room.stored_for), room.ends, room.owner
        result = await self._ask(lambda: self._save(keys, [*about, OWNED, ROOMS, int(UNUSED_LIFE), FREE]))
        if refusal := {OWNER_HAS_ALL: too_many_of_one, FULL: too_many_rooms, NO_MEMORY: no_memory}.get(result):
            raise refusal()
        return bool(result == SAVED)

    async def find(self, code: str, now: float) -> Room | None:
        text = await self._ask(lambda: self._redis.get(_room(code)))
        room = _read(text) if text else None
        return None if room is None or room.is_over(now) else room

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked:
            return
        about = member, answer.written(), room.asked.number, int(room.life), MEMBERS, ANSWER, ANSWERS_OF_ROOM, ANSWERS
        result = await self._ask(lambda: self._give([_given(room), *BYTES], about))
        if refusal := {TOO_MANY: too_many_answers, TOO_LONG: too_long_answers}.get(result):
            raise refusal()

    async def mark(self, room: Room) -> str:
        mark = str(await self._ask(lambda: self._redis.hget(_given(room), "")) or "")
        return mark if _is_of(mark, room) else ""

    async def answers(self, room: Room) -> Answers:
        replies = await self._ask(lambda: self._redis.hgetall(_given(room)))
        given = {str(name): str(text) for name, text in replies.items()}
        if not _is_of(given.pop("", ""), room):
            return {}
        return {member: Answer.read(answer) for member, answer in given.items()}

    async def here(self, code: str, members: int) -> int:
        """By replica, its number of members, and when it reported it by the clock of Redis."""
        return int(await self._ask(lambda: self._here([f"{PREFIX}here:{code}"], [self._name, members, FRESH])))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        if self._hearing is None:
            self._hearing = create_task(self._hear())
        with self._listeners.to(code) as mailbox:
            yield mailbox

    async def _hear(self) -> None:
        """One subscription for all rooms, which is renewed whenever it ends."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.psubscribe(_room("*"))
                    async for message in channel.listen():
                        self.is_listening = True
                        if message["type"] == "pmessage":
                            self._listeners.tell(_read(message["data"]))
            except RedisError:
                pass  # the next round tries again
            except Exception:
                LOG.exception("what the rooms' Redis said was not understood")
            self.is_listening = False
            await sleep(1)

    async def ping(self) -> None:
        await self._ask(self._redis.ping)

    async def close(self) -> None:
        if self._hearing:
            self._hearing.cancel()
        await self._redis.aclose()

    async def _ask(self, command: Callable[[], Awaitable[Reply]]) -> Reply:
        """The reply to a command within WITHIN. Raises StoreError. The log has one line when Redis is out of reach, and
        one when it is back. Redis' client may take a cancellation for an error and try again, so it is not awaited."""

        async def in_turn() -> Reply:
            async with self._turns:
                return await command()

        task = create_task(in_turn())
        task.add_done_callback(lambda task: task.cancelled() or task.exception())  # or else asyncio warns
        try:
            if not (await wait({task}, timeout=WITHIN))[0]:
                raise TimeoutError(f"no reply within {WITHIN} s")
            reply = task.result()
        except OutOfMemoryError as error:
            raise no_memory() from error
        except (RedisError, TimeoutError) as error:
            self._note(is_away=True, why=f": {error}")
            raise StoreError from error
        finally:
            task.cancel()
        self._note(is_away=False)
        return reply

    def _note(self, is_away: bool, why: str = "") -> None:
        if is_away != self._is_away:
            self._is_away = is_away
            LOG.warning("the rooms' Redis is %s%s", "out of reach" if is_away else "in reach again", why)


def _room(code: str) -> str:
    """The key of a room, and the channel of its changes."""
    return f"{PREFIX}room:{code}"


BYTES = (PREFIX + "given sizes", PREFIX + "given ends")
"""The keys of the sizes of answers, and of when they expire."""


def _given(room: Room) -> str:
    """The key of the answers to the newest question with an answer. Its field "" has the number of the question, how
    many answers came, and the bytes of all."""
    return f"{PREFIX}given:{room.code}"


def _is_of(mark: str, room: Room) -> bool:
    """Whether answers are to the present question."""
    return room.asked is not None and mark.startswith(f"{room.asked.number}:")


def _written(room: Room) -> str:
    """The fields of a room. Without its ``life`` where that is the usual one, so that replicas of an older version can
    read the room while a new one is rolled out."""
    return orjson.dumps({name: value for name, value in vars(room).items() if (name, value) != ("life", LIFE)}).decode()


def _read(text: str | bytes) -> Room:
    fields: dict[str, Any] = orjson.loads(text)
    asked = fields.pop("asked")
    return Room(**fields, asked=asked and Question(**asked))
