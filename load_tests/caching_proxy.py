"""The links of a school, behind a proxy that caches responses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measured_row import Row
from benchmarks.server_process import Serve, serving
from load_tests.nginx_proxy import proxy
from scripts import apt

SECONDS = 8
ENDPOINTS = ("/diagram.json", "/diagram.svg", "/trace.json", "/code")

WRK_SCRIPT = """
local paths = {{{paths}}}
local k = math.random(#paths)
request = function()
  k = k % #paths + 1
  return wrk.format("GET", paths[k], {{["Accept-Encoding"] = "gzip"}})
end
"""
"""The Lua script for wrk that makes its requests."""


def rows(serve: Serve = serving) -> Iterator[Row]:
    with ExitStack() as stack:
        servers = [stack.enter_context(serve()) for _ in range(2)]
        port = stack.enter_context(proxy(servers))
        one = ["/diagram.json?num_units=7"]
        mixed = [
            f"{endpoint}?num_units={n}&time_step={t}" for endpoint in ENDPOINTS for n in range(1, 11) for t in (3, 50)
        ]
        for paths in (one, mixed):
            rate(port, paths, seconds=2)  # fill the cache of the proxy
        yield Row("one diagram behind the proxy", "", rate(port, one), "per second", 15_000, at_least=True)
        yield Row(
            f"{len(mixed)} mixed links behind the proxy", "", rate(port, mixed), "per second", 2_000, at_least=True
        )
        yield Row(
            "the same links, one process, no proxy",
            "",
            rate(servers[0].port, mixed),
            "per second",
            2_000,
            at_least=True,
        )
        new = [f"/diagram.json?num_units={n}&seed={seed}" for n in range(1, 101) for seed in range(200)]
        note = "each diagram is drawn, which may take 3 ms, see `make bench`"
        fresh = rate(servers[1].port, new)
        yield Row("uncached diagrams, one process", "", fresh, "per second", note=note)


def rate(port: int, paths: list[str], seconds: float = SECONDS) -> float:
    """Successful responses per second to 32 connections."""
    wrk = apt.require(lambda: shutil.which("wrk"), "make load needs wrk", "Elsewhere install it on the PATH", "wrk")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "mixed.lua")
        script.write_text(WRK_SCRIPT.format(paths=",".join(f'"{path}"' for path in paths)))
        command = [
            wrk,
            "-t1",
            "-c32",
            f"-d{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            f"http://127.0.0.1:{port}",
        ]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if errors := re.search(r"(Non-2xx|Socket errors).*", output):
        raise RuntimeError(errors.group())
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]
