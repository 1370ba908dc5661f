"""Random requests: all that the OpenAPI description allows, and valid queries. `make fuzz` does the same for an hour,
and a test for a minute."""

import re
import time
from collections.abc import Iterator

from benchmarks.measured_row import Row
from benchmarks.server_process import Serve, serving
from scripts.fuzz import SMALL_TRAININGS, compare, send_random

SECONDS = 30.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    seed = time.time_ns() % 10**6
    with serve(**SMALL_TRAININGS) as server:
        comparison = compare(server, SECONDS, seed)
        generated = re.search(r"\d+ generated", comparison.stdout)
        yield Row(
            f"responses that differ from /openapi.json, {SECONDS:.0f} s of schemathesis",
            f"seed {seed}",
            0 if comparison.returncode == 0 else 1,
            "",
            0,
            note=generated.group() if generated else "",
        )
        results = send_random(server, SECONDS, seed)
        yield Row(
            f"requests that fail, {SECONDS:.0f} s of valid and invalid ones",
            f"seed {seed}",
            len(results.failed),
            "",
            0,
            note=f"{results.statuses.total():,} sent, the slowest took {results.slowest[0]:.2g} s",
        )
