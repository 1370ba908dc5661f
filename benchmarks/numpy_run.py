"""The NumPy run, which records every tensor of every step, compared with PyTorch and with the least possible cost.

All candidates run on one thread, in a process with the memory settings of the workers of `unrolled serve`, and are
measured in CPU time. The four candidates alternate, and a ratio is the median of the ratios of all rounds. Each
candidate allocates the arrays that it records, as in a response; weights and input are prepared before.

- PyTorch's layer: `torch.nn.LSTM`, forward, in inference mode. It records only its output.
- PyTorch's cell: the equations written by hand, with `out=` for every tensor of every step.
- The limit: only the matrix products, in the fastest known form, and one write of each other recorded tensor of each
  step, as a copy of available numbers. Kernels are prepared before.
"""

import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from itertools import repeat
from random import Random
from statistics import median

import numpy as np
import torch

from app.core.cells import CELLS
from app.core.compiled.plan import cuts_for
from app.core.evaluator import shapes_by_numpy
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import capture
from app.core.run import prepared, run
from app.core.seeded_weights import make_weights
from app.process_environment import SETTINGS
from benchmarks.largest_slider_values import LARGEST
from benchmarks.measured_row import Row, measured_apart, milliseconds, ratios, send

NAMES = ("batch_size", "time_step", "features", "num_units")
SIZES = (
    ((3, 50, 27, 128), 2.1, 0.55, 1.4),
    ((128, 28, 28, 128), 1.5, 0.95, 1.4),
    ((32, 100, 64, 256), 1.35, 0.95, 1.4),
    ((1, 8, 4, 5), 1.0, 0.55, 1.6),
    ((64, 200, 256, 512), 1.25, 0.95, 1.4),
    ((1, 1000, 64, 256), 1.5, 0.55, 1.4),
)
"""batch_size, time_step, features, num_units, and the bars against PyTorch's layer, PyTorch's cell, and the limit."""

SECONDS = 6.0
"""The time for which the candidates alternate at one size."""

LSTM = capture(CELLS["lstm"])
Candidate = Callable[[], Array]


def rows() -> Iterator[Row]:
    return measured_apart("benchmarks.numpy_run", SETTINGS)


def measured() -> Iterator[Row]:
    torch.set_num_threads(1)
    for sizes, layer, cell, limit in SIZES:
        times = compared(dict(zip(NAMES, sizes, strict=True)))
        ours, least = times.pop("ours"), [*times.values()][-1]
        for (against, other), bar in zip(times.items(), (layer, cell, limit), strict=True):
            note = f"{milliseconds(ours)}, theirs {milliseconds(other)}"
            alone = median(ratios(least, other))
            why = f"NumPy’s products and the writing alone are {alone:.2f}x of theirs on this machine"
            if other is least:
                why = "what a run sets up before its first step is much of so small a run"
            yield Row(f"recorded run {sizes}", against, ratios(ours, other), "x", bar, note=note, why=why)
    yield first_run()
    yield from shapes_alone()


def compared(sizes: dict[str, int]) -> dict[str, list[float]]:
    """Seconds of every round, by candidate."""
    weights, X = make_weights(LSTM, sizes, 0), make_input(sizes, 0)
    candidates: dict[str, Candidate] = {
        "ours": lambda: run(LSTM, sizes, weights, X).array("h_T"),
        "torch.nn.LSTM, records nothing": pytorch_layer(weights, X),
        "PyTorch cell, records with out=": pytorch_cell(weights, X),
        "products and writing alone": limit(weights, X),
    }
    results = [candidate() for candidate in candidates.values()]
    for result in results[1:3]:
        np.testing.assert_allclose(results[0], result, atol=2e-6)
    start = time.perf_counter()
    results[0] = candidates["ours"]()
    repeats = max(1, round(0.001 / (time.perf_counter() - start)))
    times: dict[str, list[float]] = {name: [] for name in candidates}
    order, shuffle, begun = list(candidates), Random(0).shuffle, time.monotonic()
    while time.monotonic() - begun < SECONDS or len(times["ours"]) < 9:
        shuffle(order)
        for name in order:
            times[name].append(seconds(candidates[name], repeats))
    return times


def seconds(candidate: Candidate, repeats: int) -> float:
    """The CPU time of this process, which other work on the machine does not change."""
    start = time.process_time_ns()
    for _ in range(repeats):
        candidate()
    return (time.process_time_ns() - start) / repeats / 1e9


def pytorch_layer(weights: dict[str, Array], X: Array) -> Candidate:
    features, num_units = X.shape[2], len(weights["bias"]) // 4
    f, i, g, o = np.split(np.vstack([weights["kernel"], weights["bias"][None]]), 4, axis=1)
    rows = torch.from_numpy(np.ascontiguousarray(np.hstack([i, f, g, o]).T))
    layer = torch.nn.LSTM(features, num_units, batch_first=True)
    with torch.no_grad():
        layer.weight_hh_l0.copy_(rows[:, :num_units])
        layer.weight_ih_l0.copy_(rows[:, num_units:-1])
        layer.bias_ih_l0.copy_(rows[:, -1])
        layer.bias_hh_l0.zero_()
    x = torch.from_numpy(np.ascontiguousarray(X))

    def candidate() -> Array:
        with torch.inference_mode():
            last: Array = layer(x)[1][0][0].numpy()
            return last

    return candidate


