"""Where the app listens, and where others in the same network find it: its address, and its QR code for a terminal."""

import errno
import socket
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

ANY = ("0.0.0.0", "::")
"""Hosts that mean every address of this computer."""

WHITE_ON_BLACK, AS_BEFORE = "\033[97;40m", "\033[0m"

FAR_AWAY = "192.0.2.1"
"""An address that nobody has (RFC 5737); nothing is sent to it."""


def told(host: str, port: int, public_url: str) -> Iterator[str]:
    """Lines for who starts the app: where it is, and where it is for others."""
    here = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host
    yield f"Unrolled is at {url(here, port)}"
    if public_url:
        yield from invitation(public_url)
    elif host in ANY and in_container():
        yield "For others it is at the address of the computer that runs this container; PUBLIC_URL=http://... tells it"
    elif host in ANY and (address := own_address()):
        yield from invitation(url(address, port))


def listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of a host that this computer has. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    sockets = list[socket.socket]()
    both = host == "::" and socket.has_dualstack_ipv6()
    for family, _, _, _, address in found:
        try:
            sockets.append(socket.create_server(address, family=family, dualstack_ipv6=both))
        except OSError as error:  # localhost may name ::1 where there is no IPv6
            if error.errno != errno.EADDRNOTAVAIL or (not sockets and address is found[-1][-1]):
                raise
    return sockets


def invitation(address: str) -> Iterator[str]:
    yield f"For others in this network: {address}"
    if has_blocks():
        yield qr(address)


def url(host: str, port: int) -> str:
    return f"http://[{host.replace('%', '%25')}]:{port}" if ":" in host else f"http://{host}:{port}"


def qr(text: str) -> str:
    """A QR code of half blocks, in colours of its own: on any terminal its modules are dark."""
    import segno  # only here: `make up` asks for the address with whatever Python there is

    drawn = StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return "\n".join(f"{WHITE_ON_BLACK}{line}{AS_BEFORE}" for line in drawn.getvalue().splitlines())


def has_blocks() -> bool:
    """Whether what is printed may hold the letters that a code is drawn with."""
    try:
        "█▀▄".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def own_address() -> str:
    """The address that this computer would speak from to others; none where it is in no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaking:
        try:
            speaking.connect((FAR_AWAY, 9))
        except OSError:
            return ""
        return str(speaking.getsockname()[0])


def in_container() -> bool:
    """Whether the addresses that are seen here are those of a container: nobody else reaches them."""
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
