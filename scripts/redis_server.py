"""Finds the Redis for the tests of rooms and `make load`; if it is missing, installs it with apt if possible."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from scripts import apt
from scripts.free_port import free_port

NAMES = ("redis-server", "valkey-server")


def find() -> str | None:
    """The server that the environment variable REDIS_SERVER names, otherwise the first one on the PATH."""
    return os.environ.get("REDIS_SERVER") or next(filter(None, map(shutil.which, NAMES)), None)


class RedisServer:
    """A Redis on a free port, which writes each change to ``folder`` before it replies."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder, self.options = folder, options
        self.start()

    def start(self) -> None:
        program = find()
        assert program, "no Redis: run `make test`, which installs it or says how"
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --appendfsync always --save".split()
        options += ["", *self.options]  # an empty --save: no snapshots, which Redis could write at any time
        command = [program, "--dir", str(self.folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self.responds():
            assert self.process.poll() is None, "Redis ended at once"
            time.sleep(0.02)

    def responds(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False

    def pause(self) -> None:
        """Pause the process, so that it accepts connections but does not reply."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kill the process, as in a power cut."""
        self.process.kill()
        self.process.wait()


def main() -> None:
    elsewhere = "Elsewhere install either, or give its path: make test REDIS_SERVER=/path/to/redis-server"
    apt.require(find, "The tests of rooms need Redis or Valkey", elsewhere, "redis-server")


if __name__ == "__main__":
    main()
