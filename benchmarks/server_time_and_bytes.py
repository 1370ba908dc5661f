"""The server alone: the cost of a moved slider, and the gain of a second worker process."""

import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from itertools import count
from statistics import median, quantiles
from urllib.parse import urljoin

from app.core.cells import CELLS
from app.core.largest_sizes import MAX_NUM_UNITS
from app.core.program import capture
from benchmarks.measured_row import Row, ratios
from benchmarks.server_process import Server, get, serving

REQUESTS, ROUNDS = 60, 7
"""Requests in one slice, and slices of each kind. The kinds alternate, so that other work on the machine affects all
alike."""

MEANWHILE = 300
"""Pages that are requested while a network trains."""

CLIENTS, SLICE = 4, 1.0
"""Concurrent clients, and seconds of one slice."""

RUNS = (((3, 50, 27, 128), 1.4), ((128, 28, 28, 128), 1.7))
"""batch_size, time_step, features, num_units, and the ratio of responses of two workers to those of one."""

seeds = count(1)  # a new seed for each request, so that no response is cached


RUN_SIZES = (
    (3, 4, 2, 5),
    (128, 28, 28, 128),
    (1, 10_000, 2, 5),
    (8, 9_000, 2, 16),
    (512, 1, 16, 900),
    (1, 1, 4096, 800),
)
"""Sizes up to the limits of the budget in time, work and memory."""


def rows() -> Iterator[Row]:
    yield from pages()
    yield from trainings()
    yield from figures()
    yield from opened_tensors()
    yield from workers()


def pages() -> Iterator[Row]:
    """/ with new sizes and weights each time: CPU time of the whole process, with HTTP and compression; and the bytes
    of the page and of its scripts."""
    with serving() as server, closing(server.connect()) as connection:
        cost = page_cost(server, connection)
        path = f"/?seed={next(seeds)}"
        compressed, html = get(connection, path), get(connection, path, encodings="identity").decode()
        scripts = scripts_of(connection, html)
    yield Row("/, uncached, server CPU", "", cost, "ms", 12)
    yield Row("/, HTML", "", len(html.encode()) / 1000, "KB", 90)
    yield Row("/, compressed", "", len(compressed) / 1000, "KB", 14)
    note = f"{len(scripts)} files"
    yield Row("scripts of /, compressed, without Plotly", "", sum(scripts.values()) / 1000, "KB", 40, note=note)


def page_cost(server: Server, connection: HTTPConnection, query: str = "") -> list[float]:
    """The CPU time for a page that was not requested before, in ms, of each round."""
    costs: list[float] = []
    for n in range(ROUNDS + 2):
        paths = [new_page(query) for _ in range(REQUESTS)]
        before = server.cpu()
        for path in paths:
            get(connection, path)
        if n > 1:  # warm
            costs.append(1000 * (server.cpu() - before) / REQUESTS)
    return costs


def new_page(query: str = "") -> str:
    return f"/?num_units={1 + next(seeds) % 64}&seed={next(seeds)}{query}"


def trainings() -> Iterator[Row]:
    """The view of a training without one; and pages of another visitor while a large network trains."""
    times: list[float] = []
    with serving() as server, closing(server.connect()) as connection, closing(server.connect()) as events:
        cost = page_cost(server, connection, "&view=training")
        events.request("GET", "/training?num_units=128&epochs=130")
        with events.getresponse() as response:
            while response.readline() != b"event: epoch\n":
                pass
            for _ in range(MEANWHILE):
                start = time.perf_counter()
                get(connection, new_page())
                times.append(time.perf_counter() - start)
    yield Row("/?view=training, uncached, server CPU", "", cost, "ms", 12)
    yield Row("small pages while a network trains, p99", "", 1000 * quantiles(times, n=100)[98], "ms", 200)


def scripts_of(connection: HTTPConnection, html: str) -> dict[str, int]:
    """The scripts that a page loads at once, each with its bytes as transferred."""
    found: dict[str, int] = {}
    missing = re.findall(r'<script type="module" src="([^"]*)"', html)
    while missing:
        path = missing.pop()
        found[path] = len(get(connection, path))
        script = get(connection, path, encodings="identity").decode()
        imported = re.findall(r'^import [^;]*?"(\.[^"]*)";', script, re.MULTILINE)
        missing += {urljoin(path, name) for name in imported} - found.keys() - {*missing}
    return found


