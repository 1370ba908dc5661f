"""Ports for servers that tests and measurements start."""

import socket


def free_port() -> int:
    """One on loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
