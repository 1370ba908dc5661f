"""Garbage collection of the oldest generation, in a thread of its own and not in a callback of the event loop.

With a thousand requests or sockets a full collection takes 30 ms. It holds the GIL, so the event loop waits as well.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

FULL = 10
"""Collections of the middle generation between two full ones, as Python has it by default."""

FALLBACK = 10 * FULL
"""The same for the automatic full collection, which runs if the thread falls behind."""

EVERY = 0.2
"""Seconds between two checks whether a full collection is due."""


def freeze() -> None:
    """Exclude all present objects from collection, which the imports before it did without: few of them are garbage,
    and to find these takes a tenth of a second."""
    gc.freeze()
    gc.enable()


@contextmanager
def collecting() -> Iterator[None]:
    """Run full collections in a thread, instead of automatically."""
    usual, over = gc.get_threshold(), Event()

    def collect() -> None:
        while not over.wait(EVERY):
            if gc.get_count()[2] >= FULL:
                gc.collect()

    thread = Thread(target=collect, name="garbage", daemon=True)
    gc.set_threshold(*usual[:2], FALLBACK)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        gc.set_threshold(*usual)
