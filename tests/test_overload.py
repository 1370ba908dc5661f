"""The largest question that is allowed, fifty times at once, to a real server."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPMessage
from itertools import count

import pytest

from benchmarks.serving import Server, serving
from scripts.fuzz import most_memory

MOST_MEMORY = 600
"""MB that docs/deploy.md says to give a worker."""

LARGEST = (
    "/weights.npz?num_units=1900&features=8",
    "/trace.json?batch_size=1&time_step=1&features=4096&num_units=800",
    "/?batch_size=1&time_step=10000&bidirectional=true&view=gradients",
)
SMALL = ("/healthz", "/diagram.json?time_step=7", "/?batch_size=1024&time_step=10000", "/?num_units=7")

seeds = count(1)

pytestmark = pytest.mark.full


def ask(server: Server, path: str) -> tuple[int, HTTPMessage, float]:
    start = time.monotonic()
    with closing(server.connect()) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers, time.monotonic() - start


@pytest.mark.parametrize("largest", LARGEST)
def test_memory_has_a_bound_the_surplus_is_refused_and_small_questions_are_answered(largest: str) -> None:
    with serving() as server, ThreadPoolExecutor(50) as clients:
        asked = [clients.submit(ask, server, f"{largest}&seed={next(seeds)}") for _ in range(50)]
        small = []
        while not all(one.done() for one in asked):
            small += [(path, *ask(server, path)) for path in SMALL]
        answers = [one.result() for one in asked]
        memory = most_memory(server)

    statuses = Counter(status for status, _, _ in answers)
    assert set(statuses) == {200, 503} and statuses[503] > 25
    assert all(1 <= int(headers["Retry-After"]) <= 30 for status, headers, _ in answers if status == 503)
    assert {status for _, status, _, _ in small} == {200}
    assert max(seconds for *_, seconds in small) < 5, "a busy machine is slow; alone it is a tenth of that"
    assert not memory > MOST_MEMORY
