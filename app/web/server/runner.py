"""Executing a question, if its budget allows: the one place where a program is run."""

from collections.abc import Callable
from threading import Lock
from typing import Literal, TypeVar

from ...core.budget import GIGA, MEGA, Budget
from ...core.stack import Stack
from ...core.trace import StackTrace
from ...query.run import run_view
from ...query.view import View
from .held_bytes import FILES, WAIT
from .metrics import EXECUTED, FROM_BEFORE, TOO_LARGE
from .refusals import later
from .token_bucket import TokenBuckets, asking
from .work_queue import WorkQueue

Made = TypeVar("Made")

Run = tuple[Stack, int, bool, str, str, str]
"""All that a run depends on: what is computed, the seed, whether from the last step to the first, and what is read."""

KEPT = 2
"""How many runs are kept at most."""

SMALL = Budget(flops=GIGA // 5, bytes=4 * MEGA, steps=1000)
"""The largest run that does not wait behind large ones. It has a thread of its own, which needs little memory."""

QueueName = Literal["quick", "small", "long", "large"]
"""What takes some milliseconds and no run, such as a figure; small runs and pages; pages that take long for their text;
large runs and files."""

QUEUES: dict[QueueName, int] = {"quick": 128, "small": 64, "long": 64, "large": 16}
"""How many jobs of each kind may wait: some seconds each. Each kind has one thread: more would only wait for one
another, and each would need memory to record in."""

BURST = 30.0
"""Seconds of the threads that a client has at once, before its share counts: a class of 300 opens 300 pages."""


class Runner:
    """Runs what the budget allows and says why not where it does not.

    Who looks at a run asks for it again: another step, another tensor. So the last ones are kept, as long as together
    they record no more than a single one may.
    """

    def __init__(self, budget: Budget, share: float = 0) -> None:
        self.budget = budget
        self.shares = TokenBuckets(BURST, share)
        self._queues = {kind: WorkQueue(most, self.shares) for kind, most in QUEUES.items()}
        self._kept: dict[Run, StackTrace] = {}
        self._keeping = Lock()

    def answer(self, view: View) -> tuple[StackTrace | None, str]:
        """The trace and "", or None and the reason why nothing was executed."""
        if refusal := self.budget.refusal(view.stack):
            TOO_LARGE.inc()
            return None, refusal
        return self._trace(view), ""

    async def run(self, view: View, make: Callable[[StackTrace | None, str], Made], queue: QueueName = "small") -> Made:
        """What is made of the answer. Both happen in a worker thread: the event loop stays free for others. What has a
        large run is of that kind. Raises HTTPException where too many wait."""
        is_small = bool(self.budget.refusal(view.stack)) or not SMALL.refusal(view.stack)
        return await self.in_turn(lambda: make(*self.answer(view)), queue if is_small else "large")

    async def quick(self, make: Callable[[], Made]) -> Made:
        """What takes some milliseconds and no run: it waits for no page."""
        return await self._queues["quick"].do(make)

    async def in_turn(self, make: Callable[[], Made], queue: QueueName = "small") -> Made:
        """What takes longer: one job of a kind at a time."""
        return await self._queues[queue].do(make)

    async def alone(self, make: Callable[[], Made], size: int = 0) -> Made:
        """A file of ``size`` bytes, which takes the memory of a run without being one: what is kept is let go first.
        Raises HTTPException, 503, where files on their way would hold more than a run may record, or hold a quarter of
        that for this client."""
        client = asking.get()

        def check() -> None:
            if not FILES.has_room(client, self.budget.bytes - size, self.budget.bytes // 4):
                raise later(503, WAIT)

        def made() -> Made:
            check()  # those before it may still be on their way
            with self._keeping:
                self._kept.clear()
            return make()

        check()
        return await self.in_turn(made, "large")

    def _trace(self, view: View) -> StackTrace:
        """Of a run that is kept, or of one that is executed now; either is then the one that was asked for last."""
        run = view.stack, view.seed, view.goes_backwards, view.data, view.text, view.cut
        with self._keeping:
            trace = self._kept.pop(run, None)
            (EXECUTED if trace is None else FROM_BEFORE).inc()
            if trace is None:
                self._make_room(view.stack.bytes())
        trace = trace or run_view(view)
        with self._keeping:
            self._make_room(view.stack.bytes())  # another thread may have kept one meanwhile
            self._kept[run] = trace
        return trace

    def _make_room(self, wanted: int) -> None:
        """Let go of what was asked for longest ago, before there is more."""
        held = [stack.bytes() for stack, *_ in self._kept]
        while held and (len(held) >= KEPT or sum(held) + wanted > self.budget.bytes):
            del held[0], self._kept[next(iter(self._kept))]
