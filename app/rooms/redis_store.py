"""Stores rooms in Redis (or Valkey), for several replicas of the app, any of which may fail.

A room is stored as JSON with the names of its fields, so renaming a field makes stored rooms unreadable. Every change
is also published. A replica that misses the message reads the change at its next poll.
"""

from asyncio import Semaphore, Task, create_task, sleep, wait
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from functools import lru_cache
from hashlib import sha256
from logging import getLogger
from secrets import token_hex
from typing import Any, TypeVar

import orjson
from redis.asyncio import Redis as Connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import OutOfMemoryError, RedisError

from .limits import (
    ANSWER_OVERHEAD,
    DEFAULT_LIMITS,
    LIFETIME,
    UNUSED_LIFETIME,
    RoomLimits,
)
from .mailbox import Listeners
from .room import Answer, Answers, Question, Room, answers_too_large, too_many_answers
from .store import StoreError, no_memory, too_many_rooms, too_many_rooms_of_owner

LOG = getLogger("uvicorn.error")

Reply = TypeVar("Reply")

PREFIX = "unrolled:"
RETRY = Retry(ExponentialBackoff(cap=0.3, base=0.05), 8)
"""Commands are retried for two seconds, in case Redis restarts."""

TIMEOUT = 1.5
"""Seconds after which a command fails with StoreError."""

SHORT_TIMEOUT = 0.3
"""Seconds for a new room while Redis is known to be unavailable, so that the teacher learns it at once."""

MAX_COMMANDS = 32
"""Commands at the same time, each on its own connection."""

MIN_FREE_MEMORY = 0.1
"""The fraction of its memory that must be free for a new room: it is reserved for the rooms in use."""

DIGEST_LENGTH = 12
"""Hexadecimal digits of the digest of a member's name. The probability that two of 1,000 members have the same digest
is 1 in 500 million."""

REPORT_LIFETIME = 5.0
"""Seconds after which a replica that has not reported its members is regarded as lost."""

OLDER, SAVED, OWNER_HAS_ALL, FULL, NO_MEMORY = 0, 1, 2, 3, 4
"""The results of SAVE."""

ADDED, TOO_MANY, TOO_LARGE = 0, 1, 2
"""The results of ADD_ANSWER."""

# A script is atomic. Because it begins with "#!lua", Redis does not run it when no memory is left. KEYS[2] is a hash
# with the bytes of the answers in each room, and the total under the name ""; KEYS[3] is a sorted set of them by expiry
# time.
DROP_ANSWERS = """#!lua
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
# KEYS[4] is a sorted set of the rooms, each with its owner, by expiry time.
SAVE = f"""{DROP_ANSWERS}
local text, number, lifetime, expires, owner, max_owned, max_rooms, unused_lifetime, min_free = unpack(ARGV)
local known = redis.call('GET', KEYS[1])
if known and cjson.decode(known).number >= tonumber(number) then return {OLDER} end
local function delete(name)
  local room = name:match('^%S+')
  redis.call('ZREM', KEYS[4], name)
  redis.call('DEL', room)
  drop((room:gsub(':room:', ':given:')))
end
if not known then
  local memory = redis.call('INFO', 'memory')
  local used, limit = tonumber(memory:match('used_memory:(%d+)')), tonumber(memory:match('maxmemory:(%d+)'))
  if limit > 0 and used > limit * (1 - tonumber(min_free)) then return {NO_MEMORY} end
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. now)) do delete(name) end
  local all, own, soon = redis.call('ZRANGE', KEYS[4], 0, -1, 'WITHSCORES'), 0, now + tonumber(unused_lifetime)
  local first
  for n = 1, #all, 2 do
    if owner ~= '' and all[n]:match(' (.*)$') == owner then
      own = own + 1
      first = first or n
    end
  end
  local count, refusal = #all / 2, {OWNER_HAS_ALL}
  if own < tonumber(max_owned) then
    first, refusal = 1, {FULL}
  end
  if own >= tonumber(max_owned) or count >= tonumber(max_rooms) then
    if tonumber(all[first + 1]) > soon then return refusal end
    delete(all[first])
  end
end
redis.call('ZADD', KEYS[4], expires, KEYS[1] .. ' ' .. owner)
redis.call('SET', KEYS[1], text, 'EX', lifetime)
redis.call('PUBLISH', KEYS[1], text)
return {SAVED}
"""
ADD_ANSWER = f"""{DROP_ANSWERS}
local member, answer = ARGV[1], ARGV[2]
local asked, lifetime, max_members, overhead, max_room_bytes, max_bytes = unpack(ARGV, 3)
local version = redis.call('HGET', KEYS[1], '') or '-1:0:0'
local number, changes, size = version:match('^(.-):(.-):(.-)$')
if tonumber(number) > tonumber(asked) then return {ADDED} end
if tonumber(number) < tonumber(asked) then
  drop(KEYS[1])
  changes, size = 0, 0
