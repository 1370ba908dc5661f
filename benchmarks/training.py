"""An epoch of training, compared with PyTorch's nn.LSTM with autograd and Adam.

Both train on the 1,400 digits in batches of 64 and then measure how many of all digits are right, on one thread, in a
process with the memory settings of the workers of `unrolled serve`, in CPU time. They alternate, and a ratio is the
median of the ratios of all rounds.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import torch

from app.core.cells import CELLS
from app.process_environment import SETTINGS
from app.training.default_schedule import DEFAULT, Schedule
from app.training.tasks import BATCH_SIZE, TASKS
from app.training.trainer import Trainer
from app.training.training_and_result import Training
from benchmarks.measured_row import Row, measured_apart, milliseconds, ratios, send

BARS = {8: 1.3, 32: 1.3, 128: 2.0}
"""num_units, and the bar for an epoch."""

SECONDS = 8.0
"""The time for which both alternate at one size."""

LONGEST = 1.5
"""The bar for all epochs at 8 units, in seconds."""

ENOUGH = 0.9
"""The accuracy of the test that they reach."""


def rows() -> Iterator[Row]:
    return measured_apart("benchmarks.training", SETTINGS)


def measured() -> Iterator[Row]:
    torch.set_num_threads(1)
    for num_units, bar in BARS.items():
        ours, theirs = compared(num_units)
        note = f"{milliseconds(ours)}, theirs {milliseconds(theirs)}"
        against = "torch.nn.LSTM, autograd and Adam"
        yield Row(f"an epoch at {num_units} units", against, ratios(ours, theirs), "x", bar, note=note)
    start = time.process_time()
    trainer = Trainer(training(8, DEFAULT.epochs))
    *_, last = trainer
    if last.test <= ENOUGH:
        raise SystemExit(f"8 units reach {last.test:.1%} after {DEFAULT.epochs} epochs")
    seconds = time.process_time() - start
    yield Row(f"{DEFAULT.epochs} epochs at 8 units", f"{last.test:.1%} of the test", seconds, "s", LONGEST)


def training(num_units: int, epochs: int) -> Training:
    return Training(TASKS["digits"].stack(CELLS["lstm"], num_units), "digits", Schedule(epochs=epochs), 0)


def compared(num_units: int) -> tuple[list[float], list[float]]:
    """Seconds of every epoch: ours, and PyTorch's."""
    ours, theirs = iter(Trainer(training(num_units, 10_000))), pytorch(num_units)
    next(ours)
    theirs()
    times: tuple[list[float], list[float]] = [], []
    both: tuple[Callable[[], object], ...] = (lambda: next(ours), theirs)
    begun = time.monotonic()
    while time.monotonic() - begun < SECONDS or len(times[0]) < 9:
        for seconds, epoch in zip(times, both, strict=True):
            start = time.process_time_ns()
            epoch()
            seconds.append((time.process_time_ns() - start) / 1e9)
    return times


def pytorch(num_units: int) -> Callable[[], float]:
    """A function that trains an epoch, and returns the accuracy of the test."""
    data = TASKS["digits"].data("")
    X, test_X = (torch.from_numpy(np.ascontiguousarray(a)) for a in (data.X, data.test_X))
    targets, test_targets = (torch.from_numpy(a.astype(np.int64)) for a in (data.targets, data.test_targets))
    lstm, dense = torch.nn.LSTM(X.shape[2], num_units, batch_first=True), torch.nn.Linear(num_units, 10)
    parameters = [*lstm.parameters(), *dense.parameters()]
    adam = torch.optim.Adam(parameters, 0.01)

    def right(X: torch.Tensor, targets: torch.Tensor) -> float:
        with torch.inference_mode():
            return float((dense(lstm(X)[0][:, -1]).argmax(1) == targets).double().mean())

    def epoch() -> float:
        for batch in torch.randperm(len(X)).split(BATCH_SIZE):
            adam.zero_grad()
            loss = torch.nn.functional.cross_entropy(dense(lstm(X[batch])[0][:, -1]), targets[batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            adam.step()
        right(X, targets)
        return right(test_X, test_targets)

    return epoch


if __name__ == "__main__":
    for row in measured():
        send(row)
