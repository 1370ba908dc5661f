"""Token buckets: refill, debt, and how many clients are remembered."""

import pytest

from app.web.server.token_bucket import CLIENTS, TokenBuckets


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_bucket_is_refilled_up_to_its_size(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    bucket.take("a", 8)
    assert (bucket.left("a"), bucket.left("b")) == (2, 10)

    clock.now = 4
    assert bucket.left("a") == 4
    clock.now = 400
    assert bucket.left("a") == 10


def test_a_client_in_debt_has_to_wait(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    bucket.take("a", 13)
    assert bucket.wait("a") == 6

    clock.now = 6
    assert bucket.wait("a") == 0


def test_a_debt_is_at_most_the_size_of_a_bucket(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    for _ in range(50):
        bucket.take("a", 13)

    assert bucket.wait("a") == 20


def test_a_rate_of_0_means_no_limit(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0, clock)
    bucket.take("a", 1000)

    assert bucket.wait("a") == 0


def test_only_the_most_recent_clients_are_remembered(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    for n in range(CLIENTS + 5):
        bucket.take(f"{n}", 13)

    assert bucket.wait("4") == 0
    assert bucket.wait("5") == bucket.wait(f"{CLIENTS + 4}") == 6
