"""The client of a connection."""

import pytest

from app.web.requests_and_responses.client import client_of


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
def test_a_client_is_an_ipv4_address_or_an_ipv6_network(address: str, client: str) -> None:
    assert client_of({"client": (address, 5000)}) == client


@pytest.mark.parametrize("scope", [{}, {"client": None}, {"client": ("", 0)}])
def test_a_connection_without_an_address_has_no_client(scope: dict[str, object]) -> None:
    assert client_of(scope) == ""
