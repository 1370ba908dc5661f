"""The process in which networks are trained. The server starts it with the first training, and ends it to cancel one.

Training takes seconds of Python and small NumPy calls, which hold the GIL: in a thread of the server it would delay
every page. The process has a low priority, so that on a machine with one core pages come first, too. It reads requests
from its standard input, and writes epochs and the result to its standard output, pickled.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from signal import SIG_IGN, SIGINT, SIGTERM, signal
from threading import Lock, Thread
from time import monotonic, process_time
from traceback import format_exc
from typing import Any, BinaryIO
from weakref import finalize

from ...core.cells import CELLS
from ...training.default_schedule import Schedule
from ...training.tasks import BATCH_SIZE, TASKS
from ...training.trainer import DivergedError, Trainer
from ...training.training_and_result import Epoch, Snapshot, Trained, Training
from ...url_state_to_picture.training.training_request import TrainingRequest, training_of

NICENESS = 5
"""By how much the priority is lower than that of the server: where both want one core, a third as much time for it."""

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""With more threads, sums would depend on the number of cores."""

OnEpoch = Callable[[Epoch, float], None]
"""Gets each epoch as it comes, with the seconds of CPU time that it took."""

OnSnapshot = Callable[[Snapshot], None]
"""Gets the network from time to time."""

SNAPSHOT_INTERVAL = 0.25
"""Seconds from one snapshot to the next: as often as one can look at what the network believes."""


class TrainingError(RuntimeError):
    """The process has failed or was ended. The message is its traceback, if it has one."""


class TrainingProcess:
    """Trains one network after another. ``run`` is called in a thread, ``end`` in any other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def run(
        self,
        request: TrainingRequest,
        on_epoch: OnEpoch,
        is_wanted: Callable[[], bool],
        on_snapshot: OnSnapshot = lambda _: None,
    ) -> Trained:
        """Train a network. Raises DivergedError. Raises TrainingError also if ``end`` is called meanwhile, or if the
        training is not wanted any more when it begins or after an epoch."""
        with self._lock:
            if not is_wanted():
                raise TrainingError("nobody waits for this training")
            process = self._running()
            assert process.stdin and process.stdout
            try:
                pickle.dump(request, process.stdin)
                process.stdin.flush()
                while True:
                    match pickle.load(process.stdout):
                        case "epoch", epoch, seconds:
                            on_epoch(Epoch(*epoch), seconds)
                            if not is_wanted():
                                raise EOFError
                        case "snapshot", snapshot:
                            on_snapshot(Snapshot(training_of(request), **snapshot))
                        case "result", result:
                            return Trained(training_of(request), **result)
                        case "diverged", epoch:
                            raise DivergedError(epoch)
                        case "error", traceback:
                            raise TrainingError(traceback)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self.end()
                raise TrainingError("the process that trains has ended") from error

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self._lock.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._lock.release()

    def end(self) -> None:
        """End the process, and with it the training. Returns at once. The next training starts another one."""
        process, self._process = self._process, None
        if process:
            self._at_exit.detach()
            process.kill()
            Thread(target=self._clean_up, args=(process,), daemon=True).start()

    def _clean_up(self, process: "subprocess.Popen[bytes]") -> None:
        """Close the pipes of a process that was killed, after ``run`` has read what was written before."""
        with self._lock:
            _end(process)

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, which is started unless it runs."""
        if self._process and self._process.poll() is not None:
            self.end()
        if not self._process:
            environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path)}
            command = [sys.executable, "-m", __name__]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            self._at_exit = finalize(self, _end, self._process)
        return self._process


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and close its pipes, unless that was done."""
    process.kill()
    if process.stdout and not process.stdout.closed:
        process.communicate()


def serve(requests: BinaryIO, results: BinaryIO) -> None:
    """Train what is requested, until the server closes the pipe, or has ended."""

    def send(*message: Any) -> None:
        pickle.dump(message, results)
        results.flush()

    while True:
        try:
            request: TrainingRequest = pickle.load(requests)
        except EOFError:
            return
        before, shown = process_time(), monotonic()
        try:
            trainer = Trainer(training_of(request))
            send("snapshot", without_training(trainer.snapshot()))
            for epoch in trainer:
                now = process_time()
                send("epoch", tuple(epoch), now - before)
                before = now
                if monotonic() - shown >= SNAPSHOT_INTERVAL:
                    send("snapshot", without_training(trainer.snapshot()))
                    shown = monotonic()
            send("result", without_training(trainer.result()))
        except DivergedError as error:
            send("diverged", *error.args)
        except BrokenPipeError:
            return
        except Exception:
            send("error", format_exc())


def warm_up() -> None:
    """Read the digits, and compute once what the first training would: it begins a tenth of a second earlier."""
    stack = TASKS["digits"].stack(CELLS["lstm"], num_units=8)
    next(iter(Trainer(Training(stack, "digits", Schedule(BATCH_SIZE, epochs=1), seed=0))))


def without_training(network: Snapshot) -> dict[str, Any]:
    """What is sent of a network: the server knows the training."""
    return {name: value for name, value in vars(network).items() if name != "training"}


if __name__ == "__main__":
    # a terminal and a service manager send these to the server and to this process, which the server ends
    for number in (SIGINT, SIGTERM):
        signal(number, SIG_IGN)
    os.nice(NICENESS)
    warm_up()
    serve(sys.stdin.buffer, sys.stdout.buffer)
