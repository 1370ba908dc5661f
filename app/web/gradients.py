"""What every tensor weighs in the last output, and as a document."""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from app.core.backward import Gradients, of_last_output
from app.core.program import Tensor
from app.core.stack import Place, StackTrace
from app.diagram.views.gradients import OF, SUMMED
from app.web.view import View

MOST_STEPS = 2_000
"""In all cells together. The way back takes each operation of each step by itself, ten times as long as the run."""

_found: "WeakKeyDictionary[StackTrace, dict[Place, Gradients]]" = WeakKeyDictionary()
"""What was found of a run, as long as that is kept: who looks at one tensor looks at others."""


def gradients_of(view: View, trace: StackTrace | None, reason: str) -> tuple[Gradients | None, str]:
    """Those of the cell in focus and "", or None and the reason why there are shapes only."""
    steps = view.time_step * len(view.stack.places)
    if trace is None:
        return None, reason
    if steps > MOST_STEPS:
        return None, f"takes {steps:,} steps back, the limit is {MOST_STEPS:,}"
    if trace not in _found:
        _found[trace] = of_last_output(trace)
    return _found[trace][view.place], ""


def carrying(view: View) -> list[Tensor]:
    """The tensors that have a gradient of their own: all but those that only show others."""
    return [t for t in view.program.tensors if t.role != "output"]


def summed_over(t: Tensor) -> list[str]:
    """The axes over which a gradient is a sum, and which vanish."""
    return [str(axis) for axis in SUMMED] if t.role == "weight" else []


def norm(view: View, t: Tensor, gradients: Gradients) -> Any:
    """The square root of the sum of squares: a number, or one for every step, in the order of time."""
    if t.per_step:
        norms = gradients.norms[t.id]
        return np.ascontiguousarray(norms[::-1]) if view.goes_back else norms
    return float(np.linalg.norm(gradients.X if t.id == "X" else gradients.weights[t.id]))


def gradients_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/gradients.json: for each tensor of the cell in focus the shape of its gradient, which is its own, over which
    axes it is a sum, and its norm, at every step of time where it has steps."""
    gradients, reason = gradients_of(view, trace, reason)
    return {
        "of": OF,
        "executed": gradients is not None,
        "reason": reason or None,
        "tensors": [
            {
                "id": t.id,
                "axes": [str(axis) for axis in t.axes],
                "shape": t.shape(view.sizes),
                "summed_over": summed_over(t),
                "norm": norm(view, t, gradients) if gradients else None,
            }
            for t in carrying(view)
        ],
    }
