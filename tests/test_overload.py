"""Fifty concurrent requests of the largest allowed size to a real server."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPMessage
from itertools import count

import pytest

from benchmarks.server_process import Server, serving
from scripts.fuzz import peak_memory

MAX_MEMORY = 600
"""The MB of a worker in docs/deploy.md."""

LARGEST = (
    "/weights.npz?num_units=1900&features=8",
    "/trace.json?batch_size=1&time_step=1&features=4096&num_units=800",
    "/?batch_size=1&time_step=10000&bidirectional=true&view=gradients",
)
SMALL = ("/healthz", "/diagram.json?time_step=7", "/?batch_size=1024&time_step=10000", "/?num_units=7")

seeds = count(1)

pytestmark = pytest.mark.full


def send(server: Server, path: str) -> tuple[int, HTTPMessage, float]:
    start = time.monotonic()
    with closing(server.connect()) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status, response.headers, time.monotonic() - start


@pytest.mark.parametrize("largest", LARGEST)
def test_overload_is_rejected_memory_is_limited_and_small_requests_succeed(largest: str) -> None:
    with serving() as server, ThreadPoolExecutor(50) as clients:
        pending = [clients.submit(send, server, f"{largest}&seed={next(seeds)}") for _ in range(50)]
        small_responses = []
        while not all(one.done() for one in pending):
            small_responses += [(path, *send(server, path)) for path in SMALL]
        responses = [one.result() for one in pending]
        memory = peak_memory(server)

    statuses = Counter(status for status, _, _ in responses)
    assert set(statuses) == {200, 503} and statuses[503] > 25
    assert all(1 <= int(headers["Retry-After"]) <= 30 for status, headers, _ in responses if status == 503)
    assert {status for _, status, _, _ in small_responses} == {200}
    assert max(seconds for *_, seconds in small_responses) < 5, (
        "the limit is for a busy machine; otherwise it takes a tenth of that"
    )
    assert not memory > MAX_MEMORY
