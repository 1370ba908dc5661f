"""Executes runs within the budget, in worker threads. Nothing else on the web executes a program."""

from collections.abc import Callable
from threading import Lock
from typing import Literal, TypeVar

from ...core.trace import StackTrace
from ...core.work_limits import GIGA, MEGA, Budget
from ...url_state.url_state import UrlState
from ...url_state_to_picture.run_and_gradients import Run, run_of, trace_of
from ..limits_and_timeouts import CPU_BURST
from ..requests_and_responses.client import current_client
from ..requests_and_responses.memory_budget import FILES, WAIT
from ..requests_and_responses.refusals import later
from .metrics import CACHED, EXECUTED, TOO_LARGE
from .token_bucket import TokenBuckets
from .training_queue import TrainingQueue
from .work_queue import WorkQueue

Result = TypeVar("Result")

MAX_CACHED = 2
"""The maximum number of cached runs."""

SMALL = Budget(flops=GIGA // 5, bytes=4 * MEGA, steps=1000)
"""The largest run that does not wait behind large ones. Small runs have a thread of their own, which needs little
memory."""

QueueName = Literal["quick", "small", "long", "large"]
"""Milliseconds of work without a run, such as a figure; small runs and pages; pages that take longer because of a long
text; large runs and files."""

QUEUES: dict[QueueName, int] = {"quick": 128, "small": 64, "long": 64, "large": 16}
"""The maximum number of jobs in each queue: some seconds of work each. Each queue has one thread: more would only wait
for one another, and each would need memory for a trace."""


class Runner:
    """Executes runs that the budget allows, and says why it does not execute others.

    Requests for one run come in sequence: for another step, for another tensor. So the last runs are cached, as long as
    together they record no more bytes than a single run may.
    """

    def __init__(self, budget: Budget, share: float = 0) -> None:
        self.budget = budget
        self.trainings = TrainingQueue(budget, share)
        self.shares = TokenBuckets(CPU_BURST, share)
        self._queues = {kind: WorkQueue(most, self.shares) for kind, most in QUEUES.items()}
        self._cache: dict[Run, StackTrace] = {}
        self._lock = Lock()

    def trace(self, state: UrlState) -> tuple[StackTrace | None, str]:
        """The trace and "", or None and the reason why nothing was executed."""
        if refusal := self.budget.refusal(state.stack):
            TOO_LARGE.inc()
            return None, refusal
        return self._trace(state), ""

    async def run(
        self, state: UrlState, make: Callable[[StackTrace | None, str], Result], queue: QueueName = "small"
    ) -> Result:
        """The result of ``make``, which gets what ``trace`` returns. Both are computed in a worker thread: the event
        loop stays free. A large run waits in the queue ``large``, whatever ``queue`` is. Raises HTTPException if too
        many jobs wait."""
        is_small = bool(self.budget.refusal(state.stack)) or not SMALL.refusal(state.stack)
        return await self.in_turn(lambda: make(*self.trace(state)), queue if is_small else "large")

    async def quick(self, make: Callable[[], Result]) -> Result:
        """The result of ``make``, which takes milliseconds and needs no run. It does not wait for pages."""
        return await self._queues["quick"].do(make)

    async def in_turn(self, make: Callable[[], Result], queue: QueueName = "small") -> Result:
        """The result of ``make``, which takes longer: each queue does one job at a time."""
        return await self._queues[queue].do(make)

    async def alone(self, make: Callable[[], Result], size: int = 0) -> Result:
        """The result of ``make``: a file of ``size`` bytes. It needs as much memory as a run, so the cached runs are
        dropped first. Raises HTTPException, 503, if the files being sent would hold more bytes than a run may record,
        or if those of this client hold a quarter of that."""
        client = current_client.get()

        def check() -> None:
            if not FILES.has_room(client, self.budget.bytes - size, self.budget.bytes // 4):
                raise later(503, WAIT)

        def make_alone() -> Result:
            check()  # again: earlier files may still be on their way
            with self._lock:
                self._cache.clear()
            return make()

        check()
        return await self.in_turn(make_alone, "large")

    def _trace(self, state: UrlState) -> StackTrace:
        """The trace of a cached run, or of one that is executed now. Either becomes the most recently used one."""
        run = run_of(state)
        with self._lock:
            trace = self._cache.pop(run, None)
            (EXECUTED if trace is None else CACHED).inc()
            if trace is None:
                self._make_room(state.stack.bytes())
        trace = trace or trace_of(state)
        with self._lock:
            self._make_room(state.stack.bytes())  # another thread may have cached one meanwhile
            self._cache[run] = trace
        return trace

    def _make_room(self, wanted: int) -> None:
        """Drop the least recently used runs until there is room for one of ``wanted`` bytes."""
        sizes = [trace.stack.bytes() for trace in self._cache.values()]
        while sizes and (len(sizes) >= MAX_CACHED or sum(sizes) + wanted > self.budget.bytes):
            del sizes[0], self._cache[next(iter(self._cache))]
