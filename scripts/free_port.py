"""Ports for servers that tests and measurements start."""

import socket


def free_port() -> int:
    """A free port on the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
