"""How soon a server is ready."""

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.row import Row
from benchmarks.serving import serving

ROUNDS = 5


def rows() -> Iterator[Row]:
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        with serving():
            seconds.append(time.perf_counter() - begun)
    yield Row("until the server answers", "from its start", median(seconds), "s", 2)
