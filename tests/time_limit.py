"""A limit for texts of visitors: reading one must end, however hostile it is. It is no measure of speed, which
`make bench` compares: the longest texts usually take 0.4 seconds, and one whose time grows with the square of its
length takes many times more than the limit."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

LIMIT = 5
"""Seconds of processor time."""


@contextmanager
def time_limit(text: str = "") -> Iterator[None]:
    """Fail if the block takes more processor time than the limit, without the garbage collection of other tests."""
    was_enabled = gc.isenabled()
    gc.disable()
    start = process_time()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
    assert process_time() - start < LIMIT, text
