"""Computations for a UrlState: its run, the norms of its gradients, and the effect of changing one component."""

from collections.abc import Callable, Hashable, Iterator
from weakref import WeakKeyDictionary

import numpy as np

from ..core.effects_of_a_change import Poke, poke
from ..core.gradient_objective import Objective, Outputs
from ..core.gradients import SUMMED, norm, objective_gradients
from ..core.ops import Array
from ..core.program import Tensor
from ..core.run import run_stack
from ..core.stack import Place, is_reversed
from ..core.trace import StackTrace
from ..core.work_limits import MAX_GRADIENT_STEPS
from ..translations.phrases import plural
from ..url_state.fields.input_fields import DATA
from ..url_state.url_state import UrlState
from .input_of_state import input_of
from .training.training_request_of_state import request_of
from .weights_of_run import weights_of

Norms = dict[str, float | Array]
"""By tensor, the Euclidean norm of its gradient. A tensor that is computed at each step has a norm for each step, in
time order."""

_norms: "WeakKeyDictionary[StackTrace, dict[Callable[[Outputs], Outputs], dict[Place, Norms]]]" = WeakKeyDictionary()
"""By run, the norms for each objective, by its gradient function. They are cached as long as the run, because the next
request is often for another tensor. The gradients are not cached: they may be as large as the trace."""


def trace_of(state: UrlState) -> StackTrace:
    """Make the weights and the input from the seed, and run the stack."""
    return run_stack(state.stack, weights_of(state), input_of(state), state.goes_backwards)


Run = tuple[Hashable, ...]
"""Everything that a run depends on: the stack, the seed, whether it goes from the last step to the first, the fields of
the input, and what is trained, if it has trained weights."""

INPUT = tuple(field.name for field in DATA)


def run_of(state: UrlState) -> Run:
    """What the run of a UrlState depends on: UrlStates with equal ones have the same trace."""
    trained = request_of(state) if state.trained else None
    return state.stack, state.seed, state.goes_backwards, *state.config(INPUT).values(), trained


def gradient_norms(state: UrlState, trace: StackTrace | None, reason: str) -> tuple[Norms | None, str]:
    """The norms for the cell in focus and "", or None and the reason why there are only shapes."""
    steps = state.time_step * len(state.stack.places)
    if trace is None:
        return None, reason
    if steps > MAX_GRADIENT_STEPS:
        return None, plural(
            "needs {n:,} backward step (limit: {limit:,})",
            "needs {n:,} backward steps (limit: {limit:,})",
            steps,
            limit=MAX_GRADIENT_STEPS,
        )
    objective, cached = state.shown_model.objective, _norms.setdefault(trace, {})
    if objective.gradient not in cached:
        cached[objective.gradient] = dict(_norms_of(trace, objective))
    return cached[objective.gradient][state.place], ""


def _norms_of(trace: StackTrace, objective: Objective) -> Iterator[tuple[Place, Norms]]:
    for place, gradients in objective_gradients(trace, objective).items():
        order = slice(None, None, -1 if is_reversed(place, trace.go_backwards) else 1)
        steps = {id: np.ascontiguousarray(norms[order]) for id, norms in gradients.norms.items()}
        wholes = {id: norm(whole) for id, whole in (("X", gradients.input), *gradients.weights.items())}
        yield place, steps | wholes


def differentiated(state: UrlState) -> list[Tensor]:
    """The tensors that have a gradient: all except the outputs, which repeat the values of other tensors."""
    return [t for t in state.program.tensors if t.role != "output"]


def summed_over(t: Tensor) -> list[str]:
    """The axes over which the gradient of a tensor is summed."""
    return [str(axis) for axis in SUMMED] if t.role == "weight" else []


def poked(state: UrlState, trace: StackTrace) -> Poke:
    """Change the component that the UrlState names, in the cell in focus, and compare the runs. The default sample is
    0."""
    step = state.time_step - 1 - state.t if state.is_reversed else state.t
    return poke(trace.traces[state.place], step, state.poke, state.component, state.sample or 0)


def later_step(state: UrlState, n: int) -> int:
    """The n-th step, from 0, that the cell computes after the step in focus."""
    return state.t + (n + 1) * state.step_sign
