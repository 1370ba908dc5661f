"""When the garbage collector goes through all objects: in a thread of its own, not in a callback of the event loop.
With a thousand requests or sockets it takes 30 ms."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

FULL = 10
"""After so many collections of the middle generation all objects are gone through: Python's own number."""

AT_ONCE = 10 * FULL
"""The same where the thread does not come to it in time."""

EVERY = 0.2
"""Seconds after which the thread looks again whether it is time to."""


def freeze() -> None:
    """What is there by now stays: the collector never goes through it again."""
    gc.collect()
    gc.freeze()


@contextmanager
def collecting() -> Iterator[None]:
    """Meanwhile a thread goes through all objects when it is time to."""
    usual, over = gc.get_threshold(), Event()

    def collect() -> None:
        while not over.wait(EVERY):
            if gc.get_count()[2] >= FULL:
                gc.collect()

    thread = Thread(target=collect, name="garbage", daemon=True)
    gc.set_threshold(*usual[:2], AT_ONCE)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        gc.set_threshold(*usual)
