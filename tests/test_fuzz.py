"""Random requests do not make the server fail: `make fuzz` for a minute."""

from collections.abc import Iterator

import pytest

from benchmarks.server_process import Server, serving
from scripts.fuzz import SMALL_TRAININGS, compare, peak_memory, send_random

SEED = 7

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(1, **SMALL_TRAININGS) as server:
        yield server


def test_every_response_conforms_to_the_openapi_description(server: Server) -> None:
    comparison = compare(server, 40, SEED)

    assert comparison.returncode == 0, comparison.stdout + comparison.stderr
    assert "✅ Coverage" in comparison.stdout


def test_no_random_request_fails(server: Server) -> None:
    results = send_random(server, 15, SEED)

    assert results.failed == []
    assert results.statuses[200] > results.statuses[422] > 0
    assert not peak_memory(server) > 600
