"""Random requests: whatever the OpenAPI description allows, and valid queries. `make fuzz` does the same for an hour,
and a test for a minute."""

import re
import time
from collections.abc import Iterator

from benchmarks.row import Row
from benchmarks.serving import Serve, serving
from scripts.fuzz import compare, wander

SECONDS = 30.0


def rows(serve: Serve = serving) -> Iterator[Row]:
    seed = time.time_ns() % 10**6
    with serve() as server:
        described = compare(server, SECONDS, seed)
        generated = re.search(r"\d+ generated", described.stdout)
        yield Row(
            f"answers that /openapi.json does not have, {SECONDS:.0f} s of schemathesis",
            f"seed {seed}",
            0 if described.returncode == 0 else 1,
            "",
            0,
            note=generated.group() if generated else "",
        )
        found = wander(server, SECONDS, seed)
        yield Row(
            f"questions at which the server fails, {SECONDS:.0f} s of any that fit and some that do not",
            f"seed {seed}",
            len(found.failed),
            "",
            0,
            note=f"{found.statuses.total():,} asked, the slowest took {found.slowest[0]:.2g} s",
        )
