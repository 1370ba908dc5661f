"""`make fuzz`: send random requests of every kind to a real server, for an hour or a number of seconds. None may fail.

Half of the time, schemathesis sends the requests that /openapi.json describes and compares the responses with it. Most
of them are invalid combinations and are rejected, so the other half of the time valid requests are sent, with sizes up
to all limits.
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

from app.core.work_limits import GIGA
from app.main import create_app
from app.teaching.lessons.order import LESSONS
from app.teaching.questions import QUESTIONS
from app.url_state.field_types import BoundedInteger, Choice, DecimalNumber, Field, Flag, TensorId
from app.url_state.fields import FIELDS
from app.url_state.parsing import nearest
from app.url_state.text_field_types import MODEL_EXAMPLE, ModelText, MultipleChoice
from benchmarks.server_process import Server, serving

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
MODELS = (
    MODEL_EXAMPLE,
    "lstm(64,bi).lstm(32)",
    "input(200,10).convolution(?,64).dropout.gru(?,layers=8,before).flatten.dense(3)",
    ".".join(f"lstm({n},seq)" for n in range(100, 250)),
    ".".join(["rnn(2147483647,seq,bi)"] * 80),
    ".".join(["other(?,128)", "dense(?)"] * 90),
)
SLUGS = {"/learn/{slug}": [*LESSONS], "/questions/{slug}": [*QUESTIONS]}
REQUIRED = {
    "/tensor.json": {"tensor": "h"},
    "/values.json": {"tensor": "h"},
    "/poke.json": {"poke": "x"},
    "/model.json": {"model": MODEL_EXAMPLE},
    "/model.svg": {"model": MODEL_EXAMPLE},
}
"""Fields that a path requires."""
SMALL_TRAININGS = {"UNROLLED_MAX_TRAINING": str(20 * GIGA)}
"""A setting of the server: one random link in fifteen shows a trained network, which takes up to half a minute without
it, and with it less than a second. Larger trainings are refused."""

BUSY = (429, 503)
NOT_JSON = 501
"""The status that oEmbed specifies for a format other than JSON."""


@dataclass
class Results:
    """The results of many requests: the number of each status, the slowest request with its seconds, and failures."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failed: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else HOUR
    seed = int(arguments[1]) if len(arguments) > 1 else time.time_ns() % 10**6
    with serving(1, **SMALL_TRAININGS) as server:
        comparison = compare(server, seconds / 2, seed)
        print(comparison.stdout, comparison.stderr, sep="\n", flush=True)
        results = send_random(server, seconds / 2, seed)
        print(f"Seed {seed}, responses by status: {dict(sorted(results.statuses.items()))}")
        print(f"The slowest took {results.slowest[0]:.2f} s: {results.slowest[1]}")
        print(f"The peak memory of the server: {peak_memory(server):.0f} MB")
        print(*results.failed, sep="\n")
    return 1 if results.failed or comparison.returncode else 0


SETTINGS = f"""
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", {NOT_JSON}]
"""


def compare(server: Server, seconds: float, seed: int) -> "subprocess.CompletedProcess[str]":
    """Let schemathesis compare the responses with the description."""
    command = [str(Path(sys.executable).absolute().with_name("schemathesis")), "run", f"{server.url}/openapi.json"]
    options = {
        "checks": ",".join(CHECKS),
        "phases": "coverage,fuzzing",
        "max-time": max(1, round(seconds)),
        "seed": seed,
    }
    options |= {"suppress-health-check": "all", "generation-database": "none", "warnings": "off"}
    flags = [f"--{name}={value}" for name, value in options.items()]
    with TemporaryDirectory() as folder:  # schemathesis writes files into the working directory
        Path(folder, "schemathesis.toml").write_text(SETTINGS)
        return subprocess.run([*command, *flags, "--no-color"], capture_output=True, text=True, cwd=folder)


def send_random(server: Server, seconds: float, seed: int) -> Results:
    """Send random requests, one after another."""
    results = Results()
    paths = random_paths(Random(seed))
    end = time.monotonic() + seconds
    with closing(server.connect()) as connection:
        while time.monotonic() < end:
            path = next(paths)
            start = time.monotonic()
            status, error = request(connection, path)
            results.statuses[status] += 1
            results.slowest = max(results.slowest, (time.monotonic() - start, path))
            if error:
                results.failed.append(f"{status} {error}: {server.url}{path}")
                connection.close()  # the next request reconnects
    return results


def request(connection: HTTPConnection, path: str) -> tuple[int, str]:
    """Send a request. Return the status and the error, if any."""
    try:
        connection.request("GET", path, headers={"Accept": "text/html" if len(path) % 2 else "*/*"})
        response = connection.getresponse()
        response.read()
    except OSError as error:
        return 0, str(error)
    if response.status in BUSY:
        return response.status, "" if response.headers["Retry-After"] else "has no Retry-After"
    return response.status, "server error" if response.status >= 500 and response.status != NOT_JSON else ""


def random_paths(random: Random) -> Iterator[str]:
    """Paths with queries, three quarters of them valid, like a link of the page."""
    paths = [path for path, item in create_app().openapi()["paths"].items() if "get" in item]
    slugs = SLUGS | {"/room/{code}": ["ABCDE"]}
    names = list(FIELDS)
    while True:
        path = random.choice(paths)
        if path in slugs:
            path = path.rpartition("/")[0] + "/" + random.choice(slugs[path])
        pairs = [(name, random_value(FIELDS[name], random)) for name in random.sample(names, random.randint(0, 7))]
        pairs += REQUIRED.get(path, {}).items()
        if random.random() < 0.75:
            yield path + nearest(pairs).query()
        else:
            yield f"{path}?{urlencode([*pairs, (random.choice(names), random.choice(JUNK))])}"


def random_value(of: Field, random: Random) -> str:
    """A valid value of a field."""
    if isinstance(of, BoundedInteger):
        low, high = max(1, of.low), of.high
        number = round(low * (high / low) ** random.random())
        return str(random.choice((of.low, high, number, number, number, number)))
    if isinstance(of, DecimalNumber):
        return random.choice((of.low, of.default, of.high))
    if isinstance(of, Flag):
        return random.choice(("true", "false"))
    if isinstance(of, Choice | TensorId):
        return random.choice(of.choices)
    if isinstance(of, MultipleChoice):
        return ",".join(random.sample(of.choices, random.randint(0, 3)))
    return random.choice(MODELS if isinstance(of, ModelText) else TEXTS)


def peak_memory(server: Server) -> float:
    """The peak resident memory of a server in MB; NaN if the system does not report it."""
    status = Path(f"/proc/{server.pid}/status")
    fields = status.read_text().split() if status.exists() else []
    return int(fields[fields.index("VmHWM:") + 1]) / 1000 if "VmHWM:" in fields else float("nan")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
