"""The proxy of compose.scale.yaml: nginx with the same configuration, in front of local servers."""

import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.server_process import ROOT, Server
from scripts import nginx
from scripts.free_port import free_port

CONFIGURATION = ROOT / "deploy" / "nginx.conf"


@contextmanager
def proxy(servers: Sequence[Server]) -> Iterator[int]:
    """Run a proxy in front of the servers, and return its port."""
    program = nginx.find()
    assert program, "no nginx: run `make load`, which installs it or says how"
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        replicas = "".join(f"server 127.0.0.1:{server.port} max_fails=1 fail_timeout=2s; " for server in servers)
        text = re.sub(r"server app:8000[^;]*;", replicas, CONFIGURATION.read_text())
        text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
        text = text.replace("access_log /dev/stdout lines", f"access_log {folder}/access.log lines")
        file = Path(folder, "nginx.conf")
        file.write_text(text)
        user = "" if os.geteuid() else "user root;"  # otherwise its workers cannot write into the folder
        command = [program, "-c", str(file), "-g", f"daemon off; {user}"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if process.poll() is not None:
                    raise RuntimeError("nginx ended at once")
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait()
