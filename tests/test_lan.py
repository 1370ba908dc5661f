"""Who starts the app is startup_lines where others find it."""

import re
import socket
from io import BytesIO, TextIOWrapper

import pytest

from app import lan

LAN = "192.168.1.20"


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "in_container", lambda: False)
    monkeypatch.setattr(lan, "own_address", lambda: LAN)
    monkeypatch.setattr(lan, "can_print_blocks", lambda: True)


def startup_lines(host: str, public_url: str = "") -> list[str]:
    return list(lan.startup_lines(host, 8000, public_url))


def test_on_all_addresses_the_one_in_the_network_is_told_with_its_qr_code() -> None:
    here, there, code = startup_lines("0.0.0.0")
    assert here == "Unrolled is at http://127.0.0.1:8000"
    assert there.endswith(f"http://{LAN}:8000")
    assert code == lan.qr(f"http://{LAN}:8000")


def test_on_this_computer_alone_nothing_is_told_to_others() -> None:
    assert startup_lines("127.0.0.1") == ["Unrolled is at http://127.0.0.1:8000"]
    assert startup_lines("::1") == ["Unrolled is at http://[::1]:8000"]


def test_a_zone_of_ipv6_is_escaped_in_its_address() -> None:
    assert startup_lines("fe80::1%eth0") == ["Unrolled is at http://[fe80::1%25eth0]:8000"]


def test_it_listens_on_what_a_name_leads_to_and_on_no_more() -> None:
    for host, reached in (("127.0.0.1", {"127.0.0.1"}), ("localhost", {"127.0.0.1", "::1"}), ("0.0.0.0", {"0.0.0.0"})):
        sockets = lan.listen(host, 0)
        assert {s.getsockname()[0] for s in sockets} <= reached and sockets
        for listening in sockets:
            listening.close()


def test_on_all_addresses_of_ipv6_it_is_reached_by_ipv4_too() -> None:
    try:
        (listening,) = lan.listen("::", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening, socket.create_connection(("127.0.0.1", listening.getsockname()[1])):
        pass


def test_what_the_operator_says_comes_first() -> None:
    assert startup_lines("0.0.0.0", "https://school.example/unrolled")[1].endswith(" https://school.example/unrolled")


def test_in_no_network_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "own_address", lambda: "")
    assert len(startup_lines("0.0.0.0")) == 1


def test_a_container_does_not_tell_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "in_container", lambda: True)
    _, hint = startup_lines("0.0.0.0")
    assert "PUBLIC_URL" in hint and LAN not in hint
    assert startup_lines("0.0.0.0", f"http://{LAN}:8000")[1].endswith(f"http://{LAN}:8000")


def test_where_blocks_cannot_be_printed_there_is_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, shown in (("cp1252", False), ("utf-8", True)):
        monkeypatch.undo()
        monkeypatch.setattr("sys.stdout", TextIOWrapper(BytesIO(), encoding=encoding))
        assert lan.can_print_blocks() is shown
        assert len(startup_lines("127.0.0.1", f"http://{LAN}:8000")) == 2 + shown


def test_the_address_of_this_computer_is_one_that_others_could_reach() -> None:
    assert not lan.own_address().startswith("127.")


def test_the_qr_code_has_its_three_corners_and_is_dark_on_light() -> None:
    """Read back: two rows of modules a line, upper, lower or both light; a light border of two around."""
    light = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    lines = [re.sub(r"\033\[[\d;]*m", "", line) for line in lan.qr(f"http://{LAN}:8000").splitlines()]
    rows = [[light[c][half] for c in line] for line in lines for half in (0, 1)]
    side = len(rows[0])
    assert side == 25 + 4  # version 2
    finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]
    for top, left in ((2, 2), (2, side - 9), (side - 9, 2)):
        seen = ["".join(" " if rows[top + y][left + x] else "#" for x in range(7)) for y in range(7)]
        assert seen == finder
    assert all(rows[0]) and all(rows[1]) and all(row[0] and row[1] and row[-1] for row in rows[:side])
    assert all(line.startswith("\033[97;40m") for line in lan.qr("http://a.example").splitlines())
