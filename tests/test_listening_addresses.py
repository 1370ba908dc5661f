"""The lines that are printed at the start, with the URL for other computers."""

import re
import socket
from io import BytesIO, TextIOWrapper

import pytest

from app import listening_addresses as addresses

LAN = "192.168.1.20"


@pytest.fixture(autouse=True)
def on_a_lan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "in_container", lambda: False)
    monkeypatch.setattr(addresses, "own_address", lambda: LAN)
    monkeypatch.setattr(addresses, "can_print_blocks", lambda: True)


def startup_lines(host: str, public_url: str = "") -> list[str]:
    return list(addresses.startup_lines(host, 8000, public_url))


def test_listening_on_all_addresses_prints_the_lan_url_and_its_qr_code() -> None:
    local, lan_url, code = startup_lines("0.0.0.0")
    assert local == "Unrolled is running at http://127.0.0.1:8000"
    assert lan_url.endswith(f"http://{LAN}:8000")
    assert code == addresses.qr(f"http://{LAN}:8000")


def test_listening_on_loopback_prints_no_lan_url() -> None:
    assert startup_lines("127.0.0.1") == ["Unrolled is running at http://127.0.0.1:8000"]
    assert startup_lines("::1") == ["Unrolled is running at http://[::1]:8000"]


def test_an_ipv6_zone_is_escaped_in_the_url() -> None:
    assert startup_lines("fe80::1%eth0") == ["Unrolled is running at http://[fe80::1%25eth0]:8000"]


def test_it_listens_only_on_the_addresses_of_a_name() -> None:
    for host, expected in (
        ("127.0.0.1", {"127.0.0.1"}),
        ("localhost", {"127.0.0.1", "::1"}),
        ("0.0.0.0", {"0.0.0.0"}),
    ):
        sockets = addresses.listen(host, 0)
        assert {s.getsockname()[0] for s in sockets} <= expected and sockets
        for listening in sockets:
            listening.close()


def test_listening_on_all_ipv6_addresses_includes_ipv4() -> None:
    try:
        (listening,) = addresses.listen("::", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening, socket.create_connection(("127.0.0.1", listening.getsockname()[1])):
        pass


def test_the_public_url_takes_precedence() -> None:
    assert startup_lines("0.0.0.0", "https://school.example/unrolled")[1].endswith(" https://school.example/unrolled")


def test_without_a_network_there_is_no_lan_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_address", lambda: "")
    assert len(startup_lines("0.0.0.0")) == 1


def test_a_container_does_not_print_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "in_container", lambda: True)
    _, hint = startup_lines("0.0.0.0")
    assert "PUBLIC_URL" in hint and LAN not in hint
    assert startup_lines("0.0.0.0", f"http://{LAN}:8000")[1].endswith(f"http://{LAN}:8000")


def test_without_block_characters_there_is_no_qr_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, has_code in (("cp1252", False), ("utf-8", True)):
        monkeypatch.undo()
        monkeypatch.setattr("sys.stdout", TextIOWrapper(BytesIO(), encoding=encoding))
        assert addresses.can_print_blocks() is has_code
        assert len(startup_lines("127.0.0.1", f"http://{LAN}:8000")) == 2 + has_code


def test_the_own_address_is_not_a_loopback_address() -> None:
    assert not addresses.own_address().startswith("127.")


def test_the_qr_code_has_its_finder_patterns_and_is_dark_on_light() -> None:
    """Decodes the lines: each has two rows of modules, and there is a light border of two modules."""
    light = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    lines = [re.sub(r"\033\[[\d;]*m", "", line) for line in addresses.qr(f"http://{LAN}:8000").splitlines()]
    rows = [[light[c][half] for c in line] for line in lines for half in (0, 1)]
    side = len(rows[0])
    assert side == 25 + 4  # version 2
    finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]
    for top, left in ((2, 2), (2, side - 9), (side - 9, 2)):
        corner = ["".join(" " if rows[top + y][left + x] else "#" for x in range(7)) for y in range(7)]
        assert corner == finder
    assert all(rows[0]) and all(rows[1]) and all(row[0] and row[1] and row[-1] for row in rows[:side])
    assert all(line.startswith("\033[97;40m") for line in addresses.qr("http://a.example").splitlines())
