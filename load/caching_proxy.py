"""Links of a whole school, behind a proxy that caches responses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.row import Row
from benchmarks.serving import Serve, serving
from load.nginx_proxy import proxy
from scripts import apt

SECONDS = 8
TWINS = ("/diagram.json", "/diagram.svg", "/trace.json", "/code")

MIXED = """
local paths = {{{paths}}}
local k = math.random(#paths)
request = function()
  k = k % #paths + 1
  return wrk.format("GET", paths[k], {{["Accept-Encoding"] = "gzip"}})
end
"""
"""The requests of wrk, in Lua."""


def rows(serve: Serve = serving) -> Iterator[Row]:
    with ExitStack() as stack:
        servers = [stack.enter_context(serve()) for _ in range(2)]
        port = stack.enter_context(proxy(servers))
        one = ["/diagram.json?num_units=7"]
        mixed = [f"{twin}?num_units={n}&time_step={t}" for twin in TWINS for n in range(1, 11) for t in (3, 50)]
        for paths in (one, mixed):
            rate(port, paths, seconds=2)  # fill the cache of the proxy
        yield Row("one diagram behind the proxy", "", rate(port, one), "a second", 15_000, at_least=True)
        yield Row(f"{len(mixed)} mixed links behind the proxy", "", rate(port, mixed), "a second", 2_000, at_least=True)
        yield Row(
            "the same links, one process, no proxy", "", rate(servers[0].port, mixed), "a second", 2_000, at_least=True
        )
        new = [f"/diagram.json?num_units={n}&seed={seed}" for n in range(1, 101) for seed in range(200)]
        note = "each is drawn, which may take 3 ms, see `make bench`"
        fresh = rate(servers[1].port, new)
        yield Row("diagrams that nobody asked for before, one process", "", fresh, "a second", note=note)


def rate(port: int, paths: list[str], seconds: float = SECONDS) -> float:
    """Good answers a second to 32 connections."""
    wrk = apt.need(lambda: shutil.which("wrk"), "make load needs wrk", "Elsewhere install it on the PATH", "wrk")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "mixed.lua")
        script.write_text(MIXED.format(paths=",".join(f'"{path}"' for path in paths)))
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
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if trouble := re.search(r"(Non-2xx|Socket errors).*", said):
        raise RuntimeError(trouble.group())
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
