"""One row of the table of `make bench`: the subject, what it is compared with, the figure, and whether the bar is
met."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

HEAD = ("what", "against", "measured", "bar", "held")


@dataclass(frozen=True)
class Row:
    """``measured`` is a figure, or those of all rounds, of which the median counts. It is None if something is missing
    on this machine, which ``note`` names; ``bar`` is None for a figure without a bar. ``unit`` is "x" for a ratio.
    ``why`` explains a bar that is not met."""

    what: str
    against: str
    measured: float | Sequence[float] | None
    unit: str = "x"
    bar: float | None = None
    at_least: bool = False
    note: str = ""
    why: str = ""

    @property
    def figure(self) -> float | None:
        return median(self.measured) if isinstance(self.measured, Sequence) else self.measured

    @property
    def held(self) -> bool | None:
        if self.figure is None or self.bar is None:
            return None
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar

    def cells(self) -> tuple[str, ...]:
        """The cells of the row, as text."""
        measured = "not measured" if self.figure is None else self.written(self.figure)
        bar = "" if self.bar is None else f"{'≥' if self.at_least else '≤'} {self.written(self.bar)}"
        held = {True: "yes", False: f"NO: {self.why}" if self.why else "NO", None: ""}[self.held]
        return self.what, self.against, f"{measured} ({self.note})" if self.note else measured, bar, held

    def written(self, value: float) -> str:
        if self.unit == "x":
            return f"{value:.2f}x" if value < 10 else f"{value:,.0f}x"
        digits = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
        return f"{digits} {self.unit}".strip()


def ratios(times: Sequence[float], others: Sequence[float]) -> list[float]:
    """The ratios of all rounds, in which two candidates alternate."""
    return [a / b for a, b in zip(times, others, strict=True)]


def milliseconds(seconds: Sequence[float]) -> str:
    """The median of all rounds, for a note."""
    return f"{1000 * median(seconds):.3g} ms"


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def measured_apart(module: str, settings: Mapping[str, str]) -> Iterator[Row]:
    """The rows that a module sends, run in a process of its own, because settings must be set before it starts."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield from (Row(**json.loads(line)) for line in process.stdout)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")


def send(row: Row) -> None:
    """Send a row to the process that waits for it."""
    print(json.dumps(asdict(row)), flush=True)
