"""A search for the most expensive request: random requests, then mutations of the most expensive ones found.

Requests are sent one at a time to a server without other load. The cost of a request is the CPU time of the whole
process, and the peak of its memory above that just before the request. The longest callback on the event loop is
measured as well. Whatever exceeds a limit counts only if it does so again: a machine that takes 3 ms to provide a
megabyte of memory for the first time, as some virtual ones do, spends them in whichever callback comes first.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from app.core.work_limits import MEGA, Budget
from benchmarks.measured_row import Row
from benchmarks.server_process import Server
from load_tests.request_generator import MESSAGE_PATH, Candidate, Generator
from load_tests.student import open_room
from load_tests.watched_server import NONE, Callback, Watch, row
from scripts.fuzz import SMALL_TRAININGS, peak_memory

SECONDS = 600.0

MAX_CPU = 1.0
MAX_MEMORY = {True: 4 * Budget().bytes / MEGA, False: 64.0}
"""The limits: seconds of CPU time of any request, and MB of one that executes a run or does not."""

SURVIVORS = 5
"""The number of most expensive paths whose candidates are mutated."""

RANDOM_SHARE = 0.3
"""The share of requests that are random instead of mutated."""

REPORTED = 10
SETTINGS = {"UNROLLED_CLIENT_SHARE": "0", **SMALL_TRAININGS}
"""Settings without limits for clients: the search is one client and sends more messages than one may. Trainings have a
process of their own, whose time and memory are not measured."""


@dataclass(frozen=True)
class Cost:
    """CPU time in seconds, memory in MB, and the longest callback on the event loop."""

    cpu: float
    memory: float
    callback: Callback = NONE

    def minimum(self, other: "Cost") -> "Cost":
        """The minimum of two measurements, which removes noise."""
        return Cost(min(self.cpu, other.cpu), min(self.memory, other.memory), min(self.callback, other.callback))


@dataclass(frozen=True)
class Measurement:
    """A candidate with its cost and seed."""

    candidate: Candidate
    cost: Cost
    seed: int

    @property
    def executes(self) -> bool:
        return self.candidate.executes

    @property
    def share_of_limit(self) -> float:
        """The cost as a share of the closer limit; above 1 it exceeds the limit."""
        return max(self.cost.cpu / MAX_CPU, self.cost.memory / MAX_MEMORY[self.executes])

    @property
    def link(self) -> str:
        """The request in one line, shortened."""
        body = self.candidate.body(self.seed).decode(errors="replace")
        parts = (self.candidate.method, self.candidate.target(self.seed), body, *self.candidate.headers)
        text = " ".join(filter(None, parts))
        return text if len(text) <= 240 else f"{text[:180]}… ({self.candidate.size:,} bytes)"


class Client:
    """Sends candidates to a server that is watched, one at a time, and measures each."""

    def __init__(self, server: Server, watch: Watch) -> None:
        self.server, self.watch = server, watch
        self.code, self.secret = open_room(server.url)
        self.connection = server.connect()

    def cost(self, candidate: Candidate, seed: int) -> tuple[Cost, int]:
        """Send a candidate, and return its cost and status; the status is 0 if the connection broke."""
        if candidate.message in ("ask", "answer"):
            self._send_message({"show": candidate.query(seed)})
        if candidate.message == "answer":
            self._send_message({"ask": candidate.fields.get("tensor", "kernel")})
        idle = self._idle_memory()
        used = self.server.cpu()
        status = self._send(candidate, seed)
        cpu, memory = self._cpu_when_idle() - used, peak_memory(self.server) - idle
        return Cost(cpu, memory, self.watch.collect()), status

    def _idle_memory(self) -> float:
        """Return free memory to the system and reset the peak. Returns the memory of the process in MB."""
        os.kill(self.server.pid, signal.SIGUSR1)  # see load_tests/watched_server.py
        self._get("/healthz")
        Path(f"/proc/{self.server.pid}/clear_refs").write_text("5")
        return peak_memory(self.server)

    def _cpu_when_idle(self) -> float:
        """The CPU time of the process when it is idle: a response may arrive before all of its work is done."""
        used = self.server.cpu()
        while True:
            time.sleep(0.003)
            previous, used = used, self.server.cpu()
            if used - previous < 0.0003:
                return used

    def _send(self, candidate: Candidate, seed: int) -> int:
        target = candidate.target(seed).replace("{code}", self.code)
        headers = dict(candidate.headers)
        if candidate.route == MESSAGE_PATH:
            headers["Authorization"] = f"Bearer {self.secret}"
        try:
            body = candidate.body(seed) if candidate.method == "POST" else None
            self.connection.request(candidate.method, quote(target, safe="/?&=%+,:;!*()'\"<>[]"), body, headers)
            response = self.connection.getresponse()
            response.read()
            if response.status == 500:  # the server closes the connection of a request that raised an exception
                self.connection.close()
            return response.status
        except (OSError, HTTPException):
            self.connection.close()  # the next request reconnects
            return 0

    def _send_message(self, message: dict[str, str]) -> None:
        body = json.dumps(message)
        self.connection.request("POST", f"/rooms/{self.code}", body, {"Authorization": f"Bearer {self.secret}"})
        self.connection.getresponse().read()

    def _get(self, path: str) -> None:
        self.connection.request("GET", path)
        self.connection.getresponse().read()


@dataclass
class Search:
    """The most expensive candidate found for each path, by CPU time and by memory, with and without a run."""

    seed: int
    file: Path
    best: dict[tuple[bool, str, str], Measurement] = field(default_factory=dict)
    sent: int = 0
    broken: list[str] = field(default_factory=list)
    slow: list[Measurement] = field(default_factory=list)
    """Requests with a callback above the limit."""

    def __post_init__(self) -> None:
        self.generator = Generator(self.seed)
        self.known = self.generator.known()

    def run(self, client: Client, seconds: float) -> None:
        """Search for a number of seconds."""
        end = time.monotonic() + seconds
        with closing(client.connection):
            while time.monotonic() < end:
                self.try_next(client)

    def _next(self) -> Candidate:
        if known := next(self.known, None):
            return known
        if not self.best or self.generator.random.random() < RANDOM_SHARE:
            return self.generator.random_candidate()
        executes, by = self.generator.random.choice([(e, by) for e in (True, False) for by in ("cpu", "memory")])
        worst = self.worst(executes, by)[:SURVIVORS]
        return (
            self.generator.mutate(self.generator.random.choice(worst).candidate)
            if worst
            else self.generator.random_candidate()
        )

    def try_next(self, client: Client) -> None:
        """Measure one candidate; if it seems more expensive than the known ones, measure it again."""
        candidate = self._next()
        found = self._measure(client, candidate)
        if not found or not any(map(self._is_more_expensive, self._keys(found), (found, found))):
            return
        second = self._measure(client, candidate)
        if not second:
            return
        found = Measurement(candidate, found.cost.minimum(second.cost), second.seed)
        for key in self._keys(found):
            if self._is_more_expensive(key, found):
                self.best[key] = found
        self.write()

    def _measure(self, client: Client, candidate: Candidate) -> Measurement | None:
        """Measure a candidate. None if it was rejected temporarily or the connection broke."""
        seed = self.generator.random.randrange(10**9)
        cost, status = client.cost(candidate, seed)
        measurement = Measurement(candidate, cost, seed)
        self.sent += 1
        if cost.callback.exceeds:
            self.slow.append(measurement)
        if status in (0, 500):
            self.broken.append(f"{status} {measurement.link}")
        return None if status in (0, 429, 503) else measurement

    @staticmethod
    def _keys(found: Measurement) -> list[tuple[bool, str, str]]:
        return [(found.executes, by, found.candidate.route) for by in ("cpu", "memory")]

    def _is_more_expensive(self, key: tuple[bool, str, str], found: Measurement) -> bool:
        known = self.best.get(key)
        return known is None or vars(found.cost)[key[1]] > vars(known.cost)[key[1]]

    def worst(self, executes: bool, by: str) -> list[Measurement]:
        """The measurements with or without a run, the most expensive ones first."""
        measurements = [found for (e, b, _), found in self.best.items() if (e, b) == (executes, by)]
        return sorted(measurements, key=lambda found: -float(vars(found.cost)[by]))

    def ranked(self) -> list[Measurement]:
        """The ten measurements with the largest share of a limit, of different paths."""
        by_path: dict[tuple[bool, str], Measurement] = {}
        for found in sorted(self.best.values(), key=lambda found: -found.share_of_limit):
            by_path.setdefault((found.executes, found.candidate.route), found)
        return list(by_path.values())[:REPORTED]

    def write(self) -> None:
        """Write the requests in full, so that they can be repeated."""
        lines = (
            {
                "cpu_s": round(found.cost.cpu, 3),
                "memory_mb": round(found.cost.memory, 1),
                "executes": found.executes,
                "method": found.candidate.method,
                "target": found.candidate.target(found.seed),
                "headers": found.candidate.headers,
                "body": found.candidate.body(found.seed).decode(errors="replace"),
            }
            for found in self.ranked()
        )
        self.file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def rows(seconds: float = SECONDS) -> Iterator[Row]:
    search = Search(time.time_ns() % 10**6, Path(mkdtemp(prefix="unrolled-"), "expensive.jsonl"))
    watch = Watch()
    with watch.serving(**SETTINGS) as server:
        search.run(Client(server, watch), seconds)
    setup = f"seed {search.seed}, {search.sent:,} requests in {seconds:.0f} s"
    for executes in (True, False):
        kind = "executes a run" if executes else "executes none"
        for by, unit, limit in (("cpu", "s", MAX_CPU), ("memory", "MB", MAX_MEMORY[executes])):
            link, cost = _confirmed(search.worst(executes, by), by)
            what = f"the most {'CPU' if by == 'cpu' else 'memory'} of a request that {kind}"
            yield Row(what, setup, cost, unit, limit, note=link)
    yield Row("requests that fail", setup, len(search.broken), "", 0, note="; ".join(search.broken[:3]))
    yield _slowest_callback(search.slow, watch.callbacks)
    for rank, found in enumerate(search.ranked(), 1):
        file = f"all {REPORTED} in full: {search.file}" if rank == 1 else ""
        yield Row(f"{rank}. {found.link}", file, found.cost.cpu, "CPU s", note=f"{found.cost.memory:.0f} MB")


def _confirmed(worst: list[Measurement], by: str) -> tuple[str, float]:
    """The most expensive one, measured again on a server that has served only one request, of the same path."""
    if not worst:
        return "none found", 0.0
    found = worst[0]
    return found.link, float(vars(_repeated(found, Candidate(found.candidate.route, found.candidate.path)))[by])


def _slowest_callback(slow: list[Measurement], callbacks: list[Callback]) -> Row:
    """The longest callback. One above the limit counts as the shortest of itself and two repetitions on new servers,
    which also compile and cache everything again. No more are repeated after one that exceeds the limit each time."""
    counted = [callback for callback in callbacks if not callback.exceeds]
    for found in sorted(slow, key=lambda found: found.cost.callback, reverse=True):
        counted.append(min(found.cost.callback, *(_repeated(found).callback for _ in range(2))))
        if counted[-1].exceeds:
            break
    note = f"{len(slow)} callbacks above the limit before they were repeated"
    return row("one request at a time", max(counted, default=NONE), note)


def _repeated(found: Measurement, *before: Candidate) -> Cost:
    """The cost of a request on a new server, after some others."""
    watch = Watch()
    with watch.serving(**SETTINGS) as server:
        client = Client(server, watch)
        with closing(client.connection):
            for candidate in before:
                client.cost(candidate, 0)
            return client.cost(found.candidate, found.seed)[0]
