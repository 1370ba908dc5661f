"""What a View needs to compute: its run, the norms of its gradients, and what one changed number changes."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from ..core.gradients import SUMMED, last_output_gradients, norm
from ..core.initializers import stack_weights
from ..core.ops import Array
from ..core.poke import Poke, poke
from ..core.program import Tensor
from ..core.run import run_stack
from ..core.stack import Place, is_reversed, last_output_step
from ..core.trace import StackTrace
from ..frameworks.framework import LastOutput
from ..translations.phrases import plural
from .input import input_of
from .view import View

MOST_GRADIENT_STEPS = 2_000
"""The limit for the steps of all cells together. Gradients compute each operation of each step by itself, which takes
ten times as long as the run."""

Norms = dict[str, float | Array]
"""By tensor, the square root of the sum of the squares of its gradient. A tensor with steps has one for each of them,
in the order of time."""

_norms: "WeakKeyDictionary[StackTrace, dict[LastOutput, dict[Place, Norms]]]" = WeakKeyDictionary()
"""The norms of a run, for each quantity that was differentiated, as long as the run is cached: the next request is
often for another tensor. The gradients themselves may be as large as all that a run may record."""


def run_view(view: View) -> StackTrace:
    """Make the weights and the input from the seed, and run every cell over them."""
    stack = view.stack
    weights, X = stack_weights(stack, view.seed), input_of(view)
    return run_stack(stack, weights, X, view.goes_backwards)


def last_output_steps(view: View) -> dict[str, int]:
    """For each direction of the top layer, the step of time whose output is part of the sum."""
    top = view.num_layers - 1
    return {d: last_output_step((top, d), view.time_step, view.goes_backwards) for d in view.stack.directions}


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
    of, known = view.model.last_output, _norms.setdefault(trace, {})
    if of not in known:
        known[of] = dict(_norms_of(trace, of))
    return known[of][view.place], ""


def _norms_of(trace: StackTrace, of: LastOutput) -> Iterator[tuple[Place, Norms]]:
    for place, gradients in last_output_gradients(trace, of.gradient).items():
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
