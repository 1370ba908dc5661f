"""The program alone: every shape at the largest sizes that a link may ask for, nothing of them allocated."""

import time
import tracemalloc
from collections.abc import Iterator
from statistics import median

from app.core.cells import CELLS
from app.core.program import capture
from benchmarks.row import Row

LARGEST = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
REPEATS = 101


def rows() -> Iterator[Row]:
    what = "the program's shapes at (1024, 10,000, 4096, 8192)"
    for _ in range(3):
        answered()  # warm
    yield Row(what, "", median(1000 * answered() for _ in range(REPEATS)), "ms", 1)
    tracemalloc.start()
    answered()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield Row(f"{what}, peak memory", "", peak / 1e6, "MB", 1)


def answered() -> float:
    """Seconds for all shapes, parameters, FLOPs and bytes."""
    start = time.perf_counter()
    program = capture(CELLS["lstm"])
    assert all(t.shape(LARGEST) for t in program.tensors)
    program.parameters(LARGEST)
    program.flops(LARGEST)
    program.bytes(LARGEST)
    return time.perf_counter() - start
