"""A real server: `python -m app serve` on a free port."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]


class Server:
    """`python -m app serve` on a free port."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | self.settings)
        deadline = time.monotonic() + 90
        while not self.is_up():
            assert self.process.poll() is None, "the server has exited"
            assert time.monotonic() < deadline, "the server does not respond"
            time.sleep(0.05)

    def is_up(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, TimeoutError):  # not listening yet, or busy
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
