"""A class in mid-lesson, behind the proxy, when something is killed."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import uvloop

from benchmarks.row import Row
from benchmarks.serving import Serve, Server, serving
from load.nginx_proxy import proxy
from load.student import arrives, lead, open_room, seated
from scripts.redis_server import RedisServer

CLASS = 300
WITHIN = 20.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    with ExitStack() as stack:
        redis = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(redis.stop)
        servers = [stack.enter_context(serve(ROOMS_URL=redis.url)) for _ in range(2)]
        port = stack.enter_context(proxy(servers))
        redis_killed, replica_killed, returns = uvloop.run(_lesson(redis, servers, port))
        yield Row(f"Redis killed and started anew: {CLASS} students see the next state", "", redis_killed, "s", 5)
        note = f"{returns} had to come back"
        yield Row(f"a replica killed: {CLASS} students see the next state", "", replica_killed, "s", 5, note=note)


async def _lesson(redis: RedisServer, servers: list[Server], port: int) -> tuple[float, float, int]:
    """Seconds from each blow until all see what the teacher shows after it, and how many lost their connection."""
    address = ("127.0.0.1", port)
    code, secret = open_room(f"http://127.0.0.1:{port}")
    teacher = await lead(("127.0.0.1", servers[0].port), code, secret)
    students = await seated([address], code, CLASS, comes_back=True)
    teacher.say(show="?seed=1")
    await arrives(students, 1, WITHIN)

    redis.stop()
    await asyncio.to_thread(redis.start)
    teacher.say(show="?seed=2")
    after_redis = await arrives(students, 2, WITHIN)

    os.killpg(servers[1].pid, signal.SIGKILL)
    teacher.say(show="?seed=3")
    after_replica = await arrives(students, 3, WITHIN)
    returns = sum(student.returns for student in students)
    for one in (teacher, *students):
        one.go()
    return after_redis, after_replica, returns