end
local previous = redis.call('HGET', KEYS[1], member)
if not previous and redis.call('HLEN', KEYS[1]) > tonumber(max_members) then return {TOO_MANY} end
local added = #answer - (previous and #previous or - #member - tonumber(overhead))
local all = tonumber(redis.call('HGET', sizes, '') or 0)
if size + added > tonumber(max_room_bytes) or all + added > tonumber(max_bytes) then return {TOO_LARGE} end
redis.call('HSET', KEYS[1], '', asked .. ':' .. changes + 1 .. ':' .. size + added, member, answer)
redis.call('EXPIRE', KEYS[1], lifetime)
redis.call('HINCRBY', sizes, '', added)
redis.call('HINCRBY', sizes, KEYS[1], added)
redis.call('ZADD', ends, now + tonumber(lifetime), KEYS[1])
return {ADDED}
"""
# KEYS[1] is a hash with the report of each replica: its time, and the digests of its members without separators.
REPORT_MEMBERS = f"""#!lua flags=allow-oom
local replica, digests, lifetime = unpack(ARGV)
local seconds, micros = unpack(redis.call('TIME'))
local now = seconds + micros / 1e6
redis.call('HSET', KEYS[1], replica, now .. ' ' .. digests)
redis.call('EXPIRE', KEYS[1], 60)
local found, members = {{}}, 0
for _, report in ipairs(redis.call('HVALS', KEYS[1])) do
  local at, digests = report:match('^(%S+) (%x*)$')
  if now - at < tonumber(lifetime) then
    for digest in digests:gmatch('{"%x" * DIGEST_LENGTH}') do
      if not found[digest] then found[digest], members = true, members + 1 end
    end
  end
