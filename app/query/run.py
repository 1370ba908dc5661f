"""What a View needs to compute: its run, the norms of its gradients, and what one changed number changes."""

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import numpy as np

from ..core.gradients import SUMMED, norm, objective_gradients
from ..core.initializers import stack_weights
from ..core.objective import Objective, Outputs
from ..core.ops import Array
from ..core.poke import Poke, poke
from ..core.program import Tensor
from ..core.run import run_stack
from ..core.stack import Place, is_reversed
from ..core.trace import StackTrace
from ..translations.phrases import plural
from .input import input_of
from .view import View

MOST_GRADIENT_STEPS = 2_000
"""The limit for the steps of all cells together. Gradients compute each operation of each step by itself, which takes
ten times as long as the run."""

Norms = dict[str, float | Array]
"""By tensor, the square root of the sum of the squares of its gradient. A tensor with steps has one for each of them,
in the order of time."""

_norms: "WeakKeyDictionary[StackTrace, dict[Callable[[Outputs], Outputs], dict[Place, Norms]]]" = WeakKeyDictionary()
"""The norms of a run, by the gradient of the objective, as long as the run is cached: the next request is often for
another tensor. The gradients themselves may be as large as all that a run may record."""


def run_view(view: View) -> StackTrace:
    """Make the weights and the input from the seed, and run every cell over them."""
    stack = view.stack
    weights, X = stack_weights(stack, view.seed), input_of(view)
    return run_stack(stack, weights, X, view.goes_backwards)


def gradient_norms(view: View, trace: StackTrace | None, reason: str) -> tuple[Norms | None, str]:
    """The norms of the cell in focus and "", or None and the reason why there are shapes only."""
    steps = view.time_step * len(view.stack.places)
    if trace is None:
        return None, reason
    if steps > MOST_GRADIENT_STEPS:
        return None, plural(
            "takes {n:,} step back, the limit is {limit:,}",
            "takes {n:,} steps back, the limit is {limit:,}",
            steps,
            limit=MOST_GRADIENT_STEPS,
        )
    objective, known = view.model.objective, _norms.setdefault(trace, {})
    if objective.gradient not in known:
        known[objective.gradient] = dict(_norms_of(trace, objective))
    return known[objective.gradient][view.place], ""


def _norms_of(trace: StackTrace, objective: Objective) -> Iterator[tuple[Place, Norms]]:
    for place, gradients in objective_gradients(trace, objective).items():
        order = slice(None, None, -1 if is_reversed(place, trace.go_backwards) else 1)
        steps = {id: np.ascontiguousarray(norms[order]) for id, norms in gradients.norms.items()}
        wholes = {id: norm(whole) for id, whole in (("X", gradients.input), *gradients.weights.items())}
        yield place, steps | wholes


def differentiated(view: View) -> list[Tensor]:
    """The tensors that have a gradient: all but the outputs, which show others."""
    return [t for t in view.program.tensors if t.role != "output"]


def summed_over(t: Tensor) -> list[str]:
    """The axes over which a gradient is summed."""
    return [str(axis) for axis in SUMMED] if t.role == "weight" else []


def poked(view: View, trace: StackTrace) -> Poke:
    """What changes in the cell in focus where the number that the View names is changed. Without a sample it is that of
    sequence 0."""
    step = view.time_step - 1 - view.t if view.is_reversed else view.t
    return poke(trace.traces[view.place], step, view.poke, view.component, view.sample or 0)


def later_step(view: View, n: int) -> int:
    """The n-th of the steps that the cell takes after the one in focus, from 0."""
    return view.t + (n + 1) * view.step_sign
