"""Executing a question, if its budget allows: the one place where a program is run."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from app.core.budget import Budget
from app.core.stack import Stack, StackTrace, run_stack, stack_weights
from app.core.weights import make_input
from app.web.view import View

Made = TypeVar("Made")

# One at a time in each process: more threads only make small runs wait for one another, and each needs memory to record
# in.
_one_at_a_time = CapacityLimiter(1)


class Runner:
    """Runs what the budget allows and says why not where it does not."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    def answer(self, view: View) -> tuple[StackTrace | None, str]:
        """The trace and "", or None and the reason why nothing was executed."""
        refusal = self.budget.refusal(view.stack)
        return (None, refusal) if refusal else (execute(view), "")

    async def run(self, view: View, make: Callable[[StackTrace | None, str], Made]) -> Made:
        """What is made of the answer. Both happen in the worker thread: the event loop stays free for others."""
        return await self.in_turn(lambda: make(*self.answer(view)))

    async def in_turn(self, make: Callable[[], Made]) -> Made:
        """What takes time or memory without a run: in the worker thread, one at a time with the runs."""
        return await to_thread.run_sync(make, limiter=_one_at_a_time)


def execute(view: View) -> StackTrace:
    """Make the weights and the input from the seed and run every cell over them."""
    return _recorded(view.stack, view.seed, view.runs_backwards)


# Who looks at a run asks for it again: another step, another tensor. Two are kept, each within the budget.
@lru_cache(maxsize=2)
def _recorded(stack: Stack, seed: int, go_backwards: bool) -> StackTrace:
    weights, X = stack_weights(stack, seed), make_input(stack.sizes, seed)
    return run_stack(stack, weights, X, go_backwards)
