"""Whatever is asked, the server does not fail: a minute of what `make fuzz` does for an hour."""

from collections.abc import Iterator

import pytest

from benchmarks.serving import Server, serving
from scripts.fuzz import compare, most_memory, wander

SEED = 7

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def test_every_answer_is_one_that_the_description_has(server: Server) -> None:
    found = compare(server, 40, SEED)

    assert found.returncode == 0, found.stdout + found.stderr
    assert "✅ Coverage" in found.stdout


def test_no_question_is_too_much(server: Server) -> None:
    found = wander(server, 15, SEED)

    assert found.failed == []
    assert found.statuses[200] > found.statuses[422] > 0
    assert not most_memory(server) > 600
