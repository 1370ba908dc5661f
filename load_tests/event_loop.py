"""The ordinary load tests again, on servers whose event loop is measured. Attacks and expensive requests are measured
in load_tests/hostile.py and load_tests/costliest_request.py."""

from collections.abc import Iterator

from benchmarks.measured_row import Row
from load_tests import caching_proxy, class_in_a_room, faults, largest_request, open_page, random_requests
from load_tests.watched_server import Watch

PARTS = {
    "a class follows its teacher": class_in_a_room,
    "a class opens the page": open_page,
    "links of a school, behind the proxy": caching_proxy,
    "the largest requests at once": largest_request,
    "Redis or a replica is killed": faults,
    "random requests": random_requests,
}


def rows() -> Iterator[Row]:
    for name, part in PARTS.items():
        watch = Watch()
        for _ in part.rows(watch.serving):
            pass
        yield watch.row(name)
