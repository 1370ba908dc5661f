"""A real `unrolled serve` on loopback, and a client with little overhead."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 60  # s for any response
BROWSERS_ENCODINGS = "gzip, deflate, br, zstd"  # what Chromium sends to loopback


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def cpu(self) -> float:
        """The CPU time of all threads of the process, in seconds, by Linux' clock of another process."""
        return time.clock_gettime((~self.pid << 3) | 2)


def get(connection: HTTPConnection, path: str, encodings: str = BROWSERS_ENCODINGS) -> bytes:
    """The body as transferred, compressed."""
    connection.request("GET", path, headers={"Accept-Encoding": encodings})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} returned {response.status}: {body[:200]!r}")
    return body


Serve = Callable[..., AbstractContextManager[Server]]
"""Starts a server with some settings, as ``serving`` does."""


@contextmanager
def serving(workers: int = 1, module: str = "app", **settings: str) -> Iterator[Server]:
    """A server on a free port, started with `unrolled serve`."""
    port = free_port()
    command = [sys.executable, "-m", module, "serve", "--port", str(port), "--workers", str(workers)]
    # In a new session, so that its workers end with it.
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | settings, start_new_session=True
    )
    server = Server(port, process.pid)
    try:
        _wait_for(server, process)
        yield server
    finally:
        with suppress(ProcessLookupError):  # it has ended already
            os.killpg(process.pid, 15)
        process.wait(PATIENCE)


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with closing(server.connect()) as connection:
                get(connection, "/healthz")
            return
        except ConnectionError:
            time.sleep(0.05)
    raise RuntimeError("the server does not respond")
