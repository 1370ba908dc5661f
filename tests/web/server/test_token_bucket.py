"""What a client may have: a bucket that fills, debts, and how many clients are remembered."""

import pytest

from app.web.server.token_bucket import CLIENTS, TokenBuckets, client_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_bucket_is_emptied_and_fills_again(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    bucket.take("a", 8)
    assert (bucket.left("a"), bucket.left("b")) == (2, 10)

    clock.now = 4
    assert bucket.left("a") == 4
    clock.now = 400
    assert bucket.left("a") == 10


def test_a_debt_is_waited_for(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    bucket.take("a", 13)
    assert bucket.wait("a") == 6

    clock.now = 6
    assert bucket.wait("a") == 0


def test_a_debt_is_no_larger_than_a_bucket(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    for _ in range(50):
        bucket.take("a", 13)

    assert bucket.wait("a") == 20


def test_a_rate_of_nothing_is_without_a_limit(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0, clock)
    bucket.take("a", 1000)

    assert bucket.wait("a") == 0


def test_the_clients_that_are_remembered_are_the_last_and_not_too_many(clock: Clock) -> None:
    bucket = TokenBuckets(10, 0.5, clock)
    for n in range(CLIENTS + 5):
        bucket.take(f"{n}", 13)

    assert bucket.wait("4") == 0
    assert bucket.wait("5") == bucket.wait(f"{CLIENTS + 4}") == 6


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_and_in_version_6_a_network(address: str, client: str) -> None:
    assert client_of({"client": (address, 5000)}) == client


@pytest.mark.parametrize("scope", [{}, {"client": None}, {"client": ("", 0)}])
def test_who_has_no_address_is_nobody(scope: dict[str, object]) -> None:
    assert client_of(scope) == ""
