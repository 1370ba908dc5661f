"""A search for the most expensive request: at random, then uphill from the most expensive ones found.

One request is sent at a time, to a server that does nothing else; its CPU is that of the whole process, its memory
the peak of the process above what it held just before.
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

from app.core.budget import MEGA, Budget
from benchmarks.row import Row
from benchmarks.serving import Server
from load.request_generator import SAY, Candidate, Draw
from load.student import open_room
from load.watched_server import Watch
from scripts.fuzz import most_memory

SECONDS = 600.0

CPU = 1.0
MEMORY = {True: 4 * Budget().bytes / MEGA, False: 64.0}
"""The bars: CPU seconds of any request, and MB of one that executes a run or does not."""

CLIMBED = 5
"""The number of most expensive paths from which the search continues."""

AGAIN = 0.3
"""The part of all requests that is drawn at random."""

TOLD = 10
UNLIMITED = {"UNROLLED_CLIENT_SHARE": "0"}
"""The search is one client and says more in a room than a client may."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds and MB."""

    cpu: float
    memory: float

    def least(self, other: "Cost") -> "Cost":
        """Without what only one of two measurements saw."""
        return Cost(min(self.cpu, other.cpu), min(self.memory, other.memory))


@dataclass(frozen=True)
class Found:
    candidate: Candidate
    cost: Cost
    seed: int

    @property
    def executes(self) -> bool:
        return self.candidate.executes

    @property
    def share(self) -> float:
        """Of the bar that it is closer to; more than 1 does not hold it."""
        return max(self.cost.cpu / CPU, self.cost.memory / MEMORY[self.executes])

    @property
    def link(self) -> str:
        """In one line, without what is long."""
        said = self.candidate.body(self.seed).decode(errors="replace")
        parts = (self.candidate.method, self.candidate.target(self.seed), said, *self.candidate.headers)
        text = " ".join(filter(None, parts))
        return text if len(text) <= 240 else f"{text[:180]}… ({self.candidate.size:,} bytes)"


