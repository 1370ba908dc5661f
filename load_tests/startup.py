"""The time until a server is ready."""

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.measured_row import Row
from benchmarks.server_process import serving

ROUNDS = 5


def rows() -> Iterator[Row]:
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with serving():
            seconds.append(time.perf_counter() - start)
    yield Row("until the server responds", "from its start", median(seconds), "s", 2)
