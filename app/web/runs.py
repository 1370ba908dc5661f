"""Executing a question, if its budget allows: the one place where a program is run."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from app.core.budget import Budget
from app.core.stack import Stack, StackTrace, run_stack, stack_weights
from app.web.data import input_of
from app.web.metrics import EXECUTED, FROM_BEFORE, TOO_LARGE
from app.web.view import View

Made = TypeVar("Made")

Run = tuple[Stack, int, bool, str, str, str]
"""All that a run depends on: what is computed, the seed, whether from the last step to the first, and what is read."""

KEPT = 2
"""How many runs are kept at most."""

# One at a time in each process: more threads only make small runs wait for one another, and each needs memory to record
# in.
_one_at_a_time = CapacityLimiter(1)


class Runner:
    """Runs what the budget allows and says why not where it does not.

    Who looks at a run asks for it again: another step, another tensor. So the last ones are kept, as long as together
    they record no more than a single one may.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._kept: dict[Run, StackTrace] = {}

    def answer(self, view: View) -> tuple[StackTrace | None, str]:
        """The trace and "", or None and the reason why nothing was executed."""
        if refusal := self.budget.refusal(view.stack):
            TOO_LARGE.inc()
            return None, refusal
        return self._trace(view), ""

    async def run(self, view: View, make: Callable[[StackTrace | None, str], Made]) -> Made:
        """What is made of the answer. Both happen in the worker thread: the event loop stays free for others."""
        return await self.in_turn(lambda: make(*self.answer(view)))

    async def in_turn(self, make: Callable[[], Made]) -> Made:
        """What takes time or memory without a run: in the worker thread, one at a time with the runs."""
        return await to_thread.run_sync(make, limiter=_one_at_a_time)

    async def alone(self, make: Callable[[], Made]) -> Made:
        """What takes the memory of a run without being one: what is kept is let go first."""

        def made() -> Made:
            self._kept.clear()
            return make()

        return await self.in_turn(made)

    def _trace(self, view: View) -> StackTrace:
        """Of a run that is kept, or of one that is executed now; either is then the one that was asked for last."""
        run = view.stack, view.seed, view.runs_backwards, view.data, view.text, view.cut
        trace = self._kept.pop(run, None)
        (EXECUTED if trace is None else FROM_BEFORE).inc()
        if trace is None:
            self._make_room(view.stack.bytes())
            trace = execute(view)
        self._kept[run] = trace
        return trace

    def _make_room(self, wanted: int) -> None:
        """Let go of what was asked for longest ago, before there is more."""
        held = [stack.bytes() for stack, *_ in self._kept]
        while held and (len(held) >= KEPT or sum(held) + wanted > self.budget.bytes):
            del held[0], self._kept[next(iter(self._kept))]


def execute(view: View) -> StackTrace:
    """Make the weights and the input from the seed and run every cell over them."""
    stack = view.stack
    weights, X = stack_weights(stack, view.seed), input_of(view)
    return run_stack(stack, weights, X, view.runs_backwards)
