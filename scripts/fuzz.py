"""`make fuzz`: send every kind of request to a real server, for an hour or a number of seconds. It must never fail.

Half of the time schemathesis asks what /openapi.json describes and compares the answers with it. Most of that does not
fit and is refused; so the other half asks questions that fit, of sizes up to the ends of all limits.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from app.lessons.learn import LESSONS
from app.lessons.questions import QUESTIONS
from app.main import create_app
from app.query.field_types import Choice, Counted, Field, Flag, TensorId
from app.query.fields import FIELDS
from app.query.parsing import nearest
from app.query.text_field_types import Several
from benchmarks.serving import Server, serving

HOUR = 3600.0
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)
JUNK = (
    "",
    "-1",
    "1e9",
    "٣",
    "\0",
    "%",
    "'\"><svg onload=x>",
    "../../etc/passwd",
    "NaN",
    "\N{GRINNING FACE}",
    "x" * 9000,
)
TEXTS = ("hello", "a b  c\n", "e\u0301e\u0301", "\N{GRINNING FACE}\u200d\N{FIRE}", "שלום", "漢字かな", "ab" * 1000)
SLUGS = {"/learn/{slug}": [*LESSONS], "/questions/{slug}": [*QUESTIONS]}
NEEDED = {"/tensor.json": {"tensor": "h"}, "/values.json": {"tensor": "h"}, "/poke.json": {"poke": "x"}}
"""Fields without which a path is refused."""
BUSY = (429, 503)
NOT_JSON = 501
"""The status that oEmbed specifies for a format other than JSON."""


@dataclass
class Found:
    """The results of many requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failed: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else HOUR
    seed = int(arguments[1]) if len(arguments) > 1 else time.time_ns() % 10**6
    with serving() as server:
        described = compare(server, seconds / 2, seed)
        print(described.stdout, described.stderr, sep="\n", flush=True)
        found = wander(server, seconds / 2, seed)
        print(f"Seed {seed}, answers by status: {dict(sorted(found.statuses.items()))}")
        print(f"The slowest took {found.slowest[0]:.2f} s: {found.slowest[1]}")
        print(f"The most memory that the server had: {most_memory(server):.0f} MB")
        print(*found.failed, sep="\n")
    return 1 if found.failed or described.returncode else 0


SETTINGS = f"""
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", {NOT_JSON}]
"""


def compare(server: Server, seconds: float, seed: int) -> "subprocess.CompletedProcess[str]":
    """Let schemathesis compare the answers with the description."""
    command = [str(Path(sys.executable).absolute().with_name("schemathesis")), "run", f"{server.url}/openapi.json"]
    options = {
        "checks": ",".join(CHECKS),
        "phases": "coverage,fuzzing",
        "max-time": max(1, round(seconds)),
        "seed": seed,
    }
    options |= {"suppress-health-check": "all", "generation-database": "none", "warnings": "off"}
    given = [f"--{name}={value}" for name, value in options.items()]
    with TemporaryDirectory() as notes:  # schemathesis writes its notes into the working directory
        Path(notes, "schemathesis.toml").write_text(SETTINGS)
        return subprocess.run([*command, *given, "--no-color"], capture_output=True, text=True, cwd=notes)


def wander(server: Server, seconds: float, seed: int) -> Found:
    """Send random requests, one after the other."""
    found = Found()
    asked = questions(Random(seed))
    end = time.monotonic() + seconds
    with closing(server.connect()) as connection:
        while time.monotonic() < end:
            path = next(asked)
            start = time.monotonic()
            status, fault = answer(connection, path)
            found.statuses[status] += 1
            found.slowest = max(found.slowest, (time.monotonic() - start, path))
            if fault:
                found.failed.append(f"{status} {fault}: {server.url}{path}")
                connection.close()  # the next request opens it again
    return found


def answer(connection: HTTPConnection, path: str) -> tuple[int, str]:
    """The status, and what is wrong with the answer, if anything."""
    try:
        connection.request("GET", path, headers={"Accept": "text/html" if len(path) % 2 else "*/*"})
        got = connection.getresponse()
        got.read()
    except OSError as error:
        return 0, str(error)
    if got.status in BUSY:
        return got.status, "" if got.headers["Retry-After"] else "does not say when to come again"
    return got.status, "a fault of the server" if got.status >= 500 and got.status != NOT_JSON else ""


def questions(random: Random) -> Iterator[str]:
    """Paths with queries: three of four fit, as a link of the page does."""
    paths = [path for path, item in create_app().openapi()["paths"].items() if "get" in item]
    slugs = SLUGS | {"/room/{code}": ["ABCDE"]}
    names = list(FIELDS)
    while True:
        path = random.choice(paths)
        if path in slugs:
            path = path.rpartition("/")[0] + "/" + random.choice(slugs[path])
        given = [(name, value(FIELDS[name], random)) for name in random.sample(names, random.randint(0, 7))]
        given += NEEDED.get(path, {}).items()
        if random.random() < 0.75:
            yield path + nearest(given).query()
        else:
            yield f"{path}?{urlencode([*given, (random.choice(names), random.choice(JUNK))])}"


def value(of: Field, random: Random) -> str:
    """A value that a field allows."""
    if isinstance(of, Counted):
        low, high = max(1, of.low), of.high
        drawn = round(low * (high / low) ** random.random())
        return str(random.choice((of.low, high, drawn, drawn, drawn, drawn)))
    if isinstance(of, Flag):
        return random.choice(("true", "false"))
    if isinstance(of, Choice | TensorId):
        return random.choice(of.choices)
    if isinstance(of, Several):
        return ",".join(random.sample(of.choices, random.randint(0, 3)))
    return random.choice(TEXTS)


def most_memory(server: Server) -> float:
    """MB, where the system says so."""
    status = Path(f"/proc/{server.pid}/status")
    said = status.read_text().split() if status.exists() else []
    return int(said[said.index("VmHWM:") + 1]) / 1000 if "VmHWM:" in said else float("nan")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
