"""The addresses at which the app listens, and the URL for other computers in the network, also as a QR code in the
terminal."""

import errno
import socket
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

EVERY_ADDRESS = ("0.0.0.0", "::")
"""Hosts that mean every address of this computer."""

WHITE_ON_BLACK, RESET = "\033[97;40m", "\033[0m"

DOCUMENTATION_ADDRESS = "192.0.2.1"
"""An address that no computer has (RFC 5737). Nothing is sent to it: it only selects a network interface."""


def startup_lines(host: str, port: int, public_url: str) -> Iterator[str]:
    """The lines printed at the start: the address of the app on this computer, and the one for other computers."""
    here = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host
    yield f"Unrolled is running at {url(here, port)}"
    if public_url:
        yield from invitation(public_url)
    elif host in EVERY_ADDRESS and in_container():
        yield "Others reach it at the host computer’s address; set PUBLIC_URL=http://... to print it here"
    elif host in EVERY_ADDRESS and (address := own_address()):
        yield from invitation(url(address, port))


def listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of a host that this computer has. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    sockets = list[socket.socket]()
    both = host == "::" and socket.has_dualstack_ipv6()
    for family, _, _, _, address in found:
        try:
            sockets.append(socket.create_server(address, family=family, dualstack_ipv6=both))
        except OSError as error:  # localhost may resolve to ::1 on a computer without IPv6
            if error.errno != errno.EADDRNOTAVAIL or (not sockets and address is found[-1][-1]):
                raise
    return sockets


def invitation(address: str) -> Iterator[str]:
    """The URL for other computers, and its QR code if the terminal can print it."""
    yield f"On this network: {address}"
    if can_print_blocks():
        yield qr(address)


def url(host: str, port: int) -> str:
    """The URL of a host, with brackets around an IPv6 address."""
    return f"http://[{host.replace('%', '%25')}]:{port}" if ":" in host else f"http://{host}:{port}"


def qr(text: str) -> str:
    """A QR code of half-block characters. It sets its own colours, so that its modules are dark on any terminal."""
    import segno  # imported here because `make up` uses own_address() with a Python that may lack it

    output = StringIO()
    segno.make(text, error="l", micro=False).terminal(output, border=2, compact=True)
    return "\n".join(f"{WHITE_ON_BLACK}{line}{RESET}" for line in output.getvalue().splitlines())


def can_print_blocks() -> bool:
    """Whether the encoding of the terminal has the characters of a QR code."""
    try:
        "█▀▄".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def own_address() -> str:
    """The address of this computer in its network, or "" if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((DOCUMENTATION_ADDRESS, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def in_container() -> bool:
    """Whether this is a container, whose addresses other computers cannot reach."""
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
