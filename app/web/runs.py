"""Executing a question, if its budget allows: the one place where the web layer runs the program."""

from anyio import CapacityLimiter, to_thread

from app.core.budget import Budget
from app.core.scan import Trace, run
from app.core.weights import make_input, make_weights
from app.web.view import View

# One run at a time in each process: more threads only make small runs wait for one another.
_one_at_a_time = CapacityLimiter(1)


class Runner:
    """Runs what the budget allows and says why not where it does not."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    async def run(self, view: View) -> tuple[Trace | None, str]:
        """The trace and "", or None and the reason why nothing was executed."""
        refusal = self.budget.refusal(view.program, view.sizes)
        if refusal:
            return None, refusal
        return await to_thread.run_sync(execute, view, limiter=_one_at_a_time), ""


def execute(view: View) -> Trace:
    """Make the weights and the input from the seed and run the program over them."""
    weights = make_weights(view.program, view.sizes, view["seed"])
    return run(view.program, view.sizes, weights, make_input(view.sizes, view["seed"]))
