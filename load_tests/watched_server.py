"""A server whose event loop is measured: the CPU time of each callback, and the request that it belongs to.

`python -m load_tests.watched_server serve` accepts the arguments of `unrolled serve`. It runs on the event loop of
asyncio, because the callbacks of uvloop are in C and cannot be measured separately; the code of the app is the same in
both.
"""

import json
import os
import signal
import sys
from asyncio import Handle, Task
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import thread_time
from typing import IO

from starlette.types import ASGIApp, Receive, Scope, Send

from app.process_environment import release_free_memory, restart_with_settings
from benchmarks.measured_row import Row
from benchmarks.server_process import Server, serving

RECORDS_FILE = "LOAD_CALLBACKS"
"""The environment variable with the path of the file in which callbacks are recorded."""

MIN_SECONDS = 0.005
"""Seconds of CPU time from which a callback is recorded."""

MAX_MILLISECONDS = 20.0
"""The limit for the CPU time of one callback."""

request: ContextVar[str] = ContextVar("request", default="")


@dataclass(frozen=True, order=True)
class Callback:
    """A callback and its CPU time, including garbage collection."""

    seconds: float
    name: str
    request: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, "for" if self.request else "", self.request)))

    @property
    def exceeds(self) -> bool:
        """Whether it takes longer than the limit."""
        return 1000 * self.seconds > MAX_MILLISECONDS


NONE = Callback(0, f"none took {1000 * MIN_SECONDS:.0f} ms", "")
"""Stands for callbacks that are too short to be recorded."""


@dataclass
class Watch:
    """Starts measured servers and collects their callbacks of at least MIN_SECONDS."""

    callbacks: list[Callback] = field(default_factory=list)
    _records: Path | None = None

    @contextmanager
    def serving(self, **settings: str) -> Iterator[Server]:
        """Start a server like ``benchmarks.server_process.serving``. Callbacks during its start are not counted."""
        with TemporaryDirectory() as folder:
            records = Path(folder, "callbacks")
            with serving(1, "load_tests.watched_server", **settings, **{RECORDS_FILE: str(records)}) as server:
                os.truncate(records, 0)
                self._records = records
                try:
                    yield server
                finally:
                    os.killpg(server.pid, signal.SIGKILL)  # it may still be working for disconnected clients
                    self.collect()
                    self._records = None

    def collect(self) -> Callback:
        """Collect the callbacks since the last call. Returns the longest of them."""
        assert self._records, "no server is running"
        found = [Callback(**json.loads(line)) for line in self._records.read_text().splitlines()]
        os.truncate(self._records, 0)
        self.callbacks += found
        return max(found, default=NONE)

    def row(self, name: str) -> Row:
        """The callback with the most CPU time, and the number of callbacks above the limit."""
        exceeding = sum(callback.exceeds for callback in self.callbacks)
        return row(name, max(self.callbacks, default=NONE), f"{exceeding:,} callbacks above the limit")


def row(name: str, longest: Callback, note: str) -> Row:
    """The CPU time of the longest callback in a part of the load tests."""
    what = f"the most CPU of one callback on the event loop: {name}"
    return Row(what, "", 1000 * longest.seconds, "ms", MAX_MILLISECONDS, note=f"{longest}; {note}")


def measure(records: IO[str]) -> None:
    """From now on, record each callback of asyncio that takes at least MIN_SECONDS, as one line of JSON."""
    run = Handle._run

    def measured(handle: Handle) -> None:
        callback = handle._callback  # type: ignore[attr-defined]  # removed if the callback cancels itself
        start = thread_time()
        run(handle)
        seconds = thread_time() - start
        if seconds >= MIN_SECONDS:
            record = Callback(seconds, _name(callback), handle._context.get(request, ""))  # type: ignore[attr-defined]
            records.write(json.dumps(vars(record)) + "\n")
            records.flush()

    Handle._run = measured  # type: ignore[assignment]


def _name(callback: object) -> str:
    """The name of the coroutine if the callback is a step of a task, otherwise of the function."""
    task = getattr(callback, "__self__", None)
    worker: object = task.get_coro() if isinstance(task, Task) else callback
    return str(getattr(worker, "__qualname__", worker))


def with_request_names(app: ASGIApp) -> ASGIApp:
    """An app that sets the request in the context of every callback that belongs to it."""

    async def app_with_name(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            target = scope["path"] + "?" + scope["query_string"].decode("latin-1")
            request.set(f"{scope.get('method', 'WebSocket')} {target[:160]}")
        await app(scope, receive, send)

    return app_with_name


def trim(*_: object) -> None:
    """Return free memory to the system, so that the next peak is only that of the next request."""
    thread = Thread(target=release_free_memory)
    thread.start()  # in a separate thread, so that its CPU time does not count for the interrupted callback
    thread.join()


def main() -> int:
    restart_with_settings()
    sys.modules["uvloop"] = None  # type: ignore[assignment]  # so that uvicorn uses asyncio's event loop
    from app import cli
    from app import main as factory

    create_app = factory.create_app
    factory.create_app = lambda: with_request_names(create_app())  # type: ignore[assignment, misc]
    signal.signal(signal.SIGUSR1, trim)
    with open(os.environ[RECORDS_FILE], "a") as records:
        measure(records)
        return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