class Caller:
    """Sends candidates to a server, one at a time, and measures each."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.code, self.secret = open_room(server.url)
        self.connection = server.connect()

    def cost(self, candidate: Candidate, seed: int) -> tuple[Cost, int]:
        """And the status; 0 where the connection broke."""
        if candidate.message in ("ask", "answer"):
            self._say({"show": candidate.query(seed)})
        if candidate.message == "answer":
            self._say({"ask": candidate.given.get("tensor", "kernel")})
        idle = self._rested()
        used = self.server.cpu()
        status = self._send(candidate, seed)
        return Cost(self._settled() - used, most_memory(self.server) - idle), status

    def _rested(self) -> float:
        """MB that the process holds before a request, with nothing free among them; its peak counts from now."""
        os.kill(self.server.pid, signal.SIGUSR1)  # see load/watched_server.py
        self._get("/healthz")
        Path(f"/proc/{self.server.pid}/clear_refs").write_text("5")
        return most_memory(self.server)

    def _settled(self) -> float:
        """The CPU of the process once it rests: a response may be there before all of its work is done."""
        used = self.server.cpu()
        while True:
            time.sleep(0.003)
            before, used = used, self.server.cpu()
            if used - before < 0.0003:
                return used

    def _send(self, candidate: Candidate, seed: int) -> int:
        target = candidate.target(seed).replace("{code}", self.code)
        headers = dict(candidate.headers)
        if candidate.route == SAY:
            headers["Authorization"] = f"Bearer {self.secret}"
        try:
            body = candidate.body(seed) if candidate.message else None
            self.connection.request(candidate.method, quote(target, safe="/?&=%+,:;!*()'\"<>[]"), body, headers)
            answer = self.connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, HTTPException):
            self.connection.close()  # the next request opens it again
            return 0

    def _say(self, message: dict[str, str]) -> None:
        body = json.dumps(message)
        self.connection.request("POST", f"/rooms/{self.code}", body, {"Authorization": f"Bearer {self.secret}"})
        self.connection.getresponse().read()

    def _get(self, path: str) -> None:
        self.connection.request("GET", path)
        self.connection.getresponse().read()


@dataclass
class Search:
    """The most expensive candidate found of each path, by CPU and by memory, with and without a run."""

    seed: int
    file: Path
    best: dict[tuple[bool, str, str], Found] = field(default_factory=dict)
    sent: int = 0
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = Draw(self.seed)
        self.first = self.draw.first()

    def look(self, server: Server, seconds: float) -> None:
        """For so long."""
        ends = time.monotonic() + seconds
        caller = Caller(server)
        with closing(caller.connection):
            while time.monotonic() < ends:
                self.try_next(caller)

    def _next(self) -> Candidate:
        if known := next(self.first, None):
            return known
        if not self.best or self.draw.random.random() < AGAIN:
            return self.draw.drawn()
        executes, by = self.draw.random.choice([(e, by) for e in (True, False) for by in ("cpu", "memory")])
        worst = self.worst(executes, by)[:CLIMBED]
        return self.draw.changed(self.draw.random.choice(worst).candidate) if worst else self.draw.drawn()

    def try_next(self, caller: Caller) -> None:
        """One candidate; one that seems more expensive than what is known is measured again."""
        candidate = self._next()
        found = self._measured(caller, candidate)
        if not found or not any(map(self._is_worse, self._keys(found), (found, found))):
            return
        again = self._measured(caller, candidate)
        if not again:
            return
        found = Found(candidate, found.cost.least(again.cost), again.seed)
        for key in self._keys(found):
            if self._is_worse(key, found):
                self.best[key] = found
        self.write()

    def _measured(self, caller: Caller, candidate: Candidate) -> Found | None:
        """None if the response does not show its cost, because it was refused for now or the connection broke."""
        seed = self.draw.random.randrange(10**9)
        cost, status = caller.cost(candidate, seed)
        found = Found(candidate, cost, seed)
        self.sent += 1
        if status in (0, 500):
            self.broken.append(f"{status} {found.link}")
        return None if status in (0, 429, 503) else found

    @staticmethod
    def _keys(found: Found) -> list[tuple[bool, str, str]]:
        return [(found.executes, by, found.candidate.route) for by in ("cpu", "memory")]

    def _is_worse(self, key: tuple[bool, str, str], found: Found) -> bool:
        known = self.best.get(key)
        return known is None or vars(found.cost)[key[1]] > vars(known.cost)[key[1]]

    def worst(self, executes: bool, by: str) -> list[Found]:
        """By falling CPU or memory."""
        some = [found for (e, b, _), found in self.best.items() if (e, b) == (executes, by)]
        return sorted(some, key=lambda found: -float(vars(found.cost)[by]))

    def ranked(self) -> list[Found]:
        """The ten that are closest to a bar, or furthest past it, each of another path."""
        by_path: dict[tuple[bool, str], Found] = {}
        for found in sorted(self.best.values(), key=lambda found: -found.share):
            by_path.setdefault((found.executes, found.candidate.route), found)
        return list(by_path.values())[:TOLD]

    def write(self) -> None:
        """Whole links, so that each can be sent again."""
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
    with watch.serving(**UNLIMITED) as server:
        search.look(server, seconds)
    against = f"seed {search.seed}, {search.sent:,} requests in {seconds:.0f} s"
    for executes in (True, False):
        kind = "executes a run" if executes else "executes none"
        for by, unit, bar in (("cpu", "s", CPU), ("memory", "MB", MEMORY[executes])):
            worst, most = _confirmed(search.worst(executes, by), by)
            what = f"the most {'CPU' if by == 'cpu' else 'memory'} of a request that {kind}"
            yield Row(what, against, most, unit, bar, note=worst)
    yield Row(
        "requests at which the server fails", against, len(search.broken), "", 0, note="; ".join(search.broken[:3])
    )
    yield watch.row("one request at a time")
    for place, found in enumerate(search.ranked(), 1):
        where = f"all {TOLD} in full: {search.file}" if place == 1 else ""
        yield Row(f"{place}. {found.link}", where, found.cost.cpu, "CPU s", note=f"{found.cost.memory:.0f} MB")


def _confirmed(worst: list[Found], by: str) -> tuple[str, float]:
    """The first of them, measured again on a server that has answered its path once and nothing else."""
    if not worst:
        return "none found", 0.0
    found = worst[0]
    with Watch().serving(**UNLIMITED) as server:
        caller = Caller(server)
        with closing(caller.connection):
            caller.cost(Candidate(found.candidate.route, found.candidate.path), 0)
            cost, _ = caller.cost(found.candidate, found.seed)
    return found.link, float(vars(cost)[by])
