"""Prometheus metrics, labelled by route template and status, never by IP address or query. They are served on a port of
their own, which visitors cannot reach."""

import os
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6
from threading import Thread

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client import generate_latest as written
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable with the folder through which several workers share their counts. It must be set before this
module is imported."""

TYPE = CONTENT_TYPE_LATEST

disable_created_metrics()  # type: ignore[no-untyped-call]

RESPONSES = Counter("unrolled_answers", "Answers, by route and status", ("route", "status"))
SECONDS = Histogram(
    "unrolled_answer_seconds", "From a question to the end of its answer, or to where a stream begins", ("route",)
)
UNDER_WAY = Gauge("unrolled_answers_under_way", "Answers that are being made", multiprocess_mode="livesum")
RUNS = Counter("unrolled_runs", "Questions for a run: executed, kept from before, or too large", ("how",))
TRAININGS = Counter(
    "unrolled_trainings",
    "Trainings: trained, failed, or ended because nobody waited; and requests for one: kept from before, or too large",
    ("how",),
)
MEMBERS = Gauge("unrolled_room_members", "Connections to live rooms", multiprocess_mode="livesum")
ROOMS = Gauge("unrolled_rooms", "Live rooms that somebody is in, in each process", multiprocess_mode="livesum")

EXECUTED, CACHED, TOO_LARGE = (RUNS.labels(how) for how in ("executed", "kept", "too large"))

_members = Tally[str]()


@cache
def _of(route: str, status: int) -> tuple[Counter, Histogram]:
    return RESPONSES.labels(route, status), SECONDS.labels(route)


def count(route: str, status: int, seconds: float) -> None:
    """Count a response that took ``seconds``."""
    responses, durations = _of(route, status)
    responses.inc()
    durations.observe(seconds)


@contextmanager
def member(code: str) -> Iterator[None]:
    """Count a connection to the room ``code`` within the context."""
    _members[code] += 1
    MEMBERS.inc()
    ROOMS.set(len(_members))
    try:
        yield
    finally:
        _members[code] -= 1
        if not _members[code]:
            del _members[code]
        MEMBERS.dec()
        ROOMS.set(len(_members))


def metrics() -> bytes:
    """The metrics as text: of this process, or of all workers if they share their counts."""
    if not (folder := os.environ.get(SHARED)):
        return written(REGISTRY)
    for file in Path(folder).glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not _is_alive(pid):
            with suppress(FileNotFoundError):  # another worker has done so
                mark_process_dead(pid)  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return written(registry)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _Scrape(BaseHTTPRequestHandler):
    """Responds to GET /metrics."""

    timeout = 10

    def do_GET(self) -> None:
        if self.path != "/metrics":
            return self.send_error(404)
        body = metrics()
        self.send_response(200)
        self.send_header("Content-Type", TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: Prometheus sends a request every few seconds."""


class _ServerV6(ThreadingHTTPServer):
    address_family = AF_INET6


def serve_metrics(host: str, port: int) -> ThreadingHTTPServer:
    """Serve the metrics in a daemon thread until the process ends."""
    server = (_ServerV6 if ":" in host else ThreadingHTTPServer)((host, port), _Scrape)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
