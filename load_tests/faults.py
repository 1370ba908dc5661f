"""A class behind the proxy during a lesson, when Redis or a replica is killed."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import uvloop

from benchmarks.measured_row import Row
from benchmarks.server_process import Serve, Server, serving
from load_tests.class_size_and_sources import CLASS
from load_tests.nginx_proxy import proxy
from load_tests.student import join_class, lead, open_room, wait_for_state
from scripts.redis_server import RedisServer

TIMEOUT = 20.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    with ExitStack() as stack:
        redis = RedisServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(redis.stop)
        servers = [stack.enter_context(serve(ROOMS_URL=redis.url)) for _ in range(2)]
        port = stack.enter_context(proxy(servers))
        redis_killed, replica_killed, returns = uvloop.run(_lesson(redis, servers, port))
        yield Row(f"Redis killed and restarted: {CLASS} students see the next state", "", redis_killed, "s", 5)
        note = f"{returns} reconnected"
        yield Row(f"a replica killed: {CLASS} students see the next state", "", replica_killed, "s", 5, note=note)


async def _lesson(redis: RedisServer, servers: list[Server], port: int) -> tuple[float, float, int]:
    """Seconds from each failure until all students have the next state, and the number of students that reconnected."""
    address = ("127.0.0.1", port)
    code, secret = open_room(f"http://127.0.0.1:{port}")
    teacher = await lead(("127.0.0.1", servers[0].port), code, secret)
    students = await join_class([address], code, CLASS, reconnects=True)
    teacher.send(show="?seed=1")
    await wait_for_state(students, 1, TIMEOUT)

    redis.stop()
    await asyncio.to_thread(redis.start)
    teacher.send(show="?seed=2")
    after_redis = await wait_for_state(students, 2, TIMEOUT)

    os.killpg(servers[1].pid, signal.SIGKILL)
    teacher.send(show="?seed=3")
    after_replica = await wait_for_state(students, 3, TIMEOUT)
    returns = sum(student.reconnections for student in students)
    for client in (teacher, *students):
        client.leave()
    return after_redis, after_replica, returns
