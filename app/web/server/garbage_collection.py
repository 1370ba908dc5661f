"""Garbage collection of the oldest generation, in a thread of its own and not in a callback of the event loop.

With a thousand requests or sockets a full collection takes 30 ms, and with many cached pages 200 ms. It holds the GIL,
so the event loop waits as well. An explicit collection does not spare objects that have survived many, as an automatic
one does: without pauses, collections would take a seventh of the CPU time of a busy server and find next to nothing.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

FULL = 10
"""Collections of the middle generation between two full ones, as Python has it by default."""

FALLBACK = 100 * FULL
"""The same for the automatic full collection, which runs if the thread falls behind."""

EVERY = 0.2
"""Seconds between two checks whether a full collection is due."""

PAUSE = 50
"""The least pause after a full collection, in units of its CPU time. So full collections take at most 2 % of a core."""


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
        pause = EVERY
        while not over.wait(pause):
            start = time.thread_time()
            if gc.get_count()[2] >= FULL:
                gc.collect()
            pause = max(EVERY, PAUSE * (time.thread_time() - start))

    thread = Thread(target=collect, name="garbage", daemon=True)
    gc.set_threshold(*usual[:2], FALLBACK)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        gc.set_threshold(*usual)