def pytorch_cell(weights: dict[str, Array], X: Array) -> Candidate:
    """The fastest known form: the rows of x are multiplied for all steps at once, and views are created only once."""
    (B, T, F), U = X.shape, len(weights["bias"]) // 4
    kernel, bias = (torch.from_numpy(np.ascontiguousarray(weights[id])) for id in ("kernel", "bias"))
    kernel_h, kernel_x = kernel[:U], kernel[U:]
    x = torch.from_numpy(np.ascontiguousarray(X.swapaxes(0, 1)))

    def candidate() -> Array:
        with torch.inference_mode():
            a, concat = torch.empty(T, B, 4 * U), torch.empty(T, B, U + F)
            h, c = torch.empty(2, T + 1, B, U)
            h[0], c[0] = 0, 0
            records = torch.empty(7, T, B, U).unbind()
            torch.addmm(bias, x.reshape(T * B, F), kernel_x, out=a.view(T * B, 4 * U))
            stacks = (a, *a.chunk(4, 2), h[:-1], h[1:], c[:-1], c[1:], *records)
            steps = zip(*(stack.unbind() for stack in stacks), strict=True)
            for a_t, a_f, a_i, a_g, a_o, h_prev, h_t, c_prev, c_t, f, i, g, o, kept, added, tanh_c in steps:
                a_t.addmm_(h_prev, kernel_h)
                torch.sigmoid(a_f, out=f)
                torch.sigmoid(a_i, out=i)
                torch.tanh(a_g, out=g)
                torch.sigmoid(a_o, out=o)
                torch.mul(f, c_prev, out=kept)
                torch.mul(i, g, out=added)
                torch.add(kept, added, out=c_t)
                torch.tanh(c_t, out=tanh_c)
                torch.mul(o, tanh_c, out=h_t)
            torch.cat((h[:-1], x), 2, out=concat)
            last: Array = h[-1].numpy()
            return last

    return candidate


def limit(weights: dict[str, Array], X: Array) -> Candidate:
    """Arrays are units first, as in the run; f, i, g, o, kept, added, c, tanh_c and h are written, x and a are
    computed."""
    (B, T, F), U = X.shape, len(weights["bias"]) // 4
    K = U + F
    kernel = np.ascontiguousarray(weights["kernel"].T)
    kernel_h, kernel_x = np.asfortranarray(kernel[:, :U]), np.ascontiguousarray(kernel[:, U:].T)
    cuts = cuts_for(4 * U, K, B)
    cut = kernel.reshape(cuts, 4 * U // cuts, K)
    ready = np.zeros((U, B), X.dtype)

    def candidate() -> Array:
        concat, a = np.empty((T + 1, K, B), X.dtype), np.empty((T, 4 * U, B), X.dtype)
        concat[0, :U] = 0
        concat[:-1, U:] = X.transpose(1, 2, 0)
        records = [*np.empty((8, T, U, B), X.dtype), concat[1:, :U]]
        if B == 1 and F * U > 4096:
            np.matmul(concat[:-1, U:, 0], kernel_x, a[:, :, 0])
            products = map(np.dot, repeat(kernel_h), concat[:-1, :U], repeat(np.empty_like(a[0])))
        elif cuts == 1:
            products = map(np.dot, repeat(kernel), concat[:-1], a)
        else:
            products = map(np.matmul, repeat(cut), concat[:-1, None], a.reshape(T, cuts, -1, B))
        writes = (map(np.copyto, record, repeat(ready)) for record in records)
        deque(zip(products, *writes, strict=False), maxlen=0)
        return a

    return candidate


def first_run() -> Row:
    """A run without the caches of earlier runs at the same sizes: the plan, and the shapes of NumPy."""
    sizes = dict(zip(NAMES, (1, 8, 4, 5), strict=True))
    weights, X = make_weights(LSTM, sizes, 0), make_input(sizes, 0)
    times = []
    for _ in range(200):
        prepared.cache_clear()
        shapes_by_numpy.cache_clear()
        start = time.process_time_ns()
        run(LSTM, sizes, weights, X)
        times.append((time.process_time_ns() - start) / 1e6)
    return Row("recorded run (1, 8, 4, 5), sizes never used before", "", times, "ms")


def shapes_alone() -> Iterator[Row]:
    what, times = f"the program's shapes at {tuple(LARGEST.values())}", []
    for _ in range(100):
        start = time.process_time_ns()
        LSTM.shapes(LARGEST)
        times.append((time.process_time_ns() - start) / 1e6)
    yield Row(what, "time", times, "ms", 1)
    tracemalloc.start()
    LSTM.shapes(LARGEST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Row(what, "memory", peak / 1e6, "MB", 1)


if __name__ == "__main__":
    for row in measured():
        send(row)