end
return members
"""


class Redis:
    """Stores rooms in Redis, see ``Store``. ``url`` is that of a Redis, such as ``redis://host:6379/0``, or
    ``rediss://`` for TLS."""

    def __init__(self, url: str, limits: RoomLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._redis = Connection.from_url(
            url,
            retry=RETRY,
            health_check_interval=5,
            socket_timeout=1,
            socket_connect_timeout=1,
            decode_responses=True,
        )
        scripts = SAVE, ADD_ANSWER, REPORT_MEMBERS
        self._save, self._add_answer, self._report_members = map(self._redis.register_script, scripts)
        self._name = token_hex(8)
        self._listeners = Listeners()
        self._subscription: Task[None] | None = None
        self._slots = Semaphore(MAX_COMMANDS)
        self._is_unavailable = False
        self.is_listening = False

    async def save(self, room: Room) -> bool:
        keys = [_room_key(room.code), *SIZE_KEYS, PREFIX + "rooms"]
        fields = _serialize(room), room.number, int(room.stored_for), room.expires, room.owner
        limits = self.limits.rooms_per_owner, self.limits.rooms, int(UNUSED_LIFETIME), MIN_FREE_MEMORY
        timeout = SHORT_TIMEOUT if self._is_unavailable and not room.number else TIMEOUT
        result = await self._execute(lambda: self._save(keys, [*fields, *limits]), timeout)
        if error := {OWNER_HAS_ALL: too_many_rooms_of_owner, FULL: too_many_rooms, NO_MEMORY: no_memory}.get(result):
            raise error()
        return bool(result == SAVED)

    async def find(self, code: str, now: float) -> Room | None:
        text = await self._execute(lambda: self._redis.get(_room_key(code)))
        room = _deserialize(text) if text else None
        return None if room is None or room.is_over(now) else room

    async def add_answer(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked:
            return
        fields = member, answer.serialize(), room.asked.number, int(room.life)
        most = self.limits
        limits = most.members, ANSWER_OVERHEAD, most.answer_bytes_per_room, most.answer_bytes
        result = await self._execute(lambda: self._add_answer([_answers_key(room), *SIZE_KEYS], [*fields, *limits]))
        if result == TOO_MANY:
            raise too_many_answers(most)
        if result == TOO_LARGE:
            raise answers_too_large()

    async def answers_version(self, room: Room) -> str:
        version = str(await self._execute(lambda: self._redis.hget(_answers_key(room), "")) or "")
        return version if _is_of(version, room) else ""

    async def answers(self, room: Room) -> Answers:
        replies = await self._execute(lambda: self._redis.hgetall(_answers_key(room)))
        fields = {str(name): str(text) for name, text in replies.items()}
        if not _is_of(fields.pop("", ""), room):
            return {}
        return {member: Answer.deserialize(answer) for member, answer in fields.items()}

    async def answer_of(self, room: Room, member: str) -> Answer | None:
        names = ["", member]
        version, answer = await self._execute(lambda: self._redis.hmget(_answers_key(room), names))
        return Answer.deserialize(answer) if answer and _is_of(str(version), room) else None

    async def report_members(self, code: str, members: Collection[str]) -> int:
        """Redis stores a digest of each member of each replica, with the time of the report by its own clock."""
        digests = "".join(map(_digest, members))
        key, report = f"{PREFIX}members:{code}", (self._name, digests, REPORT_LIFETIME)
        return int(await self._execute(lambda: self._report_members([key], report)))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        if self._subscription is None:
            self._subscription = create_task(self._receive())
        with self._listeners.subscribe(code) as mailbox:
            yield mailbox

    async def _receive(self) -> None:
        """Receive the changes of all rooms with one subscription, which is renewed when it ends."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.psubscribe(_room_key("*"))
                    async for message in channel.listen():
                        self.is_listening = True
                        if message["type"] == "pmessage":
                            self._listeners.notify(_deserialize(message["data"]))
            except RedisError:
                pass  # retried in the next iteration
            except Exception:
                LOG.exception("a message of the rooms' Redis was not understood")
            self.is_listening = False
            await sleep(1)

    async def ping(self) -> None:
        await self._execute(self._redis.ping)

    async def close(self) -> None:
        if self._subscription:
            self._subscription.cancel()
        await self._redis.aclose()

    async def _execute(self, command: Callable[[], Awaitable[Reply]], timeout: float = TIMEOUT) -> Reply:
        """Execute a command and return its reply. Raises StoreError if there is none within the timeout. One line is
        logged when Redis becomes unavailable, and one when it is available again.

        The command runs in a task that is not awaited after it is cancelled, because redis-py may treat the
        cancellation as an error and retry.
        """

        async def with_slot() -> Reply:
            async with self._slots:
                return await command()

        task = create_task(with_slot())
        task.add_done_callback(lambda task: task.cancelled() or task.exception())  # otherwise asyncio logs a warning
        try:
            if not (await wait({task}, timeout=timeout))[0]:
                raise TimeoutError(f"no reply within {timeout} s")
            reply = task.result()
        except OutOfMemoryError as error:
            raise no_memory() from error
        except (RedisError, TimeoutError) as error:
            self._log_availability(is_unavailable=True, reason=f": {error}")
            raise StoreError from error
        finally:
            task.cancel()
        self._log_availability(is_unavailable=False)
        return reply

    def _log_availability(self, is_unavailable: bool, reason: str = "") -> None:
        if is_unavailable != self._is_unavailable:
            self._is_unavailable = is_unavailable
            LOG.warning("the rooms' Redis is %s%s", "unavailable" if is_unavailable else "available again", reason)


def _room_key(code: str) -> str:
    """The key of a room, which is also the channel of its changes."""
    return f"{PREFIX}room:{code}"


SIZE_KEYS = (PREFIX + "given sizes", PREFIX + "given ends")
"""The keys of the sizes of answers, and of their expiry times."""


def _answers_key(room: Room) -> str:
    """The key of a hash with the answers to the newest question that has any. Its field "" has the number of the
    question, the number of changes, and the bytes of all answers."""
    return f"{PREFIX}given:{room.code}"


def _is_of(version: str, room: Room) -> bool:
    """Whether a version is that of answers to the current question."""
    return room.asked is not None and version.startswith(f"{room.asked.number}:")


def _serialize(room: Room) -> str:
    """The fields of a room, without the defaults of the newest ones, so that replicas of an older version can read it
    during a rolling upgrade."""
    defaults = ("life", LIFETIME), ("page", "")
    fields = {name: value for name, value in vars(room).items() if (name, value) not in defaults}
    return orjson.dumps(fields).decode()


def _deserialize(text: str | bytes) -> Room:
    fields: dict[str, Any] = orjson.loads(text)
    asked = fields.pop("asked")
    return Room(**fields, asked=asked and Question(**asked))


@lru_cache(2**14)
def _digest(member: str) -> str:
    """The digest of a member's name. It is cached, since each poll reports every member again."""
    return sha256(member.encode()).hexdigest()[:DIGEST_LENGTH]
