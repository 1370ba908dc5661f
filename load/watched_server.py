"""A server whose event loop is watched: how much CPU each callback takes, and for which request.

`python -m load.watched_server serve` takes the arguments of `unrolled serve`. It runs on asyncio's own loop, because
the callbacks of uvloop are C and cannot be measured one by one; the app's own code is the same in both.
"""

import ctypes
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

from benchmarks.row import Row
from benchmarks.serving import Server, serving

NOTES = "LOAD_CALLBACKS"
"""The environment variable that names the file of callbacks."""

NOTED = 0.005
"""Seconds of CPU from which a callback is written to the file."""

MOST = 20.0
"""Milliseconds of CPU that one callback may take."""

request: ContextVar[str] = ContextVar("request", default="")


@dataclass(frozen=True, order=True)
class Callback:
    """``seconds`` of CPU, garbage collection included."""

    seconds: float
    name: str
    request: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, "for" if self.request else "", self.request)))


@dataclass
class Watch:
    """Starts watched servers and collects their callbacks of at least NOTED seconds."""

    callbacks: list[Callback] = field(default_factory=list)

    @contextmanager
    def serving(self, **settings: str) -> Iterator[Server]:
        """As ``benchmarks.serving.serving`` does. What the start itself takes does not count."""
        with TemporaryDirectory() as folder:
            notes = Path(folder, "callbacks")
            with serving(1, "load.watched_server", **settings, **{NOTES: str(notes)}) as server:
                os.truncate(notes, 0)
                try:
                    yield server
                finally:
                    os.killpg(server.pid, signal.SIGKILL)  # it may be busy with what nobody waits for any longer
                    self.callbacks += (Callback(**json.loads(line)) for line in notes.read_text().splitlines())

    def row(self, what: str) -> Row:
        """The callback that took the most CPU, and how many took more than they may."""
        most = max(self.callbacks, default=Callback(0, f"none took {1000 * NOTED:.0f} ms", ""))
        over = sum(1000 * callback.seconds > MOST for callback in self.callbacks)
        note = f"{most}; {over:,} callbacks over the bar"
        return Row(
            f"the most CPU of one callback on the event loop: {what}", "", 1000 * most.seconds, "ms", MOST, note=note
        )


def measure(notes: IO[str]) -> None:
    """From now on write each callback of asyncio that takes at least NOTED seconds, one JSON object a line."""
    run = Handle._run

    def measured(handle: Handle) -> None:
        callback = handle._callback  # type: ignore[attr-defined]  # it is gone where it cancels itself
        begun = thread_time()
        run(handle)
        seconds = thread_time() - begun
        if seconds >= NOTED:
            made = Callback(seconds, _name(callback), handle._context.get(request, ""))  # type: ignore[attr-defined]
            notes.write(json.dumps(vars(made)) + "\n")
            notes.flush()

    Handle._run = measured  # type: ignore[assignment]


def _name(callback: object) -> str:
    """The coroutine of a task's step, else the function."""
    task = getattr(callback, "__self__", None)
    worker: object = task.get_coro() if isinstance(task, Task) else callback
    return str(getattr(worker, "__qualname__", worker))


def named(app: ASGIApp) -> ASGIApp:
    """The app, with the request in the context of every callback that is made for it."""

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            target = scope["path"] + "?" + scope["query_string"].decode("latin-1")
            request.set(f"{scope.get('method', 'WebSocket')} {target[:160]}")
        await app(scope, receive, send)

    return noted


def trim(*_: object) -> None:
    """Return free memory to the system, so that the next peak is that of the next request alone."""
    apart = Thread(target=ctypes.CDLL(None).malloc_trim, args=(0,))
    apart.start()  # in a thread of its own: the callback that the signal interrupts is not charged for it
    apart.join()


def main() -> int:
    from app.process import restart_with_settings

    restart_with_settings()
    sys.modules["uvloop"] = None  # type: ignore[assignment]  # uvicorn takes asyncio's loop where there is no other
    from app import cli
    from app import main as factory

    create_app = factory.create_app
    factory.create_app = lambda: named(create_app())  # type: ignore[assignment, misc]
    signal.signal(signal.SIGUSR1, trim)
    with open(os.environ[NOTES], "a") as notes:
        measure(notes)
        return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