def figures() -> Iterator[Row]:
    """/diagram.json with a new query each time: CPU time of the whole process, with HTTP and compression, and bytes."""
    cost: dict[int, list[float]] = {4: [], 8: [], 10_000: []}
    sizes: list[int] = []
    with serving() as server, closing(server.connect()) as connection:
        for path in figure_paths(8, REQUESTS):
            get(connection, path)  # warm
        for _ in range(ROUNDS):
            for time_step, seconds in cost.items():
                paths = figure_paths(time_step, REQUESTS)
                before = server.cpu()
                sizes += (len(get(connection, path)) for path in paths)
                seconds.append((server.cpu() - before) / REQUESTS)
        page = len(get(connection, f"/?num_units=128&seed={next(seeds)}"))
    yield Row(
        "/diagram.json, uncached, server CPU", "default time_step", [1000 * seconds for seconds in cost[4]], "ms", 3
    )
    yield Row("/diagram.json, server CPU, 10,000 steps", "8 steps", ratios(cost[10_000], cost[8]), "x", 1.3)
    note = f"the largest; once, when the slider rests, the page too: {page / 1000:.3g} KB"
    yield Row("compressed bytes per slider move", "", max(sizes) / 1000, "KB", 10, note=note)


def figure_paths(time_step: int, number: int) -> list[str]:
    units = (1 + 137 * next(seeds) % MAX_NUM_UNITS for _ in range(number))  # without a common divisor
    return [f"/diagram.json?time_step={time_step}&num_units={n}&seed={next(seeds)}" for n in units]


def opened_tensors() -> Iterator[Row]:
    """/values.json of every tensor of a run that is cached, and of the first tensor of a new run."""
    first: dict[tuple[int, ...], float] = {}
    again: dict[tuple[int, ...], float] = {}
    largest = 0
    with serving() as server, closing(server.connect()) as connection:
        for sizes in RUN_SIZES:
            b, t, f, u = sizes
            query = f"batch_size={b}&time_step={t}&features={f}&num_units={u}&seed={next(seeds)}&t={t // 2}"
            first[sizes] = spent(server, connection, f"/values.json?{query}&tensor=h")
            costs = []
            for id in TENSORS:
                path = f"/values.json?{query}&tensor={id}"
                largest = max(largest, len(get(connection, path)))  # this also caches its largest number
                costs.append(median(spent(server, connection, path) for _ in range(ROUNDS)))
            again[sizes] = max(costs)
    worst, cold = max(again, key=again.__getitem__), max(first, key=first.__getitem__)
    yield Row("opening a tensor, the slowest of all, server CPU", "", again[worst], "ms", 50, note=f"at {worst}")
    why = "the seed's stream alone takes longer for as many weights as a run may have; then the run is cached"
    yield Row("the same, run included, the slowest", "", first[cold], "ms", 50, note=f"at {cold}", why=why)
    yield Row("compressed bytes of an opened tensor, the most", "", largest / 1000, "KB", 100)


TENSORS = tuple(capture(CELLS["lstm"]).by_id)


def spent(server: Server, connection: HTTPConnection, path: str) -> float:
    """The CPU time of the server for one response, in ms."""
    before = server.cpu()
    get(connection, path)
    return 1000 * (server.cpu() - before)


def workers() -> Iterator[Row]:
    """/tensor.json?tensor=h_T, which executes the run: responses per second, with a new connection for each.

    It needs a machine with two idle cores; the note has the load average before.
    """
    note = f"load average before: {os.getloadavg()[0]:.1f}"
    with serving(1) as one, serving(2) as two:
        for (b, t, f, u), bar in RUNS:
            query = f"tensor=h_T&batch_size={b}&time_step={t}&features={f}&num_units={u}"
            for server in (one, two):
                rate(server, query)  # warm
            gains = [rate(two, query) / rate(one, query) for _ in range(ROUNDS)]
            what = f"two worker processes, runs a second at {(b, t, f, u)}"
            yield Row(what, "one worker process", gains, "x", bar, at_least=True, note=note)


def rate(server: Server, query: str) -> float:
    """Responses per second to clients that send their next request immediately."""
    start = time.monotonic()

    def client(_: int) -> int:
        answered = 0
        while time.monotonic() - start < SLICE:
            with closing(server.connect()) as connection:
                get(connection, f"/tensor.json?{query}&seed={next(seeds)}")
            answered += 1
        return answered

    with ThreadPoolExecutor(CLIENTS) as clients:
        answered = sum(clients.map(client, range(CLIENTS)))
    return answered / (time.monotonic() - start)
